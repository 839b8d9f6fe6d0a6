import { createHmac, createSecretKey } from 'node:crypto';
import type { Json, JsonObject } from './artifacts.ts';
import { createSealer, deriveKey } from './sealing.ts';

/**
 * What a store of artifacts or counters is given to see: keyed hashes and sealed boxes. Whoever reads the store finds no
 * token in it and cannot test a guess.
 */
export interface ArtifactKeys {
  /** The name of an artifact, an alias, a group or a counter in the store: 43 characters of base64url. */
  name(use: 'id' | 'alias' | 'group' | 'counter', kind: string, value: string): string;
  /** A box can be opened only for the kind and name it was sealed for. */
  seal(kind: string, name: string, payload: JsonObject): Uint8Array;
  /** Throws when the box was changed or is another's. */
  open(kind: string, name: string, box: Uint8Array): JsonObject;
}

/** Derived from the master key; another master key finds nothing. */
export function createArtifactKeys(masterKey: Uint8Array): ArtifactKeys {
  const hashKey = createSecretKey(deriveKey(masterKey, 'artifact names'));
  const sealer = createSealer([{ id: '1', key: deriveKey(masterKey, 'artifacts') }]);
  return {
    // The lengths keep ("ab", "c") and ("a", "bc") apart, whatever characters they hold.
    name: (use, kind, value) =>
      createHmac('sha256', hashKey).update(`${use}:${kind.length}:${kind}${value}`).digest('base64url'),
    seal: (kind, name, payload) => sealer.seal(JSON.stringify(payload), `artifact ${kind} ${name}`),
    open(kind, name, box) {
      const payload = JSON.parse(sealer.open(box, `artifact ${kind} ${name}`).toString()) as Json;
      return payload as JsonObject;
    },
  };
}
