import type { Form } from '../../web/forms.ts';
import type { Attribute, AttributeName, Attributes, AttributeValues } from '../identity/attribute.ts';
import { partsOfBirthDate } from '../identity/birth-date.ts';
import type { DataGroup } from './pages/DataPage.tsx';
import type { DataError } from './pages/EditDataPage.tsx';

/** Reading what citizens say about themselves; nothing of it is checked but whether it can be so. */

type Changes = { readonly [Name in AttributeName]?: Attributes[Name] | undefined };

export type OwnData =
  | { readonly kind: 'changes'; readonly changes: Changes }
  /** By field. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, DataError>> };

export const attributesOf: Readonly<Record<DataGroup, readonly AttributeName[]>> = {
  name: ['given_name', 'family_name'],
  birthdate: ['birthdate'],
  address: ['address'],
  phone: ['phone_number'],
};

const longest = 200;
const oldest = 1850;

/** Without invisible characters, blanks as people mean them. */
const clean = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

const self = <Value>(value: Value, now: number): Attribute<Value> => ({
  value,
  source: 'self',
  level: 'basic',
  at: now,
});

const changed = (changes: Changes): OwnData => ({ kind: 'changes', changes });
const wrong = (errors: Readonly<Record<string, DataError>>): OwnData => ({ kind: 'errors', errors });

const readName = (form: Form, now: number): OwnData => {
  const [given, family] = [clean(form.get('given_name')), clean(form.get('family_name'))];
  if (given === '' && family === '') return wrong({ given_name: 'nameEmpty' });
  const long = Object.entries({ given_name: given, family_name: family }).filter(([, text]) => text.length > longest);
  if (long.length > 0) return wrong(Object.fromEntries(long.map(([name]) => [name, 'tooLong' as const])));
  return changed({
    given_name: given === '' ? undefined : self(given, now),
    family_name: family === '' ? undefined : self(family, now),
  });
};

/** A date of which day, or day and month, may be unknown; as the card writes it (eight characters, blanks). */
const readBirthDate = (form: Form, now: number): OwnData => {
  const [day, month, year] = ['day', 'month', 'year'].map((part) => clean(form.get(`birthdate-${part}`))) as [
    string,
    string,
    string,
  ];
  if (!/^\d{4}$/.test(year) || Number(year) < oldest) return wrong({ 'birthdate-year': 'dateYear' });
  if (!/^\d{0,2}$/.test(day) || !/^\d{0,2}$/.test(month)) return wrong({ 'birthdate-day': 'dateParts' });
  const [dayNumber, monthNumber] = [Number(day), Number(month)];
  // A day without its month is none.
  if (dayNumber > 0 && monthNumber === 0) return wrong({ 'birthdate-day': 'dateParts' });
  if (monthNumber > 12) return wrong({ 'birthdate-month': 'dateUnreal' });
  const earliest = new Date(0);
  earliest.setUTCFullYear(Number(year), Math.max(monthNumber, 1) - 1, Math.max(dayNumber, 1));
  if (dayNumber > 0 && earliest.getUTCDate() !== dayNumber) return wrong({ 'birthdate-day': 'dateUnreal' });
  if (earliest.getTime() > now) return wrong({ 'birthdate-year': 'dateFuture' });
  const two = (part: number): string => (part === 0 ? '  ' : String(part).padStart(2, '0'));
  const value =
    dayNumber > 0 ? `${year}-${two(monthNumber)}-${two(dayNumber)}` : `${year}${two(monthNumber)}${two(dayNumber)}`;
  return changed({ birthdate: self(value, now) });
};

const readAddress = (form: Form, now: number): OwnData => {
  const text = (name: string): string => clean(form.get(name));
  const place = {
    street_address: text('street_address'),
    postal_code: text('postal_code'),
    locality: text('locality'),
  };
  const country = text('country');
  if (Object.values(place).every((part) => part === '')) return changed({ address: undefined });
  const long = Object.entries(place).filter(([, part]) => part.length > longest);
  if (long.length > 0) return wrong(Object.fromEntries(long.map(([name]) => [name, 'tooLong' as const])));
  if (place.locality === '') return wrong({ locality: 'addressPart' });
  if (country === 'DE' && place.postal_code !== '' && !/^\d{5}$/.test(place.postal_code))
    return wrong({ postal_code: 'postcode' });
  const known = Object.fromEntries(Object.entries(place).filter(([, part]) => part !== ''));
  return changed({ address: self({ ...known, ...(/^[A-Z]{2}$/.test(country) ? { country } : {}) }, now) });
};

/** As OpenID Connect wants it: E.164, a German number if no country was given (ITU-T E.164: at most 15 digits). */
const readPhone = (form: Form, now: number): OwnData => {
  const typed = clean(form.get('phone_number'));
  if (typed === '') return changed({ phone_number: undefined });
  const bare = typed.replace(/\(0\)/g, '').replace(/[\s()/.\-–]/g, '');
  const number = bare.replace(/^00/, '+').replace(/^0/, '+49');
  return /^\+[1-9]\d{5,14}$/.test(number)
    ? changed({ phone_number: self(number, now) })
    : wrong({ phone_number: 'phone' });
};

const readers = { name: readName, birthdate: readBirthDate, address: readAddress, phone: readPhone };

export const readOwnData = (group: DataGroup, form: Form, now: number): OwnData => readers[group](form, now);

export const fieldsOf: Readonly<Record<DataGroup, readonly string[]>> = {
  name: ['given_name', 'family_name'],
  birthdate: ['birthdate-day', 'birthdate-month', 'birthdate-year'],
  address: ['street_address', 'postal_code', 'locality', 'country'],
  phone: ['phone_number'],
};

/** What stands in the form before anybody typed. */
export const valuesOf = (group: DataGroup, attributes: Attributes): Readonly<Record<string, string>> => {
  const given = (values: Partial<Readonly<Record<string, string | undefined>>>): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
  switch (group) {
    case 'name':
      return given({ given_name: attributes.given_name?.value, family_name: attributes.family_name?.value });
    case 'birthdate': {
      const { day, month, year } = partsOfBirthDate(attributes.birthdate?.value ?? '');
      return given({ 'birthdate-day': day, 'birthdate-month': month, 'birthdate-year': year });
    }
    case 'address': {
      const place: AttributeValues['address'] = attributes.address?.value ?? {};
      return given({
        street_address: place.street_address,
        postal_code: place.postal_code,
        locality: place.locality ?? place.formatted,
        country: place.country ?? 'DE',
      });
    }
    case 'phone':
      return given({ phone_number: attributes.phone_number?.value });
  }
};
