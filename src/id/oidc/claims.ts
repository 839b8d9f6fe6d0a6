import type { Attributes, Place } from '../identity/attribute.ts';
import { displayName } from '../identity/attribute.ts';
import { birthDateClaim } from '../identity/birth-date.ts';
import { postfachClaim } from '../identity/postfach.ts';

/** Which claims a scope stands for. `acr`, `amr` and `auth_time` are always in the ID token. */
export const claimsOfScope = {
  openid: ['sub', 'acr', 'amr', 'auth_time'],
  profile: ['name', 'given_name', 'family_name', 'birthdate'],
  email: ['email', 'email_verified'],
  phone: ['phone_number'],
  address: ['address'],
  identity: [
    'birth_family_name',
    'place_of_birth',
    'nationalities',
    'title',
    'also_known_as',
    'document_type',
    'community_id',
  ],
  postfach: [postfachClaim],
} as const;

/** Claims about the person, without those about the login. */
export const personalClaims = (scopes: readonly string[]): readonly string[] =>
  scopes.flatMap((scope) =>
    scope === 'openid' || !Object.hasOwn(claimsOfScope, scope)
      ? []
      : ((claimsOfScope as Readonly<Record<string, readonly string[]>>)[scope] ?? []),
  );

const placeOfBirth = (place: Place): Record<string, string> => ({
  ...(place.locality === undefined && place.formatted === undefined
    ? {}
    : { locality: place.locality ?? place.formatted ?? '' }),
  ...(place.region === undefined ? {} : { region: place.region }),
  ...(place.country === undefined ? {} : { country: place.country }),
});

/** One attribute as its claim (OpenID Connect Core 5.1, Identity Assurance Claims); undefined when it has no such form. */
const asClaim: { readonly [Name in keyof Attributes]?: (attributes: Attributes) => unknown } = {
  birthdate: ({ birthdate }) => birthdate && birthDateClaim(birthdate.value),
  place_of_birth: ({ place_of_birth }) => place_of_birth && placeOfBirth(place_of_birth.value),
};

/**
 * Everything known of a person as claims. Which of them a client gets is decided elsewhere.
 *
 * @param confirmed the address whose code was typed in, the account's own.
 */
export const claimsFrom = (attributes: Attributes, confirmed?: string): Record<string, unknown> => {
  const claims: Record<string, unknown> = {};
  for (const [name, attribute] of Object.entries(attributes) as [keyof Attributes, { value: unknown }][]) {
    const value = asClaim[name]?.(attributes) ?? (asClaim[name] ? undefined : attribute.value);
    if (value !== undefined && value !== '') claims[name] = value;
  }
  const name = displayName(attributes);
  if (name !== undefined) claims['name'] = name;
  // Only a mail loop of our own verifies an address (MG-05), and only the one that is released.
  if (attributes.email) claims['email_verified'] = attributes.email.value === confirmed;
  return claims;
};
