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

/** Countries by their ISO 3166 codes, in the order of their names; Germany first, for most people live there. */
export const countriesOf = (locale: Locale): readonly { readonly value: string; readonly label: string }[] => {
  const names = new Intl.DisplayNames([locale], { type: 'region', fallback: 'none' });
  const { compare } = new Intl.Collator(locale);
  const all = letters
    .flatMap((first) => letters.map((second) => `${first}${second}`))
    .filter((code) => !none.has(code))
    .flatMap((value) => {
      const label = names.of(value);
      return label === undefined ? [] : [{ value, label }];
    });
  return all.sort((a, b) => Number(b.value === 'DE') - Number(a.value === 'DE') || compare(a.label, b.label));
};
