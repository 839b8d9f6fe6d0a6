import type { EidOperation } from '../../../id/authentication/eid/port.ts';
import type { ChipData, ChipPlace } from '../reading.ts';
import { findTlv, MalformedTlv, readTlvs, valueAt, type Tlv } from './ber-tlv.ts';

/** Which data group answers which operation (TR-03110-4, 2.2.3.2; TR-03127). */
export const dataGroupOf: Readonly<Partial<Record<EidOperation, number>>> = {
  DocumentType: 1,
  IssuingState: 2,
  DateOfExpiry: 3,
  GivenNames: 4,
  FamilyNames: 5,
  ArtisticName: 6,
  AcademicTitle: 7,
  DateOfBirth: 8,
  PlaceOfBirth: 9,
  Nationality: 10,
  BirthName: 13,
  PlaceOfResidence: 17,
  CommunityID: 18,
  ResidencePermitI: 19,
};

const decoder = new TextDecoder('utf-8', { fatal: true });

/** UTF8String, NumericString, PrintableString: what they hold is UTF-8 in every case. */
const strings: ReadonlySet<number> = new Set([0x0c, 0x12, 0x13]);

const textOf = ({ tag, value }: Tlv): string => {
  if (!strings.has(tag)) throw new MalformedTlv('not text');
  try {
    return decoder.decode(value);
  } catch {
    throw new MalformedTlv('not UTF-8');
  }
};

const only = (bytes: Buffer): Tlv => {
  const [first, ...more] = readTlvs(bytes);
  if (first === undefined || more.length > 0) throw new MalformedTlv('not one data object');
  return first;
};

const dateOf = (eight: string): string => {
  const match = /^(\d{4})(\d\d)(\d\d)$/.exec(eight);
  if (match === null) throw new MalformedTlv('not a date');
  return match.slice(1).join('-');
};

const field = (sequence: Buffer, tag: number): string | undefined => {
  const found = findTlv(sequence, tag);
  return found && textOf(only(found.value));
};

/** GeneralPlace: a place in parts, one as free text, or why there is none. */
const placeOf = ({ tag, value }: Tlv): ChipPlace => {
  if (tag === 0xa1) return { freetext: textOf(only(value)) };
  if (tag === 0xa2) return 'none';
  if (tag !== 0x30) throw new MalformedTlv('not a place');
  return {
    street: field(value, 0xaa),
    city: field(value, 0xab),
    state: field(value, 0xac),
    country: field(value, 0xad),
    zip_code: field(value, 0xae),
  };
};

/** Whoever has several residences has them in a SET; the first is the main one. */
const residenceOf = (content: Tlv): ChipPlace => {
  if (content.tag !== 0x31) return placeOf(content);
  const [first] = readTlvs(content.value);
  if (first === undefined) throw new MalformedTlv('no place');
  return placeOf(first);
};

/** Text: plain, never compressed on cards of today. */
const plainText = ({ tag, value }: Tlv): string => {
  if (tag !== 0xa1) throw new MalformedTlv('compressed text');
  return textOf(only(value));
};

const datumOf: Readonly<Partial<Record<EidOperation, (content: Tlv) => Partial<ChipData>>>> = {
  DocumentType: (content) => ({ document_type: textOf(content) }),
  IssuingState: (content) => ({ issuing_state: textOf(content) }),
  DateOfExpiry: (content) => ({ date_of_expiry: dateOf(textOf(content)) }),
  GivenNames: (content) => ({ given_names: textOf(content) }),
  FamilyNames: (content) => ({ family_names: textOf(content) }),
  ArtisticName: (content) => ({ artistic_name: textOf(content) }),
  AcademicTitle: (content) => ({ academic_title: textOf(content) }),
  DateOfBirth: (content) => ({ date_of_birth: textOf(content) }),
  PlaceOfBirth: (content) => ({ place_of_birth: placeOf(content) }),
  Nationality: (content) => ({ nationality: textOf(content) }),
  BirthName: (content) => ({ birth_name: textOf(content) }),
  PlaceOfResidence: (content) => ({ place_of_residence: residenceOf(content) }),
  CommunityID: ({ value }) => ({ community_id: value.toString('hex') }),
  ResidencePermitI: (content) => ({ residence_permit: plainText(content) }),
};

/** The tag of data group n is [APPLICATION n], constructed. */
const tagOf = (group: number): number => 0x60 + group;

/** What the content of an operation's data group says. @throws MalformedTlv */
export const readDataGroupContent = (operation: EidOperation, file: Buffer): Partial<ChipData> => {
  const group = dataGroupOf[operation];
  const datum = datumOf[operation];
  if (group === undefined || datum === undefined) throw new TypeError(`${operation} has no data group`);
  return datum(only(valueAt(file, tagOf(group))));
};
