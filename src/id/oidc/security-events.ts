import { importJWK, SignJWT, type JWK } from 'jose';
import type { Transaction } from 'kysely';
import type { JsonObject } from '../../storage/artifacts.ts';
import { enqueue, NotTaken, type OutboxTables } from '../../storage/outbox.ts';
import type { Sealer } from '../../storage/sealing.ts';
import type { Outbound } from '../../web/outbound.ts';

/** One service to be told that an account has ended for good. Holds all that delivery needs, since nothing else is left. */
export interface AccountPurged {
  readonly clientId: string;
  readonly uri: string;
  /** As this service knew the citizen. */
  readonly sub: string;
  /** As it knows the account that this one was joined to; only where it is told so. */
  readonly into?: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** OpenID RISC Profile 1.0, 2.1. */
export const accountPurgedEvent = 'https://schemas.openid.net/secevent/risc/event-type/account-purged';

/** Our own: no profile has an event for two accounts that become one. `into` is a second subject. */
export const accountJoinedEvent = 'urn:bayern-id:event:account-joined';

/** The kind of these messages in the outbox. */
export const securityEventKind = 'security-event';

/**
 * Eight tries take nine hours and every further one six hours: with these a service that is away for two weeks still
 * learns it. A logout notice would be worth nothing by then, this one never loses its meaning.
 */
export const securityEventAttempts = 8 + 14 * 4;

export type EnqueueSecurityEvent = (trx: Transaction<never>, event: AccountPurged) => Promise<void>;

/** Not the lane of its logout notices, which ought to arrive within seconds. */
const lanePrefix = 'security-event:';

/** Whom the messages of a lane are for. */
export const clientOfLane = (lane: string): string => lane.slice(lanePrefix.length);

/** Puts events into the outbox; one service that hangs holds up its own only. */
export const securityEventOutbox =
  (sealer: Sealer): EnqueueSecurityEvent =>
  async (trx, event) => {
    await enqueue(trx as unknown as Transaction<OutboxTables>, sealer, {
      kind: securityEventKind,
      lane: `${lanePrefix}${event.clientId}`,
      payload: event as unknown as JsonObject,
    });
  };

/**
 * Delivers one event (RFC 8417) by push (RFC 8935). It has the same id and the same times at every try, so that a receiver
 * can tell; only the signature is made anew, since keys change.
 *
 * @param id of the message in the outbox.
 */
export const deliverSecurityEvent = async (
  { clientId, uri, sub, into, at }: AccountPurged,
  id: string,
  issuer: string,
  keys: readonly JWK[],
  outbound: Outbound,
): Promise<void> => {
  const jwk = keys.find(({ alg }) => alg === 'ES256');
  if (!jwk) throw new NotTaken('there is no key for ES256');
  const seconds = Math.floor(at / 1000);
  const named = (name: string): JsonObject => ({ format: 'iss_sub', iss: issuer, sub: name });
  const subject = named(sub);
  const events =
    into === undefined
      ? { [accountPurgedEvent]: { subject } }
      : { [accountJoinedEvent]: { subject, into: named(into) } };
  const token = await new SignJWT({ events, toe: seconds })
    .setProtectedHeader({ alg: 'ES256', typ: 'secevent+jwt', ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) })
    .setIssuer(issuer)
    .setAudience(clientId)
    .setIssuedAt(seconds)
    .setJti(id)
    .sign(await importJWK(jwk, 'ES256'));
  const response = await outbound(uri, {
    method: 'POST',
    headers: { 'content-type': 'application/secevent+jwt', accept: 'application/json' },
    body: token,
    timeout: 5000,
  });
  // RFC 8935, 2.2: 202 and nothing else. A page that answers 200 to everything has taken nothing.
  if (response.status !== 202) throw new NotTaken(`the service answered ${response.status}`);
};
