import type { Context } from 'koa';
import { readForm } from '../../web/forms.ts';
import { HttpError } from '../../web/http-error.ts';
import { webState } from '../../web/state.ts';
import type { Kit } from './kit.ts';
import { InvalidLogoutToken, verifyLogoutToken, type LogoutNotice } from './logout-token.ts';
import { ProviderUnavailable } from './provider.ts';

const answer = (ctx: Context, status: 200 | 400, body: string): void => {
  ctx.status = status;
  ctx.set('cache-control', 'no-store');
  ctx.type = status === 200 ? 'text/plain; charset=utf-8' : 'application/json';
  ctx.body = body;
};

const verified = async (kit: Kit, token: string): Promise<LogoutNotice> => {
  const { keys } = await kit.provider.connect();
  const { clientId } = kit.options;
  const notice = await verifyLogoutToken(token, { issuer: kit.provider.issuer, clientId, keys, now: Date.now() });
  if (await kit.sessions.wasSeen(notice.jti)) throw new InvalidLogoutToken('used before');
  return notice;
};

/**
 * POST /backchannel-logout (OpenID Connect Back-Channel Logout 1.0, section 2.5). The token id is written down only
 * after the sessions have ended: if that fails, the same token may come again (LO-11). Store or key set out of reach
 * is a 503, so that the provider delivers later.
 */
export const backchannelLogout = async (kit: Kit, ctx: Context): Promise<void> => {
  const form = await readForm(ctx);
  try {
    const notice = await verified(kit, form.get('logout_token'));
    webState(ctx).noteService();
    await kit.sessions.endNoticed(notice);
    await kit.sessions.markSeen(notice.jti);
    webState(ctx).log.info('backchannel_logout', { outcome: 'ended' });
    answer(ctx, 200, '');
  } catch (error) {
    if (error instanceof InvalidLogoutToken) {
      webState(ctx).log.warn('backchannel_logout', { outcome: 'refused', reason: error.message });
      answer(ctx, 400, JSON.stringify({ error: 'invalid_request', error_description: error.message }));
      return;
    }
    if (error instanceof ProviderUnavailable || isKeyFetchFailure(error)) {
      throw new HttpError('unavailable', { reason: 'logout_keys', retryAfter: 5, cause: error });
    }
    throw error;
  }
};

/** jose's own codes, and fetch's TypeError when nobody answers. */
const isKeyFetchFailure = (error: unknown): boolean => {
  if (error instanceof TypeError) return error.cause !== undefined;
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_JWKS_TIMEOUT' || code === 'ERR_JWKS_INVALID' || code === 'ERR_JOSE_GENERIC';
};
