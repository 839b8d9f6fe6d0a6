import * as oidc from 'openid-client';
import type { Provider } from '../relying-party/provider.ts';

/** A module's own token for another part's API. */
export interface ServiceToken {
  /** Kept while it is good. @throws ProviderUnavailable, and what openid-client throws. */
  get(): Promise<string>;
  /** The API did not take it: keys were exchanged, or the provider began anew. */
  forget(): void;
}

/** Seconds before its end at which a token is not used any more. */
const margin = 10;

/** @param options.resource the API that it is for (RFC 8707). */
export const createServiceToken = (options: {
  readonly provider: Provider;
  readonly scope: string;
  readonly resource: string;
}): ServiceToken => {
  const { provider, scope, resource } = options;
  let token: { readonly value: string; readonly until: number } | undefined;
  return {
    async get() {
      if (token !== undefined && token.until > Date.now()) return token.value;
      const { configuration } = await provider.connect();
      const granted = await oidc.clientCredentialsGrant(configuration, { scope, resource });
      token = {
        value: granted.access_token,
        until: Date.now() + Math.max(0, (granted.expires_in ?? 0) - margin) * 1000,
      };
      return token.value;
    },
    forget() {
      token = undefined;
    },
  };
};
