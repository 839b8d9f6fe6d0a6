import { levels, satisfies, type Level } from '../../assurance/levels.ts';
import { acrOf } from '../../assurance/names.ts';
import type { JsonObject } from '../../storage/artifacts.ts';

/** The claims parameter (OpenID Connect Core 5.5) as far as this kit builds it. */
export interface ClaimsRequest {
  readonly userinfo?: JsonObject;
  readonly id_token?: JsonObject;
}

export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly scope: string;
  readonly state: string;
  readonly nonce: string;
  /** S256 challenge of RFC 7636. */
  readonly codeChallenge: string;
  readonly claims?: ClaimsRequest | undefined;
  /** The least level that will do. */
  readonly level?: Level | undefined;
  /** Seconds since the login that will do. */
  readonly maxAge?: number | undefined;
  readonly uiLocales?: string | undefined;
  /** Nobody is asked anything: who is not logged in there comes back without a login (OpenID Connect Core 3.1.2.1, prompt=none). */
  readonly silent?: boolean | undefined;
}

/**
 * The parameters of an authorization request. A level is asked for as an essential `acr` with every value that will
 * do, the wanted one first: that says "minimum" to any provider of OpenID Connect Core, which compares for equality.
 * `acr_values` is left out on purpose, since a provider may let it replace the essential request.
 */
export const authorizationParameters = (request: AuthorizationRequest): Record<string, string> => {
  const acr =
    request.level === undefined
      ? {}
      : {
          acr: { essential: true, values: levels.filter((l) => satisfies(l, request.level ?? l)).map((l) => acrOf(l)) },
        };
  const idToken = { ...request.claims?.id_token, ...acr };
  const claims = {
    ...(request.claims?.userinfo === undefined ? {} : { userinfo: request.claims.userinfo }),
    ...(Object.keys(idToken).length === 0 ? {} : { id_token: idToken }),
  };
  return {
    redirect_uri: request.redirectUri,
    scope: request.scope,
    state: request.state,
    nonce: request.nonce,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
    ...(Object.keys(claims).length === 0 ? {} : { claims: JSON.stringify(claims) }),
    ...(request.maxAge === undefined ? {} : { max_age: String(request.maxAge) }),
    ...(request.silent === true ? { prompt: 'none' } : {}),
    ...(request.uiLocales === undefined ? {} : { ui_locales: request.uiLocales }),
  };
};
