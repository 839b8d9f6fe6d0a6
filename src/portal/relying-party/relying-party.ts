import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Level } from '../../assurance/levels.ts';
import { standardAgeing } from '../../assurance/policy.ts';
import { readCookie } from '../../web/cookies.ts';
import { readForm, type Form } from '../../web/forms.ts';
import { readUploadForm, type UploadForm } from '../../web/upload-form.ts';
import { messages } from '../../web/page-context.ts';
import { allowFormAction } from '../../web/security.ts';
import { setAccount, webState } from '../../web/state.ts';
import { HttpError } from '../../web/http-error.ts';
import type { Holder } from '../../web/overload/rank-of.ts';
import { AccessRefused, checkAccess, type AccessDemand, type StepUpChallenge } from './access-token.ts';
import { apiToken } from './api-token.ts';
import { backchannelLogout } from './backchannel-logout.ts';
import { profileName } from './profile-name.ts';
import { catalogues } from './i18n/messages.ts';
import { finishLogin } from './callback.ts';
import { levelGuard } from './guard.ts';
import { createHolderOf } from './holder.ts';
import { keptForm } from './kept-form.ts';
import { renewSession, silentLogin } from './silent-login.ts';
import { sessionCookie, type Kit, type RelyingPartyOptions } from './kit.ts';
import { orFailurePage } from './failure.ts';
import { beginLogin, startLogin } from './login.ts';
import { confirmLogout, logOut } from './logout.ts';
import { createPendingLogins } from './pending-logins.ts';
import { createProvider, ProviderUnavailable } from './provider.ts';
import { createSessions, formBinding, longestLife, type Session } from './session.ts';

export interface RelyingParty {
  /**
   * Adds /login, /callback, /abmelden, /abgemeldet and /backchannel-logout. Routes that are added later show who is
   * logged in, in the header.
   */
  mount(router: Router): void;
  /** Who is logged in at this request, and at which level now. */
  session(ctx: Context): Promise<Session | undefined>;
  /**
   * Lets through who is logged in at the level, and with `maxAge` (seconds, at least 60) whose login is that fresh; sends everybody
   * else to the provider and back to the same page.
   */
  requireLevel(level: Level, freshness?: { readonly maxAge?: number }): Middleware;
  /**
   * For pages that need no login: a visitor whom the provider knows is logged in on the way, without seeing anything of it; everybody else
   * gets the page as it is. A browser is asked once in a while.
   */
  recognise(): Middleware;
  /**
   * For a page that shows more at a stronger login than this session's: by way of the provider and back, without anybody being asked anything, so
   * that the session has what she has proved to another service meanwhile. False when that was tried within the last minute: the page goes on.
   */
  renew(ctx: Context): Promise<boolean>;
  /**
   * Lets requests to an API of this part through that bring a token for it, and puts it into `ctx.state.accessToken`;
   * others are told what is missing, a stronger login included (RFC 9470).
   *
   * @param audience the API's address, as the client file names it.
   */
  requireToken(audience: string, demand: AccessDemand): Middleware;
  /**
   * A token for another module's API, in the name of who is logged in; one of `resources` in the options. Undefined when
   * nobody is, or when only a new login would bring one.
   *
   * @throws when the provider does not answer.
   */
  apiToken(ctx: Context, audience: string): Promise<string | undefined>;
  /** Sends the citizen to the provider for what an API asked for, and back to the page she is on. */
  stepUp(ctx: Context, challenge: StepUpChallenge): Promise<void>;
  /** Goes into the hidden field `csrf` of the forms of a logged-in page. */
  formToken(ctx: Context): string;
  /** The form that a logged-in page posted, at most `limit` bytes of it. Throws a 403 when it does not come from a page of this session. */
  readForm(ctx: Context, limit?: number): Promise<Form>;
  /** The same for a form with a file of at most `limit` bytes. */
  readUpload(ctx: Context, limit: number): Promise<UploadForm>;
  /**
   * What was posted to `path` (by default the page's own) while this session was too weak for it, on the page that its sender has come back
   * to with a stronger one: to be shown again, never acted on.
   */
  keptForm(ctx: Context, path?: string): Promise<Form | undefined>;
  /**
   * Whose browser a Cookie header is from, told by our marks alone. No store is asked, so what the cookie stands for may be over: this
   * is for who is served first when too many ask, and nothing else.
   */
  holderOf(cookies: string): Holder | undefined;
  /** Finishes discovery if it can be; for a readiness check. Throws ProviderUnavailable. */
  connect(): Promise<void>;
}

const sessionKey = Symbol('session');

