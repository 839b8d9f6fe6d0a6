import { flowTexts } from '../../interaction/texts/index.ts';
import type { Locale } from '../../../web/i18n/shape.ts';
import type { KontoMessages } from '../texts/konto.ts';

/** What a claim or attribute is called; a verified one as the plain one. */
export const claimName = (locale: Locale, claim: string): string => {
  const names: Readonly<Record<string, string>> = flowTexts[locale].consent.claims;
  const bare = claim.replace(/^verified:/, '');
  return (Object.hasOwn(names, bare) ? names[bare] : undefined) ?? bare;
};

/** Each name once, those that go without saying left out. */
export const claimNames = (locale: Locale, claims: readonly string[]): readonly string[] => [
  ...new Set(claims.filter((claim) => claim !== 'email_verified').map((claim) => claimName(locale, claim))),
];

/** How the journal's name of a method reads. */
export const meansName = (t: KontoMessages, method: string): string => {
  const names: Readonly<Record<string, string>> = t.activities.means;
  return (Object.hasOwn(names, method) ? names[method] : undefined) ?? method;
};
