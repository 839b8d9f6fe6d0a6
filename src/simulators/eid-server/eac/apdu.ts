import { MalformedTlv, tlv, valueAt } from './ber-tlv.ts';
import { publicKeyContent } from './brainpool.ts';
import { oid, oids } from './object-identifiers.ts';

/** A command to the card before it is protected (ISO/IEC 7816-4). */
export interface Command {
  /** CLA, INS, P1, P2. */
  readonly header: readonly [number, number, number, number];
  readonly data?: Buffer;
  /** Whether an answer with data is wanted: as much as there is, more than 256 bytes too. */
  readonly answer?: true;
}

export interface Response {
  /** SW1 and SW2: 0x9000 is success. */
  readonly status: number;
  readonly data: Buffer;
}

/** Status words that mean something here. */
export const status = {
  success: 0x9000,
  /** A comparison said no. */
  verificationFailed: 0x6300,
  /** The end of a file came before as much as was wanted. */
  endOfFile: 0x6282,
} as const;

/** The application that holds the data groups, by its AID. */
const eidApplication = Buffer.from('e80704007f00070302', 'hex');

/** SELECT: the eID application. */
export const selectEid = (): Command => ({ header: [0x00, 0xa4, 0x04, 0x0c], data: eidApplication });

/** VERIFY: compares a datum with what Terminal Authentication sent of that kind. */
export const verifyAuxiliary = (kind: string): Command => ({ header: [0x80, 0x20, 0x80, 0x00], data: oid(kind) });

/** READ BINARY of a data group, by its number. */
export const readDataGroup = (number: number): Command => ({ header: [0x00, 0xb0, 0x80 | number, 0x00], answer: true });

/** The key of the chip that gives pseudonyms for logging in; the other one belongs to revocation. */
const pseudonymKey = 1;

/** MSE:Set AT for Restricted Identification. */
export const setRestrictedIdentification = (): Command => ({
  header: [0x00, 0x22, 0x41, 0xa4],
  data: Buffer.concat([
    tlv(0x80, valueAt(oid(oids.restrictedIdentification), 0x06)),
    tlv(0x84, Buffer.from([pseudonymKey])),
  ]),
});

/** GENERAL AUTHENTICATE for Restricted Identification with the sector's public key. */
export const identifyRestrictedly = (sectorPoint: Buffer): Command => ({
  header: [0x00, 0x86, 0x00, 0x00],
  data: tlv(0x7c, tlv(0xa0, ...publicKeyContent(oids.restrictedIdentification, sectorPoint, true))),
  answer: true,
});

/** The sector-specific identifier in the answer, upper-case hex. @throws MalformedTlv */
export const restrictedIdFrom = ({ data }: Response): string => {
  const id = valueAt(data, 0x7c, 0x81);
  if (id.length !== 32) throw new MalformedTlv('a pseudonym of another length');
  return id.toString('hex').toUpperCase();
};
