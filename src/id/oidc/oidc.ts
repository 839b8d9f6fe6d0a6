import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context, Middleware } from 'koa';
import { Provider, type ClientMetadata, type KoaContextWithOIDC } from 'oidc-provider';
import type { Artifacts } from '../../storage/artifacts.ts';
import type { AuditEvent } from '../audit/events.ts';
import { createSlices } from '../../config/slices.ts';
import { ClientRefused, sectorUri, type RelyingParty } from '../clients/client.ts';
import type { ClientSet } from '../clients/load.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { Replayed } from './adapter.ts';
import { citizenOf } from './account.ts';
import { clientMetadata } from './client-adapter.ts';
import { releasedNames } from './consent.ts';
import { levelOfAnswer } from './release.ts';
import { providerConfiguration, type Lifetimes } from './configuration.ts';
import { createDoor, InteractionGone, type Door } from './door.ts';
import { createEvidenceStore } from './evidence-store.ts';
import { createKeyDocuments } from './key-documents.ts';
import type { KeySet } from './keys.ts';
import { createLoggedOutStore, toldServices, type LoggedOut } from './logged-out.ts';
import { createFetch, deliverNotice, noticeKey, type Fetch, type LogoutNotice } from './logout.ts';
import { createOwnFlows } from './own-flows.ts';
import type { Outbound } from '../../web/outbound.ts';
import type { LevelRules } from './policy.ts';
import { parsePrincipal } from './principal.ts';
import { servicesOf } from './sessions.ts';

/** What the library's pages need to be ours. Filled in by `pages/`, which know nothing of the library. */
export interface ProviderPages {
  error(ctx: Context, error: { readonly error: string; readonly description?: string; readonly status: number }): void;
  logout(
    ctx: Context,
    view: {
      readonly action: string;
      readonly xsrf: string;
      readonly clientId?: string;
      readonly services: readonly string[];
    },
  ): void;
  loggedOut(
    ctx: Context,
    view: {
      readonly services: readonly { readonly clientId: string; readonly told: boolean }[];
      readonly clientId?: string;
      readonly stayed: boolean;
    },
  ): Promise<void> | void;
}

export interface OidcParts {
  readonly issuer: string;
  readonly secureCookies: boolean;
  readonly lifetimes: Lifetimes;
  readonly rules: LevelRules;
  readonly keys: KeySet;
  readonly artifacts: Artifacts;
  readonly citizens: CitizenRepository;
  readonly outbound: Outbound;
  readonly enqueue: (notice: LogoutNotice, key: string) => Promise<void>;
  /** Which of these notices are delivered. */
  readonly delivered: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly pages: ProviderPages;
  readonly record: (event: AuditEvent) => void;
  readonly log: {
    error(
      event: string,
      fields?: { readonly error?: string; readonly reason?: string; readonly referenceId?: string },
    ): void;
  };
  readonly allowFormAction: (ctx: Context, ...addresses: string[]) => void;
}

export interface Oidc {
  /** Passes the provider's own addresses on to it, all others to the next in line. */
  readonly middleware: Middleware;
  readonly door: Door;
  /**
   * Builds a second provider on a new set of clients and changes over once every client of it is valid.
   *
   * @throws ClientRefused naming the one that is not; the first provider goes on.
   */
  swap(set: ClientSet): Promise<void>;
  deliver(notice: LogoutNotice): Promise<void>;
  clients(): ClientSet;
}

const ownPath =
  /^\/(?:auth(?:\/[\w-]+)?|token(?:\/introspection|\/revocation)?|me|jwks|request|session\/end(?:\/(?:confirm|success))?|\.well-known\/(?:openid-configuration|oauth-authorization-server))$/;

/** The same for everybody until keys or clients change; every relying party asks for them again and again. */
const publicDocument = /^\/(?:jwks|\.well-known\/(?:openid-configuration|oauth-authorization-server))$/;

type Documents = Map<string, { readonly type: string; readonly body: Buffer }>;

