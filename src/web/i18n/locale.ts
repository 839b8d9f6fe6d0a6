import { locales, type Locale } from './shape.ts';

/** The first of the wished languages that we have; regions are cut off (`en-GB` is `en`). */
const firstKnown = (wished: readonly string[]): Locale | undefined => {
  for (const tag of wished) {
    const language = tag.trim().toLowerCase().split('-')[0];
    const known = locales.find((locale) => locale === language);
    if (known !== undefined) return known;
  }
  return undefined;
};

/** Accept-Language (RFC 9110, section 12.5.4) by weight, at most 20 ranges. */
const byWeight = (header: string): readonly string[] =>
  header
    .slice(0, 500)
    .split(',', 20)
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';');
      const q = parameters.map((text) => text.trim()).find((text) => text.startsWith('q='));
      const weight = q === undefined ? 1 : Number(q.slice(2));
      return { tag, weight: Number.isFinite(weight) ? weight : 0 };
    })
    .filter((range) => range.weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map((range) => range.tag);

export interface LocaleWishes {
  /** OpenID Connect's `ui_locales`, and since when the service asks for it (ms since the epoch). */
  readonly uiLocales?: { readonly value: string; readonly since: number } | undefined;
  /** The citizen's own choice as localeCookie wrote it. */
  readonly cookie?: string | undefined;
  readonly acceptLanguage?: string | undefined;
}

/** What the language switch stores: the language and when it was chosen, so that it beats an older `ui_locales`. */
export const localeCookie = (locale: Locale, now: number): string => `${locale}.${now.toString(36)}`;

const chosen = (cookie: string | undefined): { locale: Locale; at: number } | undefined => {
  const [tag = '', at = ''] = (cookie ?? '').split('.');
  const locale = firstKnown([tag]);
  return locale === undefined ? undefined : { locale, at: Number.parseInt(at, 36) || 0 };
};

/** `ui_locales`, then the citizen's choice, then the browser, then German. A choice made after the service asked wins. */
export const chooseLocale = (wishes: LocaleWishes): Locale => {
  const choice = chosen(wishes.cookie);
  const asked = firstKnown((wishes.uiLocales?.value ?? '').slice(0, 200).split(' '));
  const choiceIsNewer = choice !== undefined && wishes.uiLocales !== undefined && choice.at > wishes.uiLocales.since;
  const service = choiceIsNewer ? undefined : asked;
  return service ?? choice?.locale ?? firstKnown(byWeight(wishes.acceptLanguage ?? '')) ?? 'de';
};
