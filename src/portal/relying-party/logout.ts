import type { Context } from 'koa';
import * as oidc from 'openid-client';
import { clearCookie, readCookie } from '../../web/cookies.ts';
import { readForm } from '../../web/forms.ts';
import { messages, pageContext } from '../../web/page-context.ts';
import { renderPage } from '../../web/render.ts';
import { webState } from '../../web/state.ts';
import { catalogues } from './i18n/messages.ts';
import { sessionCookie, type Kit } from './kit.ts';
import { loggedOutPage, type LoggedOutView } from './pages/logged-out-page.tsx';
import { ProviderUnavailable } from './provider.ts';
import { seeOther } from '../../web/see-other.ts';
import { formBinding } from './session.ts';

/**
 * POST /abmelden: ends our own session first, then asks the provider to end its own (OpenID Connect RP-Initiated
 * Logout 1.0). A session that has run out here may live on there, so the provider is asked in that case too.
 */
export const logOut = async (kit: Kit, ctx: Context): Promise<void> => {
  const form = await readForm(ctx);
  const cookie = readCookie(ctx, sessionCookie);
  if (cookie === undefined) {
    seeOther(ctx, '/abgemeldet');
    return;
  }
  kit.options.csrf.check(ctx, form.get('csrf'), formBinding(cookie));
  const ended = await kit.sessions.end(cookie);
  clearCookie(ctx, sessionCookie);
  webState(ctx).log.info('logout');
  try {
    const { configuration } = await kit.provider.connect();
    // No post_logout_redirect_uri: the provider's own last page tells which services were told, and leads back here.
    const address = oidc.buildEndSessionUrl(configuration, ended === undefined ? {} : { id_token_hint: ended.idToken });
    seeOther(ctx, address.href);
  } catch (error) {
    if (!(error instanceof ProviderUnavailable)) throw error;
    seeOther(ctx, '/abgemeldet?nur=hier');
  }
};

const stateOf = (ctx: Context): LoggedOutView['state'] => {
  if (webState(ctx).account !== undefined) return 'loggedIn';
  return new URLSearchParams(ctx.querystring).get('nur') === 'hier' ? 'onlyHere' : 'here';
};

/** GET /abgemeldet: where nobody was logged in, or the provider could not be asked. Says no more than is known. */
export const confirmLogout = (kit: Kit, ctx: Context): void => {
  const view = { state: stateOf(ctx), issuer: kit.options.issuer };
  renderPage(ctx, loggedOutPage(view, pageContext(ctx), messages(ctx, catalogues)));
};
