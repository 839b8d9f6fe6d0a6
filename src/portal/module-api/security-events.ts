import type Router from '@koa/router';
import { jwtVerify } from 'jose';
import { getRawBody } from 'raw-body';
import { HttpError } from '../../web/http-error.ts';
import type { Log } from '../../web/log.ts';
import { ProviderUnavailable, type Provider } from '../relying-party/provider.ts';

const accountPurged = 'https://schemas.openid.net/secevent/risc/event-type/account-purged';
const largest = 16 * 1024;

interface Subject {
  readonly format?: unknown;
  readonly iss?: unknown;
  readonly sub?: unknown;
}

/** RFC 8935, 2.4. */
class EventRefused extends Error {
  override readonly name = 'EventRefused';
}

/**
 * Where Bayern-ID tells a module that an account is gone (Security Event Token, RFC 8417, by push, RFC 8935). What is told twice
 * changes nothing.
 */
export const addSecurityEvents = (
  router: Router,
  parts: {
    readonly issuer: string;
    readonly clientId: string;
    readonly provider: Provider;
    /** Ends before the answer. */
    readonly accountPurged: (subject: string) => Promise<void>;
    readonly log: Log;
  },
): void => {
  const { issuer, clientId, provider, log } = parts;

  /** The subject whose account is gone; undefined for an event of another kind. @throws EventRefused */
  const subjectOf = async (token: string): Promise<string | undefined> => {
    const { keys } = await provider.connect();
    const { payload } = await jwtVerify<{ events?: Record<string, { subject?: Subject }> }>(token, keys, {
      issuer,
      audience: clientId,
      typ: 'secevent+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['iat', 'jti', 'events'],
    }).catch((cause: unknown) => {
      if (cause instanceof ProviderUnavailable) throw cause;
      throw new EventRefused('authentication_failed', { cause });
    });
    const event = payload.events?.[accountPurged];
    if (event === undefined) return undefined;
    const { format, iss, sub } = event.subject ?? {};
    if (format !== 'iss_sub' || iss !== issuer || typeof sub !== 'string' || sub === '')
      throw new EventRefused('invalid_request');
    return sub;
  };

  router.post('/api/security-events', async (ctx) => {
    if (ctx.is('application/secevent+jwt') === false)
      throw new HttpError('unsupported_media_type', { reason: 'security_event_type' });
    const token = (await getRawBody(ctx.req, { limit: largest })).toString('latin1').trim();
    try {
      const subject = await subjectOf(token);
      if (subject !== undefined) await parts.accountPurged(subject);
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
