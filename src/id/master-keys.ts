import { createSealer, deriveKey, keyedHash, type Sealer } from '../storage/sealing.ts';

/**
 * The keys outside the stores. They wrap keys and nothing else, so that exchanging one means to wrap those again: the
 * data keys of accounts, the signing keys, and the installation's own key, from which all others are derived.
 */
export interface MasterKeys {
  /** Wraps whatever is new. */
  readonly current: Buffer;
  /** Made by a rotation that is under way; some keys may be wrapped by it already. */
  readonly next?: Buffer;
  /** Of before the last rotation; some keys may still be wrapped by it. */
  readonly previous?: Buffer;
}

/** By this name a box says which master key it was made under; it tells nothing of the key. */
export const masterKeyId = (key: Buffer): string => keyedHash(deriveKey(key, 'name of the key'), 'id').slice(0, 10);

/** Boxes of the first version name every key so; it was the oldest of those that are there. */
const firstVersion = '1';

/** Seals under the current key and opens what any of them has sealed. */
export const masterSealer = (keys: MasterKeys, purpose: string): Sealer => {
  const all = [keys.current, keys.next, keys.previous].filter((key) => key !== undefined);
  const byId = new Map(all.map((key) => [masterKeyId(key), deriveKey(key, purpose)]));
  const oldest = deriveKey(keys.previous ?? keys.current, purpose);
  return createSealer([...[...byId].map(([id, key]) => ({ id, key })), { id: firstVersion, key: oldest }]);
};
