import { compareTexts } from '../../web/i18n/format.ts';
import { perLocale } from '../../web/i18n/per-locale.ts';
import type { Locale } from '../../web/i18n/shape.ts';

/** Codes to which a name belongs that is no country's: unions, reserved and former ones. */
const none = new Set([
  'AN',
  'BU',
  'CS',
  'DD',
  'EU',
  'EZ',
  'FX',
  'NT',
  'QO',
  'SU',
  'TP',
  'UN',
  'XA',
  'XB',
  'YD',
  'YU',
  'ZR',
  'ZZ',
]);

const letters = Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i));

interface Country {
  readonly value: string;
  readonly label: string;
}

const names = perLocale((locale) => new Intl.DisplayNames([locale], { type: 'region', fallback: 'none' }));

/** Countries by their ISO 3166 codes, in the order of their names; Germany first, for most people live there. */
export const countriesOf = (locale: Locale): readonly Country[] => {
  const compare = compareTexts(locale);
  const all = letters
    .flatMap((first) => letters.map((second) => `${first}${second}`))
    .filter((code) => !none.has(code))
    .flatMap((value) => {
      const label = names[locale].of(value);
      return label === undefined ? [] : [{ value, label }];
    });
  return all.sort((a, b) => Number(b.value === 'DE') - Number(a.value === 'DE') || compare(a.label, b.label));
};
