import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Context, Middleware } from 'koa';
import { Provider, type ClientMetadata, type KoaContextWithOIDC } from 'oidc-provider';
import type { Artifacts } from '../../storage/artifacts.ts';
import type { AuditEvent } from '../audit/events.ts';
import { createSlices } from '../../config/slices.ts';
import { ClientRefused, sectorUri, type RelyingParty } from '../clients/client.ts';
import type { ClientSet } from '../clients/load.ts';
import type { BrowserSessionRepository } from '../identity/browser-sessions.ts';
import type { PostfachHandles } from '../identity/postfach.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { ServiceRepository } from '../identity/service-records.ts';
import { revokeGrant, type Replayed } from './adapter.ts';
import { clientMetadata } from './client-adapter.ts';
import { providerConfiguration, sessionLife, type Lifetimes } from './configuration.ts';
import { leaveWithoutSession, postToGet, withRightGrantError } from './corrections.ts';
import type { ClientThrottle } from './client-throttle.ts';
import { discoveryDocument, type Metadata } from './discovery.ts';
import { createDoor, InteractionGone, type Door } from './door.ts';
import { createEvidenceStore } from './evidence-store.ts';
import { readFormPost } from './form-post.ts';
import { createKeyDocuments } from './key-documents.ts';
import type { KeySet } from './keys.ts';
import { listen } from './listeners.ts';
import { createLoggedOutStore, type LoggedOut } from './logged-out.ts';
import { createFetch, deliverNotice, noticeKey, type Fetch, type LogoutNotice } from './logout.ts';
import { createOwnFlows } from './own-flows.ts';
import { documentOf, publicDocuments, type Documents } from './public-documents.ts';
import type { Log } from '../../web/log.ts';
import { HttpError } from '../../web/http-error.ts';
import type { Outbound } from '../../web/outbound.ts';
import { deliverSecurityEvent, type AccountPurged } from './security-events.ts';
import type { SessionRegister } from './session-register.ts';
import { createSweep } from './session-sweep.ts';
import { servicesOf } from './sessions.ts';
import { createVisitors, type Visitors } from './visitor.ts';
import type { LevelRules, NoteLogin } from './policy.ts';
import { createAccountSessions, type AccountSessions } from './account-sessions.ts';
import { createReadApiToken, type ReadApiToken } from './own-api.ts';
import { ownClient, ownClientId } from './own-client.ts';
import { parsePrincipal } from './principal.ts';
import type { ProviderPages } from './provider-pages.ts';
import { apiScopes } from './resources.ts';

export interface OidcParts {
  readonly issuer: string;
  readonly secureCookies: boolean;
  readonly lifetimes: Lifetimes;
  readonly rules: LevelRules;
  readonly keys: KeySet;
  /** Clients that an operator has switched off. */
  readonly off: ReadonlySet<string>;
  readonly artifacts: Artifacts;
  readonly citizens: CitizenRepository;
  readonly handles: PostfachHandles;
  readonly sessions: SessionRegister;
  readonly browsers: BrowserSessionRepository;
  readonly services: ServiceRepository;
  readonly noteLogin: NoteLogin;
  readonly outbound: Outbound;
  readonly enqueue: (notice: LogoutNotice, key: string) => Promise<void>;
  /** Which of these notices are delivered. */
  readonly delivered: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly pages: ProviderPages;
  readonly record: (event: AuditEvent) => void;
  readonly log: Pick<Log, 'error'>;
  readonly throttle: ClientThrottle;
  /** The address of a request as guards count it. */
  readonly addressOf: (ctx: Context) => string;
  readonly allowFormAction: (ctx: Context, ...addresses: string[]) => void;
  /** Origin of the listener that asks for client certificates. */
  readonly mutualTls?: string;
}

export interface Oidc {
  /** Passes the provider's own addresses on to it, all others to the next in line. */
  readonly middleware: Middleware;
  readonly door: Door;
  readonly visitors: Visitors;
  readonly accountSessions: AccountSessions;
  /**
   * Builds a second provider on a new set of clients and changes over once every client of it is valid.
   *
   * @throws ClientRefused naming the one that is not; the first provider goes on.
   */
  swap(set: ClientSet): Promise<void>;
  /** The same for keys and for clients that are switched off; does nothing when they are as before. */
  apply(change: { readonly keys?: KeySet; readonly off: ReadonlySet<string> }): Promise<void>;
  deliver(notice: LogoutNotice): Promise<void>;
  /** @param id of the message in the outbox. */
  tellPurged(event: AccountPurged, id: string): Promise<void>;
  /** Ends the sessions whose time is over, for which no request comes in any more. */
  sweep(): Promise<void>;
  /** Who calls Bayern-ID's own API. */
  readonly readApiToken: ReadApiToken;
  /** The clients in force: Mein Konto and those of the files, without those that are switched off. */
  clients(): ClientSet;
  /** The discovery document of this configuration, as it is given out. */
  metadata(): Metadata;
  /**
   * Answers discovery and key set past everything else, once they were built for this configuration: every relying party
   * asks for them again and again. @returns whether it was one of them.
   */
  answerDocument(request: IncomingMessage, response: ServerResponse): boolean;
}

