import { levels, type Level } from '../../assurance/levels.ts';
import type { Json, JsonObject } from '../../storage/artifacts.ts';
import type { ClaimsRequest } from '../relying-party/authorization-request.ts';

/** The data of the application (§ 30c BZRG) that the card can give, in the order of the page. */
export const cardClaims = [
  'given_name',
  'family_name',
  'birth_family_name',
  'birthdate',
  'place_of_birth',
  'nationalities',
  'address',
] as const;

export type CardClaim = (typeof cardClaims)[number];

/** Asks for the card's data as verified claims (OpenID Identity Assurance 1.0, section 6); an application needs all of them. */
export const verifiedClaimsRequest: ClaimsRequest = {
  userinfo: {
    verified_claims: {
      verification: { trust_framework: { value: 'eidas' }, assurance_level: null, time: null },
      claims: Object.fromEntries(cardClaims.map((claim) => [claim, { essential: true }])),
    },
  },
};

/** One value from the card: what it is, at which level and when (ms since the epoch) it was read. */
export interface VerifiedValue {
  readonly value: Json;
  readonly level: Level;
  readonly readAt: number | undefined;
}

export type VerifiedPerson = Readonly<Partial<Record<CardClaim, VerifiedValue>>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isThere = (value: Json | undefined): value is Json =>
  value !== undefined &&
  value !== null &&
  value !== '' &&
  !(Array.isArray(value) && value.length === 0) &&
  !(isObject(value) && Object.keys(value).length === 0);

/**
 * The card's data out of userinfo. Only what stands under the trust framework `eidas` with a known level counts as
 * verified: claims beside `verified_claims` are what a person has said of herself.
 */
export const verifiedPerson = (userinfo: JsonObject): VerifiedPerson => {
  const given = userinfo['verified_claims'];
  const sets: readonly Json[] = Array.isArray(given) ? given : given === undefined ? [] : [given];
  const person: Partial<Record<CardClaim, VerifiedValue>> = {};
  for (const set of sets) {
    if (!isObject(set)) continue;
    const { verification, claims } = set;
    if (!isObject(verification) || !isObject(claims) || verification['trust_framework'] !== 'eidas') continue;
    const level = levels.find((known) => known === verification['assurance_level']);
    if (level === undefined) continue;
    const time = typeof verification['time'] === 'string' ? Date.parse(verification['time']) : Number.NaN;
    for (const claim of cardClaims) {
      const value = claims[claim];
      if (isThere(value)) person[claim] ??= { value, level, readAt: Number.isNaN(time) ? undefined : time };
    }
  }
  return person;
};
