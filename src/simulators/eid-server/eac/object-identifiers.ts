import { tlv } from './ber-tlv.ts';

/** Object identifiers of TR-03110-3 (bsi-de), RFC 5639 (brainpool) and RFC 5480. */
export const oids = {
  /** id-TA-ECDSA-SHA-256 */
  terminalAuthentication: '0.4.0.127.0.7.2.2.2.2.3',
  /** id-PK-ECDH */
  chipPublicKey: '0.4.0.127.0.7.2.2.1.2',
  /** id-CA-ECDH-AES-CBC-CMAC-128 */
  chipAuthentication: '0.4.0.127.0.7.2.2.3.2.2',
  /** id-RI-ECDH-SHA-256 */
  restrictedIdentification: '0.4.0.127.0.7.2.2.5.2.3',
  /** id-AT: the role of an authentication terminal */
  authenticationTerminal: '0.4.0.127.0.7.3.1.2.2',
  /** id-description: hash of the certificate description */
  description: '0.4.0.127.0.7.3.1.3.1',
  /** id-plainFormat: how the description is written */
  plainDescription: '0.4.0.127.0.7.3.1.3.1.1',
  /** id-sector: hash of the sector's public key */
  sector: '0.4.0.127.0.7.3.1.3.2',
  dateOfBirth: '0.4.0.127.0.7.3.1.4.1',
  dateOfExpiry: '0.4.0.127.0.7.3.1.4.2',
  ecPublicKey: '1.2.840.10045.2.1',
  brainpoolP256r1: '1.3.36.3.3.2.8.1.1.7',
} as const;

const base128 = (arc: number): number[] => {
  const groups = [arc & 0x7f];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) groups.unshift((rest & 0x7f) | 0x80);
  return groups;
};

/** An OBJECT IDENTIFIER with its tag, from dotted numbers (X.690, 8.19). */
export const oid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
};
