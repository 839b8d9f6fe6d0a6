import type { Counters } from '../../storage/counters.ts';
import { keyedHash } from '../../storage/sealing.ts';
import { createSeen, type Seen } from '../../web/overload/seen.ts';

export interface ClientThrottleLimits {
  /** Failed client authentications that one address may have in a window. */
  readonly failures: number;
  /** Seconds. */
  readonly window: number;
}

/** Against guessing of client secrets (CL-11): counts failures by address, and refuses before anything is compared. */
export interface ClientThrottle {
  /** @returns in how many seconds the address may try again; undefined when it may now. */
  refusal(address: string): Promise<number | undefined>;
  failed(address: string): Promise<void>;
  /** A service authenticated from this address. */
  succeeded(address: string): void;
  /** Where one did lately at this node. */
  readonly services: Pick<Seen, 'has'>;
}

/** Addresses that failed lately at this node; beyond it the one that failed longest ago is asked of the store no more. */
const mostAddresses = 10_000;

export const createClientThrottle = (counters: Counters, key: Buffer, limits: ClientThrottleLimits): ClientThrottle => {
  // Honest services never fail, and theirs are nearly all requests: only who failed here costs a look into the store.
  const suspects = new Map<string, number>();
  const services = createSeen();
  const nameOf = (address: string): string => `clients:${keyedHash(key, address)}`;
  return {
    async refusal(address) {
      const until = suspects.get(address);
      if (until === undefined) return undefined;
      if (until <= Date.now()) {
        suspects.delete(address);
        return undefined;
      }
      return (await counters.read(nameOf(address))) >= limits.failures
        ? Math.ceil((until - Date.now()) / 1000)
        : undefined;
    },
    async failed(address) {
      const first = suspects.get(address);
      if (first === undefined || first <= Date.now()) suspects.set(address, Date.now() + limits.window * 1000);
      if (suspects.size > mostAddresses) suspects.delete(suspects.keys().next().value ?? '');
      await counters.add(nameOf(address), 1, limits.window);
    },
    succeeded: (address) => services.note(address),
    services,
  };
};
