import type { Level } from '../../assurance/levels.ts';

export interface Place {
  readonly street_address?: string;
  readonly postal_code?: string;
  readonly locality?: string;
  readonly region?: string;
  readonly country?: string;
  /** Where the card gives one line of text instead of parts. */
  readonly formatted?: string;
}

/**
 * What is known of a person, under the names of OpenID Connect and Identity Assurance. Values stand as they were typed
 * or read: a card's capitals and diacritics are not repaired, a birth date that is not complete stays the card's text.
 */
export interface AttributeValues {
  given_name: string;
  family_name: string;
  birth_family_name: string;
  /** YYYY-MM-DD when complete; otherwise the card's eight characters with blanks for what is unknown. */
  birthdate: string;
  place_of_birth: Place;
  nationalities: readonly string[];
  address: Place;
  title: string;
  also_known_as: string;
  document_type: string;
  community_id: string;
  email: string;
  phone_number: string;
}

export type AttributeName = keyof AttributeValues;

/** What a card can say of its holder. */
export const cardAttributes = [
  'given_name',
  'family_name',
  'birth_family_name',
  'birthdate',
  'place_of_birth',
  'nationalities',
  'address',
  'title',
  'also_known_as',
  'document_type',
  'community_id',
] as const satisfies readonly AttributeName[];

export type CardAttribute = (typeof cardAttributes)[number];

export type Source = 'self' | 'card';

/** A value with where it comes from, how sure that is, and since when (ms since the epoch). */
export interface Attribute<Value> {
  readonly value: Value;
  readonly source: Source;
  readonly level: Level;
  readonly at: number;
  /** The card does not say it, but law allows to assume it (nationality on cards issued before 11/2019). */
  readonly assumed?: true;
}

export type Attributes = { readonly [Name in AttributeName]?: Attribute<AttributeValues[Name]> };

/** What counts for each name: what the card says goes before what was typed. */
export const effective = (self: Attributes, card: Attributes | undefined): Attributes => ({ ...self, ...card });

export const displayName = (attributes: Attributes): string | undefined => {
  const parts = [attributes.given_name?.value, attributes.family_name?.value].filter(
    (part) => part !== undefined && part !== '',
  );
  return parts.length > 0 ? parts.join(' ') : undefined;
};
