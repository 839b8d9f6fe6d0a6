import { jwtVerify, type JWTVerifyGetKey } from 'jose';

/** What a logout token ends: one session at the provider, or every session of a subject. */
export interface LogoutNotice {
  readonly jti: string;
  readonly sid?: string;
  readonly sub?: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
}

/** The token is not a logout token of the expected issuer for this client. The message names the fault, never a content. */
export class InvalidLogoutToken extends Error {
  override readonly name = 'InvalidLogoutToken';
}

const event = 'http://schemas.openid.net/event/backchannel-logout';

/** Seconds: a token older than this is refused even if it claims a longer life. */
export const logoutTokenWindow = 120;
/** Seconds that both clocks may differ. */
export const clockTolerance = 30;

const text = (value: unknown, name: string): string | undefined => {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw new InvalidLogoutToken(`${name} is no text`);
  return value;
};

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

/**
 * Checks a logout token as OpenID Connect Back-Channel Logout 1.0, section 2.6, asks, and stricter where our provider
 * is: `typ` must be there, `exp` and a recent `iat` too. Whether the `jti` was seen before is the caller's question.
 *
 * @param now ms since the epoch
 * @throws InvalidLogoutToken; any other error means that the keys could not be fetched
 */
export const verifyLogoutToken = async (
  token: string,
  expected: {
    readonly issuer: string;
    readonly clientId: string;
    readonly keys: JWTVerifyGetKey;
    readonly now: number;
  },
): Promise<LogoutNotice> => {
  const { payload } = await jwtVerify(token, expected.keys, {
    typ: 'logout+jwt',
    issuer: expected.issuer,
    audience: expected.clientId,
    algorithms: ['ES256', 'PS256', 'RS256'],
    requiredClaims: ['iat', 'exp', 'jti', 'events'],
    clockTolerance,
    currentDate: new Date(expected.now),
  }).catch((error: unknown) => {
    throw tokenFault(error) ? new InvalidLogoutToken('signature or claims do not fit', { cause: error }) : error;
  });

  const { events, iat } = payload;
  const seconds = Math.floor(expected.now / 1000);
  if (iat === undefined || iat > seconds + clockTolerance || iat < seconds - logoutTokenWindow - clockTolerance) {
    throw new InvalidLogoutToken('issued outside the accepted window');
  }
  if (Array.isArray(payload.aud) && payload.aud.length > 1)
    throw new InvalidLogoutToken('issued for other clients as well');
  if (typeof events !== 'object' || events === null || !isEmptyObject((events as Record<string, unknown>)[event])) {
    throw new InvalidLogoutToken('without the back-channel logout event');
  }
  if ('nonce' in payload) throw new InvalidLogoutToken('with a nonce, as only ID tokens have');

  const jti = text(payload.jti, 'jti');
  const sid = text(payload['sid'], 'sid');
  const sub = text(payload.sub, 'sub');
  if (jti === undefined) throw new InvalidLogoutToken('without a jti');
  if (sid === undefined && sub === undefined) throw new InvalidLogoutToken('with neither sid nor sub');
  return { jti, issuedAt: iat, ...(sid === undefined ? {} : { sid }), ...(sub === undefined ? {} : { sub }) };
};

/** jose's codes for a bad token; what is left are failures to fetch the key set, which say nothing about the token. */
const tokenFault = (error: unknown): boolean => {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return (
    typeof code === 'string' &&
    /^ERR_(JWT|JWS|JOSE_ALG|JOSE_NOT_SUPPORTED|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE)/u.test(code)
  );
};
