import type { Context } from 'koa';
import { displayName, effective, type Attribute, type Attributes, type CardAttribute } from '../identity/attribute.ts';
import { birthDateClaim } from '../identity/birth-date.ts';
import { attributeText, placeText } from '../attribute-text.ts';
import type { Citizen } from '../identity/citizen.ts';
import { operationsOf } from '../authentication/eid/attributes.ts';
import type { EidOperation, EidRequest } from '../authentication/eid/port.ts';
import type { Pending } from '../oidc/door.ts';
import type { Wish } from '../oidc/consent.ts';
import { verifiedName, type Disclosure } from '../oidc/release.ts';
import { documentExpiry } from '../oidc/verified-claims.ts';
import type { Level } from '../../assurance/levels.ts';
import { localText } from '../clients/client.ts';
import type { Locale } from '../../web/i18n/shape.ts';
import { brandView } from '../../web/branding.ts';
import { localeOf } from '../../web/page-context.ts';
import { postfachClaim } from '../identity/postfach.ts';
import { flowTexts } from './texts/index.ts';
import type { CardDatum, ConsentDatum, PersonView, ServiceView } from './views.ts';

/** Turns what is known into what pages show. */

export const serviceView = (ctx: Context, pending: Pending, wanted: Level): ServiceView => {
  const redirect = pending.params['redirect_uri'];
  const { authority, look } = pending.party;
  const brand = brandView(authority, look?.branding);
  return {
    name: localText(pending.party.file.client_name, localeOf(ctx)),
    host: new URL(
      typeof redirect === 'string' ? redirect : (pending.party.file.redirect_uris[0] ?? 'https://unknown.invalid'),
    ).host,
    wanted,
    ...(look && brand ? { authority: { ...brand, name: localText(look.name, localeOf(ctx)) } } : {}),
  };
};

/**
 * How pages call the account. The card's name only where the login is strong enough to hand it out as well; who typed
 * none is called by the login name.
 */
export const accountName = (citizen: Citizen, cardShown: boolean): string =>
  displayName(effective(citizen.self, cardShown ? citizen.card?.attributes : {})) ??
  citizen.loginName ??
  displayName(citizen.card?.attributes ?? {}) ??
  '–';

const given = <Key extends keyof PersonView>(key: Key, value: string | undefined): Partial<PersonView> =>
  value === undefined || value === '' ? {} : { [key]: value };

export const personView = (attributes: Attributes, locale: Locale): PersonView => ({
  ...given('givenNames', attributes.given_name?.value),
  ...given('familyNames', attributes.family_name?.value),
  ...given('birthName', attributes.birth_family_name?.value),
  ...given('dateOfBirth', attributes.birthdate && birthDateClaim(attributes.birthdate.value)),
  ...given('placeOfBirth', placeText(attributes.place_of_birth?.value, locale)),
  ...given('address', placeText(attributes.address?.value, locale)),
});

const datum: Readonly<Partial<Record<EidOperation, CardDatum>>> = {
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
  PlaceOfResidence: 'address',
  CommunityID: 'communityId',
  ResidencePermitI: 'residencePermit',
  RestrictedID: 'pseudonym',
  AgeVerification: 'age',
};

/** Attributes of a card under the names that pages show. */
export const dataOf = (attributes: readonly CardAttribute[]): CardDatum[] =>
  operationsOf(attributes).flatMap((operation) => datum[operation] ?? []);

export const readsOf = (request: EidRequest): { datum: CardDatum; required: boolean }[] =>
  (Object.entries(request.operations) as [EidOperation, 'required' | 'allowed'][]).flatMap(([operation, need]) => {
    const name = datum[operation];
    return name === undefined ? [] : [{ datum: name, required: need === 'required' }];
  });

/** Shown only when opened: what a glance over the shoulder should not catch. */
const sensitive = new Set(['birthdate', 'address', 'place_of_birth', 'phone_number']);

const valueOf = (attributes: Attributes, name: string): Attribute<unknown> | undefined => {
  if (name !== 'name') return attributes[name as keyof Attributes];
  const value = displayName(attributes);
  const part = attributes.family_name ?? attributes.given_name;
  return value === undefined || !part ? undefined : { ...part, value };
};

/** What the citizen is asked about, with the values as they would be passed on. */
export const consentData = (
  questions: Wish,
  { plain, card, documentExpires, mailbox }: Disclosure,
  locale: Locale,
): ConsentDatum[] =>
  [
    // That an address was checked is no datum of its own; it goes with the address.
    ...questions.plain.filter((name) => name !== 'email_verified').map((name) => ({ name, key: name, from: plain })),
    ...questions.verified.map((name) => ({ name, key: verifiedName(name), from: card })),
  ].flatMap(({ name, key, from }): readonly ConsentDatum[] => {
    if (key === postfachClaim)
      return mailbox
        ? [
            {
              claim: key,
              value: flowTexts[locale].consent.postfachValue,
              source: 'issued',
              required: questions.essential.has(key),
              sensitive: false,
            },
          ]
        : [];
    const expiry = name === documentExpiry && documentExpires !== undefined;
    const attribute = expiry ? { value: documentExpires, source: 'card' as const } : valueOf(from, name);
    if (!attribute) return [];
    return [
      {
        claim: key,
        value: attributeText(name, attribute.value, locale),
        source: attribute.source,
        required: questions.essential.has(key),
        sensitive: sensitive.has(name),
      },
    ];
  });

/** Names of what a service asks for and does not get: `withheld` stands on the card, but this login is too weak for it. */
export const notPassedOn = (
  wish: Wish,
  citizen: Citizen,
  { plain, card, withheld, documentExpires, mailbox }: Disclosure,
): { missing: string[]; withheld: string[] } => {
  const names = [
    ...wish.plain.filter((name) =>
      name === postfachClaim ? !mailbox : name !== 'email_verified' && valueOf(plain, name) === undefined,
    ),
    ...wish.verified.filter((name) =>
      name === documentExpiry ? documentExpires === undefined : valueOf(card, name) === undefined,
    ),
  ];
  const onCard = (name: string): boolean =>
    withheld && (name === documentExpiry || valueOf(citizen.card?.attributes ?? {}, name) !== undefined);
  const unique = [...new Set(names)];
  return { missing: unique.filter((name) => !onCard(name)), withheld: unique.filter(onCard) };
};
