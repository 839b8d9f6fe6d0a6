import type Router from '@koa/router';
import type { AccessToken } from '../../relying-party/access-token.ts';
import { myPaymentPath } from '../citizen/paths.ts';
import type { Payments } from '../payments.ts';
import { audienceOf, type ApiParts } from './context.ts';

/** By which another module reads in a citizen's name what she has not paid yet; it pays nothing. */
export const overviewScope = 'payments:overview';

/** More open fees than anybody has. */
const most = 50;

/** What a module may tell a citizen about her payments, by her own token. */
export const addCitizenApiRoutes = (
  router: Router,
  parts: Pick<ApiParts, 'relyingParty' | 'settings'> & { readonly payments: Pick<Payments, 'openOf'> },
): void => {
  const { origin } = parts.settings;
  // A level is asked for, so that no client's own token will do: it has none.
  const own = parts.relyingParty.requireToken(audienceOf(origin), { scope: overviewScope, level: 'basic' });

  router.get('/api/citizen/payments/open', own, async (ctx) => {
    const { sub } = ctx.state['accessToken'] as AccessToken;
    const open = await parts.payments.openOf(sub, most);
    ctx.set('cache-control', 'no-store');
    ctx.body = {
      payments: open.map(({ id, state, serviceName, purpose, payee, amount, currency, payableUntil }) => ({
        id,
        state,
        service: serviceName,
        purpose,
        payee: payee.name,
        amount: amount / 100,
        currency,
        payableUntil: new Date(payableUntil).toISOString(),
        // Hers after a login: not the page that pays without one.
        address: `${origin}${myPaymentPath(id)}`,
      })),
    };
  });
};
