import { Router } from '@koa/router';
import type { Artifacts } from '../../storage/artifacts.ts';
import type { Database } from '../../storage/database.ts';
import { deriveKey } from '../../storage/sealing.ts';
import { createWebApp } from '../../web/app.ts';
import { createCsrf } from '../../web/csrf.ts';
import type { Log } from '../../web/log.ts';
import type { AdmittedPart, Overload } from '../../web/overload/overload.ts';
import { createSeen } from '../../web/overload/seen.ts';
import type { Environment, Part } from '../../web/parts.ts';
import type { Handler, ListenOptions } from '../../web/server.ts';
import { createHealth, type Readiness } from '../../web/health.ts';
import { hostsOfOrigin } from '../../web/host.ts';
import { mountCommonPages } from '../../web/pages/mount.tsx';
import type { Stories } from '../../web/pages/stories.tsx';
import { createMarkedSecrets } from './marked-secret.ts';
import { relyingPartyStories } from './pages/stories.ts';
import type { RelyingPartyOptions } from './kit.ts';
import type { Fetch } from './provider.ts';
import { createRelyingParty, type RelyingParty } from './relying-party.ts';

/** What the composition root gives to a relying party. */
export interface ModuleDeps<Settings> {
  readonly settings: Settings;
  /** Bayern-ID's issuer, exactly as its metadata name it. */
  readonly issuer: string;
  /** The part's own store; the module does not close it. */
  readonly stores: { readonly artifacts: Artifacts };
  readonly keys: {
    /** Private ES256 JWK with its kid, for private_key_jwt. */
    readonly client: JsonWebKey & { readonly kid?: string };
    /** At least 32 random bytes, the same on every node. */
    readonly csrf: Buffer;
  };
  readonly log: Log;
  readonly environment: Environment;
  /** Who is served first when more is asked than this process can do; without it everybody is served alike. */
  readonly overload?: Overload;
  /** Outbound requests; the platform's own unless a test puts faults in between. */
  readonly fetch?: Fetch;
}

/** A relying party, ready to listen. */
export interface Module {
  readonly name: Part;
  readonly handler: Handler;
  readonly listener: { readonly port: number; readonly origin: string; readonly knownHosts: readonly string[] } & Pick<
    ListenOptions,
    'methods' | 'requestTimeout'
  >;
  /** Passes when requests can be answered: the store is there. The provider may be away, pages say so then. */
  ready(): Promise<void>;
  /** From now on not ready, so that a load balancer sends nobody any more. */
  drain(): void;
  /** The same with reasons, for the loopback port only. */
  readiness(): Promise<Readiness>;
  /** More for the operator: what the part depends on and what it waits for. */
  health?(): Promise<object>;
  /** Has nothing of its own to end: stores and listeners belong to the composition root. */
  close(): Promise<void>;
}

interface OwnOptions extends Pick<
  RelyingPartyOptions,
  'scope' | 'resources' | 'claims' | 'level' | 'nameOf' | 'onSessionEnd'
> {
  /** States of the part's own pages, for the browser gate. */
  readonly stories?: Stories;
  /** Of a part that writes down more than sessions: it is not ready while they cannot be written. */
  readonly records?: Pick<Database<unknown>, 'writable'>;
  /** In the form of the part's API: the problem (RFC 9457) for programs that are sent away. */
  readonly problem?: AdmittedPart['problem'];
  /** Who comes to a page that needs no login, by its address alone: see AdmittedPart. */
  readonly holderAt?: AdmittedPart['holderAt'];
}

/** APIs, and where Bayern-ID tells of logouts. */
const forPrograms = /^\/(?:api|backchannel-logout)(?:$|[/?])/;

/** Logouts, accounts that are gone, and payments: each comes again if it is not taken, but not for ever. */
const notices = /^\/(?:backchannel-logout|api\/security-events|api\/callbacks\/[\w-]+)(?:$|\?)/;

/** A part on the web ground: health, then what `add` brings before and after the common pages and `stories`. */
export const createPart = <Settings extends { readonly origin: string; readonly port: number }>(
  name: Part,
  deps: Pick<ModuleDeps<Settings>, 'settings' | 'environment' | 'log' | 'stores' | 'overload'>,
  stories: Stories,
  add: Pick<OwnOptions, 'records' | 'problem' | 'holderAt'> & {
    readonly before?: (router: Router) => void;
    readonly pages: (router: Router) => void;
    /** Without it all browsers are strangers. */
    readonly holderOf?: AdmittedPart['holderOf'];
  },
): Module => {
  const { environment, log, overload } = deps;
  const { origin, port } = deps.settings;
  const services = createSeen();
  const app = createWebApp({
    part: name,
    origin,
    secureCookies: origin.startsWith('https:'),
    environment,
    log,
    ...(overload ? { noteService: (request) => services.note(overload.addressOf(request)) } : {}),
  });
  const router = new Router();
  const ready = async (): Promise<void> => {
    await deps.stores.artifacts.find('rp-ready', 'none');
    await add.records?.writable();
  };
  const health = createHealth({ store: ready }, log);
  router.get('/health/live', (ctx) => health.live(ctx)).get('/health/ready', (ctx) => health.ready(ctx));
  add.before?.(router);
  mountCommonPages(router, { environment, stories });
  add.pages(router);
  app.use(router.routes()).use(router.allowedMethods());
  const handle = app.callback();
  const admission = overload?.admission({
    part: name,
    origin,
    forPrograms,
    notices,
    services,
    holderOf: add.holderOf ?? (() => undefined),
    problem: add.problem ?? { title: 'unavailable' },
    ...(add.holderAt ? { holderAt: add.holderAt } : {}),
  });
  return {
    name,
    handler: (request, response) => {
      if (admission?.admits(request, response) !== false) void handle(request, response);
    },
    listener: { port, origin, knownHosts: hostsOfOrigin(origin) },
    ready,
    drain: () => health.drain(),
    readiness: () => health.details(),
    async close() {},
  };
};

/** Puts a part together: the web ground, the kit's routes, and the part's own pages. */
export const createModule = <Settings extends { readonly origin: string; readonly port: number }>(
  name: Part,
  deps: ModuleDeps<Settings>,
  own: OwnOptions,
  addPages: (router: Router, relyingParty: RelyingParty) => void,
): Module => {
  const { issuer, environment } = deps;
  const { origin } = deps.settings;
  const relyingParty = createRelyingParty({
    ...own,
    origin,
    issuer,
    clientId: name,
    clientKey: deps.keys.client,
    artifacts: deps.stores.artifacts,
    csrf: createCsrf(deps.keys.csrf),
    marks: createMarkedSecrets(deriveKey(deps.keys.csrf, 'cookie marks')),
    environment,
    ...(deps.fetch === undefined ? {} : { fetch: deps.fetch }),
  });
  return createPart(
    name,
    deps,
    { ...relyingPartyStories, ...own.stories },
    {
      ...(own.records ? { records: own.records } : {}),
      ...(own.problem ? { problem: own.problem } : {}),
      ...(own.holderAt ? { holderAt: own.holderAt } : {}),
      holderOf: (cookies) => relyingParty.holderOf(cookies),
      before: (router) => relyingParty.mount(router),
      pages: (router) => addPages(router, relyingParty),
    },
  );
};
