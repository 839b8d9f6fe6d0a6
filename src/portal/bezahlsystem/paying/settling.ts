import type { Cents, Order } from '../orders/order.ts';
import { decimalOf } from '../orders/money.ts';
import { PaymentProviderUnavailable, type ProviderPayment } from '../providers/provider.ts';
import type { StoredAttempt } from '../records/attempts.ts';
import type { Settlement } from '../records/settlements.ts';
import { paymentOrder } from './payment-order.ts';
import type { Asking } from './asking.ts';
import type { PayingParts } from './parts.ts';

/** A payment of which nobody knows whether it happened. */
export interface DoubtfulPayment {
  readonly attempt: StoredAttempt;
  readonly order: Order;
}

/** What an operator has found out at the provider. `paid`: the whole sum is there. `not-paid`: nothing of it is there, or stays there. */
export type Finding = { readonly kind: 'paid'; readonly amount: Cents } | { readonly kind: 'not-paid' };

export type Settled =
  /** There is no such payment in doubt. `state`: of an attempt that is none. */
  | { readonly kind: 'not_in_doubt'; readonly state?: StoredAttempt['state'] }
  /** The provider's word fits by now, and was followed instead. */
  | { readonly kind: 'by_provider'; readonly state: StoredAttempt['state']; readonly word: string }
  /** Nothing has changed. `why`: the amount is another one, or the provider says otherwise. */
  | { readonly kind: 'refused'; readonly why: 'amount' | 'provider'; readonly word: string }
  | { readonly kind: 'settled'; readonly result: Settlement['result']; readonly word: string };

export interface Settling {
  /** The oldest first. */
  inDoubt(): Promise<DoubtfulPayment[]>;
  /** Asks the provider, whose word counts if it fits by now. */
  look(
    attemptId: string,
  ): Promise<Exclude<Settled, { kind: 'settled' | 'refused' }> | { kind: 'doubtful'; word: string }>;
  /**
   * Ends a payment in doubt after somebody has looked at the provider. The provider is asked before: its word counts if it fits, and
   * where it names a payment that is not as the operator says, nothing is called paid. Money is booked only to the order's own amount.
   */
  settle(attemptId: string, finding: Finding, by: Pick<Settlement, 'operator' | 'reason'>): Promise<Settled>;
}

/** For people: how the provider speaks of the payment. */
const inWords = (payment: ProviderPayment): string =>
  [
    payment.state,
    ...(payment.amount === undefined ? [] : [decimalOf(payment.amount), payment.currency ?? '']),
    payment.providerReference ?? '',
  ]
    .filter((part) => part !== '')
    .join(' ');

export const createSettling = (parts: PayingParts, asking: Asking): Settling => {
  const { records, settings, wake } = parts;

  const find = async (attemptId: string): Promise<DoubtfulPayment | StoredAttempt | undefined> => {
    const attempt = await records.attempts.find(attemptId);
    const order = attempt?.state === 'in_doubt' ? await records.orders.byId(attempt.orderId) : undefined;
    return attempt && order ? { attempt, order } : attempt;
  };

  /** Undefined while the provider does not answer. */
  const wordOn = async ({ attempt, order }: DoubtfulPayment): Promise<ProviderPayment | undefined> => {
    try {
      const word = await asking.providerOf(attempt).ask(paymentOrder(order, attempt, settings.origin));
      return word.attemptId === attempt.id ? word : undefined;
    } catch (error) {
      if (!(error instanceof PaymentProviderUnavailable)) throw error;
      return undefined;
    }
  };

  const consult = async (
    attemptId: string,
  ): Promise<
    | Extract<Settled, { kind: 'not_in_doubt' | 'by_provider' }>
    | {
        readonly kind: 'doubtful';
        readonly doubtful: DoubtfulPayment;
        readonly told?: ProviderPayment;
        readonly word: string;
      }
  > => {
    const found = await find(attemptId);
    if (found === undefined) return { kind: 'not_in_doubt' };
    if (!('order' in found)) return { kind: 'not_in_doubt', state: found.state };
    const told = await wordOn(found);
    const word = told === undefined ? 'no answer' : inWords(told);
    const followed = told !== undefined && (await asking.apply(found.attempt.provider, told)).kind !== 'nothing';
    const { state } = (await records.attempts.find(attemptId)) ?? found.attempt;
    if (state !== 'in_doubt') return followed ? { kind: 'by_provider', state, word } : { kind: 'not_in_doubt', state };
    return { kind: 'doubtful', doubtful: found, word, ...(told === undefined ? {} : { told }) };
  };

  return {
    async inDoubt() {
      const attempts = await records.attempts.inDoubt();
      const found = await Promise.all(
        attempts.map(async (attempt) => ({ attempt, order: await records.orders.byId(attempt.orderId) })),
      );
      return found.flatMap(({ attempt, order }) => (order === undefined ? [] : [{ attempt, order }]));
    },

    async look(attemptId) {
      const seen = await consult(attemptId);
      return seen.kind === 'doubtful' ? { kind: 'doubtful', word: seen.word } : seen;
    },

    async settle(attemptId, finding, by) {
      const seen = await consult(attemptId);
      if (seen.kind !== 'doubtful') return seen;
      const { doubtful, told, word } = seen;
      if (finding.kind === 'paid') {
        if (finding.amount !== doubtful.order.amount) return { kind: 'refused', why: 'amount', word };
        // What the provider knows does not fit, or it would have been followed.
        if (told !== undefined && told.state !== 'unknown') return { kind: 'refused', why: 'provider', word };
      }
      const at = Date.now();
      const result = await records.words.settle(attemptId, { paid: finding.kind === 'paid', word, at, ...by });
      if (result === 'not_in_doubt') {
        const now = await records.attempts.find(attemptId);
        return { kind: 'not_in_doubt', ...(now === undefined ? {} : { state: now.state }) };
      }
      if (result !== 'not_paid') wake();
      return { kind: 'settled', result, word };
    },
  };
};
