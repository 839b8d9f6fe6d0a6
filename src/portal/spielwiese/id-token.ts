import { decodeJwt, decodeProtectedHeader, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { satisfies, type Level } from '../../assurance/levels.ts';
import { levelOf } from '../../assurance/names.ts';
import { accessTokenFits } from '../relying-party/at-hash.ts';
import type { Fault } from './faults.ts';
import type { Check } from './runs.ts';

export interface Expected {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
  readonly accessToken: string;
  readonly level: Level | '';
  readonly keys: JWTVerifyGetKey;
}

export interface CheckedToken {
  /** Header and payload as text; the token itself when it cannot be read. */
  readonly text: string;
  readonly checks: readonly Check[];
  readonly claims: JWTPayload;
  readonly level?: Level;
}

const day = 24 * 3600;

const words = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '–'));

const equal = (name: Check['name'], expected: unknown, given: unknown): Check => ({
  name,
  passed: expected === given,
  detail: expected === given ? words(given) : `${words(given)} ≠ ${words(expected)}`,
});

/** The signature alone: the times are judged apart, so that each fault shows at its own check. */
const signatureFits = async (token: string, claims: JWTPayload, keys: JWTVerifyGetKey): Promise<Check> => {
  try {
    await jwtVerify(token, keys, { currentDate: new Date((claims.iat ?? 0) * 1000) });
    return { name: 'signature', passed: true, detail: 'jwks_uri' };
  } catch (error) {
    return { name: 'signature', passed: false, detail: error instanceof Error ? error.message : 'error' };
  }
};

/** As if somebody had changed the token on its way: the last letter but one of its signature is another. */
export const tampered = (token: string): string => {
  const at = token.length - 2;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
};

/** Every check that OpenID Connect Core 3.1.3.7 asks for, each told apart; `fault` makes one of them fail. */
export const checkIdToken = async (token: string, expected: Expected, fault: Fault | ''): Promise<CheckedToken> => {
  const header = decodeProtectedHeader(token);
  const claims = decodeJwt(token);
  const now = Math.floor(Date.now() / 1000) + (fault === 'expired' ? day : 0);
  const level = typeof claims['acr'] === 'string' ? levelOf(claims['acr']) : undefined;
  const checks: Check[] = [
    equal('alg', 'ES256', header.alg),
    await signatureFits(token, claims, expected.keys),
    equal('id_token_iss', expected.issuer, claims.iss),
    equal('aud', fault === 'audience' ? 'another-service' : expected.clientId, claims.aud),
    { name: 'exp', passed: (claims.exp ?? 0) > now, detail: `exp ${words(claims.exp)}, now ${now}` },
    equal('nonce', fault === 'nonce' ? 'the-nonce-of-another-login' : expected.nonce, claims['nonce']),
    {
      name: 'at_hash',
      passed: accessTokenFits(claims['at_hash'], expected.accessToken),
      detail: words(claims['at_hash']),
    },
    {
      name: 'acr',
      passed: level !== undefined && (expected.level === '' || satisfies(level, expected.level)),
      detail: words(claims['acr']),
    },
  ];
  return {
    text: `${JSON.stringify(header, null, 2)}\n${JSON.stringify(claims, null, 2)}`,
    checks,
    claims,
    ...(level === undefined ? {} : { level }),
  };
};
