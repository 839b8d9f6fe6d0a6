import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { ClientMetadata } from 'oidc-provider';
import { createModule, type Module, type ModuleDeps } from '../../src/portal/relying-party/module.ts';
import type { Fetch } from '../../src/portal/relying-party/provider.ts';
import { openStores, type Stores } from '../../src/storage/open.ts';
import { createLog } from '../../src/web/log.ts';
import type { Part } from '../../src/web/parts.ts';
import { listen, type Handler } from '../../src/web/server.ts';
import { startTinyProvider, type TinyProvider } from './tiny-provider.ts';

type BaseSettings = { readonly origin: string; readonly port: number };
type Factory = (deps: ModuleDeps<BaseSettings> & { readonly stores: Stores<unknown> }) => Module | Promise<Module>;

export interface RunningParty {
  readonly origin: string;
  readonly stores: Stores<unknown>;
  /** Lines of its log. */
  readonly log: string[];
  readonly module: Module;
}

/** The network between the parties and the provider: a test may put a fault into one exchange. */
export interface Network {
  /** Undefined lets the request through. */
  intercept: ((url: string, options: RequestInit) => Promise<Response | undefined>) | undefined;
}

export interface Scene {
  readonly provider: TinyProvider;
  readonly network: Network;
  readonly parties: ReadonlyMap<string, RunningParty>;
  party(name: string): RunningParty;
  close(): Promise<void>;
}

/** A part with one page for each thing that the kit does. */
export const testPages =
  (name: Part): Factory =>
  (deps) =>
    createModule(name, deps, { scope: 'openid profile' }, (router, relyingParty) => {
      const show = async (ctx: Parameters<typeof relyingParty.session>[0]): Promise<void> => {
        const session = await relyingParty.session(ctx);
        ctx.body = JSON.stringify(
          session === undefined
            ? null
            : { sub: session.sub, level: session.level, reached: session.reached, name: session.claims['name'] },
        );
      };
      router.get('/', show);
      router.get('/hoch', relyingParty.requireLevel('high'), show);
      router.get('/niedrig', relyingParty.requireLevel('low'), show);
      router.get('/frisch', relyingParty.requireLevel('basic', { maxAge: 60 }), show);
      router.get('/offen', relyingParty.recognise(), show);
      router.post('/niedrig', relyingParty.requireLevel('low'), show);
    });

const clientOf = (name: string, origin: string, key: JWK): ClientMetadata => ({
  client_id: name,
  redirect_uris: [`${origin}/callback`],
  post_logout_redirect_uris: [`${origin}/abgemeldet`],
  backchannel_logout_uri: `${origin}/backchannel-logout`,
  backchannel_logout_session_required: true,
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'ES256',
  jwks: { keys: [{ kty: key.kty, crv: key.crv, x: key.x, y: key.y, kid: key.kid, alg: 'ES256', use: 'sig' }] as never },
});

/** Relying parties and the provider that they rely on, each on a port of its own, with real stores between. */
export const startScene = async (factories: Readonly<Partial<Record<Part, Factory>>>): Promise<Scene> => {
  const folder = await mkdtemp(join(tmpdir(), 'relying-party-'));
  const network: Network = { intercept: undefined };
  const outbound: Fetch = async (url, options) =>
    (await network.intercept?.(url, options)) ?? (await fetch(url, options));
  const closing: (() => Promise<void>)[] = [];

  const places = await Promise.all(
    Object.entries(factories).map(async ([name, factory]) => {
      let handler: Handler = (_request, response) => {
        response.writeHead(503).end();
      };
      const log: string[] = [];
      const listening = await listen({
        name,
        port: 0,
        knownHosts: (port) => [`localhost:${port}`],
        handler: (request, response) => handler(request, response),
        log: createLog({ write: (line) => log.push(line) }),
      });
      closing.push(() => listening.close(0));
      const { privateKey } = await generateKeyPair('ES256', { extractable: true });
      const key = { ...(await exportJWK(privateKey)), kid: `${name}-1` };
      const start = (next: Handler): void => {
        handler = next;
      };
      return { name, factory, log, key, port: listening.port, origin: `http://localhost:${listening.port}`, start };
    }),
  );

  const provider = await startTinyProvider({
    clients: places.map((place) => clientOf(place.name, place.origin, place.key)),
  });
  const parties = new Map<string, RunningParty>();
  for (const place of places) {
    const stores = await openStores<unknown>({ directory: folder, part: place.name, masterKey: randomBytes(32) });
    closing.push(() => stores.close());
    const module = await place.factory({
      settings: { origin: place.origin, port: place.port },
      issuer: provider.issuer,
      stores,
      keys: { client: place.key, csrf: randomBytes(32) },
      log: createLog({ write: (line) => place.log.push(line) }),
      environment: 'test',
      fetch: outbound,
    });
    place.start(module.handler);
    parties.set(place.name, { origin: place.origin, stores, log: place.log, module });
  }

  return {
    provider,
    network,
    parties,
    party(name) {
      const found = parties.get(name);
      if (found === undefined) throw new Error(`no party ${name}`);
      return found;
    },
    async close() {
      await provider.close();
      for (const close of closing) await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
