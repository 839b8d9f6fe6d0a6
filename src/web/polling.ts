import { errorFields, type Log } from './log.ts';

/** Does something again and again, never twice at once. */
export interface Polling {
  /** Does it now, from the beginning: a run under way is waited for first. */
  now(): Promise<void>;
  /** No further run; waits for the one under way. */
  stop(): Promise<void>;
}

/** May say when it wants to run again at the latest, in ms since the epoch. */
export type PolledTask = () => Promise<number | void>;

/**
 * Runs tasks beside each other, so that one that fails keeps none of the others from its work: it is logged and tried
 * again with the next run.
 *
 * @param interval ms between two runs, unless a task wants one earlier.
 */
export const startPolling = (tasks: readonly PolledTask[], interval: number, log: Log): Polling => {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  const attempt = async (task: PolledTask): Promise<number> => {
    try {
      return (await task()) ?? Infinity;
    } catch (error) {
      log.error('polling_failed', errorFields(error));
      return Infinity;
    }
  };

  const once = async (): Promise<void> => {
    const next = Math.min(...(await Promise.all(tasks.map(attempt))));
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => void start(), Math.max(1, Math.min(interval, next - Date.now()))).unref();
  };

  const start = (): Promise<void> => {
    running ??= once().finally(() => {
      running = undefined;
    });
    return running;
  };

  timer = setTimeout(() => void start(), interval).unref();
  return {
    async now() {
      await running;
      await start();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
};
