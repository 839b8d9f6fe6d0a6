import type { Context } from 'koa';
import { clearCookie, cookieNames, parseCookie, parseCookieNames, readCookie, writeCookie } from '../../web/cookies.ts';
import type { MarkedSecrets } from './marked-secret.ts';
import { loginLife, secretForm } from './pending-logins.ts';

/**
 * Each login has a cookie of its own, named after its `state`: of tabs that begin in a browser without cookies at the
 * same moment none takes away what binds the other's login to the browser.
 */
const prefix = 'login-';

/** As many logins as a browser keeps under way: the oldest makes room, so that headers stay short. */
const mostLogins = 8;

/** A part of the state names its login (96 bits); states are in addresses and so no secret of the cookie. */
const nameOf = (state: string): string => `${prefix}${state.slice(0, 16)}`;

const form = /^([\w-]{43})\.([0-9a-z]{1,12})$/u;

/** The secret and when it was made, in ms since the epoch; undefined for what no login of ours has written. */
const parse = (value: string | undefined): { readonly secret: string; readonly at: number } | undefined => {
  const [, secret, at] = form.exec(value ?? '') ?? [];
  return secret === undefined || at === undefined ? undefined : { secret, at: parseInt(at, 36) };
};
const read = (ctx: Context, name: string): ReturnType<typeof parse> => parse(readCookie(ctx, name));

/** What the mark of a login's cookie is bound to. */
const markBinding = (name: string): string => `login ${name}`;

/** Binds a login that begins to this browser. @returns the browser's secret for it. */
export const bindLogin = (ctx: Context, state: string, marks: MarkedSecrets): string => {
  const known = cookieNames(ctx, prefix)
    .map((name) => ({ name, at: read(ctx, name)?.at ?? 0 }))
    .sort((a, b) => b.at - a.at);
  for (const { name } of known.slice(mostLogins - 1)) clearCookie(ctx, name);
  const secret = marks.create(markBinding(nameOf(state)));
  writeCookie(ctx, nameOf(state), `${secret}.${Date.now().toString(36)}`, { maxAge: loginLife });
  return secret;
};

/** This browser's secret for a login; undefined in every other browser. */
export const boundLogin = (ctx: Context, state: string): string | undefined =>
  secretForm.test(state) ? read(ctx, nameOf(state))?.secret : undefined;

/**
 * The name of a cookie in a Cookie header that binds a login, by its mark alone: the login may have ended.
 *
 * @param start what stands before the names of this part's cookies
 */
export const markedLogin = (marks: MarkedSecrets, cookies: string, start: string): string | undefined =>
  parseCookieNames(cookies, `${start}${prefix}`)
    .slice(0, mostLogins)
    .find((whole) => {
      const secret = parse(parseCookie(cookies, whole))?.secret;
      const madeAt = secret && marks.madeAt(secret, markBinding(whole.slice(start.length)));
      return typeof madeAt === 'number' && Date.now() - madeAt < loginLife * 1000;
    });
