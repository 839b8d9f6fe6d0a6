import type { Context, Middleware } from 'koa';
import { readCookie, writeCookie } from '../../web/cookies.ts';
import { webState } from '../../web/state.ts';
import { LoginFailed } from './answer.ts';
import type { Kit } from './kit.ts';
import { beginLogin } from './login.ts';
import type { Session } from './session.ts';

/** Seconds after which a browser that was not logged in is asked again. */
const askedLife = 10 * 60;
const askedCookie = 'asked';
/** Says the same in the address, for browsers that keep no cookies. */
const askedMark = 'gefragt';

/** Only the page that somebody opens is sent on a detour: no part of a page, and nothing that the browser fetches ahead. */
const isVisit = (ctx: Context): boolean =>
  ctx.method === 'GET' &&
  ['', 'document'].includes(ctx.get('sec-fetch-dest')) &&
  !/prefetch|prerender/i.test(`${ctx.get('sec-purpose')} ${ctx.get('purpose')}`);

const wasAsked = (ctx: Context): boolean =>
  readCookie(ctx, askedCookie) !== undefined || new URLSearchParams(ctx.querystring).has(askedMark);

/** By way of the provider with prompt=none (OpenID Connect Core 3.1.2.1); see RelyingParty.recognise. */
export const silentLogin =
  (kit: Kit, session: (ctx: Context) => Promise<Session | undefined>): Middleware =>
  async (ctx, next) => {
    if (!isVisit(ctx) || wasAsked(ctx) || (await session(ctx)) !== undefined) return next();
    const query = new URLSearchParams(ctx.querystring);
    query.set(askedMark, '1');
    try {
      writeCookie(ctx, askedCookie, '1', { maxAge: askedLife });
      return await beginLogin(kit, ctx, { returnTo: `${ctx.path}?${query.toString()}`, silent: true });
    } catch (error) {
      if (!(error instanceof LoginFailed)) throw error;
      webState(ctx).log.info('silent_login_failed', { outcome: error.failure, reason: error.reason });
      return next();
    }
  };
