import { formatCountry, formatNationality, formatPartialDate } from '../web/i18n/format.ts';
import type { Locale } from '../web/i18n/shape.ts';
import type { Place } from './identity/attribute.ts';
import { birthDateClaim, partsOfBirthDate } from './identity/birth-date.ts';

/** A place on one line; undefined when nothing is known of it. */
export const placeText = (place: Place | undefined, locale: Locale): string | undefined => {
  if (!place) return undefined;
  if (place.formatted !== undefined) return place.formatted;
  const country = place.country === undefined ? undefined : formatCountry(locale, place.country);
  const town = [place.postal_code, place.locality].filter((part) => part !== undefined).join(' ');
  return [place.street_address, town, place.region, country]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
};

/** The chip's codes for kinds of documents (TR-03127); one that nobody knows stays as it is. */
const documentTypes: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  ID: { de: 'Personalausweis', en: 'German identity card' },
  AR: { de: 'Elektronischer Aufenthaltstitel', en: 'Electronic residence permit' },
  AS: { de: 'Elektronischer Aufenthaltstitel', en: 'Electronic residence permit' },
  AF: { de: 'Elektronischer Aufenthaltstitel', en: 'Electronic residence permit' },
  UB: { de: 'eID-Karte für Unionsbürgerinnen und Unionsbürger', en: 'eID card for EU citizens' },
};

/** The value of an attribute in words, dates as a claim has them (YYYY-MM-DD or YYYY). */
export const attributeText = (name: string, value: unknown, locale: Locale): string => {
  if (name === 'document_type' && typeof value === 'string' && Object.hasOwn(documentTypes, value))
    return documentTypes[value]?.[locale] ?? value;
  if (name === 'nationalities' && Array.isArray(value))
    return value.map((code) => formatNationality(locale, String(code))).join(', ');
  if (name === 'birthdate' && typeof value === 'string') return birthDateClaim(value) ?? value.trim();
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object' && value !== null) return placeText(value, locale) ?? '';
  return String(value);
};

/** The same for people's eyes: dates in words, as far as they are known. */
export const attributeWords = (name: string, value: unknown, locale: Locale): string => {
  if (name !== 'birthdate' || typeof value !== 'string') return attributeText(name, value, locale);
  const { year, month, day } = partsOfBirthDate(value);
  if (year === undefined) return value.trim();
  if (month === undefined) return year;
  return formatPartialDate(locale, day === undefined ? `${year}-${month}` : `${year}-${month}-${day}`);
};
