import type { EidOperation } from '../../src/id/authentication/eid/port.ts';
import { integer, tlv } from '../../src/simulators/eid-server/eac/ber-tlv.ts';
import { dataGroupOf } from '../../src/simulators/eid-server/eac/data-groups.ts';
import { oid, oids } from '../../src/simulators/eid-server/eac/object-identifiers.ts';
import type { ChipPlace } from '../../src/simulators/eid-server/reading.ts';
import type { TestCard } from '../../src/simulators/test-persons.ts';

/** What the client's simulated card is made of: SET_CARD's parameter `simulator`. All hex. */
export interface CardFiles {
  readonly files: readonly { readonly fileId: string; readonly shortFileId: string; readonly content: string }[];
}

/** The public half of the key for Chip Authentication that is built into the client: a card's files cannot change it. */
const chipPoint = Buffer.from(
  '0419d4b7447788b0e1993db35500999627e739a4e5e35f02d8fb07d6122e76567f17758d7a3aa6943ef23e5e2909b3e8b31bfaa4544c2cbf1fb487f31ff239c8f8',
  'hex',
);
const chipKeyId = integer(41);

const protocols = {
  /** id-PACE-ECDH-GM-AES-CBC-CMAC-128 */
  pace: '0.4.0.127.0.7.2.2.4.2.2',
  /** id-CA-ECDH: which curve Chip Authentication uses */
  chipAuthenticationCurve: '0.4.0.127.0.7.2.2.3.2',
  /** id-TA */
  terminalAuthentication: '0.4.0.127.0.7.2.2.2',
  /** standardizedDomainParameters: curves by number */
  numberedCurve: '0.4.0.127.0.7.1.2',
  signedData: '1.2.840.113549.1.7.2',
  /** id-SecurityObject */
  securityObject: '0.4.0.127.0.7.3.2.1',
} as const;

/** brainpoolP256r1 */
const curve = tlv(0x30, oid(protocols.numberedCurve), integer(13));
const version = integer(2);

const publicInfos = [
  tlv(0x30, oid(protocols.pace), version, integer(13)),
  tlv(0x30, oid(protocols.terminalAuthentication), version),
  tlv(0x30, oid(oids.chipAuthentication), version, chipKeyId),
  tlv(0x30, oid(protocols.chipAuthenticationCurve), curve, chipKeyId),
];

const cardAccess = tlv(0x31, ...publicInfos);

/** SignedData without a signature: nobody checks it here (no Passive Authentication). */
export const cardSecurity = (point: Buffer): Buffer => {
  const chipKey = tlv(0x30, curve, tlv(0x03, Buffer.from([0]), point));
  const infos = tlv(0x31, ...publicInfos, tlv(0x30, oid(oids.chipPublicKey), chipKey, chipKeyId));
  const content = tlv(0x30, oid(protocols.securityObject), tlv(0xa0, tlv(0x04, infos)));
  const signedData = tlv(0x30, integer(3), tlv(0x31), content, tlv(0x31));
  return tlv(0x30, oid(protocols.signedData), tlv(0xa0, signedData));
};

/** EF.DIR: the eID application is there. */
const directory = tlv(0x61, tlv(0x4f, Buffer.from('e80704007f00070302', 'hex')));

const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text, 'utf8'));
const printable = (text: string): Buffer => tlv(0x13, Buffer.from(text, 'latin1'));
const numeric = (text: string): Buffer => tlv(0x12, Buffer.from(text, 'latin1'));

const part = (tag: number, text: string | undefined, write = utf8): Buffer =>
  text === undefined ? Buffer.alloc(0) : tlv(tag, write(text));

const place = (where: ChipPlace | undefined): Buffer | undefined => {
  if (where === undefined) return undefined;
  if (where === 'none') return tlv(0xa2, utf8('keine Wohnung in Deutschland'));
  if (where.freetext !== undefined) return tlv(0xa1, utf8(where.freetext));
  return tlv(
    0x30,
    part(0xaa, where.street),
    part(0xab, where.city),
    part(0xac, where.state),
    part(0xad, where.country, printable),
    part(0xae, where.zip_code, printable),
  );
};

const given = (text: string | undefined, write = utf8): Buffer | undefined =>
  text === undefined ? undefined : write(text);

const contentOf = (card: TestCard): Partial<Record<EidOperation, Buffer | undefined>> => ({
  DocumentType: printable(card.document_type),
  IssuingState: printable(card.issuing_state),
  DateOfExpiry: numeric(card.date_of_expiry.replaceAll('-', '')),
  GivenNames: utf8(card.given_names),
  FamilyNames: utf8(card.family_names),
  ArtisticName: given(card.artistic_name),
  AcademicTitle: given(card.academic_title),
  DateOfBirth: numeric(card.date_of_birth),
  PlaceOfBirth: place(card.place_of_birth),
  Nationality: given(card.nationality, printable),
  BirthName: given(card.birth_name),
  PlaceOfResidence: place(card.place_of_residence),
  CommunityID: given(card.community_id, (digits) => tlv(0x04, Buffer.from(digits, 'hex'))),
});

const byte = (number: number): string => number.toString(16).padStart(2, '0');

/** The data groups of a test person's card, by number. */
export const dataGroupsOf = (card: TestCard): ReadonlyMap<number, Buffer> =>
  new Map(
    Object.entries(contentOf(card)).flatMap(([operation, content]) => {
      const group = dataGroupOf[operation as EidOperation];
      const absent = content === undefined || card.not_on_chip.includes(operation as EidOperation);
      return group === undefined || absent ? [] : [[group, tlv(0x60 + group, content)] as const];
    }),
  );

/** A test person's card for the real client. What the person does not have is no file. */
export const cardFiles = (card: TestCard): CardFiles => {
  const file = (fileId: string, content: Buffer) => ({
    fileId,
    shortFileId: fileId === '2f00' ? '1e' : fileId.slice(2),
    content: content.toString('hex'),
  });
  return {
    files: [
      file('2f00', directory),
      file('011c', cardAccess),
      file('011d', cardSecurity(chipPoint)),
      ...[...dataGroupsOf(card)].map(([group, content]) => file(`01${byte(group)}`, content)),
    ],
  };
};