/** A provider, and what it has answered at its public addresses. */
interface Running {
  readonly provider: Provider;
  readonly documents: Documents;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** With the library's own headers: these documents are open to scripts of every origin. */
const answerPublic = (ctx: Context, { type, body }: { readonly type: string; readonly body: Buffer }): void => {
  ctx.vary('Origin');
  ctx.set('access-control-allow-origin', ctx.get('origin') || '*');
  ctx.type = type;
  ctx.body = body;
};

/** Who is not logged in is not asked, and needs no page that submits itself: the answer is the one after the question. */
const leaveWithoutSession = (ctx: KoaContextWithOIDC): void => {
  const { session, params } = ctx.oidc;
  if (session?.accountId !== undefined) return;
  const { post_logout_redirect_uri: uri, state } = (params ?? {}) as Record<string, string | undefined>;
  const target = new URL(uri ?? '/session/end/success', ctx.oidc.issuer);
  if (uri !== undefined && state !== undefined) target.searchParams.set('state', state);
  ctx.status = 303;
  ctx.redirect(uri === undefined ? target.pathname : target.href);
  ctx.status = 303;
};

export const createOidc = async (parts: OidcParts, first: ClientSet): Promise<Oidc> => {
  const { issuer, artifacts } = parts;
  const evidence = createEvidenceStore(artifacts);
  const loggedOut = createLoggedOutStore(artifacts);
  const ownFlows = createOwnFlows(parts.lifetimes.interaction);
  const outcomes = new WeakMap<object, LoggedOut>();
  const origin = new URL(issuer);
  // The library's contexts wrap the same request as ours; this is how its callbacks find ours again.
  const outer = new WeakMap<IncomingMessage, Context>();
  const ours = (ctx: KoaContextWithOIDC): Context => {
    const found = outer.get(ctx.req);
    if (!found) throw new TypeError('the request did not come through our own app');
    return found;
  };
  const answer = (ctx: KoaContextWithOIDC, mine: Context): void => {
    ctx.type = mine.response.type;
    ctx.body = mine.body;
  };

  let set = first;

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

  const build = (clients: ClientSet, documents: Documents): Provider => {
    const provider = new Provider(
      issuer,
      providerConfiguration({
        ...parts,
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
      if (publicDocument.test(ctx.path) && ctx.method === 'GET' && ctx.status === 200)
        documents.set(ctx.path, {
          type: ctx.response.get('content-type'),
          body: Buffer.from(JSON.stringify(ctx.body)),
        });
      const outcome = outcomes.get(ctx);
      if (outcome) await loggedOut.keep(ours(ctx as KoaContextWithOIDC), outcome);
      if (ctx.path === '/session/end' && ctx.status === 200) leaveWithoutSession(ctx as KoaContextWithOIDC);
      if (ctx.status === 503) ctx.set('retry-after', '5');
    });
    provider.on('server_error', (ctx, error) => {
      parts.log.error('provider.failed', {
        error: error.name,
        reason: error.message.slice(0, 200),
        referenceId: String(outer.get(ctx.req)?.state['referenceId'] ?? ''),
      });
    });
    provider.on('interaction.started', (ctx) => {
      const { uid } = ctx.oidc.entities.Interaction ?? {};
      if (uid !== undefined) ownFlows.began(ours(ctx), uid);
    });
    provider.on('end_session.success', (ctx) => {
      const { session } = ctx.oidc;
      if (!session) return;
      const stayed = (session as { destroyed?: boolean }).destroyed !== true;
      const { clientId } = (session.state ?? { clientId: ctx.oidc.client?.clientId }) as { clientId?: string };
      outcomes.set(ctx, {
        stayed,
        services: stayed ? [] : toldServices(session, clients.clients),
        ...(clientId === undefined ? {} : { clientId }),
      });
      if (stayed) return;
      const principal = session.accountId === undefined ? undefined : parsePrincipal(session.accountId);
      void evidence.remove(session.uid).catch(() => parts.log.error('evidence.remove_failed'));
      if (principal) parts.record({ type: 'session.ended', by: 'logout', accountId: principal.accountId });
    });
    provider.on('grant.revoked', (ctx, grantId) => {
      // At the token endpoint the library ends a grant for one reason only: what was sent had been used before.
      if (ctx.oidc.route !== 'token') return;
      const token = ctx.oidc.entities.RefreshToken;
      void replayed(token ? 'RefreshToken' : 'AuthorizationCode', {
        id: grantId,
        clientId: ctx.oidc.client?.clientId,
        principal: token?.accountId,
      }).catch(() => parts.log.error('replay.record_failed'));
    });
    provider.on('grant.success', (ctx) => {
      const code = ctx.oidc.entities.AuthorizationCode;
      const principal = code?.accountId === undefined ? undefined : parsePrincipal(code.accountId);
      if (!code || !principal || !ctx.oidc.client) return;
      const { clientId } = ctx.oidc.client;
      const [citizen, party] = [citizenOf(ctx), clients.clients.get(clientId)];
      if (!citizen || !party) return;
      const level = levelOfAnswer(ctx);
      void releasedNames(parts.citizens, party, citizen, { level, scope: code.scope, claims: code.claims })
        .then((claims) =>
          parts.record({ type: 'data.released', accountId: principal.accountId, clientId, claims, level }),
        )
        .catch(() => parts.log.error('release.record_failed'));
    });
    return provider;
  };

  /** Every provider has the same switches, so what one found valid the next one would as well. */
  const valid = new WeakSet<RelyingParty>();

  /** The library validates a client at its first use; a set with an invalid one must not come into force at all. */
  const validated = async (next: ClientSet): Promise<Running> => {
    const documents: Documents = new Map();
    const provider = build(next, documents);
    const pause = createSlices();
    for (const [clientId, party] of next.clients) {
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
    return { provider, documents, handle: provider.callback() };
  };

  let running = await validated(set);

  const door = createDoor({
    provider: () => running.provider,
    set: () => set,
    artifacts,
    evidence,
    ownFlows,
    switched: (accountId) => parts.record({ type: 'session.ended', by: 'switch', accountId }),
  });

  /** After logging out the browser may go on to an address that the asking client has registered; CSP must let it. */
  const letLogoutLeave = (ctx: Context): void => {
    const uri = ctx.query['post_logout_redirect_uri'];
    if (typeof uri !== 'string') return;
    if ([...set.clients.values()].some((party) => party.file.post_logout_redirect_uris.includes(uri)))
      parts.allowFormAction(ctx, uri);
  };

  return {
    door,
    clients: () => set,
    async swap(next) {
      const built = await validated(next);
      set = next;
      running = built;
    },
    deliver: (notice) => deliverNotice(notice, issuer, parts.keys.signing, parts.outbound),
    async middleware(ctx, next) {
      if (!ownPath.test(ctx.path)) return next();
      const document = running.documents.get(ctx.path);
      if (document && ctx.method === 'GET') return answerPublic(ctx, document);
      if (ctx.path === '/session/end') letLogoutLeave(ctx);
      // The way back from a flow counts only in the browser that began it.
      const resumed = /^\/auth\/([\w-]+)$/.exec(ctx.path)?.[1];
      if (resumed !== undefined && !ownFlows.has(ctx, resumed)) throw new InteractionGone('foreign');
      // Every absolute address is built from the issuer, whatever the request says (RFC 9700; attacks.md M9).
      ctx.req.headers.host = origin.host;
      delete ctx.req.headers['x-forwarded-host'];
      delete ctx.req.headers['x-forwarded-for'];
      ctx.req.headers['x-forwarded-proto'] = origin.protocol.slice(0, -1);
      outer.set(ctx.req, ctx);
      ctx.respond = false;
      ctx.res.statusCode = 200;
      await running.handle(ctx.req, ctx.res);
      return undefined;
    },
  };
};
