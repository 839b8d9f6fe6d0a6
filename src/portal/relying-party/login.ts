import type { Context } from 'koa';
import * as oidc from 'openid-client';
import { strongest, type Level } from '../../assurance/levels.ts';
import { HttpError } from '../../web/http-error.ts';
import { localeOf } from '../../web/page-context.ts';
import { safePath, withReturn } from '../../web/safe-path.ts';
import { authorizationParameters } from './authorization-request.ts';
import { connected, orFailurePage } from './failure.ts';
import type { Kit } from './kit.ts';
import { bindLogin } from './login-cookies.ts';
import { newSecret } from './pending-logins.ts';
import { seeOther } from '../../web/see-other.ts';

export interface LoginWish {
  /** Path on our own origin. */
  readonly returnTo: string;
  readonly level?: Level;
  /** Seconds. */
  readonly maxAge?: number;
  /** Only this person will do. */
  readonly sub?: string;
  readonly withoutApis?: boolean;
  /** Only who is logged in at the provider already, without being asked anything. */
  readonly silent?: boolean;
}

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
  const apis = wish.withoutApis === true ? [] : (kit.options.resources ?? []);
  const level = strongest(kit.options.level ?? 'basic', wish.level ?? 'basic');
  await kit.logins.save(state, bindLogin(ctx, state, kit.options.marks), { ...wish, level, nonce, codeVerifier });
  const parameters = authorizationParameters({
    redirectUri: kit.redirectUri,
    scope: [scope, ...apis.map((api) => api.scope)].join(' '),
    claims,
    state,
    nonce,
    codeChallenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
    level: level === 'basic' ? undefined : level,
    maxAge: wish.maxAge,
    uiLocales: localeOf(ctx),
    silent: wish.silent,
  });
  const request = new URLSearchParams(parameters);
  for (const { audience } of apis) request.append('resource', audience);
  seeOther(ctx, oidc.buildAuthorizationUrl(configuration, request).href);
};

/** A page of ours that an address names; '/' for any other address. */
const ownPage = (kit: Kit, address: string): string => {
  const url = URL.parse(address);
  return url?.origin === kit.options.origin ? safePath(`${url.pathname}${url.search}`) : '/';
};

/**
 * GET /login?zurueck=…, and the same started by others (OpenID Connect Core 4): `iss` names the provider, and only ours
 * will do; `target_link_uri` is a page of ours.
 */
export const startLogin = async (kit: Kit, ctx: Context): Promise<void> => {
  const query = new URLSearchParams(ctx.querystring);
  const [issuer, target] = [query.get('iss'), query.get('target_link_uri')];
  if (issuer !== null && issuer !== kit.options.issuer) throw new HttpError('bad_request', { reason: 'login_issuer' });
  const returnTo = target === null ? safePath(query.get('zurueck') ?? undefined) : ownPage(kit, target);
  await orFailurePage(kit, ctx, withReturn('/login', returnTo), () => beginLogin(kit, ctx, { returnTo }));
};
