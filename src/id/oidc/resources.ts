import { errors, type Configuration, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import type { RelyingParty } from '../clients/client.ts';
import type { ClientSet } from '../clients/load.ts';

/** The clients that offer an API, by its audience. */
export const apisOf = ({ clients }: ClientSet): ReadonlyMap<string, RelyingParty> =>
  new Map(
    [...clients.values()].flatMap((party) => (party.file.api ? [[party.file.api.audience, party] as const] : [])),
  );

/** Every scope of every API, for discovery. */
export const apiScopes = (set: ClientSet): readonly string[] => [
  ...new Set([...apisOf(set).values()].flatMap((party) => party.file.api?.scopes ?? [])),
];

type ResourceIndicators = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>;

/**
 * Tokens for an API (RFC 8707, RFC 9068): only those that the asking client's file names, with the scopes that both
 * files name. They are JWTs, so that an API can check them by itself; nobody can take one back, so they live shortly.
 *
 * @param life seconds.
 */
export const resourceIndicators = (set: ClientSet, life: number): ResourceIndicators => {
  const apis = apisOf(set);
  return {
    enabled: true,
    defaultResource(ctx, client, oneOf) {
      // A client on its own account has nothing to ask but an API; with only one in its file that one is meant.
      const own = ctx.oidc.params?.['grant_type'] === 'client_credentials';
      const choice = oneOf ?? (own ? Object.keys(set.clients.get(client.clientId)?.file.resources ?? {}) : []);
      if (choice.length > 1) throw new errors.InvalidTarget('name the one resource that the token is for');
      return choice[0];
    },
    useGrantedResource: () => false,
    getResourceServerInfo(_ctx: KoaContextWithOIDC, indicator: string, client): ResourceServer {
      const offered = apis.get(indicator)?.file.api;
      const allowed = set.clients.get(client.clientId)?.file.resources[indicator];
      if (!offered || !allowed) throw new errors.InvalidTarget('the client may not ask for this resource');
      return {
        audience: indicator,
        scope: offered.scopes.filter((scope) => allowed.includes(scope)).join(' '),
        accessTokenTTL: life,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      };
    },
  };
};
