import type { Level } from '../../../assurance/levels.ts';
import {
  cardAttributes,
  type Attribute,
  type AttributeName,
  type Attributes,
  type AttributeValues,
  type CardAttribute,
  type Place,
} from '../../identity/attribute.ts';
import { birthDateClaim } from '../../identity/birth-date.ts';
import type { ReadCard } from '../../identity/repository.ts';
import type { EidData, EidOperation, EidPlace, EidRequest } from './port.ts';

const operationOf: Readonly<Record<CardAttribute, EidOperation>> = {
  given_name: 'GivenNames',
  family_name: 'FamilyNames',
  birth_family_name: 'BirthName',
  birthdate: 'DateOfBirth',
  place_of_birth: 'PlaceOfBirth',
  nationalities: 'Nationality',
  address: 'PlaceOfResidence',
  title: 'AcademicTitle',
  also_known_as: 'ArtisticName',
  document_type: 'DocumentType',
  community_id: 'CommunityID',
};

/**
 * What Bayern-ID itself needs of every card: to know it again, to see whether it is valid, and to tell whether a new card
 * is the same person's, for which names and birth are compared.
 */
const forIdentity: EidRequest['operations'] = {
  DocumentType: 'required',
  DateOfExpiry: 'required',
  GivenNames: 'allowed',
  FamilyNames: 'required',
  DateOfBirth: 'required',
  PlaceOfBirth: 'allowed',
  BirthName: 'allowed',
  RestrictedID: 'required',
};

/** The operations that every card is asked for. */
export const operationsForIdentity = Object.keys(forIdentity) as readonly EidOperation[];

/** The operations that read these attributes. */
export const operationsOf = (attributes: readonly CardAttribute[]): readonly EidOperation[] =>
  attributes.map((name) => operationOf[name]);

/** On whose behalf the card is read. */
export interface EidPurpose {
  /** Names the service; the eID client shows it before the PIN, also to whoever was sent a stranger's link. */
  readonly announcement: string;
  /** What the service asks for and may get. */
  readonly attributes: readonly CardAttribute[];
  /** What the service needs at least. */
  readonly level: Level;
}

/** What an account and this one service need to know, and no more. The citizen may deselect what the service wants. */
export const requestFor = ({ announcement, attributes, level }: EidPurpose): EidRequest => ({
  operations: {
    ...Object.fromEntries(attributes.map((name) => [operationOf[name], 'allowed' as const])),
    ...forIdentity,
  },
  transactionInfo: announcement,
  ...(level === 'basic' ? {} : { level }),
});

/** ICAO Doc 9303 writes Germany as "D"; ISO 3166-1 and OpenID Connect as "DE". */
const country = (code: string): string => (code === 'D' ? 'DE' : code);

const place = (read: EidPlace): Place =>
  read.freetext !== undefined
    ? { formatted: read.freetext }
    : {
        ...(read.street === undefined ? {} : { street_address: read.street }),
        ...(read.zipCode === undefined ? {} : { postal_code: read.zipCode }),
        ...(read.city === undefined ? {} : { locality: read.city }),
        ...(read.state === undefined ? {} : { region: read.state }),
        ...(read.country === undefined ? {} : { country: country(read.country) }),
      };

/** A complete date becomes YYYY-MM-DD; anything else stays the eight characters of the card. */
const birthDate = (read: string): string => {
  const claim = birthDateClaim(read);
  return claim?.length === 10 ? claim : read;
};

const text = (value: string | undefined): string | undefined =>
  value === undefined || value === '' ? undefined : value;

const placeOrNone = (read: EidPlace | 'none' | undefined): Place | undefined =>
  read === undefined || read === 'none' ? undefined : place(read);

const nationalitiesOf = (data: EidData): { readonly value: readonly string[]; readonly assumed?: true } | undefined => {
  const read = text(data.nationality);
  if (read !== undefined) return { value: [country(read)] };
  // domain.md 2.2: a German identity card issued before November 2019 does not carry it.
  return data.documentType === 'ID' ? { value: ['DE'], assumed: true } : undefined;
};

/**
 * What a card says, under the names of OpenID Connect, each value with its source, level and time.
 *
 * @param operations what was asked.
 * @param assured what the eID-Server vouches for: nothing that was read counts for more.
 * @param at when it was read, ms since the epoch.
 * @returns undefined without a restricted identification: such a card identifies nobody.
 */
export const cardFrom = (
  data: EidData,
  operations: EidRequest['operations'],
  assured: Level,
  at: number,
): ReadCard | undefined => {
  const asked = cardAttributes.filter((name) => operations[operationOf[name]] !== undefined);
  if (data.restrictedId === undefined || data.restrictedId === '') return undefined;
  const attribute = <Name extends AttributeName>(
    value: AttributeValues[Name] | undefined,
  ): Attribute<AttributeValues[Name]> | undefined =>
    value === undefined ? undefined : { value, source: 'card', level: assured, at };
  const nationalities = asked.includes('nationalities') ? nationalitiesOf(data) : undefined;
  const read = {
    given_name: attribute<'given_name'>(text(data.givenNames)),
    family_name: attribute<'family_name'>(text(data.familyNames)),
    birth_family_name: attribute<'birth_family_name'>(text(data.birthName)),
    birthdate: attribute<'birthdate'>(text(data.dateOfBirth) && birthDate(data.dateOfBirth ?? '')),
    place_of_birth: attribute<'place_of_birth'>(placeOrNone(data.placeOfBirth)),
    address: attribute<'address'>(placeOrNone(data.placeOfResidence)),
    title: attribute<'title'>(text(data.academicTitle)),
    also_known_as: attribute<'also_known_as'>(text(data.artisticName)),
    document_type: attribute<'document_type'>(text(data.documentType)),
    community_id: attribute<'community_id'>(text(data.communityId)),
    nationalities: nationalities && { source: 'card' as const, level: assured, at, ...nationalities },
  };
  const attributes = Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as Attributes;
  // Valid to the end of the printed day, wherever in Germany the sun is.
  const expires = data.dateOfExpiry === undefined ? undefined : Date.parse(`${data.dateOfExpiry}T23:59:59+01:00`);
  return {
    restrictedId: data.restrictedId,
    ...(data.restrictedId2 === undefined ? {} : { restrictedId2: data.restrictedId2 }),
    ...(data.documentType === undefined ? {} : { documentType: data.documentType }),
    ...(expires === undefined || Number.isNaN(expires) ? {} : { validUntil: expires }),
    assured,
    asked,
    attributes,
  };
};
