import type { Context } from 'koa';
import * as oidc from 'openid-client';
import { strongest, type Level } from '../../assurance/levels.ts';
import { readCookie, writeCookie } from '../../web/cookies.ts';
import { localeOf } from '../../web/page-context.ts';
import { safePath, withReturn } from '../../web/safe-path.ts';
import { authorizationParameters } from './authorization-request.ts';
import { connected, orFailurePage } from './failure.ts';
import { loginCookie, type Kit } from './kit.ts';
import { newSecret, secretForm } from './pending-logins.ts';
import { seeOther } from './see-other.ts';

export interface LoginWish {
  /** Path on our own origin. */
  readonly returnTo: string;
  readonly level?: Level;
  /** Seconds. */
  readonly maxAge?: number;
  /** Only this person will do. */
  readonly sub?: string;
}

/** The browser's own secret, made at its first login: it binds every login under way to this browser. */
const browserOf = (ctx: Context): string => {
  const known = readCookie(ctx, loginCookie);
  if (known !== undefined && secretForm.test(known)) return known;
  const fresh = newSecret();
  writeCookie(ctx, loginCookie, fresh);
  return fresh;
};

/**
 * Sends the browser to the provider, to come back to `wish.returnTo` at the level or to a page that says why not.
 *
 * @throws LoginFailed when the provider does not answer
 */
export const beginLogin = async (kit: Kit, ctx: Context, wish: LoginWish): Promise<void> => {
  const { configuration } = await connected(kit);
  const state = newSecret();
  const nonce = newSecret();
  const codeVerifier = oidc.randomPKCECodeVerifier();
  const { scope, claims } = kit.options;
  const level = strongest(kit.options.level ?? 'basic', wish.level ?? 'basic');
  await kit.logins.save(state, browserOf(ctx), { ...wish, level, nonce, codeVerifier });
  const parameters = authorizationParameters({
    redirectUri: kit.redirectUri,
    scope,
    claims,
    state,
    nonce,
    codeChallenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
    level: level === 'basic' ? undefined : level,
    maxAge: wish.maxAge,
    uiLocales: localeOf(ctx),
  });
  seeOther(ctx, oidc.buildAuthorizationUrl(configuration, parameters).href);
};

/** GET /login?zurueck=… */
export const startLogin = async (kit: Kit, ctx: Context): Promise<void> => {
  const returnTo = safePath(new URLSearchParams(ctx.querystring).get('zurueck') ?? undefined);
  await orFailurePage(kit, ctx, withReturn('/login', returnTo), () => beginLogin(kit, ctx, { returnTo }));
};
