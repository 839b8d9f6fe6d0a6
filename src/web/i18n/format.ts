import type { Locale } from './shape.ts';

const tags: Readonly<Record<Locale, string>> = { de: 'de-DE', en: 'en-GB' };
const zone = 'Europe/Berlin';

/** Day and time in Bavaria; `at` in ms since the epoch. */
export const formatDateTime = (locale: Locale, at: number): string =>
  new Intl.DateTimeFormat(tags[locale], { dateStyle: 'long', timeStyle: 'short', timeZone: zone }).format(at);

/** Time of day in Bavaria; `at` in ms since the epoch. */
export const formatTime = (locale: Locale, at: number): string =>
  new Intl.DateTimeFormat(tags[locale], { timeStyle: 'short', timeZone: zone }).format(at);

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

/** A country by its ISO 3166 code; what is no such code stays as it is. */
export const formatCountry = (locale: Locale, code: string): string =>
  /^[A-Z]{2}$/.test(code) ? (new Intl.DisplayNames([locale], { type: 'region' }).of(code) ?? code) : code;

/** Intl knows the names of countries only; of other nationalities the country's name is said. */
const nationalities: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  DE: { de: 'deutsch', en: 'German' },
};

/** A nationality by the ISO 3166 code of its country. */
export const formatNationality = (locale: Locale, code: string): string =>
  (Object.hasOwn(nationalities, code) ? nationalities[code]?.[locale] : undefined) ?? formatCountry(locale, code);

/** „a, b und c“. */
export const formatList = (locale: Locale, items: readonly string[]): string =>
  new Intl.ListFormat(tags[locale], { type: 'conjunction' }).format(items);

/** An amount in euros; `cents` is an integer. */
export const formatMoney = (locale: Locale, cents: number): string =>
  new Intl.NumberFormat(tags[locale], { style: 'currency', currency: 'EUR' }).format(cents / 100);
