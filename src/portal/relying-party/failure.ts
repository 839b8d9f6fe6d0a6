import type { Context } from 'koa';
import { readCookie } from '../../web/cookies.ts';
import { messages, pageContext } from '../../web/page-context.ts';
import { renderPage } from '../../web/render.ts';
import { webState } from '../../web/state.ts';
import { LoginFailed, type Failure } from './answer.ts';
import { catalogues } from './i18n/messages.ts';
import { sessionCookie, type Kit } from './kit.ts';
import { failurePage } from './pages/failure-page.tsx';
import { formBinding } from './session.ts';
import { ProviderUnavailable, type ProviderConnection } from './provider.ts';

const statusOf: Readonly<Record<Failure, number>> = {
  ended: 403,
  level: 403,
  loginRequired: 403,
  unavailable: 503,
  unknown: 400,
  otherPerson: 403,
  loggedOut: 403,
  refused: 400,
};

/**
 * The provider's metadata and keys.
 *
 * @throws LoginFailed while they cannot be had
 */
export const connected = async (kit: Kit): Promise<ProviderConnection> => {
  try {
    return await kit.provider.connect();
  } catch (error) {
    if (!(error instanceof ProviderUnavailable)) throw error;
    throw new LoginFailed('unavailable', 'discovery', error);
  }
};

/** Runs a step of a login; a login that fails ends in a page that says why and offers `retry`. */
export const orFailurePage = async (
  kit: Kit,
  ctx: Context,
  retry: string,
  step: () => Promise<void>,
): Promise<void> => {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof LoginFailed)) throw error;
    const { log, part, referenceId } = webState(ctx);
    const status = statusOf[error.failure];
    log.warn('login_failed', { part, referenceId, status, outcome: error.failure, reason: error.reason });
    if (status === 503) ctx.set('retry-after', '5');
    const cookie = readCookie(ctx, sessionCookie);
    const csrf = cookie === undefined ? undefined : kit.options.csrf.token(formBinding(cookie));
    const view = { failure: error.failure, retry, csrf };
    renderPage(ctx, failurePage(view, pageContext(ctx), messages(ctx, catalogues)), status);
  }
};
