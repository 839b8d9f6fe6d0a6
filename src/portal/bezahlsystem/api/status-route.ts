import type Router from '@koa/router';
import { PaymentProviderUnavailable } from '../providers/provider.ts';
import { askingOf, serviceWith, type ApiParts } from './context.ts';
import { Problem } from './problems.ts';

/** ms that a provider's answer is believed: services ask often. */
const believed = 5_000;

export const addStatusRoute = (router: Router, parts: ApiParts): void => {
  const known = new Map<string, { readonly at: number; readonly up: boolean }>();
  const isUp = async (name: string): Promise<boolean> => {
    const before = known.get(name);
    if (before && Math.abs(Date.now() - before.at) < believed) return before.up;
    let up = true;
    try {
      const provider = parts.providers.get(name);
      if (!provider) throw new PaymentProviderUnavailable('not_configured');
      await provider.check();
    } catch (error) {
      if (!(error instanceof PaymentProviderUnavailable)) throw error;
      up = false;
    }
    known.set(name, { at: Date.now(), up });
    return up;
  };
  router.get(
    '/api/status/:originator/:endPoint',
    serviceWith(parts, 'payments:read', { unknown: 'FORBIDDEN' }),
    async (ctx) => {
      const { endPoint } = askingOf(ctx);
      if (!(await isUp(endPoint.provider)))
        throw new Problem('UNSPECIFIED', {
          status: 503,
          retryAfter: 30,
          detail: 'the payment provider does not answer',
        });
      ctx.body = { status: 'OK' };
    },
  );
};
