import { errorFields, type Log } from '../web/log.ts';

/** Does something again and again, never twice at once. */
export interface Polling {
  /** Does it now; a run under way is waited for, and what it may have missed is done after it. */
  now(): Promise<void>;
  /** No further run; waits for the one under way. */
  stop(): Promise<void>;
}

/**
 * @param run says when it wants to run at the latest, in ms since the epoch; Infinity leaves it to the interval. A failed
 * run is logged and tried again with the next.
 * @param interval ms between two runs.
 */
export const startPolling = (run: () => Promise<number>, interval: number, log: Log): Polling => {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  const once = async (): Promise<void> => {
    let at = Infinity;
    try {
      at = await run();
    } catch (error) {
      log.error('polling_failed', errorFields(error));
    }
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => void start(), Math.max(1, Math.min(interval, at - Date.now()))).unref();
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
