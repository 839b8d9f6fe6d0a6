import * as oidc from 'openid-client';
import { satisfies, type Level } from '../../assurance/levels.ts';
import { levelOf } from '../../assurance/names.ts';
import { agedLevel, type Ageing } from '../../assurance/policy.ts';
import { accessTokenFits } from './at-hash.ts';
import type { PendingLogin } from './pending-logins.ts';
import type { ProviderConnection } from './provider.ts';
import type { Login } from './session.ts';

/** Why a login did not come about, as far as the citizen is told. */
export const failures = [
  /** The citizen ended it, or refused to release data. */
  'ended',
  /** The level that the page needs was not reached. */
  'level',
  /** The provider would have had to ask, and was told not to. */
  'loginRequired',
  /** The provider answered that it cannot now. */
  'unavailable',
  /** Not a login that this browser has under way: too old, used already, or begun elsewhere. */
  'unknown',
  /** Another person logged in than the one whose session this is. */
  'otherPerson',
  /** The provider ended its session before ours began. */
  'loggedOut',
  /** The answer does not fit: wrong issuer, nonce, signature, subject and the like. */
  'refused',
] as const;

export type Failure = (typeof failures)[number];

/** `reason` is for the log: a fixed word or an error code of OAuth, never something that a person typed. */
export class LoginFailed extends Error {
  override readonly name = 'LoginFailed';
  readonly failure: Failure;
  readonly reason: string;
  constructor(failure: Failure, reason: string, cause?: unknown) {
    super(reason, { cause });
    this.failure = failure;
    this.reason = reason;
  }
}

/** What the registered error codes of an authorization answer mean for the citizen (OAuth 2.0, OIDC Core 3.1.2.6). */
export const failureOf = (error: string): Failure => {
  switch (error) {
    case 'access_denied':
      return 'ended';
    case 'unmet_authentication_requirements':
      return 'level';
    case 'login_required':
    case 'interaction_required':
    case 'consent_required':
    case 'account_selection_required':
      return 'loginRequired';
    case 'temporarily_unavailable':
    case 'server_error':
      return 'unavailable';
    default:
      return 'refused';
  }
};

const oauthCode = /^[a-z_]{1,60}$/u;

/** Whether nobody answered: fetch throws a TypeError with the socket's error as its cause. */
const isSilence = (error: unknown): boolean =>
  (error instanceof TypeError && error.cause !== undefined) ||
  (error instanceof oidc.ClientError && error.code === 'OAUTH_TIMEOUT');

/** A fault of this program stays what it is. */
const failed = (error: unknown): unknown => {
  if (error instanceof oidc.AuthorizationResponseError) {
    return new LoginFailed(failureOf(error.error), oauthCode.test(error.error) ? error.error : 'unknown_error', error);
  }
  if (error instanceof oidc.ResponseBodyError) {
    const failure = error.status >= 500 ? 'unavailable' : 'refused';
    return new LoginFailed(failure, oauthCode.test(error.error) ? error.error : 'unknown_error', error);
  }
  if (isSilence(error)) return new LoginFailed('unavailable', 'no_answer', error);
  if (error instanceof oidc.WWWAuthenticateChallengeError) return new LoginFailed('refused', 'userinfo', error);
  if (error instanceof oidc.ClientError) return new LoginFailed('refused', error.code ?? 'protocol', error);
  return error;
};

/** The response parameters may each be there once; the issuer must be (RFC 9207), whatever the metadata promise. */
const checkParameters = (parameters: URLSearchParams, issuer: string): void => {
  for (const name of ['state', 'iss', 'code', 'error']) {
    if (parameters.getAll(name).length > 1) throw new LoginFailed('refused', `${name}_twice`);
  }
  if (parameters.get('iss') !== issuer) throw new LoginFailed('refused', 'iss');
};

const textList = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/**
 * Turns the provider's answer into a login: exchanges the code, checks the ID token (signature, issuer, audience,
 * times, nonce, at_hash), reads userinfo and compares its subject.
 *
 * @throws LoginFailed
 */
export const readAnswer = async (
  connection: ProviderConnection,
  answer: { readonly redirectUri: string; readonly parameters: URLSearchParams; readonly state: string },
  pending: PendingLogin,
  ageing: Ageing,
): Promise<Login> => {
  const { configuration } = connection;
  try {
    checkParameters(answer.parameters, configuration.serverMetadata().issuer);
    const address = new URL(answer.redirectUri);
    address.search = answer.parameters.toString();
    const tokens = await oidc.authorizationCodeGrant(configuration, address, {
      expectedState: answer.state,
      expectedNonce: pending.nonce,
      pkceCodeVerifier: pending.codeVerifier,
      idTokenExpected: true,
      ...(pending.maxAge === undefined ? {} : { maxAge: pending.maxAge }),
    });
    const claims = tokens.claims();
    if (claims === undefined || tokens.id_token === undefined) throw new LoginFailed('refused', 'id_token');
    if (claims.auth_time === undefined) throw new LoginFailed('refused', 'auth_time');
    if (Array.isArray(claims.aud) && claims.aud.length > 1) throw new LoginFailed('refused', 'aud');
    if (!accessTokenFits(claims['at_hash'], tokens.access_token)) throw new LoginFailed('refused', 'at_hash');
    const userinfo = await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub);
    const login: Login = {
      sub: claims.sub,
      sid: typeof claims['sid'] === 'string' ? claims['sid'] : undefined,
      level: (typeof claims['acr'] === 'string' ? levelOf(claims['acr']) : undefined) ?? 'basic',
      authTime: claims.auth_time * 1000,
      issuedAt: claims.iat,
      amr: textList(claims['amr']),
      claims: userinfo,
      idToken: tokens.id_token,
      ...(tokens.refresh_token === undefined ? {} : { refreshToken: tokens.refresh_token }),
    };
    if (!reaches(login, pending.level, ageing)) throw new LoginFailed('level', 'acr');
    return login;
  } catch (error) {
    throw failed(error);
  }
};

/** Whether the login is, by our own clock and table, worth the level: else the page would ask again and again. */
const reaches = (login: Login, wanted: Level | undefined, ageing: Ageing): boolean => {
  if (wanted === undefined) return true;
  const now = Date.now();
  const level = agedLevel(login.level, { at: login.authTime, seen: now, now }, ageing);
  return level !== undefined && satisfies(level, wanted);
};
