import { z } from 'zod';
import { mailAddress, type MailAddress } from '../../mail/address.ts';
import type { Locale } from '../../web/i18n/shape.ts';
import { createServiceToken, type ServiceToken } from '../module-api/service-token.ts';
import { ProviderUnavailable, type Fetch, type Provider } from '../relying-party/provider.ts';

/** Whose a handle is, as Bayern-ID says to Mein Postfach alone. */
export interface Citizen {
  /** The subject of Mein Postfach. */
  readonly sub: string;
  /** A confirmed address. */
  readonly email?: MailAddress;
  readonly locale: Locale;
}

/** Undefined for a handle that is unknown, another authority's, revoked or of a deleted account: nobody is told which. */
export type Resolve = (handle: string, authority: string) => Promise<Citizen | undefined>;

/** Too many handles of this authority were wrong: somebody guesses. */
export class TooManyMisses extends Error {
  override readonly name = 'TooManyMisses';
  /** Seconds. */
  readonly retryAfter: number;
  constructor(retryAfter: number) {
    super('Too many handles were unknown');
    this.retryAfter = retryAfter;
  }
}

const answer = z.object({
  sub: z.string().min(1),
  email: z.string().optional(),
  locale: z.string().optional(),
});

const scope = 'postfach:resolve';

/** Each call may throw: ProviderUnavailable while Bayern-ID does not answer, TooManyMisses. */
export const createResolve = (options: {
  readonly issuer: string;
  readonly provider: Provider;
  readonly fetch: Fetch;
  readonly token?: ServiceToken;
  /** ms that an answer may take: a sender waits for it, and holds a turn meanwhile. */
  readonly patience?: number;
}): Resolve => {
  const { issuer, provider, patience = 5000 } = options;
  const token = options.token ?? createServiceToken({ provider, scope, resource: `${issuer}/api` });

  const ask = async (handle: string, authority: string): Promise<Response> =>
    options.fetch(`${issuer}/api/postfach/resolve`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await token.get()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ handle, authority }),
      signal: AbortSignal.timeout(patience),
    });

  return async (handle, authority) => {
    let response;
    try {
      response = await ask(handle, authority);
      if (response.status === 401) {
        // Keys were exchanged, or the provider begins anew: once more with a new token.
        token.forget();
        response = await ask(handle, authority);
      }
    } catch (cause) {
      throw cause instanceof ProviderUnavailable
        ? cause
        : new ProviderUnavailable('No answer about a handle', { cause });
    }
    if (response.status === 404) return undefined;
    if (response.status === 429) throw new TooManyMisses(Number(response.headers.get('retry-after') ?? 60));
    if (response.status !== 200) throw new ProviderUnavailable(`Bayern-ID answered ${response.status} about a handle`);
    const said = answer.safeParse(await response.json().catch(() => undefined));
    if (!said.success)
      throw new ProviderUnavailable('An answer about a handle that says nothing', { cause: said.error });
    const { sub, email, locale } = said.data;
    const address = email === undefined ? undefined : mailAddress(email);
    return { sub, ...(address === undefined ? {} : { email: address }), locale: locale === 'en' ? 'en' : 'de' };
  };
};
