import { setImmediate as turn } from 'node:timers/promises';

/**
 * For work over many things beside requests: await the returned function after each of them, and every `longest` ms of
 * work the event loop gets a turn. A request has several turns of its own, so what it waits is a multiple of a slice.
 */
export const createSlices = (longest = 2): (() => Promise<void>) => {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < longest) return;
    await turn();
    began = performance.now();
  };
};