const ownPath =
  /^\/(?:auth(?:\/[\w-]+)?|token(?:\/introspection|\/revocation)?|me|jwks|request|session\/end(?:\/(?:confirm|success))?|\.well-known\/(?:openid-configuration|oauth-authorization-server))$/;

/** What a provider is built from, and is built anew from when it changes. */
interface Setup {
  /** As the files have it. */
  readonly files: ClientSet;
  readonly keys: KeySet;
  readonly off: ReadonlySet<string>;
}

/** Where clients authenticate. */
const clientEndpoint = /^\/(?:token(?:\/introspection|\/revocation)?|request)$/;

/** A client that is switched off is as good as unknown. */
const inForce = ({ files, off }: Setup, own: RelyingParty): ClientSet => ({
  ...files,
  clients: new Map([[ownClientId, own], ...[...files.clients].filter(([clientId]) => !off.has(clientId))]),
});

/** A provider, what it was built from, and what it has answered at its public addresses. */
interface Running {
  readonly set: ClientSet;
  readonly keys: KeySet;
  readonly provider: Provider;
  readonly documents: Documents;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

export const createOidc = async (parts: OidcParts, first: ClientSet): Promise<Oidc> => {
  const { issuer, artifacts } = parts;
  const evidence = createEvidenceStore(artifacts);
  const loggedOut = createLoggedOutStore(artifacts);
  const ownFlows = createOwnFlows(parts.lifetimes.interaction);
  const outcomes = new WeakMap<object, LoggedOut>();
  const origin = new URL(issuer);
  const ownHeaders = { host: origin.host, 'x-forwarded-proto': origin.protocol.slice(0, -1) };
  // The library's contexts wrap the same request as ours; this is how its callbacks find ours again.
  const outer = new WeakMap<IncomingMessage, Context>();
  /** Where clients come from, noted before the headers that say so are taken away from the library. */
  const addresses = new WeakMap<IncomingMessage, string>();
  const ours = (ctx: KoaContextWithOIDC): Context => {
    const found = outer.get(ctx.req);
    if (!found) throw new TypeError('the request did not come through our own app');
    return found;
  };
  const answer = (ctx: KoaContextWithOIDC, mine: Context): void => {
    ctx.type = mine.response.type;
    ctx.body = mine.body;
  };

  const keyDocuments = createKeyDocuments(parts.outbound);

  /** Each provider answers the sector documents of its own clients, also while it is only being validated. */
  const fetchFor = ({ clients }: ClientSet): Fetch => {
    let sectors: ReadonlyMap<string, readonly RelyingParty[]> | undefined;
    const sectorDocument = (address: string): readonly string[] | undefined => {
      sectors ??= Map.groupBy(clients.values(), ({ sector }) => sectorUri(sector));
      return sectors.get(address)?.flatMap(({ file }) => file.redirect_uris);
    };
    return createFetch(
      // The library asks by GET for nothing but the keys of clients.
      (address, request) => (request?.method === 'GET' ? keyDocuments(address) : parts.outbound(address, request)),
      (notice) => parts.enqueue(notice, noticeKey(notice.clientId, notice.sid)),
      sectorDocument,
    );
  };

  /** Twenty copies of one stolen code are one event: whoever comes first for a grant writes it down. */
  const replayed: Replayed = async (model, { id, clientId, principal }) => {
    if (model !== 'AuthorizationCode' && model !== 'RefreshToken') return;
    if (!(await artifacts.saveNew('Replayed', id, {}, { ttl: parts.lifetimes.refresh_token }))) return;
    const account = typeof principal === 'string' ? parsePrincipal(principal) : undefined;
    parts.record({
      type: 'token.replayed',
      what: model === 'RefreshToken' ? 'refresh_token' : 'code',
      ...(typeof clientId === 'string' ? { clientId } : {}),
      ...(account ? { accountId: account.accountId } : {}),
    });
  };

  const build = (clients: ClientSet, keys: KeySet, documents: Documents): Provider => {
    const provider = new Provider(
      issuer,
      providerConfiguration({
        ...parts,
        keys,
        set: clients,
        evidence,
        fetch: fetchFor(clients),
        replayed,
        pages: {
          renderError(ctx, out, error) {
            const mine = ours(ctx);
            mine.status = ctx.status;
            parts.pages.error(mine, {
              error: out.error,
              status: ctx.status,
              ...(out.error_description === undefined ? {} : { description: out.error_description }),
            });
            if (ctx.status >= 500)
              parts.log.error('provider.error', { error: error.name, referenceId: String(mine.state['referenceId']) });
            answer(ctx, mine);
          },
          logout(ctx, form) {
            const mine = ours(ctx);
            const action = /action="([^"]+)"/.exec(form)?.[1] ?? '';
            const xsrf = /name="xsrf" value="([^"]+)"/.exec(form)?.[1] ?? '';
            const clientId = ctx.oidc.client?.clientId;
            parts.pages.logout(mine, {
              action: new URL(action).pathname,
              xsrf,
              services: ctx.oidc.session ? servicesOf(ctx.oidc.session).map((service) => service.clientId) : [],
              ...(clientId === undefined ? {} : { clientId }),
            });
            answer(ctx, mine);
            return Promise.resolve();
          },
          async loggedOut(ctx) {
            const mine = ours(ctx);
            const { services, stayed, clientId } = (await loggedOut.read(mine)) ?? { services: [], stayed: false };
            const told = await parts.delivered(services.map(({ key }) => key));
            await parts.pages.loggedOut(mine, {
              stayed,
              services: services.map(({ clientId: service, key }) => ({ clientId: service, told: told.has(key) })),
              ...(clientId === undefined ? {} : { clientId }),
            });
            answer(ctx, mine);
          },
        },
      }),
    );
    provider.proxy = true;
    provider.use(async (ctx, next) => {
      await next();
      if (ctx.status === 200 && ctx.method === 'GET' && publicDocuments.includes(ctx.path)) {
        const metadata = ctx.path !== '/jwks';
        const body = ctx.body as Record<string, unknown>;
        documents.set(
          ctx.path,
          documentOf(
            metadata ? discoveryDocument(body, apiScopes(clients), parts.mutualTls) : body,
            ctx.response.get('content-type'),
          ),
        );
      }
      const posted = readFormPost(ctx.body);
      if (posted) {
        const mine = ours(ctx as KoaContextWithOIDC);
        mine.status = ctx.status;
        parts.pages.formPost(mine, { ...posted, clientId: (ctx as KoaContextWithOIDC).oidc.client?.clientId });
        answer(ctx as KoaContextWithOIDC, mine);
      }
      const outcome = outcomes.get(ctx);
      if (outcome) await loggedOut.keep(ours(ctx as KoaContextWithOIDC), outcome);
      if (ctx.path === '/session/end' && ctx.status === 200) leaveWithoutSession(ctx as KoaContextWithOIDC);
      if (ctx.status === 401 && clientEndpoint.test(ctx.path))
        await parts.throttle.failed(addresses.get(ctx.req) ?? '');
      if (ctx.path === '/token' && ctx.status === 400) ctx.body = withRightGrantError(ctx.body);
      if (ctx.status === 503) ctx.set('retry-after', '5');
    });
    listen(provider, {
      clients,
      sessions: parts.sessions,
      evidence,
      citizens: parts.citizens,
      record: parts.record,
      log: parts.log,
      ownFlows,
      ours,
      referenceOf: (request) => String(outer.get(request)?.state['referenceId'] ?? ''),
      ended: (ctx, outcome) => outcomes.set(ctx, outcome),
      replayed,
    });
    return provider;
  };

  /** Every provider has the same switches, so what one found valid the next one would as well. */
  const valid = new WeakSet<RelyingParty>();

  /** The library validates a client at its first use; a set with an invalid one must not come into force at all. */
  const validated = async (setup: Setup): Promise<Running> => {
    const documents: Documents = new Map();
    const set = inForce(setup, own);
    const provider = build(set, setup.keys, documents);
    const pause = createSlices();
    for (const [clientId, party] of set.clients) {
      await pause();
      if (valid.has(party)) continue;
      try {
        await provider.Client.validate(clientMetadata(party) as ClientMetadata);
      } catch (error) {
        const { error_description: reason } = error as { error_description?: string };
        throw new ClientRefused(clientId, reason ?? String(error));
      }
      valid.add(party);
    }
    const handle = provider.callback();
    // The library makes them; a request that nobody sent has it make them once, and build() keeps what comes out.
    for (const path of publicDocuments) {
      const request = new IncomingMessage(new Socket());
      Object.assign(request, { method: 'GET', url: path, headers: ownHeaders });
      await handle(request, new ServerResponse(request));
    }
    return { set, keys: setup.keys, provider, documents, handle };
  };

  const own = ownClient(issuer);
  let setup: Setup = { files: first, keys: parts.keys, off: parts.off };
  let running = await validated(setup);

  /** A service that is no client any more is told that its sessions are over; what was issued to it is void. */
  const endClient = async (clientId: string): Promise<void> => {
    for (const { grant_id: grantId } of await parts.sessions.endClient(clientId)) await revokeGrant(artifacts, grantId);
  };

  let changing = Promise.resolve();
  /** One change after the other, each from what the last one has left. Requests under way end on the old provider. */
  const change = (wanted: Partial<Setup>): Promise<void> => {
    const done = changing.then(async () => {
      const next = { ...setup, ...wanted };
      const built = await validated(next);
      const gone = [...running.set.clients.keys()].filter((clientId) => !built.set.clients.has(clientId));
      setup = next;
      running = built;
      for (const clientId of gone)
        // Its tokens are refused already; who was not told now is told when the session ends.
        await endClient(clientId).catch(() => parts.log.error('client.end_failed'));
    });
    changing = done.catch(() => {});
    return done;
  };

  const door = createDoor({
    provider: () => running.provider,
    set: () => running.set,
    artifacts,
    evidence,
    register: parts.sessions,
    ownFlows,
    switched: (accountId) => parts.record({ type: 'session.ended', by: 'switch', accountId }),
  });

  /** After logging out the browser may go on to an address that the asking client has registered; CSP must let it. */
  const letLogoutLeave = (ctx: Context): void => {
    const uri = ctx.query['post_logout_redirect_uri'];
    if (typeof uri !== 'string') return;
    if ([...running.set.clients.values()].some((party) => party.file.post_logout_redirect_uris.includes(uri)))
      parts.allowFormAction(ctx, uri);
  };

  const visitors = createVisitors({
    provider: () => running.provider,
    citizens: parts.citizens,
    evidence,
    rules: parts.rules,
    sessionLife: sessionLife(parts.rules),
    secureCookies: parts.secureCookies,
  });

  return {
    door,
    visitors,
    accountSessions: createAccountSessions({
      register: parts.sessions,
      browsers: parts.browsers,
      services: parts.services,
      evidence,
      artifacts,
      rules: parts.rules,
    }),
    readApiToken: createReadApiToken(issuer, () => running.keys.signing),
    clients: () => running.set,
    metadata: () =>
      JSON.parse(running.documents.get('/.well-known/openid-configuration')?.body.toString() ?? '{}') as Metadata,
    swap: (files) => change({ files }),
    async apply({ keys = setup.keys, off }) {
      const same = setup.off.size === off.size && [...off].every((clientId) => setup.off.has(clientId));
      if (!same || setup.keys.version !== keys.version) await change({ keys, off });
    },
    sweep: createSweep({
      register: parts.sessions,
      citizens: parts.citizens,
      artifacts,
      evidence,
      ageing: parts.rules.ageing,
    }),
    answerDocument(request, response) {
      const asked = request.method === 'GET' || request.method === 'HEAD';
      const document = asked ? running.documents.get(request.url ?? '') : undefined;
      if (!document) return false;
      response.writeHead(200, document.headers).end(request.method === 'GET' ? document.body : undefined);
      return true;
    },
    deliver(notice) {
      // The service may have moved since the session began.
      const uri = running.set.clients.get(notice.clientId)?.file.backchannel_logout_uri ?? notice.uri;
      return deliverNotice({ ...notice, uri }, issuer, running.keys.signing, parts.outbound);
    },
    tellPurged(event, id) {
      const uri = running.set.clients.get(event.clientId)?.file.security_events_uri ?? event.uri;
      return deliverSecurityEvent({ ...event, uri }, id, issuer, running.keys.signing, parts.outbound);
    },
    async middleware(ctx, next) {
      if (!ownPath.test(ctx.path)) return next();
      if (ctx.path === '/auth' && ctx.method === 'POST') return postToGet(ctx);
      if (ctx.path === '/session/end') letLogoutLeave(ctx);
      if (ctx.method === 'POST' && clientEndpoint.test(ctx.path)) {
        const address = parts.addressOf(ctx);
        addresses.set(ctx.req, address);
        const wait = await parts.throttle.refusal(address);
        if (wait !== undefined) throw new HttpError('too_many_requests', { reason: 'client', retryAfter: wait });
      }
      // The way back from a flow counts only in the browser that began it.
      const resumed = /^\/auth\/([\w-]+)$/.exec(ctx.path)?.[1];
      if (resumed !== undefined && !ownFlows.has(ctx, resumed)) throw new InteractionGone('foreign');
      // Every absolute address is built from the issuer, whatever the request says (RFC 9700; attacks.md M9).
      delete ctx.req.headers['x-forwarded-host'];
      delete ctx.req.headers['x-forwarded-for'];
      Object.assign(ctx.req.headers, ownHeaders);
      outer.set(ctx.req, ctx);
      ctx.respond = false;
      ctx.res.statusCode = 200;
      await running.handle(ctx.req, ctx.res);
      return undefined;
    },
  };
};
