import type { Context, ParameterizedContext } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { readFormText } from '../../web/forms.ts';
import { HttpError } from '../../web/http-error.ts';

/** What the library would answer otherwise than the specifications, or a citizen, expect. */

/** Answers in a form are small; what a request may say fits into an address. Bytes. */
const longestRequest = 8 * 1024;

/**
 * OpenID Connect Core 3.1.2.1 and RP-Initiated Logout 2 want POST as well: the same request, once more as GET, so that the
 * session's cookie comes along.
 */
export const postToGet = async (ctx: Context): Promise<void> => {
  const query = await readFormText(ctx);
  if (query.length > longestRequest) throw new HttpError('too_large', { reason: 'request_by_post' });
  ctx.redirect(`${ctx.path}?${query}`);
  ctx.status = 303;
};

/** The library says `invalid_request` of a grant type that a client may not use (RFC 6749, 5.2: `unauthorized_client`). */
export const withRightGrantError = (body: unknown): unknown => {
  const { error_description: description } = (body ?? {}) as { error_description?: string };
  return description === 'requested grant type is not allowed for this client'
    ? { ...(body as object), error: 'unauthorized_client' }
    : body;
};

/** What the library says of an Authorization header by which nobody can be authenticated. */
const brokenHeaders: ReadonlySet<unknown> = new Set([
  'invalid authorization header value format',
  'client_id and client_secret in the authorization header are not properly encoded',
  'client_secret must be provided in the Authorization header',
  'no client authentication mechanism provided',
]);

/** Who tries to authenticate by the header and fails is answered with 401 and the scheme (RFC 6749, 5.2); the library says 400. */
export const withRightClientError = (ctx: ParameterizedContext, realm: string): void => {
  const { error_description: description } = (ctx.body ?? {}) as { error_description?: unknown };
  if (ctx.get('authorization') === '' || !brokenHeaders.has(description)) return;
  ctx.status = 401;
  ctx.set('www-authenticate', `Basic realm="${realm}", error="invalid_client"`);
  ctx.body = { error: 'invalid_client', error_description: description };
};

/** Who is not logged in is not asked, and needs no page that submits itself: the answer is the one after the question. */
export const leaveWithoutSession = (ctx: KoaContextWithOIDC): void => {
  const { session, params } = ctx.oidc;
  if (session?.accountId !== undefined) return;
  const { post_logout_redirect_uri: uri, state } = (params ?? {}) as Record<string, string | undefined>;
  const target = new URL(uri ?? '/session/end/success', ctx.oidc.issuer);
  if (uri !== undefined && state !== undefined) target.searchParams.set('state', state);
  ctx.status = 303;
  ctx.redirect(uri === undefined ? target.pathname : target.href);
  ctx.status = 303;
};
