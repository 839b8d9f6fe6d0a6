import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context, Middleware } from 'koa';
import type { Artifacts } from '../../storage/artifacts.ts';
import { HttpError } from '../../web/http-error.ts';
import type { Log } from '../../web/log.ts';
import type { Outbound } from '../../web/outbound.ts';
import type { AuditEvent } from '../audit/events.ts';
import type { ClientSet } from '../clients/load.ts';
import type { BrowserSessionRepository } from '../identity/browser-sessions.ts';
import type { PostfachHandles } from '../identity/postfach.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { ServiceRepository } from '../identity/service-records.ts';
import { createAccountSessions, type AccountSessions } from './account-sessions.ts';
import { revokeGrant, type Replayed } from './adapter.ts';
import { createChangeOver } from './change-over.ts';
import type { ClientThrottle } from './client-throttle.ts';
import { sessionLife, type Lifetimes } from './configuration.ts';
import { postToGet } from './corrections.ts';
import type { Metadata } from './discovery.ts';
import { createDoor, InteractionGone, type Door } from './door.ts';
import { createEvidenceStore } from './evidence-store.ts';
import { createHeldCookie } from './held-cookie.ts';
import { createKeyDocuments } from './key-documents.ts';
import type { KeySet } from './keys.ts';
import { createLoggedOutStore } from './logged-out.ts';
import { deliverNotice, type LogoutNotice } from './logout.ts';
import { createOuter } from './outer.ts';
import { ownClient } from './own-client.ts';
import { createOwnFlows } from './own-flows.ts';
import { createReadApiToken, type ReadApiToken } from './own-api.ts';
import type { LevelRules, NoteLogin } from './policy.ts';
import { parsePrincipal } from './principal.ts';
import { clientEndpoint, createProvider, type ProviderFrame } from './provider.ts';
import { createPageHooks, type ProviderPages } from './provider-pages.ts';
import { deliverSecurityEvent, type AccountPurged } from './security-events.ts';
import type { SessionRegister } from './session-register.ts';
import { createSweep } from './session-sweep.ts';
import { createVisitors, type Visitors } from './visitor.ts';

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
  /** The cookie of ours in a Cookie header by which its browser is in the middle of a login, or has a session: see createHeldCookie. */
  heldCookie(cookies: string): string | undefined;
}

const ownPath =
  /^\/(?:auth(?:\/[\w-]+)?|token(?:\/introspection|\/revocation)?|me|jwks|request|session\/end(?:\/(?:confirm|success))?|\.well-known\/(?:openid-configuration|oauth-authorization-server))$/;

export const createOidc = async (parts: OidcParts, first: ClientSet): Promise<Oidc> => {
  const { issuer, artifacts } = parts;
  const evidence = createEvidenceStore(artifacts);
  const loggedOut = createLoggedOutStore(artifacts);
  const ownFlows = createOwnFlows(parts.lifetimes.interaction);
  const outer = createOuter();
  const origin = new URL(issuer);
  const ownHeaders = { host: origin.host, 'x-forwarded-proto': origin.protocol.slice(0, -1) };

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

  const frame: ProviderFrame = {
    ...parts,
    evidence,
    loggedOut,
    ownFlows,
    outer,
    replayed,
    keyDocuments: createKeyDocuments(parts.outbound),
    hooks: createPageHooks({ ...parts, outer, loggedOut }),
  };

  /** A service that is no client any more is told that its sessions are over; what was issued to it is void. */
  const endClient = async (clientId: string): Promise<void> => {
    for (const { grant_id: grantId } of await parts.sessions.endClient(clientId)) await revokeGrant(artifacts, grantId);
  };

  const changeOver = await createChangeOver(
    {
      build: (set, keys, documents) => createProvider(frame, set, keys, documents),
      own: ownClient(issuer),
      ownHeaders,
      // Its tokens are refused already; who was not told now is told when the session ends.
      ended: (clientId) => endClient(clientId).catch(() => parts.log.error('client.end_failed')),
    },
    { files: first, keys: parts.keys, off: parts.off },
  );
  const { running, change } = changeOver;

  const door = createDoor({
    provider: () => running().provider,
    set: () => running().set,
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
    if ([...running().set.clients.values()].some((party) => party.file.post_logout_redirect_uris.includes(uri)))
      parts.allowFormAction(ctx, uri);
  };

  const held = createHeldCookie(parts.secureCookies);
  const visitors = createVisitors({
    provider: () => running().provider,
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
    readApiToken: createReadApiToken(issuer, () => running().keys.signing),
    clients: () => running().set,
    metadata: () =>
      JSON.parse(running().documents.get('/.well-known/openid-configuration')?.body.toString() ?? '{}') as Metadata,
    swap: (files) => change({ files }),
    async apply({ keys, off }) {
      const setup = changeOver.setup();
      const same = setup.off.size === off.size && [...off].every((clientId) => setup.off.has(clientId));
      if (!same || (keys && setup.keys.version !== keys.version)) await change({ ...(keys ? { keys } : {}), off });
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
      // Whatever is asked behind the path, there is one answer.
      const [path = ''] = (request.url ?? '').split('?', 1);
      const document = asked ? running().documents.get(path) : undefined;
      if (!document) return false;
      response.writeHead(200, document.headers).end(request.method === 'GET' ? document.body : undefined);
      return true;
    },
    heldCookie: (cookies) => held(cookies, running().keys.cookie),
    deliver(notice) {
      // The service may have moved since the session began.
      const uri = running().set.clients.get(notice.clientId)?.file.backchannel_logout_uri ?? notice.uri;
      return deliverNotice({ ...notice, uri }, issuer, running().keys.signing, parts.outbound);
    },
    tellPurged(event, id) {
      const uri = running().set.clients.get(event.clientId)?.file.security_events_uri ?? event.uri;
      return deliverSecurityEvent({ ...event, uri }, id, issuer, running().keys.signing, parts.outbound);
    },
    async middleware(ctx, next) {
      if (!ownPath.test(ctx.path)) return next();
      if ((ctx.path === '/auth' || ctx.path === '/session/end') && ctx.method === 'POST') return postToGet(ctx);
      if (ctx.path === '/session/end') letLogoutLeave(ctx);
      const address = ctx.method === 'POST' && clientEndpoint.test(ctx.path) ? parts.addressOf(ctx) : undefined;
      if (address !== undefined) {
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
      outer.note(ctx, address);
      ctx.respond = false;
      ctx.res.statusCode = 200;
      await running().handle(ctx.req, ctx.res);
      return undefined;
    },
  };
};
