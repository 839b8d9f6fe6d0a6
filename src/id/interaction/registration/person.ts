import type { Form } from '../../../web/forms.ts';
import type { Attribute, Attributes } from '../../identity/attribute.ts';

const names = [
  'given_name',
  'family_name',
  'birthdate-day',
  'birthdate-month',
  'birthdate-year',
  'street_address',
  'postal_code',
  'locality',
] as const;

export type PersonField = (typeof names)[number];

/** What somebody typed about herself; all of it may be empty but one name (domain.md 2.2: odd values are normal). */
export type TypedPerson = Readonly<Record<PersonField, string>>;

export interface PersonFault {
  readonly field: PersonField;
  readonly what: 'noName' | 'tooLong' | 'notText' | 'day' | 'month' | 'year' | 'noSuchDay' | 'future';
}

/** Characters; names on cards have at most 80 (BSI TR-03110). */
const longest = 120;

export const nobody: TypedPerson = Object.fromEntries(names.map((name) => [name, ''])) as TypedPerson;

/** Blanks are put in order; everything else stands as it was typed. */
const tidy = (text: string): string => text.normalize('NFC').trim().replace(/\s+/gu, ' ');

const textFault = (field: PersonField, value: string): PersonFault[] => {
  if (Array.from(value).length > longest) return [{ field, what: 'tooLong' }];
  return /[\p{Cc}\p{Cf}\p{Co}\p{Cs}<>]/u.test(value) ? [{ field, what: 'notText' }] : [];
};

const between = (text: string, least: number, most: number): boolean =>
  text === '' || (/^\d{1,4}$/.test(text) && Number(text) >= least && Number(text) <= most);

const dateFaults = (typed: TypedPerson, now: Date): PersonFault[] => {
  const [day, month, year] = [typed['birthdate-day'], typed['birthdate-month'], typed['birthdate-year']];
  const faults: PersonFault[] = [
    ...(between(day, 1, 31) ? [] : [{ field: 'birthdate-day', what: 'day' } as const]),
    ...(between(month, 1, 12) ? [] : [{ field: 'birthdate-month', what: 'month' } as const]),
    ...(year === '' || (year.length === 4 && between(year, 1880, 9999))
      ? []
      : [{ field: 'birthdate-year', what: 'year' } as const]),
  ];
  if (faults.length > 0) return faults;
  // 29 February is a day as long as nobody says of which year.
  const date = new Date(Date.UTC(Number(year || '2000'), Number(month || '1') - 1, Number(day || '1')));
  if (month !== '' && date.getUTCMonth() !== Number(month) - 1) return [{ field: 'birthdate-day', what: 'noSuchDay' }];
  return year !== '' && date > now ? [{ field: 'birthdate-year', what: 'future' }] : [];
};

export const readPerson = (form: Form, now: Date): { typed: TypedPerson; faults: readonly PersonFault[] } => {
  const typed = Object.fromEntries(names.map((name) => [name, tidy(form.get(name))])) as TypedPerson;
  const nameless = typed.given_name === '' && typed.family_name === '';
  const texts = (['given_name', 'family_name', 'street_address', 'postal_code', 'locality'] as const).flatMap((field) =>
    textFault(field, typed[field]),
  );
  return {
    typed,
    faults: [
      ...(nameless ? [{ field: 'given_name', what: 'noName' } as const] : []),
      ...texts,
      ...dateFaults(typed, now),
    ],
  };
};

/** YYYY-MM-DD when complete, else eight characters with blanks for what is not known, as cards write it. */
const birthdateOf = (typed: TypedPerson): string | undefined => {
  const pad = (text: string, width: number): string => (text === '' ? ' '.repeat(width) : text.padStart(width, '0'));
  const [day, month] = [pad(typed['birthdate-day'], 2), pad(typed['birthdate-month'], 2)];
  const year = pad(typed['birthdate-year'], 4);
  const text = `${year}${month}${day}`;
  if (text.trim() === '') return undefined;
  return text.includes(' ') ? text : `${year}-${month}-${day}`;
};

const entry = <Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> =>
  (value === undefined || value === '' ? {} : { [key]: value }) as Partial<Record<Key, Value>>;

/** @param at ms since the epoch */
export const selfAsserted = (typed: TypedPerson, at: number): Attributes => {
  const attribute = <Value>(value: Value): Attribute<Value> => ({ value, source: 'self', level: 'basic', at });
  const place = {
    ...entry('street_address', typed.street_address),
    ...entry('postal_code', typed.postal_code),
    ...entry('locality', typed.locality),
  };
  const birthdate = birthdateOf(typed);
  return {
    ...(typed.given_name === '' ? {} : { given_name: attribute(typed.given_name) }),
    ...(typed.family_name === '' ? {} : { family_name: attribute(typed.family_name) }),
    ...(birthdate === undefined ? {} : { birthdate: attribute(birthdate) }),
    ...(Object.keys(place).length === 0 ? {} : { address: attribute(place) }),
  };
};
