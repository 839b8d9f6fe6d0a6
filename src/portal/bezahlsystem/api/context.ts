import type { Context, Middleware } from 'koa';
import type { Counters } from '../../../storage/counters.ts';
import { readBody } from '../../../web/forms.ts';
import type { Signing } from '../../module-api/signing.ts';
import type { AccessToken } from '../../relying-party/access-token.ts';
import type { RelyingParty } from '../../relying-party/relying-party.ts';
import type { PageIds } from '../citizen/page-ids.ts';
import { endPointOf, type EndPoint, type Originator } from '../originators.ts';
import type { Inbox } from '../paying/inbox.ts';
import type { PayingParts } from '../paying/parts.ts';
import { idPattern } from './payment-request.ts';
import { Problem } from './problems.ts';

/** What the routes of the API share. */
export interface ApiParts extends PayingParts {
  readonly relyingParty: Pick<RelyingParty, 'requireToken'>;
  readonly counters: Counters;
  readonly signing: Signing;
  readonly inbox: Inbox;
  readonly pageIds: Pick<PageIds, 'create'>;
  /** Does the jobs now: there is money to send back. */
  readonly hurry: () => void;
}

/** The address that services' tokens are for. */
export const audienceOf = (origin: string): string => `${origin}/api`;

export const paymentScopes = ['payments:create', 'payments:read'] as const;

/** In which an originator's requests are counted, in seconds. */
const window = 60;
const largestBody = 256 * 1024;

interface Asking {
  readonly originator: Originator;
  readonly endPoint: EndPoint;
}
const askingKey = Symbol('asking');

/** For whom this request is; set by `serviceWith`. */
export const askingOf = (ctx: Context): Asking => {
  const asking = (ctx.state as { [askingKey]?: Asking })[askingKey];
  if (asking === undefined) throw new TypeError('the route has no originator');
  return asking;
};

/** A part of the path that may be an id or a day; '' for anything else, which names nothing. */
export const parameterOf = (ctx: Context, name: string): string => {
  const value = (ctx as { params?: Record<string, string> }).params?.[name] ?? '';
  return new RegExp(idPattern).test(value) ? value : '';
};

/**
 * Lets through who has a token of this scope that is bound to its key or certificate, on its own account, and whose client the file of the
 * originator names; with `counted` only as often as that file allows, before anything of the body is read.
 *
 * @param options.unknown what is answered for an originator or end point that there is not.
 */
export const serviceWith = (
  parts: ApiParts,
  scope: (typeof paymentScopes)[number],
  options: { readonly counted?: boolean; readonly unknown?: 'NO_VALID_ORIGINATOR_OR_ENDPOINT' | 'FORBIDDEN' } = {},
): Middleware => {
  const requireToken = parts.relyingParty.requireToken(audienceOf(parts.settings.origin), { scope, bound: true });
  const { counted = false, unknown = 'NO_VALID_ORIGINATOR_OR_ENDPOINT' } = options;
  return async (ctx, next) => {
    await requireToken(ctx, async () => {
      const { sub, clientId } = ctx.state['accessToken'] as AccessToken;
      // A citizen's token names her and not the client: nobody asks for fees in her name.
      if (sub !== clientId) throw new Problem('FORBIDDEN');
      const originator = parts.originators().all.get(parameterOf(ctx, 'originator'));
      if (!originator) throw new Problem(unknown);
      if (!originator.client_ids.includes(clientId)) throw new Problem('FORBIDDEN');
      const endPoint = endPointOf(originator, parameterOf(ctx, 'endPoint'));
      if (!endPoint) throw new Problem(unknown);
      if (counted) {
        const count = await parts.counters.add(`bezahlsystem originator ${originator.originator}`, 1, window);
        if (count > originator.requests_per_minute) throw new Problem('UNSPECIFIED', { status: 429, retryAfter: 10 });
      }
      (ctx.state as { [askingKey]?: Asking })[askingKey] = { originator, endPoint };
      await next();
    });
  };
};

/** The body of a request, which has to be JSON. */
export const readJson = async (ctx: Context): Promise<Buffer> => {
  if (ctx.is('application/json') !== 'application/json')
    throw new Problem('VALIDATION_ERROR', { status: 415, detail: 'the body must be application/json' });
  return readBody(ctx, largestBody);
};
