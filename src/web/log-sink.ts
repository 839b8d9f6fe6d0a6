import type { Writable } from 'node:stream';

export interface LogSink {
  /** Never waits and never throws: the work that a line tells of goes on. */
  write(line: string): void;
}

/** Bytes that may wait for whoever reads the log; beyond them lines are dropped, for they would fill the memory. */
const mostWaiting = 4 * 1024 * 1024;

let lost = 0;

/** Lines that this process could write nowhere, since its start. */
export const lostLogLines = (): number => lost;

/**
 * Writes lines to a pipe, a file or a terminal. While nobody takes them (a reader that hangs, one that is gone, a full disk)
 * they are counted in place of being kept.
 *
 * @param tell the line that says how many were dropped; it comes before the first one that fits again.
 */
export const createLogSink = (stream: Writable, tell: (dropped: number) => string, most = mostWaiting): LogSink => {
  let dropped = 0;
  const drop = (): void => {
    dropped += 1;
    lost += 1;
  };
  // Without a listener a reader that goes away would end the process.
  stream.on('error', () => {});
  const put = (line: string): void => {
    stream.write(line, (error) => {
      if (error) drop();
    });
  };
  return {
    write(line) {
      if (stream.writableLength >= most) return drop();
      if (dropped > 0) {
        const count = dropped;
        dropped = 0;
        put(tell(count));
      }
      put(line);
    },
  };
};
