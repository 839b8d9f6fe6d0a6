/** Somebody goes away before its turn. */
export class TurnLeft extends Error {
  override readonly name = 'TurnLeft';
}

/** Too many wait already. */
export class NoTurn extends Error {
  override readonly name = 'NoTurn';
}

export interface Turns {
  /**
   * Runs `work` when it is the turn of one more of this name, in the order of asking; one name never waits for another.
   *
   * @param signal ends the waiting.
   * @throws NoTurn, TurnLeft
   */
  take<Result>(name: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
}

/** @param atOnce of one name; @param waiting of one name, beyond which nobody is let in. */
export const createTurns = (atOnce: number, waiting: number): Turns => {
  const lanes = new Map<string, { running: number; readonly queue: Set<() => void> }>();

  const enter = async (name: string, signal: AbortSignal): Promise<void> => {
    if (signal.aborted) throw new TurnLeft('went away');
    const lane = lanes.get(name) ?? { running: 0, queue: new Set() };
    lanes.set(name, lane);
    if (lane.running < atOnce) {
      lane.running += 1;
      return;
    }
    if (lane.queue.size >= waiting) throw new NoTurn('too many wait');
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        lane.queue.delete(come);
        reject(new TurnLeft('went away'));
      };
      const come = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      lane.queue.add(come);
    });
  };

  const exit = (name: string): void => {
    const lane = lanes.get(name);
    if (!lane) return;
    const [next] = lane.queue;
    if (next) {
      // The turn goes over: nobody who comes now is quicker than who waits.
      lane.queue.delete(next);
      next();
    } else if (--lane.running === 0) lanes.delete(name);
  };

  return {
    async take(name, signal, work) {
      await enter(name, signal);
      try {
        return await work();
      } finally {
        exit(name);
      }
    },
  };
};
