import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Secrets of cookies that carry our mark. By it a node with more to do than it can tells the browser of somebody who was let in from a
 * stranger's, without asking a store. The mark gives no access by itself: what a cookie stands for says the store alone, by the
 * digest of the whole secret, and a secret without it is as good there as any.
 */
export interface MarkedSecrets {
  /** A new secret of 43 letters, for a cookie that belongs to `binding`: 128 random bits, the time, and the mark over all three (96 bits). */
  create(binding: string): string;
  /** When a secret was made, in ms since the epoch, to the second; undefined for one that was not made here for this binding. */
  madeAt(secret: string, binding: string): number | undefined;
}

/** Four bytes of time in seconds, the rest random. */
const contentBytes = 20;
/** Of base64url. */
const contentLetters = 27;
const markLetters = 16;

const form = /^[\w-]{43}$/u;

/** @param key of 32 bytes, the same on every node, for this purpose alone */
export const createMarkedSecrets = (key: Buffer): MarkedSecrets => {
  // Over the letters, not what they mean: the last one has two bits to spare, and a cookie must have one spelling.
  const markOf = (content: string, binding: string): string =>
    createHmac('sha256', key).update(`${content} ${binding}`).digest('base64url').slice(0, markLetters);
  return {
    create(binding) {
      const bytes = randomBytes(contentBytes);
      bytes.writeUInt32BE(Math.floor(Date.now() / 1000), 0);
      const content = bytes.toString('base64url');
      return `${content}${markOf(content, binding)}`;
    },
    madeAt(secret, binding) {
      if (!form.test(secret)) return undefined;
      const content = secret.slice(0, contentLetters);
      const given = Buffer.from(secret.slice(contentLetters));
      if (!timingSafeEqual(given, Buffer.from(markOf(content, binding)))) return undefined;
      return Buffer.from(content, 'base64url').readUInt32BE(0) * 1000;
    },
  };
};
