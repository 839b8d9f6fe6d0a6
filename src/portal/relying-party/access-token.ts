import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWTPayload } from 'jose';
import { levels, satisfies, type Level } from '../../assurance/levels.ts';
import { acrOf, levelOf } from '../../assurance/names.ts';
import { agedLevel, type Ageing } from '../../assurance/policy.ts';
import type { Artifacts } from '../../storage/artifacts.ts';
import type { ProviderConnection } from './provider.ts';

/** What a request to an API has to bring. */
export interface AccessDemand {
  readonly scope: string;
  /** For what is done in a citizen's name: the least level of her login. */
  readonly level?: Level;
  /** Seconds since that login. */
  readonly maxAge?: number;
  /** Only tokens that are bound to a key or to a certificate (FAPI 2.0 Security Profile, 5.3.4). */
  readonly bound?: true;
}

/** A checked access token (RFC 9068). */
export interface AccessToken {
  /** The citizen's subject at this API, or the client itself when it acts on its own account. */
  readonly sub: string;
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  /** What is left of the login's level; absent when the client acts on its own account. */
  readonly level?: Level;
  /** ms since the epoch. */
  readonly authTime?: number;
}

/** Why a request is refused: status and challenge of RFC 6750, 3.1 and RFC 9470, 3. */
export class AccessRefused extends Error {
  override readonly name = 'AccessRefused';
  readonly status: 401 | 403;
  readonly challenge: string;
  constructor(status: 401 | 403, parameters: Readonly<Record<string, string>>, scheme = 'Bearer') {
    super(parameters['error'] ?? 'no token');
    this.status = status;
    const list = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`);
    this.challenge = [scheme, list.join(', ')].filter((part) => part !== '').join(' ');
  }
}

export interface AccessRequest {
  readonly method: string;
  /** Without query and fragment, from the API's own origin. */
  readonly url: string;
  readonly authorization: string;
  /** The header `DPoP`, '' when it was not sent. */
  readonly proof: string;
  /** Of the certificate with which this connection was made: SHA-256 in base64url (RFC 8705, 3.1). */
  readonly certificate?: string | undefined;
}

export interface AccessRules {
  /** The address of the API, as its client file names it. */
  readonly audience: string;
  readonly connect: () => Promise<ProviderConnection>;
  readonly issuer: string;
  readonly ageing: Ageing;
  /** Remembers proofs that were used. */
  readonly artifacts: Artifacts;
}

const invalid = (reason: string, scheme?: string): AccessRefused =>
  new AccessRefused(401, { error: 'invalid_token', error_description: reason }, scheme);

/** Seconds that a proof of possession is good for, both ways (RFC 9449, 11.1). */
const proofLife = 60;

/** Checks the proof that the sender holds the key to which the token is bound (RFC 9449, 4.3). */
const checkProof = async (
  { method, url, proof }: AccessRequest,
  token: string,
  thumbprint: string,
  artifacts: Artifacts,
): Promise<void> => {
  const refuse = (): AccessRefused => new AccessRefused(401, { error: 'invalid_dpop_proof' }, 'DPoP');
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: ['ES256', 'EdDSA'],
      maxTokenAge: proofLife,
      clockTolerance: 10,
      requiredClaims: ['jti', 'htm', 'htu', 'ath'],
    });
    const ath = createHash('sha256').update(token).digest('base64url');
    const { jwk } = protectedHeader;
    const fits =
      payload['htm'] === method &&
      payload['htu'] === url &&
      payload['ath'] === ath &&
      jwk !== undefined &&
      (await calculateJwkThumbprint(jwk)) === thumbprint;
    const fresh =
      fits && (await artifacts.saveNew('dpop-proof', `${thumbprint} ${payload.jti}`, {}, { ttl: 2 * proofLife }));
    if (!fresh) throw refuse();
  } catch (error) {
    if (error instanceof AccessRefused) throw error;
    throw Object.assign(refuse(), { cause: error });
  }
};

const leftOf = (payload: JWTPayload, ageing: Ageing): Pick<AccessToken, 'level' | 'authTime'> => {
  const { acr, auth_time: time } = payload as { acr?: unknown; auth_time?: unknown };
  const level = typeof acr === 'string' ? levelOf(acr) : undefined;
  if (level === undefined || typeof time !== 'number') return {};
  const now = Date.now();
  const left = agedLevel(level, { at: time * 1000, seen: now, now }, ageing);
  return left === undefined ? {} : { level: left, authTime: time * 1000 };
};

/** Levels that would do, the wanted one first, as a request names them. */
const acrValues = (level: Level): string =>
  levels
    .filter((one) => satisfies(one, level))
    .map((one) => acrOf(one))
    .join(' ');

/**
 * Checks the token of a request to an API: signed by the provider for this audience, bound to its key where it says so,
 * with the scope, and from a login that is strong and fresh enough.
 *
 * @throws AccessRefused with status and challenge; ProviderUnavailable while the keys cannot be had.
 */
export const checkAccess = async (
  request: AccessRequest,
  demand: AccessDemand,
  rules: AccessRules,
): Promise<AccessToken> => {
  const [, scheme, token] = /^(Bearer|DPoP) ([\w.~+/-]+=*)$/i.exec(request.authorization) ?? [];
  if (scheme === undefined || token === undefined) throw new AccessRefused(401, {});
  const { keys } = await rules.connect();
  const verified = await jwtVerify(token, keys, {
    issuer: rules.issuer,
    audience: rules.audience,
    typ: 'at+jwt',
    algorithms: ['ES256'],
    requiredClaims: ['exp', 'sub', 'client_id'],
  }).catch(() => {
    throw invalid('the access token is not good here');
  });
  const { payload } = verified;
  // One audience and no more: a token that is good elsewhere too could have come from there.
  if (payload.aud !== rules.audience) throw invalid('the access token is for several audiences');
  const bound = payload['cnf'] as { jkt?: string; 'x5t#S256'?: string } | undefined;
  if (bound?.jkt !== undefined) {
    if (scheme.toLowerCase() !== 'dpop') throw invalid('the access token is bound to a key', 'DPoP');
    await checkProof(request, token, bound.jkt, rules.artifacts);
  } else if (scheme.toLowerCase() === 'dpop') throw invalid('the access token is bound otherwise');
  else if (bound?.['x5t#S256'] !== undefined) {
    if (bound['x5t#S256'] !== request.certificate) throw invalid('the access token is bound to a certificate');
  } else if (bound !== undefined) throw invalid('the access token is bound otherwise');
  else if (demand.bound === true) throw invalid('the access token is bound to nothing', 'DPoP');

  const scopes = new Set(typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : []);
  if (!scopes.has(demand.scope)) throw new AccessRefused(403, { error: 'insufficient_scope', scope: demand.scope });
  const login = leftOf(payload, rules.ageing);
  const strong = demand.level === undefined || (login.level !== undefined && satisfies(login.level, demand.level));
  const fresh =
    demand.maxAge === undefined ||
    (login.authTime !== undefined && Date.now() - login.authTime <= demand.maxAge * 1000);
  if (!strong || !fresh)
    throw new AccessRefused(401, {
      error: 'insufficient_user_authentication',
      ...(demand.level === undefined ? {} : { acr_values: acrValues(demand.level) }),
      ...(demand.maxAge === undefined ? {} : { max_age: String(demand.maxAge) }),
    });
  return { sub: String(payload.sub), clientId: String(payload['client_id']), scopes, ...login };
};

/** What an API asked for in its challenge (RFC 9470, 3). */
export interface StepUpChallenge {
  readonly level?: Level;
  /** Seconds. */
  readonly maxAge?: number;
}

/** Reads the answer of an API; undefined when it asks for no stronger or fresher login. */
export const stepUpChallenge = (response: Response): StepUpChallenge | undefined => {
  const header = response.headers.get('www-authenticate') ?? '';
  const parameter = (name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(header)?.[1];
  if (response.status !== 401 || parameter('error') !== 'insufficient_user_authentication') return undefined;
  const level = parameter('acr_values')
    ?.split(' ')
    .map(levelOf)
    .find((one) => one !== undefined);
  const maxAge = Number(parameter('max_age') ?? Number.NaN);
  return { ...(level === undefined ? {} : { level }), ...(Number.isSafeInteger(maxAge) ? { maxAge } : {}) };
};
