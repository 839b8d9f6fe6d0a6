import type Router from '@koa/router';
import { jwtVerify } from 'jose';
import { getRawBody } from 'raw-body';
import { HttpError } from '../../web/http-error.ts';
import type { Log } from '../../web/log.ts';
import { webState } from '../../web/state.ts';
import { ProviderUnavailable, type Provider } from '../relying-party/provider.ts';

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
 * Where Bayern-ID tells a module that an account is gone (Security Event Token, RFC 8417, by push, RFC 8935), or that it became one
 * with another account. What is told twice changes nothing.
 */
export const addSecurityEvents = (
  router: Router,
  parts: {
    readonly issuer: string;
    readonly clientId: string;
    readonly provider: Provider;
    /** Ends before the answer. */
    readonly accountPurged: (subject: string) => Promise<void>;
    /** The same; whoever leaves it out is told of no such thing. */
    readonly accountJoined?: (subject: string, into: string) => Promise<void>;
    readonly log: Log;
  },
): void => {
  const { issuer, clientId, provider, log } = parts;

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

  const act = async ({ subject, into }: Told): Promise<void> =>
    into === undefined ? parts.accountPurged(subject) : parts.accountJoined?.(subject, into);

  router.post('/api/security-events', async (ctx) => {
    if (ctx.is('application/secevent+jwt') === false)
      throw new HttpError('unsupported_media_type', { reason: 'security_event_type' });
    const token = (await getRawBody(ctx.req, { limit: largest })).toString('latin1').trim();
    try {
      const told = await read(token);
      webState(ctx).noteService();
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
