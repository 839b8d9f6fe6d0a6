import { errorFields, type Log } from '../web/log.ts';

/** Work that an answer must not wait for, so that its time says nothing about what was found. */
export interface Background {
  /** Begins once the answer is on its way. What fails is logged; whoever waits for a mail asks again. */
  run(what: string, work: () => Promise<void>): void;
  /** Everything that was begun has ended. */
  settled(): Promise<void>;
}

export const createBackground = (log: Pick<Log, 'error'>): Background => {
  const running = new Set<Promise<void>>();
  return {
    run(what, work) {
      const done = new Promise<void>((resolve) => setImmediate(resolve))
        .then(work)
        .catch((error: unknown) => log.error(what, errorFields(error)))
        .finally(() => running.delete(done));
      running.add(done);
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
};
