import type Router from '@koa/router';
import { jwtVerify } from 'jose';
import { getRawBody } from 'raw-body';
import type { Log } from '../../../web/log.ts';
import type { Metrics } from '../../../web/metrics.ts';
import { ProviderUnavailable, type Provider } from '../../relying-party/provider.ts';
import type { PostfachRecords } from '../records/records.ts';
import type { Senders } from '../senders.ts';
import { Problem } from '../api/problems.ts';

const accountPurged = 'https://schemas.openid.net/secevent/risc/event-type/account-purged';
/** Bayern-ID's own, for Mein Postfach alone. */
const accountJoined = 'urn:bayern-id:event:account-joined';
const largest = 16 * 1024;

interface Subject {
  readonly format?: unknown;
  readonly iss?: unknown;
  readonly sub?: unknown;
}

/** What is told of an account; `into`: of the account that it became one with. */
interface Told {
  readonly subject: string;
  readonly into?: string;
}

/** RFC 8935, 2.4. */
class EventRefused extends Error {
  override readonly name = 'EventRefused';
}

/**
 * Where Bayern-ID tells that an account is gone (Security Event Token, RFC 8417, by push, RFC 8935): the mailbox's key is
 * destroyed before the answer; or that it became one with another account: then its mailbox is closed before the answer, and
 * what is in it moves. What is told twice changes nothing.
 */
export const addSecurityEvents = (
  router: Router,
  parts: {
    readonly issuer: string;
    readonly clientId: string;
    readonly provider: Provider;
    readonly records: Pick<PostfachRecords, 'mailboxes' | 'joined'>;
    /** A mailbox was closed in favour of another one. */
    readonly moving: () => void;
    readonly senders: () => Senders;
    readonly wake: () => void;
    readonly metrics: Metrics;
    readonly log: Log;
  },
): void => {
  const { issuer, clientId, provider, senders, wake, metrics, log } = parts;
  const { mailboxes, joined } = parts.records;
  const purged = metrics.counter('mailboxes_purged_total', 'Mailboxes whose key was destroyed.');

  const named = ({ format, iss, sub }: Subject = {}): string => {
    if (format !== 'iss_sub' || iss !== issuer || typeof sub !== 'string' || sub === '')
      throw new EventRefused('invalid_request');
    return sub;
  };

  /** Undefined for an event of another kind. @throws EventRefused */
  const read = async (token: string): Promise<Told | undefined> => {
    const { keys } = await provider.connect();
    const { payload } = await jwtVerify<{ events?: Record<string, { subject?: Subject; into?: Subject }> }>(
      token,
      keys,
      {
        issuer,
        audience: clientId,
        typ: 'secevent+jwt',
        algorithms: ['ES256'],
        requiredClaims: ['iat', 'jti', 'events'],
      },
    ).catch((cause: unknown) => {
      if (cause instanceof ProviderUnavailable) throw cause;
      throw new EventRefused('authentication_failed', { cause });
    });
    const [purge, join] = [payload.events?.[accountPurged], payload.events?.[accountJoined]];
    if (purge !== undefined) return { subject: named(purge.subject) };
    if (join !== undefined) return { subject: named(join.subject), into: named(join.into) };
    return undefined;
  };

  const act = async ({ subject, into }: Told): Promise<void> => {
    if (into !== undefined) {
      await mailboxes.of(into);
      const outcome = await joined.join(subject, into);
      if (outcome === 'joined') parts.moving();
      // Where the account that stayed has ended by now, too, there is nobody whose the letters could be.
      if (outcome !== 'gone') return;
    }
    if (await mailboxes.purge(subject, [...senders().all.keys()])) {
      purged.add();
      wake();
    }
  };

  router.post('/api/security-events', async (ctx) => {
    if (ctx.is('application/secevent+jwt') === false)
      throw new Problem('envelope_invalid', { detail: 'the body must be application/secevent+jwt' });
    const token = (await getRawBody(ctx.req, { limit: largest })).toString('latin1').trim();
    try {
      const told = await read(token);
      if (told !== undefined) await act(told);
      ctx.status = 202;
      ctx.body = '';
    } catch (error) {
      if (!(error instanceof EventRefused)) throw error;
      log.warn('security_event_refused', { reason: error.message });
      ctx.status = 400;
      ctx.body = { err: error.message, description: 'The security event was not accepted.' };
    }
  });
};
