import type { Configuration } from 'oidc-provider';
import type { RelyingParty } from '../clients/client.ts';
import { mutualTls } from './mtls.ts';
import { assertClaims, assertRequestObject } from './request-rules.ts';
import { resourceIndicators } from './resources.ts';
import type { ProviderParts } from './configuration.ts';

type Token = { readonly clientId?: string | undefined; readonly accountId?: string; readonly aud?: unknown };

/**
 * The library's switches, all of them: an update may change a default silently, and one test asserts this whole page.
 *
 * @param alive whether the account of a token may still be used.
 */
export const features = (
  parts: ProviderParts,
  alive: (accountId: string) => Promise<boolean>,
): NonNullable<Configuration['features']> => {
  const { set, issuer, lifetimes } = parts;
  const party = (clientId: string): RelyingParty | undefined => set.clients.get(clientId);
  const isIts = (clientId: string, token: Token): boolean => token.clientId === clientId;
  /** An API sees the tokens that are for it. */
  const isFor = (clientId: string, { aud }: Token): boolean => {
    const audience = party(clientId)?.file.api?.audience;
    return audience !== undefined && aud === audience;
  };
  return {
    attestClientAuth: { enabled: false },
    backchannelLogout: { enabled: true },
    ciba: { enabled: false },
    claimsParameter: {
      enabled: true,
      assertClaimsParameter: (_ctx, claims) =>
        Promise.resolve(assertClaims(claims as unknown as Record<string, unknown>)),
    },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: false },
    devInteractions: { enabled: false },
    dPoP: { enabled: true },
    encryption: { enabled: true },
    externalSigningSupport: { enabled: false },
    fapi: {
      enabled: true,
      profile: (_ctx, client) => (client && party(client.clientId)?.file.profile === 'fapi2' ? '2.0' : undefined),
    },
    introspection: {
      enabled: true,
      // The library does not look at the account here, so a locked one would stay active until its tokens expire.
      allowedPolicy: async (_ctx, client, token) =>
        (isIts(client.clientId, token) || isFor(client.clientId, token)) &&
        (!('accountId' in token) || token.accountId === undefined || (await alive(token.accountId))),
    },
    jwtIntrospection: { enabled: true },
    jwtResponseModes: { enabled: true },
    jwtUserinfo: { enabled: true },
    mTLS: mutualTls(parts.mutualTls !== undefined),
    pushedAuthorizationRequests: {
      enabled: true,
      requirePushedAuthorizationRequests: false,
      allowUnregisteredRedirectUris: false,
    },
    registration: { enabled: false },
    registrationManagement: { enabled: false },
    requestObjects: {
      enabled: true,
      requireSignedRequestObject: false,
      assertJwtClaimsAndHeader: (_ctx, claims, header, client) =>
        Promise.resolve(assertRequestObject(issuer, client.clientId, claims, header)),
    },
    resourceIndicators: resourceIndicators(set, lifetimes.api_access_token),
    revocation: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => Promise.resolve(isIts(client.clientId, token)),
    },
    richAuthorizationRequests: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => parts.pages.logout(ctx, form),
      postLogoutSuccessSource: (ctx) => parts.pages.loggedOut(ctx),
    },
    rpMetadataChoices: { enabled: false },
    userinfo: { enabled: true },
    webMessageResponseMode: { enabled: false },
  };
};
