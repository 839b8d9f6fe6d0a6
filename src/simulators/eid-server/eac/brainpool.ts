import {
  createECDH,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { tlv } from './ber-tlv.ts';
import { oid, oids } from './object-identifiers.ts';

/** The one curve of German cards and terminals: brainpoolP256r1 (RFC 5639, 3.4). */
const curve = 'brainpoolP256r1';

const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');

const order = hex('a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7');
/** Prime, A, B, generator and order with the context tags of TR-03110-3, D.3.3; the cofactor's comes after the key. */
const parameters = [
  tlv(0x81, hex('a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377')),
  tlv(0x82, hex('7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9')),
  tlv(0x83, hex('26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6')),
  tlv(
    0x84,
    hex(
      '048bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997',
    ),
  ),
  tlv(0x85, order),
];
const cofactor = tlv(0x87, Buffer.from([1]));

const pointLength = 65;

const algorithm = tlv(0x30, oid(oids.ecPublicKey), oid(oids.brainpoolP256r1));

export const generateKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: curve }).privateKey;

/** The public point, uncompressed (TR-03111): 04, x, y. */
export const pointOf = (key: KeyObject): Buffer => {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(-pointLength);
};

/** The x-coordinate: what stands for a public key where it is compressed (TR-03110-3). */
export const compressed = (point: Buffer): Buffer => point.subarray(1, 33);

/** @throws when the point is not on the curve */
export const keyOfPoint = (point: Buffer): KeyObject => {
  const subjectPublicKeyInfo = tlv(0x30, algorithm, tlv(0x03, Buffer.from([0]), point));
  return createPublicKey({ key: subjectPublicKeyInfo, format: 'der', type: 'spki' });
};

/** A public point that depends on the secret alone, so that it is the same after a restart. */
export const pointFromSecret = (secret: string): Buffer => {
  const agreement = createECDH(curve);
  const candidate = (attempt: number): Buffer =>
    createHmac('sha256', secret).update(`Restricted Identification, sector key ${attempt}`).digest();
  // Four of ten candidates are not below the order.
  let attempt = 0;
  while (candidate(attempt).compare(order) >= 0) attempt += 1;
  agreement.setPrivateKey(candidate(attempt));
  return agreement.getPublicKey();
};

/** The x-coordinate of the common point. @throws when the other's point is not on the curve */
export const agree = (privateKey: KeyObject, point: Buffer): Buffer =>
  diffieHellman({ privateKey, publicKey: keyOfPoint(point) });

/** ECDSA with SHA-256, plain: r and s of the same length (TR-03111, 5.2.1). */
export const signPlainly = (key: KeyObject, message: Buffer): Buffer =>
  sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' });

export const verifyPlainly = (key: KeyObject, message: Buffer, signature: Buffer): boolean =>
  verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);

/** The content of a public key data object: with the curve's parameters in a CVCA's certificate, without them elsewhere. */
export const publicKeyContent = (protocol: string, point: Buffer, withParameters = false): readonly Buffer[] => [
  oid(protocol),
  ...(withParameters ? parameters : []),
  tlv(0x86, point),
  ...(withParameters ? [cofactor] : []),
];

/** A public key data object (TR-03110-3, D.3). */
export const publicKeyObject = (protocol: string, point: Buffer, withParameters = false): Buffer =>
  tlv(0x7f49, ...publicKeyContent(protocol, point, withParameters));
