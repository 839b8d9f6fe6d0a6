import { twoLetters } from './icao-countries.ts';
import type { Locale } from './shape.ts';

const tags: Readonly<Record<Locale, string>> = { de: 'de-DE', en: 'en-GB' };
const zone = 'Europe/Berlin';

/** Day and time in Bavaria; `at` in ms since the epoch. */
export const formatDateTime = (locale: Locale, at: number): string =>
  new Intl.DateTimeFormat(tags[locale], { dateStyle: 'long', timeStyle: 'short', timeZone: zone }).format(at);

/** Made once: building one takes longer than rendering the page around it. */
const times: Readonly<Record<Locale, Intl.DateTimeFormat>> = {
  de: new Intl.DateTimeFormat(tags.de, { timeStyle: 'short', timeZone: zone }),
  en: new Intl.DateTimeFormat(tags.en, { timeStyle: 'short', timeZone: zone }),
};

/** Time of day in Bavaria; `at` in ms since the epoch. */
export const formatTime = (locale: Locale, at: number): string => times[locale].format(at);

/** The day in Bavaria; `at` in ms since the epoch. */
export const formatDate = (locale: Locale, at: number): string =>
  new Intl.DateTimeFormat(tags[locale], { dateStyle: 'long', timeZone: zone }).format(at);

/** A date as people's papers know it: `1964-08-12`, `1964-08`, `1964`; what is not known is left out, other text stays as it is. */
export const formatPartialDate = (locale: Locale, text: string): string => {
  const known = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(text);
  if (known === null) return text;
  const [, year = '', month, day] = known;
  const at = Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1));
  if (new Date(at).toISOString().slice(0, text.length) !== text) return text;
  return new Intl.DateTimeFormat(tags[locale], {
    year: 'numeric',
    ...(month === undefined ? {} : { month: 'long' }),
    ...(day === undefined ? {} : { day: 'numeric' }),
    timeZone: 'UTC',
  }).format(at);
};

/** A country by its ISO 3166 code of two letters, or by the code on passports; what is neither stays as it is. */
export const formatCountry = (locale: Locale, code: string): string => {
  const known = twoLetters(code) ?? code;
  return /^[A-Z]{2}$/.test(known) ? (new Intl.DisplayNames([locale], { type: 'region' }).of(known) ?? code) : code;
};

/** Intl knows the names of countries only; of other nationalities the country's name is said. Codes that are no country's: ICAO Doc 9303-3. */
const nationalities: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  DE: { de: 'deutsch', en: 'German' },
  XXA: { de: 'staatenlos', en: 'stateless' },
  XXB: { de: 'anerkannter Flüchtling', en: 'recognised refugee' },
  XXC: { de: 'Flüchtling', en: 'refugee' },
  XXX: { de: 'ungeklärt', en: 'not established' },
};

/** A nationality by the code of its country. */
export const formatNationality = (locale: Locale, code: string): string =>
  (Object.hasOwn(nationalities, code) ? nationalities[code]?.[locale] : undefined) ?? formatCountry(locale, code);

/** „a, b und c“. */
export const formatList = (locale: Locale, items: readonly string[]): string =>
  new Intl.ListFormat(tags[locale], { type: 'conjunction' }).format(items);

/** An amount in euros; `cents` is an integer. */
export const formatMoney = (locale: Locale, cents: number): string =>
  new Intl.NumberFormat(tags[locale], { style: 'currency', currency: 'EUR' }).format(cents / 100);
