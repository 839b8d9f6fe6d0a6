import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Codes of authenticator apps (RFC 6238) with what all apps understand: HMAC-SHA-1, 30 seconds, six digits. */

const stepSeconds = 30;
const digits = 6;
/** Steps before and after the present one, for clocks that differ (RFC 6238, 5.2). */
const tolerated = 1;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** base32 without padding (RFC 4648, 6). */
export const base32 = (bytes: Uint8Array): string => {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      text += alphabet.charAt((value >>> (bits - 5)) & 31);
      bits -= 5;
    }
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + alphabet.charAt((value << (5 - bits)) & 31);
};

const fromBase32 = (text: string): Buffer => {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of text) {
    value = (value << 5) | alphabet.indexOf(letter);
    bits += 5;
    if (bits < 8) continue;
    bytes.push((value >>> (bits - 8)) & 255);
    bits -= 8;
    value &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
};

/** 160 bits, as RFC 4226, 4 (R6) recommends; base32. */
export const newTotpSecret = (): string => base32(randomBytes(20));

/** Which code an app shows at a time (ms since the epoch). */
export const timeStep = (at: number): number => Math.floor(at / 1000 / stepSeconds);

/** The code of a time step (RFC 4226, 5.3). */
export const totpCode = (secret: string, step: number): string => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
};

/** Codes are typed as apps show them, in groups. */
const canonical = (typed: string): string => typed.replaceAll(/[\s\u00a0-]/g, '');

/** The time step whose code this is; undefined for a wrong one. Every candidate is compared, whichever is right. */
export const matchingStep = (secret: string, typed: string, at: number): number | undefined => {
  const code = canonical(typed);
  if (!/^\d{6}$/.test(code)) return undefined;
  const now = timeStep(at);
  const steps = Array.from({ length: 2 * tolerated + 1 }, (_, i) => now - tolerated + i);
  return steps.findLast((step) => timingSafeEqual(Buffer.from(totpCode(secret, step)), Buffer.from(code)));
};

/** What the QR code says (the key URI that authenticator apps read). */
export const keyUri = (secret: string, account: string): string => {
  const label = `Bayern-ID:${account}`;
  return `otpauth://totp/${encodeURIComponent(label)}?secret=${secret}&issuer=Bayern-ID&algorithm=SHA1&digits=${digits}&period=${stepSeconds}`;
};
