import type { Json, JsonObject } from '../../storage/artifacts.ts';
import { formatCountry, formatList, formatNationality, formatPartialDate } from '../../web/i18n/format.ts';
import type { Locale } from '../../web/i18n/shape.ts';
import type { CardClaim } from './verified-person.ts';

const text = (value: Json | undefined): string => (typeof value === 'string' ? value.trim() : '');

const asObject = (value: Json): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

const filled = (...values: readonly string[]): readonly string[] => values.filter((value) => value !== '');

const place = (locale: Locale, value: Json): string => {
  if (typeof value === 'string') return value;
  const { locality, region, country: code } = asObject(value);
  return filled(text(locality), text(region), formatCountry(locale, text(code))).join(', ');
};

const address = (locale: Locale, value: Json): readonly string[] => {
  const parts = asObject(value);
  const lines = filled(
    ...text(parts['street_address']).split(/\r?\n/u),
    filled(text(parts['postal_code']), text(parts['locality'])).join(' '),
    formatCountry(locale, text(parts['country'])),
  );
  return lines.length === 0 ? filled(...text(parts['formatted']).split(/\r?\n/u)) : lines;
};

/** A claim in lines, as people read it. Capitals stay: the value is shown as the card has it. */
export const formatClaim = (locale: Locale, claim: CardClaim, value: Json): readonly string[] => {
  switch (claim) {
    case 'birthdate':
      return [formatPartialDate(locale, text(value))];
    case 'place_of_birth':
      return [place(locale, value)];
    case 'nationalities':
      return [
        formatList(
          locale,
          (Array.isArray(value) ? value : [value]).map((code) => formatNationality(locale, text(code))),
        ),
      ];
    case 'address':
      return address(locale, value);
    default:
      return [text(value)];
  }
};
