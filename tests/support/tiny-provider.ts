import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';
import './realm.ts';
import { Provider, type Adapter, type AdapterPayload, type ClientMetadata, type Configuration } from 'oidc-provider';

/** Who logs in next, and how. The provider asks nobody: every login and consent is given at once. */
export interface NextLogin {
  accountId: string;
  acr: string;
  /** Seconds since the epoch; the moment of the login when not given. */
  authTime?: number;
  amr?: readonly string[];
  /** The login ends with this error instead. */
  error?: string;
}

export interface TinyProvider {
  readonly issuer: string;
  readonly next: NextLogin;
  /** Userinfo of the accounts, beyond `sub`. */
  readonly claims: Map<string, Record<string, unknown>>;
  /** Query of every authorization request, in order. */
  readonly requests: URLSearchParams[];
  /** Signs with the provider's own key: what only the provider, or a thief of its key, could say. */
  sign(payload: JWTPayload, header?: { typ?: string; alg?: string }): Promise<string>;
  /** A logout token as it should be; what is given replaces or, when undefined, removes a claim. */
  logoutToken(claims: Record<string, unknown>, header?: { typ?: string }): Promise<string>;
  close(): Promise<void>;
}

/** One Map for everything; expired records are absent. Enough for one process of a test. */
const memory = (): ((name: string) => Adapter) => {
  const records = new Map<string, { payload: AdapterPayload; until: number }>();
  return (name) => {
    const key = (id: string): string => `${name}:${id}`;
    const find = (id: string): AdapterPayload | undefined => {
      const record = records.get(key(id));
      return record === undefined || record.until <= Date.now() ? undefined : structuredClone(record.payload);
    };
    return {
      async upsert(id, payload, expiresIn) {
        records.set(key(id), { payload: structuredClone(payload), until: Date.now() + (expiresIn ?? 86_400) * 1000 });
      },
      find: async (id) => find(id),
      async findByUid(uid) {
        for (const [id, { payload }] of records) {
          if (id.startsWith(`${name}:`) && payload.uid === uid) return find(id.slice(name.length + 1));
        }
        return undefined;
      },
      findByUserCode: async () => undefined,
      async consume(id) {
        const record = records.get(key(id));
        if (record !== undefined) record.payload.consumed = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        records.delete(key(id));
      },
      async revokeByGrantId(grantId) {
        for (const [id, { payload }] of records) if (payload.grantId === grantId) records.delete(id);
      },
    };
  };
};

/** The library warns of what is meant so here: quick interactions, and a fetch to loopback. */
const silence = (): void => {
  for (const level of ['warn', 'info'] as const) {
    const speak = console[level].bind(console);
    console[level] = (...words: unknown[]) => {
      if (!String(words[0]).includes('oidc-provider')) speak(...words);
    };
  }
};

silence();

const listenOn = async (server: Server, port: number): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const lifetimes = {
  Session: 86_400,
  Interaction: 3600,
  Grant: 86_400,
  AccessToken: 600,
  IdToken: 600,
  AuthorizationCode: 60,
  ClientCredentials: 600,
  RefreshToken: 86_400,
};

/**
 * A real OpenID provider on a port of its own, of a quality for tests only. `clients` is a function of the issuer, since
 * a client may need to know it.
 */
export const startTinyProvider = async (options: {
  clients: readonly ClientMetadata[];
  /** Where to listen; 0 takes a free port. */
  port?: number;
}): Promise<TinyProvider> => {
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const server = createServer((request, response) => handle(request, response));
  const issuer = `http://localhost:${await listenOn(server, options.port ?? 0)}`;

  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(privateKey)), kid: 'tiny', alg: 'ES256', use: 'sig' };
  const next: NextLogin = { accountId: 'erika', acr: 'urn:bayern-id:acr:basic' };
  const claims = new Map<string, Record<string, unknown>>();
  const requests: URLSearchParams[] = [];

  const configuration: Configuration = {
    adapter: memory(),
    clients: [...options.clients],
    jwks: { keys: [jwk] },
    cookies: { keys: ['tiny-provider'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    responseTypes: ['code'],
    acrValues: [
      'urn:bayern-id:acr:basic',
      ...['low', 'substantial', 'high'].map((level) => `http://eidas.europa.eu/LoA/${level}`),
    ],
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time'],
      profile: ['name', 'given_name', 'family_name'],
      verified_claims: null,
    },
    ttl: lifetimes,
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = `<!doctype html><title>logout</title>${form}`;
        },
      },
    },
    fetch: (url, init) => fetch(url, { ...init, dispatcher: undefined } as RequestInit),
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...claims.get(sub) }) }),
    async loadExistingGrant(ctx) {
      const known = ctx.oidc.session?.grantIdFor(ctx.oidc.client?.clientId ?? '');
      const present = known === undefined ? undefined : await ctx.oidc.provider.Grant.find(known);
      if (present !== undefined) return present;
      const grant = new ctx.oidc.provider.Grant({
        accountId: ctx.oidc.session?.accountId ?? '',
        clientId: ctx.oidc.client?.clientId ?? '',
      });
      grant.addOIDCScope('openid profile');
      grant.addOIDCClaims(['verified_claims', 'acr', 'amr', 'auth_time', 'name', 'given_name', 'family_name']);
      await grant.save();
      return grant;
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    renderError: (ctx, out) => {
      ctx.type = 'text/plain';
      ctx.body = `${out.error}: ${out.error_description ?? ''}`;
    },
  };

  const provider = new Provider(issuer, configuration);

  const interact = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const details = await provider.interactionDetails(request, response);
    const error = next.error ?? (details.lastSubmission?.login ? 'unmet_authentication_requirements' : undefined);
    const result =
      error === undefined
        ? {
            login: {
              accountId: next.accountId,
              acr: next.acr,
              amr: [...(next.amr ?? ['pwd'])],
              ts: next.authTime ?? Math.floor(Date.now() / 1000),
            },
          }
        : { error };
    await provider.interactionFinished(request, response, result);
  };

  const callback = provider.callback();
  handle = (request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    if (url.pathname === '/auth') requests.push(url.searchParams);
    if (!url.pathname.startsWith('/interaction/')) {
      void callback(request, response);
      return;
    }
    interact(request, response).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  };

  const sign: TinyProvider['sign'] = async (payload, header = {}) =>
    await new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'tiny', ...header }).sign(await importJWK(jwk));

  return {
    issuer,
    next,
    claims,
    requests,
    sign,
    logoutToken(given, header = { typ: 'logout+jwt' }) {
      const now = Math.floor(Date.now() / 1000);
      return sign(
        {
          iss: issuer,
          iat: now,
          exp: now + 120,
          jti: crypto.randomUUID(),
          events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
          ...given,
        },
        header,
      );
    },
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
};