/** It comes from the connection itself: no header can stand in for it. */
const certificateThumbprint = ({ req: { socket } }: Context): string | undefined => {
  const certificate = (socket as Partial<TLSSocket>).getPeerX509Certificate?.();
  return certificate && createHash('sha256').update(certificate.raw).digest('base64url');
};

/** One visit per request, however often it is asked. */
const sessionOf = (kit: Kit, ctx: Context): Promise<Session | undefined> => {
  const state = ctx.state as { [sessionKey]?: Promise<Session | undefined> };
  state[sessionKey] ??= kit.sessions.visit(readCookie(ctx, sessionCookie));
  return state[sessionKey];
};

export const createRelyingParty = (options: RelyingPartyOptions): RelyingParty => {
  const ageing = options.ageing ?? standardAgeing;
  const kit: Kit = {
    options,
    provider: createProvider({ ...options, allowHttp: options.environment !== 'production' }),
    sessions: createSessions(options.artifacts, ageing, options.marks, options.onSessionEnd),
    logins: createPendingLogins(options.artifacts),
    ageing,
    redirectUri: `${options.origin}/callback`,
  };
  const session = (ctx: Context): Promise<Session | undefined> => sessionOf(kit, ctx);

  const identify: Middleware = async (ctx, next) => {
    const cookie = readCookie(ctx, sessionCookie);
    const current = await session(ctx);
    if (current !== undefined && cookie !== undefined) {
      setAccount(ctx, {
        name: (options.nameOf ?? profileName)(current) || messages(ctx, catalogues).nameless,
        logout: { action: '/abmelden', csrf: options.csrf.token(formBinding(cookie)) },
      });
      allowFormAction(ctx, options.issuer);
    }
    await next();
  };

  return {
    session,
    mount(router) {
      router.post('/backchannel-logout', (ctx) => backchannelLogout(kit, ctx));
      router.use(identify);
      router.get('/login', (ctx) => startLogin(kit, ctx));
      router.get('/callback', (ctx) => finishLogin(kit, ctx));
      router.post('/abmelden', (ctx) => logOut(kit, ctx));
      router.get('/abgemeldet', (ctx) => confirmLogout(kit, ctx));
    },
    recognise: () => silentLogin(kit, session),
    renew: async (ctx) => renewSession(kit, ctx, await session(ctx)),
    requireLevel: (level, freshness = {}) => levelGuard(kit, session, level, freshness),
    requireToken: (audience, demand) => async (ctx, next) => {
      const request = {
        method: ctx.method,
        url: `${options.origin}${ctx.path}`,
        authorization: ctx.get('authorization'),
        proof: ctx.get('dpop'),
        certificate: certificateThumbprint(ctx),
      };
      const { issuer, artifacts } = options;
      const rules = { audience, issuer, artifacts, ageing, connect: () => kit.provider.connect() };
      try {
        ctx.state['accessToken'] = await checkAccess(request, demand, rules);
      } catch (error) {
        if (error instanceof ProviderUnavailable) throw new HttpError('unavailable', { retryAfter: 5, cause: error });
        if (!(error instanceof AccessRefused)) throw error;
        ctx.set('www-authenticate', error.challenge);
        throw new HttpError(error.status === 401 ? 'unauthorized' : 'forbidden', { reason: error.message });
      }
      webState(ctx).noteService();
      await next();
    },
    async apiToken(ctx, audience) {
      const refreshToken = await kit.sessions.refreshToken(readCookie(ctx, sessionCookie));
      const api = options.resources?.find((one) => one.audience === audience);
      return refreshToken === undefined || api === undefined ? undefined : apiToken(kit, refreshToken, api);
    },
    async stepUp(ctx, challenge) {
      const current = await session(ctx);
      const wish = { returnTo: ctx.path, ...challenge, ...(current === undefined ? {} : { sub: current.sub }) };
      await orFailurePage(kit, ctx, wish.returnTo, () => beginLogin(kit, ctx, wish));
    },
    formToken: (ctx) => options.csrf.token(formBinding(readCookie(ctx, sessionCookie) ?? '')),
    async readForm(ctx, limit) {
      const form = await readForm(ctx, limit);
      options.csrf.check(ctx, form.get('csrf'), formBinding(readCookie(ctx, sessionCookie) ?? ''));
      return form;
    },
    async readUpload(ctx, limit) {
      const form = await readUploadForm(ctx, limit);
      options.csrf.check(ctx, form.get('csrf'), formBinding(readCookie(ctx, sessionCookie) ?? ''));
      return form;
    },
    async keptForm(ctx, path = ctx.path) {
      const current = await session(ctx);
      return current === undefined ? undefined : keptForm(options, ctx, current.sub, path);
    },
    holderOf: createHolderOf(options, longestLife(ageing)),
    async connect() {
      await kit.provider.connect();
    },
  };
};
