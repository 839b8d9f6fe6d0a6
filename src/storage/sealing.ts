import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Authenticated encryption (AES-256-GCM) of what is written about a person or a session. */
export interface Sealer {
  /** `context` is authenticated but not stored: account, table and column, so that no box can be moved elsewhere. */
  seal(plain: Uint8Array | string, context: string): Uint8Array;
  /** Throws when the box was changed, is of another context or of an unknown key. */
  open(box: Uint8Array, context: string): Buffer;
}

/** A key of 32 bytes and the name that is written into every box, so that keys can be exchanged one by one. */
export interface SealingKey {
  /** 1 to 64 bytes of UTF-8. */
  readonly id: string;
  readonly key: Uint8Array;
}

const version = 1;
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

interface PreparedKey {
  readonly key: KeyObject;
  /** Version, length of the key id, key id. */
  readonly header: Buffer;
}

const prepare = ({ id, key }: SealingKey): PreparedKey => {
  const name = Buffer.from(id);
  if (key.length !== keyBytes) throw new Error(`Sealing key "${id}" must have ${keyBytes} bytes`);
  if (name.length < 1 || name.length > 64) throw new Error('The id of a sealing key must have 1 to 64 bytes');
  return { key: createSecretKey(key), header: Buffer.concat([Buffer.from([version, name.length]), name]) };
};

/** The header is authenticated too, so that a box cannot be passed off as one of another version. */
const additionalData = (header: Buffer, context: string): Buffer => Buffer.concat([header, Buffer.from(context)]);

const unreadable = (): Error => new Error('A sealed box could not be opened');

/**
 * Seals with the first key and opens with any of them. A box is: version (1 byte), length of the key id (1 byte), key
 * id, nonce (96 random bits), ciphertext, tag (128 bits). Random nonces allow 2^32 boxes per key (NIST SP 800-38D,
 * section 8.3); keys derived per purpose and per account stay far below.
 */
export function createSealer(keys: readonly SealingKey[]): Sealer {
  const prepared = keys.map(prepare);
  const [first] = prepared;
  if (first === undefined) throw new Error('A sealer needs a key');
  if (new Set(keys.map((key) => key.id)).size !== keys.length) throw new Error('Two sealing keys have one id');

  return {
    seal(plain, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', first.key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(additionalData(first.header, context));
      const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
      cipher.final();
      return Buffer.concat([first.header, nonce, body, cipher.getAuthTag()]);
    },
    open(box, context) {
      const bytes = Buffer.from(box.buffer, box.byteOffset, box.byteLength);
      const found = prepared.find(({ header }) => bytes.subarray(0, header.length).equals(header));
      if (found === undefined) throw unreadable();
      const start = found.header.length + nonceBytes;
      const end = bytes.length - tagBytes;
      if (end < start) throw unreadable();
      const nonce = bytes.subarray(found.header.length, start);
      const decipher = createDecipheriv('aes-256-gcm', found.key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(additionalData(found.header, context));
      decipher.setAuthTag(bytes.subarray(end));
      const plain = decipher.update(bytes.subarray(start, end));
      try {
        decipher.final();
      } catch {
        throw unreadable();
      }
      return plain;
    },
  };
}

/** The id of the key that a box was sealed with; undefined for what is no box. */
export function keyIdOf(box: Uint8Array): string | undefined {
  const bytes = Buffer.from(box.buffer, box.byteOffset, box.byteLength);
  const end = 2 + (bytes[1] ?? 0);
  return bytes[0] === version && bytes.length >= end ? bytes.toString('utf8', 2, end) : undefined;
}

/** A key of 32 bytes for one purpose (HKDF-SHA-256, RFC 5869). Equal purposes give equal keys. */
export function deriveKey(master: Uint8Array, purpose: string): Buffer {
  if (master.length < keyBytes) throw new Error(`A master key must have at least ${keyBytes} bytes`);
  return Buffer.from(hkdfSync('sha256', master, '', `bayern-id ${purpose}`, keyBytes));
}

/** HMAC-SHA-256 in base64url: finds a value without storing it. The caller keeps purposes apart by deriving a key for each. */
export function keyedHash(key: Uint8Array | KeyObject, value: string): string {
  return createHmac('sha256', key).update(value).digest('base64url');
}

const dataKeyContext = (owner: string): string => `data key of ${owner}`;

/** A fresh key for the data of one owner (an account), and the same key sealed for storing beside the owner. */
export function createDataKey(wrapping: Sealer, owner: string): { key: Buffer; wrapped: Uint8Array } {
  const key = randomBytes(keyBytes);
  return { key, wrapped: wrapping.seal(key, dataKeyContext(owner)) };
}

/** Throws when the wrapped key was changed or belongs to another owner. */
export function openDataKey(wrapping: Sealer, wrapped: Uint8Array, owner: string): Buffer {
  return wrapping.open(wrapped, dataKeyContext(owner));
}

/** The same key sealed again under the wrapping key of now. Throws when the wrapped key was changed or is another owner's. */
export function rewrapDataKey(wrapping: Sealer, wrapped: Uint8Array, owner: string): Uint8Array {
  return wrapping.seal(wrapping.open(wrapped, dataKeyContext(owner)), dataKeyContext(owner));
}
