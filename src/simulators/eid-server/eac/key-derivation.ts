import { createHash } from 'node:crypto';

export interface SessionKeys {
  readonly encryption: Buffer;
  readonly authentication: Buffer;
}

/**
 * Session keys for AES-128 from a shared secret, and for Chip Authentication from the chip's nonce as well (TR-03110-3,
 * A.2.3: SHA-1, of which the first 16 bytes are the key).
 */
export const deriveSessionKeys = (sharedSecret: Buffer, nonce: Buffer = Buffer.alloc(0)): SessionKeys => {
  const derive = (counter: number): Buffer =>
    createHash('sha1')
      .update(Buffer.concat([sharedSecret, nonce, Buffer.from([0, 0, 0, counter])]))
      .digest()
      .subarray(0, 16);
  return { encryption: derive(1), authentication: derive(2) };
};
