import { errors } from 'oidc-provider';

/** What we refuse in requests beyond what the library does. */

type Claims = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JWT that says what it is made for counts for that alone (RFC 8725, 3.11). */
const isFor = (header: Claims, use: string): boolean => {
  const { typ } = header;
  if (typ === undefined) return true;
  if (typeof typ !== 'string') return false;
  const [, name = ''] = /^(?:application\/)?(.*)$/i.exec(typ) ?? [];
  return name.toLowerCase() === 'jwt' || name.toLowerCase() === use;
};

/** Client assertions: our issuer alone as audience, short-lived, sanely dated, with an id (RFC 7523bis; attacks.md M4). */
export const assertClientAssertion = (issuer: string, claims: Claims, header: Claims): void => {
  const refuse = (reason: string): never => {
    throw new errors.InvalidClientAuth(reason);
  };
  const now = Date.now() / 1000;
  const { aud, exp, iat, nbf, jti } = claims;
  if (!isFor(header, 'client-authentication+jwt')) refuse('typ says that it is no client assertion');
  if (aud !== issuer) refuse('audience (aud) must be the issuer identifier as one string');
  if (typeof jti !== 'string' || jti === '') refuse('jti is missing');
  if (typeof exp !== 'number') refuse('exp is missing');
  const from = typeof iat === 'number' ? iat : typeof nbf === 'number' ? nbf : now;
  if ((exp as number) - from > 300 || (exp as number) - now > 300)
    refuse('the assertion lives longer than 300 seconds');
  if (typeof iat === 'number' && iat > now + 60) refuse('iat is in the future');
  if (typeof nbf === 'number' && nbf > now + 60) refuse('nbf is in the future');
};

/** Parameters that are text by nature: as an object the library would take them for `[object Object]`. */
const texts = [
  'acr_values',
  'code_challenge',
  'code_challenge_method',
  'display',
  'id_token_hint',
  'login_hint',
  'nonce',
  'prompt',
  'redirect_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
  'ui_locales',
] as const;

/**
 * Request objects (RFC 9101): for us alone, and no longer good than an hour; FAPI 2.0 asks for both dates. One that could
 * also be shown as a client assertion is none (10.8): its subject must not be the client.
 */
export const assertRequestObject = (issuer: string, clientId: string, claims: Claims, header: Claims): void => {
  const refuse = (reason: string): never => {
    throw new errors.InvalidRequestObject(reason);
  };
  const { aud, exp, nbf, sub } = claims;
  if (!isFor(header, 'oauth-authz-req+jwt')) refuse('typ says that it is no request object');
  if (aud !== issuer) refuse('audience (aud) must be the issuer identifier as one string');
  if (typeof exp !== 'number' || typeof nbf !== 'number') refuse('exp and nbf are missing');
  if ((exp as number) - (nbf as number) > 3600) refuse('the request object lives longer than an hour');
  if (sub === clientId) refuse('sub must not be the client');
  const wrong = texts.find((name) => isObject(claims[name]));
  if (wrong !== undefined) refuse(`${wrong} must be a string`);
};

/** A level that is asked for in another form than the specification's must not be taken for none. */
const isAcrRequest = ({ essential, value, values }: Claims): boolean =>
  (essential === undefined || typeof essential === 'boolean') &&
  (value === undefined || typeof value === 'string') &&
  (values === undefined || (Array.isArray(values) && values.every((one) => typeof one === 'string')));

/** Members are null or objects (OpenID Connect Core 5.5.1); `verified_claims` may be a list of objects as well (IDA 1.0, 6.2). */
export const assertClaims = (request: Claims): void => {
  for (const use of ['userinfo', 'id_token'])
    for (const [name, wish] of Object.entries((request[use] as object | undefined) ?? {})) {
      const list = name === 'verified_claims' && Array.isArray(wish) && wish.length > 0 && wish.every(isObject);
      if (wish !== null && !isObject(wish) && !list)
        throw new errors.InvalidRequest(`claims.${use} members must be null or objects`);
      if (name === 'acr' && isObject(wish) && !isAcrRequest(wish))
        throw new errors.InvalidRequest(`claims.${use}.acr must have a value, values and essential as specified`);
    }
};
