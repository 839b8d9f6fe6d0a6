import { createLocalJWKSet, errors, jwtVerify, type JWK } from 'jose';

/** The audience of tokens for Bayern-ID's own API. */
export const ownApiAudience = (issuer: string): string => `${issuer}/api`;

export const ownApiScopes = ['postfach:resolve'] as const;
export type OwnApiScope = (typeof ownApiScopes)[number];

/** A client that calls on its own account. */
export interface ApiCaller {
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
}

/** @returns undefined for whatever is no bearer token for this API, of a client on its own account, in its time. */
export type ReadApiToken = (authorization: string) => Promise<ApiCaller | undefined>;

const publicHalf = ({ kty, crv, x, y, kid, alg }: JWK): JWK =>
  ({ kty, crv, x, y, kid, alg, use: 'sig' }) as unknown as JWK;

/**
 * Reads access tokens that Bayern-ID has issued for its own API (RFC 9068, section 4; RFC 6750). A token that is bound to
 * a key (`cnf`) is none that may be shown like this, and one of a citizen (`sub` is not the client) gives no client a right.
 *
 * @param keys the provider's, as they are now.
 */
export const createReadApiToken = (issuer: string, keys: () => readonly JWK[]): ReadApiToken => {
  let known: { readonly keys: readonly JWK[]; readonly find: ReturnType<typeof createLocalJWKSet> } | undefined;
  const keySet = (): ReturnType<typeof createLocalJWKSet> => {
    const now = keys();
    if (known?.keys !== now) {
      const signing = now.filter(({ alg }) => alg === 'ES256').map(publicHalf);
      known = { keys: now, find: createLocalJWKSet({ keys: signing }) };
    }
    return known.find;
  };
  return async (authorization) => {
    const token = /^bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
    if (token === undefined) return undefined;
    try {
      const { payload } = await jwtVerify(token, keySet(), {
        issuer,
        audience: ownApiAudience(issuer),
        algorithms: ['ES256'],
        typ: 'at+jwt',
        requiredClaims: ['exp', 'sub', 'client_id'],
      });
      const { sub, client_id: clientId, scope, cnf } = payload;
      if (typeof clientId !== 'string' || sub !== clientId || cnf !== undefined) return undefined;
      return { clientId, scopes: new Set(typeof scope === 'string' ? scope.split(' ') : []) };
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  };
};
