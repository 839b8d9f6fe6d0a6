import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { readonly type: 'minor' }) => void;

let collect: Collect | undefined;

/** V8's own function, which is there once the flag is set. */
const collector = (): Collect => {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect;
  }
  return collect;
};

/** Bytes that may pass before the buffers that carried them are given back. */
const between = 4 * 1024 * 1024;

let passed = 0;

/**
 * To be told how many bytes of files have passed. V8 lets 64 MB of buffers that nobody uses any more pile up, since it counts
 * them as nothing: a letter of 50 MB would cost as much. A collection of the young generation takes about a millisecond.
 */
export const bytesPassed = (bytes: number): void => {
  passed += bytes;
  if (passed < between) return;
  passed = 0;
  collector()({ type: 'minor' });
};
