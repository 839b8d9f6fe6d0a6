import type { EidData, EidOperation, EidPlace } from '../port.ts';
import { operationElement } from './answers.ts';
import { childNamed, children, MessageRefused, rawText, textOf, type Element } from './xml.ts';

/** An object without the keys whose value is undefined. */
const given = <T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** JavaScript takes the 30th of February for the second of March. */
const isInCalendar = (date: string): boolean => {
  const day = new Date(`${date}T00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
};

/** xs:date, whose time zone says nothing about a document. */
const dateOf = (text: string | undefined): string | undefined => {
  if (text === undefined || text === '') return undefined;
  const date = /^(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?$/.exec(text)?.[1];
  if (date === undefined || !isInCalendar(date)) throw new MessageRefused('a date is malformed');
  return date;
};

/** xs:hexBinary in its canonical (upper case) form, so that two servers' spellings of one pseudonym are equal. */
const hexOf = (text: string | undefined): string | undefined => {
  if (text === undefined || text === '') return undefined;
  if (!/^(?:[0-9a-fA-F]{2}){16,64}$/.test(text)) throw new MessageRefused('a pseudonym is malformed');
  return text.toUpperCase();
};

const booleanOf = (text: string | undefined): boolean | undefined => {
  if (text === undefined) return undefined;
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new MessageRefused('a boolean is malformed');
};

/** Eight characters and whatever layout there may be around them; where the eight begin is found by trying. */
const longestBirthDate = 256;

/**
 * The card's eight characters. Blanks in them stand for what is not known, so only the blanks of the layout around
 * them may be taken away; a server that lost the ones at the end gets them back.
 */
const birthDateOf = (date: Element | undefined): string | undefined => {
  const element = childNamed(date, 'DateString');
  if (element === undefined) return undefined;
  const raw = rawText(element);
  if (raw.length > longestBirthDate) throw new MessageRefused('a birth date is malformed');
  const eight = /^\s*?([0-9 ]{8})\s*$/.exec(raw)?.[1] ?? raw.trim().padEnd(8);
  if (!/^[0-9 ]{8}$/.test(eight) || eight.trim() === '') throw new MessageRefused('a birth date is malformed');
  return eight;
};

const placeOf = (place: Element | undefined): EidPlace | 'none' | undefined => {
  if (place === undefined) return undefined;
  const kinds = children(place);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) throw new MessageRefused('a place is malformed');
  if (kind.localName === 'NoPlaceInfo') return 'none';
  if (kind.localName === 'FreetextPlace') return { freetext: rawText(kind).trim() };
  if (kind.localName !== 'StructuredPlace') throw new MessageRefused('a place is malformed');
  return given<EidPlace>({
    street: textOf(kind, 'Street'),
    city: textOf(kind, 'City'),
    state: textOf(kind, 'State'),
    country: textOf(kind, 'Country'),
    zipCode: textOf(kind, 'ZipCode'),
  });
};

const placeOfBirth = (place: Element | undefined): EidPlace | undefined => {
  const read = placeOf(place);
  return read === 'none' ? undefined : read;
};

/** Some people have one name only; any other empty element just means that there is no such datum. */
const mayBeEmpty: ReadonlySet<EidOperation> = new Set(['GivenNames', 'FamilyNames']);

/** Which datum answers which operation. PlaceVerification is not among our questions. */
export const datumOf: Readonly<Partial<Record<EidOperation, keyof EidData>>> = {
  DocumentType: 'documentType',
  IssuingState: 'issuingState',
  DateOfExpiry: 'dateOfExpiry',
  GivenNames: 'givenNames',
  FamilyNames: 'familyNames',
  ArtisticName: 'artisticName',
  AcademicTitle: 'academicTitle',
  DateOfBirth: 'dateOfBirth',
  PlaceOfBirth: 'placeOfBirth',
  Nationality: 'nationality',
  BirthName: 'birthName',
  PlaceOfResidence: 'placeOfResidence',
  CommunityID: 'communityId',
  ResidencePermitI: 'residencePermit',
  RestrictedID: 'restrictedId',
  AgeVerification: 'fulfilsAge',
};

/** Everything that a getResultResponse says about card and citizen. @throws MessageRefused */
export const readPersonalData = (answer: Element): EidData => {
  const data = childNamed(answer, 'PersonalData');
  const text = (operation: EidOperation): string | undefined => {
    const element = operationElement(data, operation);
    if (element !== undefined && children(element).length > 0) throw new MessageRefused(`${operation} is not text`);
    const value = element === undefined ? undefined : rawText(element).trim();
    return value === '' && !mayBeEmpty.has(operation) ? undefined : value;
  };
  const pseudonym = childNamed(data, 'RestrictedID');
  return given<EidData>({
    documentType: text('DocumentType'),
    issuingState: text('IssuingState'),
    dateOfExpiry: dateOf(text('DateOfExpiry')),
    givenNames: text('GivenNames'),
    familyNames: text('FamilyNames'),
    artisticName: text('ArtisticName'),
    academicTitle: text('AcademicTitle'),
    dateOfBirth: birthDateOf(childNamed(data, 'DateOfBirth')),
    placeOfBirth: placeOfBirth(childNamed(data, 'PlaceOfBirth')),
    nationality: text('Nationality'),
    birthName: text('BirthName'),
    placeOfResidence: placeOf(childNamed(data, 'PlaceOfResidence')),
    communityId: text('CommunityID'),
    residencePermit: text('ResidencePermitI'),
    restrictedId: hexOf(textOf(pseudonym, 'ID')),
    restrictedId2: hexOf(textOf(pseudonym, 'ID2')),
    fulfilsAge: booleanOf(textOf(childNamed(answer, 'FulfilsAgeVerification'), 'FulfilsRequest')),
  });
};
