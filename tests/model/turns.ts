import { AsyncLocalStorage } from 'node:async_hooks';

/** Nothing of a process goes on after it has died: what waits for it waits for ever. */
const never = new Promise<never>(() => {});

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Two browsers at once, and the death of the process, at every call that leaves it: reproducible, since no clock decides. */
export interface Turns {
  /** Before each call of a store: waits for its turn in a race, and for ever once the process is dead. */
  pass(): Promise<void>;
  /** The same by the statements of SQL, between which a process may die as well. */
  statement(): Promise<void>;
  /**
   * Lets all of them run until they have ended, one call after the other; `order` says whose is next, again and again
   * from its beginning.
   */
  race(works: readonly (() => Promise<void>)[], order: readonly number[]): Promise<void>;
  /** Runs until the process dies before the `after`-th call. @returns whether it died; else the work has ended. */
  until(after: number, work: () => Promise<void>): Promise<boolean>;
  /** The process is started anew. */
  revive(): void;
}

export const createTurns = (): Turns => {
  const actor = new AsyncLocalStorage<number>();
  let waiting: { readonly actor: number; readonly go: () => void }[] | undefined;
  let left = Infinity;
  let dead = false;

  const spend = (): boolean => {
    if (left > 0) left -= 1;
    else dead = true;
    return dead;
  };

  return {
    async pass() {
      if (dead || (left < Infinity && spend())) return never;
      const me = actor.getStore();
      const queue = waiting;
      if (queue && me !== undefined) await new Promise<void>((go) => queue.push({ actor: me, go }));
      return undefined;
    },
    async statement() {
      if (dead || (left < Infinity && spend())) return never;
      return undefined;
    },
    async race(works, order) {
      waiting = [];
      let running = works.length;
      const failed: unknown[] = [];
      for (const [index, work] of works.entries())
        void actor.run(index, () =>
          work()
            .catch((error: unknown) => failed.push(error))
            .finally(() => (running -= 1)),
        );
      for (let turn = 0; ; turn += 1) {
        await settle();
        // What the two began and did not wait for, as a mail, gets its turns as well: it would wait for ever.
        if (running === 0 && waiting.length === 0) break;
        const wanted = order[turn % order.length] ?? 0;
        const found = waiting.findIndex((one) => one.actor === wanted);
        const [next] = waiting.splice(Math.max(0, found), 1);
        next?.go();
      }
      waiting = undefined;
      if (failed.length > 0) throw failed[0];
    },
    async until(after, work) {
      left = after;
      const outcome: { ended: boolean; failure?: unknown } = { ended: false };
      void work()
        .catch((error: unknown) => (outcome.failure = error))
        .finally(() => (outcome.ended = true));
      for (;;) {
        await settle();
        if (outcome.ended || dead) break;
      }
      left = Infinity;
      if (!dead && 'failure' in outcome) throw outcome.failure;
      return dead;
    },
    revive() {
      dead = false;
      left = Infinity;
    },
  };
};
