/**
 * The beginnings of all paths, of every part. Metrics and traces name a request by them alone: what follows may be the id of
 * a login, of a letter, or of a payment.
 */
export const routeGroups = [
  '',
  '.well-known',
  'abgemeldet',
  'abmelden',
  'anfrage',
  'anmelden',
  'antraege',
  'api',
  'api/applications',
  'api/callbacks',
  'api/letters',
  'api/paymenttransaction',
  'api/postfach',
  'api/replies',
  'api/statements',
  'api/status',
  'assets',
  'auth',
  'backchannel-logout',
  'barriere-melden',
  'barrierefreiheit',
  'behoerden',
  'bestaetigen',
  'bezahlen',
  'callback',
  'darstellung',
  'datenschutz',
  'eID-Client',
  'eid',
  'entsperren',
  'entwickler',
  'erledigen',
  'fuehrungszeugnis',
  'gebaerdensprache',
  'health',
  'hilfe',
  'impressum',
  'jwks',
  'jwks.json',
  'konto',
  'lauf',
  'leichte-sprache',
  'leistungen',
  'lizenzen',
  'login',
  'me',
  'meine-zahlungen',
  'paos',
  'passwort-vergessen',
  'postfach',
  'registrieren',
  'request',
  'session/end',
  'sprache',
  'stoerung',
  'token',
  'token/introspection',
  'token/revocation',
  'v1',
  'vorgaenge',
  'vorgang',
  'zahlen',
] as const;

const known: ReadonlySet<string> = new Set(routeGroups);

/** The group of a request's target, the longer one where there are two; `other` for what no part knows. */
export const routeGroup = (target: string): string => {
  const [, first = '*', second] = /^\/([^/?]*)(?:\/([^/?]*))?/.exec(target) ?? [];
  const both = `${first}/${second ?? ''}`;
  if (known.has(both)) return both;
  return known.has(first) ? first : 'other';
};
