import { z } from 'zod';
import type { Outbound, OutboundRequest } from '../../../web/outbound.ts';
import type { FailureReason, PaymentMethod } from '../orders/order.ts';
import { askProvider, providerId, providerRemark, understood, type ProviderAnswer } from './answers.ts';
import { readSignedMessage } from './callback.ts';
import {
  CallbackRefused,
  PaymentProviderUnavailable,
  PaymentRefused,
  type PaymentOrder,
  type PaymentProvider,
  type ProviderPayment,
  type ProviderState,
  type RefundAnswer,
} from './provider.ts';

export interface SandboxOptions {
  readonly name: string;
  /** Origin of its API and its pages. */
  readonly origin: string;
  readonly apiKey: string;
  /** Sign its call-backs; the one in use first. */
  readonly callbackSecrets: readonly Buffer[];
  readonly outbound: Outbound;
}

const payment = z.object({
  reference: z.uuid(),
  id: providerId,
  state: z.enum(['open', 'processing', 'paid', 'failed', 'cancelled']),
  amount: z.int().optional(),
  currency: z.string().optional(),
  methodDetail: providerRemark,
  reason: z.enum(['declined', 'expired', 'code']).optional(),
  payUrl: z.url().optional(),
});
type SandboxPayment = z.output<typeof payment>;

const reasons: Readonly<Record<NonNullable<SandboxPayment['reason']>, FailureReason>> = {
  declined: 'declined',
  expired: 'expired',
  code: 'authentication',
};

const stateOf = ({ state, reason }: SandboxPayment): ProviderState => {
  if (state === 'processing') return 'pending';
  return state === 'failed' && reason === 'expired' ? 'expired' : state;
};

const translated = (found: SandboxPayment): ProviderPayment => ({
  attemptId: found.reference,
  state: stateOf(found),
  providerReference: found.id,
  ...(found.amount === undefined ? {} : { amount: found.amount }),
  ...(found.currency === undefined ? {} : { currency: found.currency }),
  ...(found.methodDetail ? { methodDetail: found.methodDetail } : {}),
  ...(found.reason === undefined ? {} : { failure: reasons[found.reason] }),
});

const methods: readonly PaymentMethod[] = ['CREDITCARD'];

/** The provider for development and tests: `src/simulators/payment-provider`, reached over HTTP alone. */
export const createSandbox = (options: SandboxOptions): PaymentProvider => {
  const { name, origin, apiKey, outbound } = options;

  const call = (path: string, request: OutboundRequest = {}): Promise<ProviderAnswer> =>
    askProvider(outbound, `${origin}/v1/payments/${path}`, {
      ...request,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', accept: 'application/json' },
    });

  const known = async (attemptId: string, answer: ProviderAnswer): Promise<SandboxPayment> => {
    if (answer.status !== 200) throw new PaymentProviderUnavailable(`status_${answer.status}`);
    const found = understood(payment, answer.body);
    if (found.reference !== attemptId) throw new PaymentProviderUnavailable('foreign_reference');
    return found;
  };

  return {
    name,
    methods,
    pageOrigins: [origin],
    takesRequestor: false,

    async begin(order: PaymentOrder) {
      const answer = await call(order.attemptId, {
        method: 'PUT',
        body: JSON.stringify({
          amount: order.amount,
          currency: order.currency,
          payee: order.payee.name,
          purpose: order.purpose,
          returnUrl: order.returnUrl,
          callbackUrl: order.callbackUrl,
          expiresAt: new Date(order.payableUntil).toISOString(),
          locale: order.locale,
        }),
      });
      if (answer.status === 400) throw new PaymentRefused('not_taken');
      const found = await known(order.attemptId, answer);
      if (found.payUrl === undefined) {
        // Cancelled before it was begun: no page was ever there, so no money can come.
        if (found.state === 'cancelled') throw new PaymentRefused('cancelled');
        throw new PaymentProviderUnavailable('no_page');
      }
      return { providerReference: found.id, redirectUrl: found.payUrl };
    },

    async ask({ attemptId }) {
      const answer = await call(attemptId);
      if (answer.status === 404) return { attemptId, state: 'unknown' };
      return translated(await known(attemptId, answer));
    },

    async cancel({ attemptId }) {
      return translated(await known(attemptId, await call(`${attemptId}/cancel`, { method: 'POST' })));
    },

    async refund({ attemptId, refundId, amount, currency }): Promise<RefundAnswer> {
      const answer = await call(`${attemptId}/refunds/${refundId}`, {
        method: 'PUT',
        body: JSON.stringify({ amount, currency }),
      });
      if (answer.status === 404 || answer.status === 409 || answer.status === 422) return 'refused';
      await known(attemptId, answer);
      return 'done';
    },

    async check() {
      const { status } = await call('check');
      if (status !== 404) throw new PaymentProviderUnavailable(`status_${status}`);
    },

    async readCallback(request) {
      const { id, content } = readSignedMessage(request, options.callbackSecrets);
      const found = payment.safeParse(content['payment']);
      if (!found.success) throw new CallbackRefused('body');
      return { eventId: id, attemptId: found.data.reference, payment: translated(found.data) };
    },
  };
};
