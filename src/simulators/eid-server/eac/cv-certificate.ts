import { createHash, type KeyObject } from 'node:crypto';
import { findTlv, tlv, valueAt } from './ber-tlv.ts';
import { keyOfPoint, signPlainly, verifyPlainly } from './brainpool.ts';
import { oid } from './object-identifiers.ts';

/** A certificate extension: the hash of something that comes beside the certificate. */
export interface Extension {
  readonly kind: string;
  readonly hash: Buffer;
}

/** What a card-verifiable certificate says (TR-03110-3, C.1). */
export interface CertificateBody {
  /** Certification authority reference: whose key signs. */
  readonly authority: string;
  /** Certificate holder reference: country, mnemonic of up to nine characters, five digits. */
  readonly holder: string;
  /** Public key data object. */
  readonly publicKey: Buffer;
  /** Certificate holder authorization template. */
  readonly rights: Buffer;
  /** The first and the last day, YYYY-MM-DD. */
  readonly effective: string;
  readonly expires: string;
  readonly extensions?: readonly Extension[];
}

/** YYMMDD, one digit in each byte (TR-03110-3, D.2.1.3). */
const sixDigits = (date: string): Buffer => Buffer.from(date.replaceAll('-', '').slice(2).split('').map(Number));

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

export const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** The signed part. */
export const certificateBody = (body: CertificateBody): Buffer =>
  tlv(
    0x7f4e,
    tlv(0x5f29, Buffer.from([0])),
    tlv(0x42, latin(body.authority)),
    body.publicKey,
    tlv(0x5f20, latin(body.holder)),
    body.rights,
    tlv(0x5f25, sixDigits(body.effective)),
    tlv(0x5f24, sixDigits(body.expires)),
    ...(body.extensions === undefined
      ? []
      : [tlv(0x65, ...body.extensions.map(({ kind, hash }) => tlv(0x73, oid(kind), tlv(0x80, hash))))]),
  );

/** A certificate, signed with the authority's key (id-TA-ECDSA-SHA-256). */
export const issueCvCertificate = (wish: CertificateBody, authorityKey: KeyObject): Buffer => {
  const body = certificateBody(wish);
  return tlv(0x7f21, body, tlv(0x5f37, signPlainly(authorityKey, body)));
};

/** The last day of a certificate, YYYY-MM-DD. @throws MalformedTlv */
export const expiryOf = (certificate: Buffer): string => {
  const digits = [...valueAt(certificate, 0x7f21, 0x7f4e, 0x5f24)].join('');
  return `20${digits.slice(0, 2)}-${digits.slice(2, 4)}-${digits.slice(4, 6)}`;
};

/** Whether one certificate was signed with the key of another. @throws MalformedTlv */
export const isSignedBy = (certificate: Buffer, authority: Buffer): boolean => {
  const content = valueAt(certificate, 0x7f21);
  const signed = findTlv(content, 0x7f4e)?.raw ?? Buffer.alloc(0);
  const key = keyOfPoint(valueAt(authority, 0x7f21, 0x7f4e, 0x7f49, 0x86));
  return verifyPlainly(key, signed, valueAt(content, 0x5f37));
};
