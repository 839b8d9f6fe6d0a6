import { tlv } from './ber-tlv.ts';
import { oid, oids } from './object-identifiers.ts';

const ascii = (date: string): Buffer => Buffer.from(date.replaceAll('-', ''), 'latin1');

/**
 * AuthenticatedAuxiliaryData: what the chip compares its own dates with (TR-03110-3, A.6.5). Both dates YYYY-MM-DD:
 * `today` for the card's validity, `bornUntil` is the last birthday that is old enough.
 */
export const auxiliaryData = (today: string, bornUntil: string | undefined): Buffer =>
  tlv(
    0x67,
    tlv(0x73, oid(oids.dateOfExpiry), tlv(0x53, ascii(today))),
    ...(bornUntil === undefined ? [] : [tlv(0x73, oid(oids.dateOfBirth), tlv(0x53, ascii(bornUntil)))]),
  );
