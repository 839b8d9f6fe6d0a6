import type { Order } from '../orders/order.ts';
import { PaymentProviderUnavailable, type PaymentProvider, type ProviderPayment } from '../providers/provider.ts';
import type { StoredAttempt } from '../records/attempts.ts';
import type { WordOutcome } from '../records/words.ts';
import { beginLimit } from '../orders/checks.ts';
import type { PayingParts } from './parts.ts';
import { paymentOrder } from './payment-order.ts';

export interface Asking {
  /**
   * Asks the provider how an attempt stands, or to end it, and brings the state machine forward by its word.
   *
   * @throws PaymentProviderUnavailable, with nothing changed.
   */
  ask(order: Order, attempt: StoredAttempt, how: 'ask' | 'cancel'): Promise<WordOutcome>;
  /** Brings the state machine forward by a word that is there already. */
  apply(provider: string, payment: ProviderPayment, callback?: string): Promise<WordOutcome>;
  /** @throws PaymentProviderUnavailable when the settings do not have it any more. */
  providerOf(attempt: Pick<StoredAttempt, 'provider'>): PaymentProvider;
}

export const createAsking = ({ records, providers, settings, alarm, wake }: PayingParts): Asking => {
  const providerOf: Asking['providerOf'] = ({ provider }) => {
    const found = providers.get(provider);
    if (!found) throw new PaymentProviderUnavailable('not_configured');
    return found;
  };

  const apply: Asking['apply'] = async (provider, { attemptId, ...word }, callback) => {
    const at = Date.now();
    const outcome = await records.words.apply(attemptId, word, {
      provider,
      at,
      overdueSince: at - beginLimit,
      ...(callback === undefined ? {} : { callback }),
    });
    if (outcome.alarm !== undefined) alarm(outcome.alarm, attemptId);
    if (outcome.kind === 'surplus') alarm('surplus', attemptId);
    if (outcome.kind === 'paid' || outcome.kind === 'surplus') wake();
    return outcome;
  };

  return {
    providerOf,
    apply,
    async ask(order, attempt, how) {
      const provider = providerOf(attempt);
      const payment = await provider[how](paymentOrder(order, attempt, settings.origin));
      // A word about another payment is none about this one.
      if (payment.attemptId !== attempt.id) throw new PaymentProviderUnavailable('foreign_payment');
      return apply(attempt.provider, payment);
    },
  };
};
