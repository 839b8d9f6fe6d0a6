import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

export interface Load {
  /** How busy this process was since the last call: 0 idle, 1 never idle or too late to be of use. */
  read(): number;
  stop(): void;
}

/** In ms: how finely the event loop is looked at. */
const resolution = 10;

/** A process that comes to its work so late on average (ms) is as good as wholly busy, whatever the reason: a login waits for it some fifty times. */
const tooLate = 40;

/**
 * Measures by the share of time in which the event loop had work, and by how late it comes to it, which also shows that
 * other processes take the cores.
 */
export const createLoad = (): Load => {
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  let before = performance.eventLoopUtilization();
  return {
    read() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      const late = delay.count > 0 ? delay.mean / 1e6 - resolution : 0;
      delay.reset();
      return Math.min(1, Math.max(utilization, late / tooLate));
    },
    stop: () => void delay.disable(),
  };
};
