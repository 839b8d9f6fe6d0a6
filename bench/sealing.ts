import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { AuditEvent } from '../src/id/audit/events.ts';
import type { IdApp } from '../src/id/contract.ts';
import { product } from './world.ts';

const { createSealer, keyedHash } = await product<typeof import('../src/storage/sealing.ts')>('storage/sealing.js');

/** What a login had sealed, opened and hashed, in its order, and what it wrote into the journal. */
interface Recorded {
  readonly work: readonly (() => void)[];
  readonly counts: Readonly<Record<'seals' | 'opens' | 'keys' | 'hashes' | 'events', number>>;
  readonly events: readonly AuditEvent[];
}

export interface LoginParts {
  /** From now on everything is written down, until `recorded`. */
  record(): Promise<void>;
  recorded(): Promise<Recorded['counts']>;
  /** Does again what the login did: the same boxes, of the same sizes, by the program's own functions. */
  readonly seal: () => void;
  /** The same for its events, in a transaction of their own: a login pays less, since it has one already. */
  readonly audit: () => Promise<void>;
}

type Kind = keyof Omit<Recorded['counts'], 'events'>;
interface Call {
  readonly kind: Kind;
  readonly again: () => void;
}

/** Sealed values are JSON for the most part; then whoever seals writes it, and whoever opens reads it. */
const parsed = (bytes: Buffer): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(bytes.toString('utf8')) };
  } catch {
    return undefined;
  }
};

/** Begins with the header: version, length of the key's name, the name; the rest is the context. */
const headerOf = (additional: Buffer): { id: string; header: Buffer; context: string } => {
  const end = 2 + (additional[1] ?? 0);
  return {
    id: additional.toString('utf8', 2, end),
    header: additional.subarray(0, end),
    context: additional.toString('utf8', end),
  };
};

const bytesOf = (data: unknown): Buffer =>
  Buffer.isBuffer(data) ? Buffer.from(data) : Buffer.from(data as string | Uint8Array);

/** Calls from anywhere else are no part of it: cookies and tokens are signed, too. */
const fromSealing = (): boolean => new Error('where').stack?.includes('storage/sealing') === true;

/**
 * Watches `node:crypto` while one login goes on. Measured is not the watched login but the calls that are made again
 * afterwards, by the same functions, with nothing in between.
 */
const watch = (calls: Call[]): (() => void) => {
  const { createCipheriv, createDecipheriv, createHmac, createSecretKey } = crypto;

  /** Made into calls when nobody watches any more, since making them seals and opens. */
  const pending: (() => void)[] = [];

  const sealing = (key: crypto.KeyObject, additional: Buffer, plain: Buffer): void => {
    const { id, context } = headerOf(additional);
    const sealer = createSealer([{ id, key: key.export() }]);
    const json = parsed(plain);
    calls.push({
      kind: 'seals',
      again: json
        ? () => void sealer.seal(JSON.stringify(json.value), context)
        : () => void sealer.seal(plain, context),
    });
  };
  const opening = (key: crypto.KeyObject, additional: Buffer, nonce: Buffer, body: Buffer, tag: Buffer): void => {
    const { id, header, context } = headerOf(additional);
    const sealer = createSealer([{ id, key: key.export() }]);
    const box = Buffer.concat([header, nonce, body, tag]);
    const isJson = parsed(sealer.open(box, context)) !== undefined;
    calls.push({
      kind: 'opens',
      again: () => {
        const plain = sealer.open(box, context);
        if (isJson) JSON.parse(plain.toString('utf8'));
      },
    });
  };

  Object.assign(crypto, {
    createSecretKey(key: Uint8Array) {
      const made = createSecretKey(key);
      if (fromSealing()) {
        const bytes = Buffer.from(key);
        calls.push({ kind: 'keys', again: () => void createSealer([{ id: '1', key: bytes }]) });
      }
      return made;
    },
    createHmac(algorithm: string, key: crypto.KeyObject | Uint8Array) {
      const hmac = createHmac(algorithm, key);
      if (!fromSealing()) return hmac;
      const update = hmac.update.bind(hmac);
      return Object.assign(hmac, {
        update(value: string) {
          calls.push({ kind: 'hashes', again: () => void keyedHash(key, value) });
          return update(value);
        },
      });
    },
    createCipheriv(algorithm: string, key: crypto.KeyObject, nonce: Buffer, options: object) {
      const cipher = createCipheriv(algorithm as 'aes-256-gcm', key, nonce, options as never);
      if (!fromSealing()) return cipher;
      const [setAAD, update] = [cipher.setAAD.bind(cipher), cipher.update.bind(cipher)];
      let additional = Buffer.alloc(0);
      return Object.assign(cipher, {
        setAAD(bytes: Buffer) {
          additional = Buffer.from(bytes);
          return setAAD(bytes);
        },
        update(...parameters: [string]) {
          pending.push(() => sealing(key, additional, bytesOf(parameters[0])));
          return update(...parameters);
        },
      });
    },
    createDecipheriv(algorithm: string, key: crypto.KeyObject, nonce: Buffer, options: object) {
      const decipher = createDecipheriv(algorithm as 'aes-256-gcm', key, nonce, options as never);
      if (!fromSealing()) return decipher;
      const [setAAD, setAuthTag, update] = [
        decipher.setAAD.bind(decipher),
        decipher.setAuthTag.bind(decipher),
        decipher.update.bind(decipher),
      ];
      let [additional, tag] = [Buffer.alloc(0), Buffer.alloc(0)];
      return Object.assign(decipher, {
        setAAD(bytes: Buffer) {
          additional = Buffer.from(bytes);
          return setAAD(bytes);
        },
        setAuthTag(bytes: Buffer) {
          tag = Buffer.from(bytes);
          return setAuthTag(bytes);
        },
        update(body: Buffer) {
          const copy = Buffer.from(body);
          const once = Buffer.from(nonce);
          pending.push(() => opening(key, additional, once, copy, tag));
          return update(body);
        },
      });
    },
  });
  syncBuiltinESMExports();
  return () => {
    Object.assign(crypto, { createCipheriv, createDecipheriv, createHmac, createSecretKey });
    syncBuiltinESMExports();
    for (const make of pending) make();
  };
};

export const createLoginParts = ({ journal }: Pick<IdApp, 'journal'>): LoginParts => {
  let calls: Call[] = [];
  let events: AuditEvent[] = [];
  let stop = (): void => {};
  let seen = '';
  const newest = async (): Promise<AuditEvent[]> => {
    await journal.settled();
    const found: AuditEvent[] = [];
    for (;;) {
      const rows = await journal.after(seen);
      if (rows.length === 0) return found;
      seen = rows.at(-1)?.id ?? seen;
      for (const { type, account_id, client_id, reference_id, detail } of rows)
        found.push({
          type,
          ...(account_id === null ? {} : { accountId: account_id }),
          ...(client_id === null ? {} : { clientId: client_id }),
          ...(reference_id === null ? {} : { referenceId: reference_id }),
          ...(JSON.parse(detail) as object),
        } as AuditEvent);
    }
  };
  return {
    async record() {
      await newest();
      calls = [];
      stop = watch(calls);
    },
    async recorded() {
      events = await newest();
      stop();
      const count = (kind: Kind): number => calls.filter((call) => call.kind === kind).length;
      return {
        seals: count('seals'),
        opens: count('opens'),
        keys: count('keys'),
        hashes: count('hashes'),
        events: events.length,
      };
    },
    seal() {
      for (const { again } of calls) again();
    },
    audit: () => journal.recordNow(events),
  };
};
