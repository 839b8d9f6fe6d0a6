import { randomUUID } from 'node:crypto';
import { importJWK, decodeJwt, SignJWT, type JWK } from 'jose';
import type { Transaction } from 'kysely';
import type { Configuration } from 'oidc-provider';
import type { JsonObject } from '../../storage/artifacts.ts';
import { enqueue, NotTaken, type OutboxTables } from '../../storage/outbox.ts';
import type { Sealer } from '../../storage/sealing.ts';
import type { Outbound } from '../../web/outbound.ts';

/** One service to be told that a session has ended. Holds all that delivery needs, since the account may be gone by then. */
export interface LogoutNotice {
  readonly clientId: string;
  readonly uri: string;
  /** The finished pairwise subject. */
  readonly sub: string;
  readonly sid: string;
  readonly alg: string;
}

export const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** Under this key the notice of one session to one service stands once in the outbox, and is found again by the page. */
export const noticeKey = (clientId: string, sid: string): string => `logout:${clientId}:${sid}`;

/** The kind of these messages in the outbox. */
export const noticeKind = 'logout';

/** Puts notices into the outbox; one service that hangs holds up its own notices only. */
export const noticeOutbox =
  (sealer: Sealer) =>
  (trx: Transaction<OutboxTables>, notice: LogoutNotice, dedupeKey: string): Promise<string> =>
    enqueue(trx, sealer, {
      kind: noticeKind,
      dedupeKey,
      lane: notice.clientId,
      payload: notice as unknown as JsonObject,
    });

export type Fetch = NonNullable<Configuration['fetch']>;

/**
 * The library's outgoing requests. A logout notice is not sent but written down for the outbox, so that nobody waits for
 * somebody else's server and nothing is lost; everything else goes out guarded.
 *
 * @param sectors answers `https://sector.invalid/…`, the sector documents that stand in client files.
 */
export const createFetch =
  (
    outbound: Outbound,
    enqueue: (notice: LogoutNotice) => Promise<void>,
    sectors: (address: string) => readonly string[] | undefined,
  ): Fetch =>
  async (address, options) => {
    const url = address instanceof Request ? address.url : String(address);
    const body = options?.body;
    if (options?.method === 'POST' && body instanceof URLSearchParams && body.has('logout_token')) {
      const token = body.get('logout_token') ?? '';
      const { sub, sid, aud } = decodeJwt<{ sid?: string }>(token);
      const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')) as {
        alg: string;
      };
      if (sub === undefined || sid === undefined || typeof aud !== 'string')
        throw new TypeError('a logout token without subject, session or audience');
      await enqueue({ clientId: aud, uri: url, sub, sid, alg: header.alg });
      return new Response(null, { status: 204 });
    }
    const redirectUris = sectors(url);
    if (redirectUris) return Response.json(redirectUris);
    return outbound(url, options?.method === undefined ? {} : { method: options.method });
  };

/**
 * Delivers one notice (OpenID Connect Back-Channel Logout 1.0, 2.5). Signed anew at every try: a token that waited for
 * hours would have expired, and its `jti` might be taken for a replay.
 */
export const deliverNotice = async (
  notice: LogoutNotice,
  issuer: string,
  keys: readonly JWK[],
  outbound: Outbound,
): Promise<void> => {
  const jwk = keys.find((key) => key.alg === notice.alg);
  if (!jwk) throw new NotTaken(`there is no key for ${notice.alg}`);
  const token = await new SignJWT({ events: { [logoutEvent]: {} }, sid: notice.sid })
    .setProtectedHeader({ alg: notice.alg, typ: 'logout+jwt', ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) })
    .setIssuer(issuer)
    .setAudience(notice.clientId)
    .setSubject(notice.sub)
    .setIssuedAt()
    .setExpirationTime('120s')
    .setJti(randomUUID())
    .sign(await importJWK(jwk, notice.alg));
  const response = await outbound(notice.uri, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ logout_token: token }).toString(),
    timeout: 5000,
  });
  if (response.status !== 200 && response.status !== 204) throw new NotTaken(`the service answered ${response.status}`);
};
