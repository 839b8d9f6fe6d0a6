import type { Json } from '../../../storage/artifacts.ts';
import { twoLetters } from '../../../web/i18n/icao-countries.ts';
import { cardClaims, type CardClaim, type VerifiedPerson } from '../verified-person.ts';
import type { Content, Document, DocumentPurpose, TypedField } from './content.ts';

/** § 30(1) BZRG. */
export const leastAge = 14;

/** Member states of the European Union (ISO 3166-1 alpha-2) but Germany. */
const otherMemberStates = new Set(
  'AT BE BG CY CZ DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value.trim() : '');

const germanDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short' });

/** Day of today in Germany, `YYYY-MM-DD`. */
const today = (now: number): string => germanDay.format(now);

/**
 * Whether somebody is certainly younger than `years`. Of a birth date without day or month (`YYYY`) the latest day counts for
 * her: cards with such dates belong to people who must not be shut out for them.
 *
 * @param birthdate as OpenID Connect writes it: `YYYY-MM-DD` or `YYYY`.
 */
export const isYoungerThan = (years: number, birthdate: string, now: number): boolean => {
  const [, year, rest = '-01-01'] = /^(\d{4})(-\d{2}-\d{2})?$/.exec(birthdate) ?? [];
  return year !== undefined && `${Number(year) + years}${rest}` > today(now);
};

/** Nationalities (alpha-2 where a country has them): of the card, else typed. */
export const nationalitiesOf = ({ person, typed }: Pick<Content, 'person' | 'typed'>): readonly string[] => {
  const read = person?.nationalities?.value;
  if (Array.isArray(read))
    return read.map((code) => twoLetters(textOf(code)) ?? textOf(code)).filter((code) => code !== '');
  return typed?.nationality === undefined ? [] : [typed.nationality];
};

/** § 30b BZRG: whoever has the nationality of another member state gets a European certificate. */
export const isEuropean = (content: Pick<Content, 'person' | 'typed'>): boolean =>
  nationalitiesOf(content).some((code) => otherMemberStates.has(code));

/** What has to be typed since the card lacks it, and what may be. */
export const fieldsToType = (
  person: VerifiedPerson,
): { readonly needed: readonly TypedField[]; readonly optional: readonly TypedField[] } => {
  const lacks = (claim: CardClaim): boolean => person[claim] === undefined;
  return {
    needed: [
      ...(lacks('place_of_birth') ? (['place_of_birth'] as const) : []),
      ...(lacks('nationalities') ? (['nationality'] as const) : []),
      ...(lacks('address') ? (['street_address', 'postal_code', 'locality'] as const) : []),
    ],
    optional: [...(lacks('birth_family_name') ? (['birth_family_name'] as const) : []), 'mother_birth_name'],
  };
};

/** Documents that an application needs. */
export const neededDocuments = ({ kind, fee }: Pick<Content, 'kind' | 'fee'>): readonly DocumentPurpose[] => [
  ...(kind?.extended === true ? (['demand'] as const) : []),
  ...(fee?.way === 'exempt' ? (['exemption'] as const) : []),
];

/** Why somebody cannot apply here at all. */
export type Obstacle = 'noData' | 'tooYoung';

export const obstacleOf = (person: VerifiedPerson, now: number): Obstacle | undefined => {
  const birthdate = textOf(person.birthdate?.value);
  if (person.family_name === undefined || birthdate === '') return 'noData';
  return isYoungerThan(leastAge, birthdate, now) ? 'tooYoung' : undefined;
};

/** Steps in the order of the pages: whether documents are needed is known when the fee is. */
export const steps = ['art', 'daten', 'empfaenger', 'gebuehr', 'nachweise', 'pruefen'] as const;
export type Step = (typeof steps)[number];

const dataDone = ({ person, typed = {} }: Content): boolean =>
  person !== undefined && fieldsToType(person).needed.every((field) => (typed[field] ?? '') !== '');

/** Which steps are done. The last one is when it was sent. */
export const doneSteps = (content: Content, documents: readonly Pick<Document, 'purpose'>[]): ReadonlySet<Step> => {
  const { kind, recipient, fee } = content;
  const done = new Set<Step>();
  if (kind !== undefined) done.add('art');
  if (dataDone(content)) done.add('daten');
  if (kind !== undefined && (kind.form === 'N' || recipient !== undefined)) done.add('empfaenger');
  if (fee !== undefined) done.add('gebuehr');
  const proved = neededDocuments(content).every((needed) => documents.some(({ purpose }) => purpose === needed));
  if (kind !== undefined && fee !== undefined && proved) done.add('nachweise');
  return done;
};

/** The first step that is not done: `pruefen` when nothing is missing. */
export const nextStep = (content: Content, documents: readonly Pick<Document, 'purpose'>[]): Step => {
  const done = doneSteps(content, documents);
  return steps.find((step) => !done.has(step)) ?? 'pruefen';
};

/** Whether two readings of a card say the same. */
export const samePerson = (one: VerifiedPerson, other: VerifiedPerson): boolean => {
  const values = (person: VerifiedPerson): string =>
    JSON.stringify(cardClaims.map((claim) => person[claim]?.value ?? null));
  return values(one) === values(other);
};
