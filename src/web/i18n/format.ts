import { twoLetters } from './icao-countries.ts';
import { perLocale } from './per-locale.ts';
import type { Locale } from './shape.ts';

const tags: Readonly<Record<Locale, string>> = { de: 'de-DE', en: 'en-GB' };
const zone = 'Europe/Berlin';

const dateFormats = (options: Intl.DateTimeFormatOptions): Readonly<Record<Locale, Intl.DateTimeFormat>> =>
  perLocale((locale) => new Intl.DateTimeFormat(tags[locale], options));

const moments = dateFormats({ dateStyle: 'long', timeStyle: 'short', timeZone: zone });
const times = dateFormats({ timeStyle: 'short', timeZone: zone });
const days = dateFormats({ dateStyle: 'long', timeZone: zone });
const paperYears = dateFormats({ year: 'numeric', timeZone: 'UTC' });
const paperMonths = dateFormats({ year: 'numeric', month: 'long', timeZone: 'UTC' });
const paperDays = dateFormats({ year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' });
const regions = perLocale((locale) => new Intl.DisplayNames([locale], { type: 'region' }));
const lists = perLocale((locale) => new Intl.ListFormat(tags[locale], { type: 'conjunction' }));
const numbers = perLocale((locale) => new Intl.NumberFormat(tags[locale]));
const amounts = perLocale((locale) => new Intl.NumberFormat(tags[locale], { style: 'currency', currency: 'EUR' }));
const collators = perLocale((locale) => new Intl.Collator(locale));

/** Day and time in Bavaria; `at` in ms since the epoch. */
export const formatDateTime = (locale: Locale, at: number): string => moments[locale].format(at);

/** Time of day in Bavaria; `at` in ms since the epoch. */
export const formatTime = (locale: Locale, at: number): string => times[locale].format(at);

/** The day in Bavaria; `at` in ms since the epoch. */
export const formatDate = (locale: Locale, at: number): string => days[locale].format(at);

/** A date as people's papers know it: `1964-08-12`, `1964-08`, `1964`; what is not known is left out, other text stays as it is. */
export const formatPartialDate = (locale: Locale, text: string): string => {
  const known = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(text);
  if (known === null) return text;
  const [, year = '', month, day] = known;
  const at = Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1));
  if (new Date(at).toISOString().slice(0, text.length) !== text) return text;
  const formats = month === undefined ? paperYears : day === undefined ? paperMonths : paperDays;
  return formats[locale].format(at);
};

/** A country by its ISO 3166 code of two letters, or by the code on passports; what is neither stays as it is. */
export const formatCountry = (locale: Locale, code: string): string => {
  const known = twoLetters(code) ?? code;
  return /^[A-Z]{2}$/.test(known) ? (regions[locale].of(known) ?? code) : code;
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
export const formatList = (locale: Locale, items: readonly string[]): string => lists[locale].format(items);

/** A number as people write it: with the language's separators. */
export const formatNumber = (locale: Locale, value: number): string => numbers[locale].format(value);

/** An amount in euros; `cents` is an integer. */
export const formatMoney = (locale: Locale, cents: number): string => amounts[locale].format(cents / 100);

/** The order of texts in a language, for `sort`. */
export const compareTexts = (locale: Locale): ((a: string, b: string) => number) => collators[locale].compare;
