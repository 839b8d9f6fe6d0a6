import type { Context, Middleware } from 'koa';
import { readCookie, writeCookie } from '../../web/cookies.ts';
import { webState } from '../../web/state.ts';
import { LoginFailed } from './answer.ts';
import type { Kit } from './kit.ts';
import { beginLogin } from './login.ts';
import type { Session } from './session.ts';

/** Seconds after which a browser that was not logged in is asked again. */
const askedLife = 10 * 60;
/** Seconds after which one that is logged in is asked again what was proved meanwhile. */
const renewedLife = 60;
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

/**
 * Leads to the provider with prompt=none (OpenID Connect Core 3.1.2.1) and back to the page.
 *
 * @param life seconds in which this browser is not asked again.
 * @param sub only this person will do.
 * @returns false when it was asked a moment ago, this is no visit, or the provider does not answer: the page goes on.
 */
const askSilently = async (kit: Kit, ctx: Context, life: number, sub?: string): Promise<boolean> => {
  if (!isVisit(ctx) || wasAsked(ctx)) return false;
  const query = new URLSearchParams(ctx.querystring);
  query.set(askedMark, '1');
  const returnTo = `${ctx.path}?${query.toString()}`;
  try {
    writeCookie(ctx, askedCookie, '1', { maxAge: life });
    await beginLogin(kit, ctx, { returnTo, silent: true, ...(sub === undefined ? {} : { sub }) });
    return true;
  } catch (error) {
    if (!(error instanceof LoginFailed)) throw error;
    webState(ctx).log.info('silent_login_failed', { outcome: error.failure, reason: error.reason });
    return false;
  }
};

/** See RelyingParty.recognise. */
export const silentLogin =
  (kit: Kit, session: (ctx: Context) => Promise<Session | undefined>): Middleware =>
  async (ctx, next) => {
    if ((await session(ctx)) !== undefined || !(await askSilently(kit, ctx, askedLife))) return next();
  };

/** See RelyingParty.renew. */
export const renewSession = async (kit: Kit, ctx: Context, current: Session | undefined): Promise<boolean> =>
  current !== undefined && (await askSilently(kit, ctx, renewedLife, current.sub));
