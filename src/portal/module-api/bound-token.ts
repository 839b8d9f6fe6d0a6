import * as oidc from 'openid-client';
import type { Provider } from '../relying-party/provider.ts';

/** A module's own access to another part's API that takes only tokens bound to a key (DPoP, RFC 9449). */
export interface BoundAccess {
  /**
   * One request with a token that is kept while it is good. A token that is refused is forgotten and the request made once more.
   *
   * @throws ProviderUnavailable, what openid-client throws, and what fetch throws.
   */
  request(method: string, url: URL, body?: string): Promise<Response>;
}

/** Seconds before its end at which a token is not used any more. */
const margin = 10;

/** Status of an answer by which an API refuses the token. */
const refusedToken = 401;

/** @param options.resource the API that the tokens are for (RFC 8707). */
export const createBoundAccess = (options: {
  readonly provider: Provider;
  readonly scope: string;
  readonly resource: string;
}): BoundAccess => {
  const { provider, scope, resource } = options;
  let token: { readonly value: string; readonly until: number } | undefined;
  let keyPair: Promise<oidc.CryptoKeyPair> | undefined;

  const send = async (method: string, url: URL, body: string | undefined): Promise<Response> => {
    const { configuration } = await provider.connect();
    // The key is of this process alone and never leaves it.
    keyPair ??= oidc.randomDPoPKeyPair('ES256');
    const DPoP = oidc.getDPoPHandle(configuration, await keyPair);
    if (token === undefined || token.until <= Date.now()) {
      const granted = await oidc.clientCredentialsGrant(configuration, { scope, resource }, { DPoP });
      token = {
        value: granted.access_token,
        until: Date.now() + Math.max(0, (granted.expires_in ?? 0) - margin) * 1000,
      };
    }
    const headers = new Headers({ accept: 'application/json' });
    if (body !== undefined) headers.set('content-type', 'application/json');
    return oidc.fetchProtectedResource(configuration, token.value, url, method, body, headers, { DPoP });
  };

  return {
    async request(method, url, body) {
      try {
        return await send(method, url, body);
      } catch (error) {
        if (!(error instanceof oidc.WWWAuthenticateChallengeError) || error.status !== refusedToken) throw error;
        token = undefined;
        return send(method, url, body);
      }
    },
  };
};
