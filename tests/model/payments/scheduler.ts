import { AsyncLocalStorage } from 'node:async_hooks';

/** Nothing of a process goes on after it has died: what waits for it waits for ever. */
const never = new Promise<never>(() => {});

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Turns of the event loop that a step may take; a statement of SQLite takes a few. */
const patience = 40;

interface Actor {
  state: 'running' | 'waiting' | 'ended';
  go: () => void;
}

/**
 * Runs several requests of one process so that one of them does one step at a time, in an order that is given: no clock decides. A
 * step ends where the process calls something outside itself, and there it may die.
 */
export interface Scheduler {
  /** Before each call that leaves the process. */
  pass(): Promise<void>;
  /**
   * Lets all of them run until they have ended, or until the process has died before the `crash`-th step.
   *
   * @param order whose step is next, again and again from its beginning.
   * @returns whether it died
   */
  run(works: readonly (() => Promise<unknown>)[], order: readonly number[], crash?: number): Promise<boolean>;
}

export const createScheduler = (): Scheduler => {
  const current = new AsyncLocalStorage<Actor>();
  return {
    async pass() {
      const actor = current.getStore();
      if (!actor) return;
      await new Promise<void>((resolve) => {
        actor.state = 'waiting';
        actor.go = resolve;
      });
    },
    async run(works, order, crash = Infinity) {
      const failures: unknown[] = [];
      const actors = works.map((work): Actor => {
        const actor: Actor = { state: 'running', go: () => {} };
        void current.run(actor, () =>
          work()
            .catch((error: unknown) => failures.push(error))
            .finally(() => {
              actor.state = 'ended';
            }),
        );
        return actor;
      });
      for (let step = 0; ; step += 1) {
        // Whoever waits for what another one has begun stays running: then the others go on.
        for (let quiet = 0; quiet < patience && actors.some(({ state }) => state === 'running'); quiet += 1)
          await settle();
        if (failures.length > 0) throw failures[0];
        if (actors.every(({ state }) => state === 'ended')) return false;
        if (step >= crash) {
          for (const actor of actors) actor.go = () => void never;
          return true;
        }
        const wanted = actors[(order[step % order.length] ?? 0) % actors.length];
        const next = wanted?.state === 'waiting' ? wanted : actors.find(({ state }) => state === 'waiting');
        if (!next) continue;
        next.state = 'running';
        next.go();
      }
    },
  };
};
