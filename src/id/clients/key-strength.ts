import { X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';

/** Members that only a private or symmetric key has (RFC 7518, 6). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'] as const;

/** Bytes of a coordinate by curve. X25519 only agrees on keys, for what is encrypted to the client. */
const curves: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  EC: { 'P-256': 32, 'P-384': 48, 'P-521': 66 },
  OKP: { Ed25519: 32, X25519: 32 },
};

/** BSI TR-02102-1: RSA moduli from 3000 bits on. */
const leastRsaBits = 3000;

const bytesOf = (value: unknown): Buffer => {
  const bytes = Buffer.from(typeof value === 'string' ? value : '', 'base64url');
  return bytes.subarray(bytes.findIndex((byte) => byte !== 0));
};

const bitsOf = (bytes: Buffer): number => bytes.length * 8 - Math.clz32(bytes[0] ?? 0) + 24;

const rsaFault = ({ n, e }: JWK): string | undefined => {
  const bits = bitsOf(bytesOf(n));
  if (bits < leastRsaBits) return `an RSA key of ${Math.max(bits, 0)} bits: at least ${leastRsaBits} are needed`;
  return bitsOf(bytesOf(e)) < 17 ? 'an RSA key with an exponent below 65537' : undefined;
};

/**
 * What makes a client's key unfit: a secret in it, an algorithm that is not accepted, too few bits. Undefined for a sound
 * public key. Whether a point lies on its curve is left to the first use: it harms the client alone, and to ask OpenSSL
 * takes as long as all else about a client's file.
 */
export const keyFault = (key: JWK): string | undefined => {
  if (key.kty === 'oct') return 'a symmetric key: only public keys belong here';
  if (privateMembers.some((member) => member in key)) return 'this is a private key: only public keys belong here';
  if (key.kty === 'RSA') return rsaFault(key);
  const size = curves[key.kty ?? '']?.[key.crv ?? ''];
  if (size === undefined) return 'not an accepted kind of key: use EC on P-256, P-384 or P-521, Ed25519, or RSA';
  const coordinates = key.kty === 'EC' ? [key.x, key.y] : [key.x];
  const whole = coordinates.every((value) => Buffer.from(value ?? '', 'base64url').length === size);
  return whole ? undefined : `a coordinate of ${key.crv} has ${size} bytes`;
};

/** When the first certificate of a key ends, in ms since the epoch. */
export const certificateEnd = ({ x5c }: JWK): number | undefined => {
  const [first] = x5c ?? [];
  if (first === undefined) return undefined;
  try {
    return new X509Certificate(Buffer.from(first, 'base64')).validToDate.getTime();
  } catch {
    return undefined;
  }
};
