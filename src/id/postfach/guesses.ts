import type { Counters } from '../../storage/counters.ts';
import { keyedHash } from '../../storage/sealing.ts';

/** How many handles that lead nowhere one authority may ask for in a window (seconds). */
export interface GuessLimits {
  readonly misses: number;
  readonly window: number;
}

/** Bounds guessing. Counted by client and authority: one sender with a stale list stops no other authority's letters. */
export interface Guesses {
  /** @returns undefined when it may be looked up, else in how many seconds it may. A hit in between changes nothing. */
  refusal(clientId: string, authority: string): Promise<number | undefined>;
  missed(clientId: string, authority: string): Promise<void>;
}

/** Windows end by the clock, so that whoever is refused can be told until when. */
export const createGuesses = (counters: Counters, key: Buffer, { misses, window }: GuessLimits): Guesses => {
  const bucket = (clientId: string, authority: string): { readonly name: string; readonly wait: number } => {
    const now = Date.now() / 1000;
    const end = (Math.floor(now / window) + 1) * window;
    const name = `postfach:${keyedHash(key, `${clientId}\0${authority}\0${end}`)}`;
    return { name, wait: Math.max(1, Math.ceil(end - now)) };
  };
  return {
    async refusal(clientId, authority) {
      const { name, wait } = bucket(clientId, authority);
      return (await counters.read(name)) >= misses ? wait : undefined;
    },
    async missed(clientId, authority) {
      await counters.add(bucket(clientId, authority).name, 1, window);
    },
  };
};
