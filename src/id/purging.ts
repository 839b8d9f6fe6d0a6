import type { Log } from '../web/log.ts';

/** Removes what has had its time, now and every hour; `failures` are the log's words when it could not. */
export const startPurging = (
  failures: Readonly<Record<string, () => Promise<unknown>>>,
  log: Log,
): { stop(): void } => {
  const purge = (): void => {
    for (const [event, remove] of Object.entries(failures)) void remove().catch(() => log.error(event));
  };
  purge();
  const timer = setInterval(purge, 3600_000).unref();
  return { stop: () => clearInterval(timer) };
};
