export interface CoalescerOptions {
  /** Answers whether anything was changed by it. Must not reject. */
  readonly run: () => Promise<boolean>;
  /** ms between the end of a run that changed something and the next one. */
  readonly interval: number;
  /** ms without a notice before a run: editors write a file in several steps, and a set of files is one change. */
  readonly quiet?: number;
  /** ms after which a run no longer waits for quiet. */
  readonly longest?: number;
}

export interface Coalescer {
  readonly notice: () => void;
  readonly close: () => void;
}

/** Turns a stream of notices into few runs, one at a time: the first one soon, further ones at the given distance. */
export const createCoalescer = ({ run, interval, quiet = 150, longest = 2000 }: CoalescerOptions): Coalescer => {
  let waitingSince: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let notBefore = 0;
  let busy = false;
  let closed = false;
  const arm = (): void => {
    clearTimeout(timer);
    if (closed || busy || waitingSince === undefined) return;
    const now = performance.now();
    const at = Math.max(Math.min(now + quiet, waitingSince + longest), notBefore);
    timer = setTimeout(() => void start(), Math.max(0, at - now)).unref();
  };
  const start = async (): Promise<void> => {
    waitingSince = undefined;
    busy = true;
    const changed = await run();
    busy = false;
    if (changed) notBefore = performance.now() + interval;
    arm();
  };
  return {
    notice() {
      waitingSince ??= performance.now();
      arm();
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
};
