import { findTlv, MalformedTlv, readTlvs, valueAt, type Tlv } from './ber-tlv.ts';
import { oid, oids } from './object-identifiers.ts';

/** SecurityInfo: an object identifier, and what it is about (TR-03110-3, A.1). */
const isAbout = ({ value }: Tlv, kind: string): boolean => findTlv(value, 0x06)?.raw.equals(oid(kind)) === true;

/** SignedData → eContent → SecurityInfos (RFC 5652, 5). */
const securityInfos = (cardSecurity: Buffer): Tlv[] => {
  const signedData = valueAt(cardSecurity, 0x30, 0xa0, 0x30);
  return readTlvs(valueAt(signedData, 0x30, 0xa0, 0x04, 0x31));
};

const lastInteger = (sequence: Buffer): number | undefined =>
  readTlvs(sequence)
    .findLast(({ tag }) => tag === 0x02)
    ?.value.readUIntBE(0, 1);

/**
 * The chip's public point for Chip Authentication in EF.CardSecurity: of the key that goes with AES-128, and that is open
 * to every terminal. The file's signature is NOT checked: that would be Passive Authentication.
 * @throws MalformedTlv when there is none
 */
export const chipAuthenticationPoint = (cardSecurity: Buffer): Buffer => {
  const infos = securityInfos(cardSecurity);
  const protocol = infos.find((info) => isAbout(info, oids.chipAuthentication));
  if (protocol === undefined) throw new MalformedTlv('the chip has no Chip Authentication with AES-128');
  const keyId = lastInteger(protocol.value);
  const key = infos.find((info) => isAbout(info, oids.chipPublicKey) && lastInteger(info.value) === keyId);
  if (key === undefined) throw new MalformedTlv('there is no public key for Chip Authentication');
  const [unused, ...point] = valueAt(key.value, 0x30, 0x03);
  if (unused !== 0) throw new MalformedTlv('the public key is no whole bytes');
  return Buffer.from(point);
};
