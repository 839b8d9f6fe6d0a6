import { setTimeout as pause } from 'node:timers/promises';
import { StorageUnavailable } from '../storage/artifacts.ts';
import type { Database } from '../storage/database.ts';
import { errorFields, type Log } from '../web/log.ts';

/** Work that an answer must not wait for, so that its time says nothing about what was found. */
export interface Background {
  /**
   * Begins once the answer is on its way. What fails is logged; whoever waits for a mail asks again.
   *
   * @throws StorageUnavailable at once when nothing can be written down now, so that no page promises a mail that will not come.
   */
  run(what: string, work: (insist: Insist) => Promise<void>): Promise<void>;
  /** Everything that was begun has ended. */
  settled(): Promise<void>;
  /** The same, and what waits for a store gives up. */
  close(): Promise<void>;
}

/** Does a step, and does it again while the store is away: for half a minute, as a fail-over takes. It has to bear being done twice. */
export type Insist = <Result>(step: () => Promise<Result>) => Promise<Result>;

/** ms before the step is done again, each time. */
const patience: readonly number[] = [500, 1000, 2000, 4000, 8000, 16_000];

export const createBackground = (
  records: Pick<Database<unknown>, 'writable'>,
  log: Pick<Log, 'error'>,
  pauses = patience,
): Background => {
  const running = new Set<Promise<void>>();
  const ending = new AbortController();
  const insist: Insist = async (step) => {
    for (const wait of pauses)
      try {
        return await step();
      } catch (error) {
        if (!(error instanceof StorageUnavailable) || ending.signal.aborted) throw error;
        await pause(wait, undefined, { signal: ending.signal }).catch(() => {});
      }
    return step();
  };
  const settled = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running);
  };
  return {
    async run(what, work) {
      await records.writable();
      const done = new Promise<void>((resolve) => setImmediate(resolve))
        .then(() => work(insist))
        .catch((error: unknown) => log.error(what, errorFields(error)))
        .finally(() => running.delete(done));
      running.add(done);
    },
    settled,
    close() {
      ending.abort();
      return settled();
    },
  };
};
