import { randomBytes, randomUUID } from 'node:crypto';
import { cardPlans, confirmationCode, mostCodeAttempts, type CardId } from './cards.ts';
import { isOver, refunded, type Callback, type FailureReason, type Payment, type PaymentOrder } from './payment.ts';
import type { PaymentStore } from './store.ts';

/** Why the API says no. */
export type Refusal = 'UNKNOWN_PAYMENT' | 'REFERENCE_IN_USE' | 'NOT_PAID' | 'AMOUNT_EXCEEDED';

export class BankRefused extends Error {
  override readonly name = 'BankRefused';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal);
    this.refusal = refusal;
  }
}

/** What happens to payments. Every step is one synchronous write, so that two requests never interleave within one. */
export interface Bank {
  /** Again with the same content: the same payment. @throws BankRefused REFERENCE_IN_USE */
  begin(reference: string, order: PaymentOrder): Payment;
  /** @throws BankRefused UNKNOWN_PAYMENT */
  ask(reference: string): Payment;
  /** Ends what can be ended and tells how it stands then. A reference that nobody has begun is used up by it. */
  cancel(reference: string): Payment;
  /** @throws BankRefused */
  refund(reference: string, refund: string, amount: number): Payment;
  /** The payment of a page. */
  onPage(token: string): Payment | undefined;
  pay(payment: Payment, card: CardId): Payment;
  /** The code of 3-D Secure; undefined: the owner says that it was not her. */
  confirm(payment: Payment, code: string | undefined): Payment;
  /** Does what is due at `now` (ms since the epoch); Infinity: all that is planned. @returns payments with call-backs to send. */
  advance(now: number): readonly Payment[];
  /** A call-back was delivered, or is tried again at `dueAt`. */
  noteCallback(reference: string, index: number, next: Callback): void;
  latest(most: number): readonly Payment[];
}

/** What the shop is told of a payment, by call-back and by answers. */
export const describePayment = (payment: Payment): Record<string, unknown> => {
  const { reference, id, order, state, card, reason, decidedAt } = payment;
  const off = card === undefined || state !== 'paid' ? 0 : cardPlans[card].amountOff;
  return {
    reference,
    id,
    state,
    ...(order === undefined ? {} : { amount: order.amount + off, currency: order.currency }),
    ...(state === 'paid' ? { method: 'CREDITCARD', methodDetail: 'Testkarte' } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(decidedAt === undefined ? {} : { decidedAt: new Date(decidedAt).toISOString() }),
    refunded: refunded(payment),
  };
};

const sameOrder = (a: PaymentOrder, b: PaymentOrder): boolean =>
  (['amount', 'currency', 'payee', 'purpose', 'returnUrl', 'callbackUrl'] as const).every((key) => a[key] === b[key]);

/**
 * @param delay ms that a slow bank and a late call-back take.
 * @param onChange told that something is planned or to be sent.
 */
export const createBank = (store: PaymentStore, delay: number, onChange: () => void): Bank => {
  const keep = (payment: Payment): Payment => {
    store.save(payment);
    onChange();
    return payment;
  };

  const decide = (payment: Payment, state: 'paid' | 'failed' | 'cancelled', reason?: FailureReason): Payment => {
    const { decidesAt: _, ...rest } = payment;
    const now = Date.now();
    const decided: Payment = { ...rest, state, decidedAt: now, ...(reason === undefined ? {} : { reason }) };
    if (payment.order === undefined) return keep(decided);
    const eventId = `evt_${randomUUID()}`;
    const body = JSON.stringify({ id: eventId, type: 'payment.updated', payment: describePayment(decided) });
    const plan = payment.card === undefined ? [0 as const] : cardPlans[payment.card].callbacks;
    const callbacks = plan.map((after) => ({
      eventId,
      body,
      dueAt: now + (after === 'delay' ? delay : after),
      attempts: 0,
    }));
    return keep({ ...decided, callbacks: [...payment.callbacks, ...callbacks] });
  };

  /** As it stands at this moment: what is due has happened. */
  const current = (payment: Payment, now: number): Payment => {
    if (isOver(payment) || payment.order === undefined) return payment;
    if (payment.decidesAt !== undefined && payment.decidesAt <= now) return decide(payment, 'paid');
    return payment.decidesAt === undefined && payment.order.expiresAt <= now
      ? decide(payment, 'failed', 'expired')
      : payment;
  };

  const blank = (reference: string): Payment => ({
    reference,
    id: `pay_${randomUUID()}`,
    token: randomBytes(32).toString('base64url'),
    state: 'open',
    createdAt: Date.now(),
    wrongCodes: 0,
    refunds: [],
    callbacks: [],
  });

  const ask = (reference: string): Payment => {
    const found = store.find(reference);
    if (found === undefined) throw new BankRefused('UNKNOWN_PAYMENT');
    return current(found, Date.now());
  };

  /** The bank's answer, as the card has it. */
  const settle = (payment: Payment, card: CardId): Payment => {
    const { decides } = cardPlans[card];
    if (decides === 'paid') return decide(payment, 'paid');
    if (decides === 'failed') return decide(payment, 'failed', 'declined');
    const waiting: Payment = { ...payment, state: 'processing' };
    return keep(decides === 'later' ? { ...waiting, decidesAt: Date.now() + delay } : waiting);
  };

  return {
    begin(reference, order) {
      const found = store.find(reference);
      if (found === undefined) return keep({ ...blank(reference), order });
      if (found.order !== undefined && !sameOrder(found.order, order)) throw new BankRefused('REFERENCE_IN_USE');
      return current(found, Date.now());
    },
    ask,
    cancel(reference) {
      const found = store.find(reference) ?? blank(reference);
      const payment = current(found, Date.now());
      return payment.state === 'open' ? decide(payment, 'cancelled') : payment;
    },
    refund(reference, refund, amount) {
      const payment = ask(reference);
      const before = payment.refunds.find((known) => known.reference === refund);
      if (before !== undefined && before.amount !== amount) throw new BankRefused('REFERENCE_IN_USE');
      if (before !== undefined) return payment;
      if (payment.state !== 'paid' || payment.order === undefined) throw new BankRefused('NOT_PAID');
      if (refunded(payment) + amount > payment.order.amount) throw new BankRefused('AMOUNT_EXCEEDED');
      return keep({ ...payment, refunds: [...payment.refunds, { reference: refund, amount, at: Date.now() }] });
    },
    onPage(token) {
      const found = store.findByToken(token);
      return found === undefined ? undefined : current(found, Date.now());
    },
    pay(payment, card) {
      if (payment.state !== 'open') return payment;
      const chosen: Payment = { ...payment, card };
      return cardPlans[card].asksForCode ? keep(chosen) : settle(chosen, card);
    },
    confirm(payment, code) {
      const { card } = payment;
      if (payment.state !== 'open' || card === undefined) return payment;
      if (code === confirmationCode) return settle(payment, card);
      const wrongCodes = payment.wrongCodes + 1;
      return code === undefined || wrongCodes >= mostCodeAttempts
        ? decide({ ...payment, wrongCodes }, 'failed', 'code')
        : keep({ ...payment, wrongCodes });
    },
    advance(now) {
      return (
        store
          .due(now)
          // An open page is no plan: settling everything must not take it from who is about to pay.
          .map((payment) => (now === Infinity && payment.state === 'open' ? payment : current(payment, now)))
          .filter(({ callbacks }) => callbacks.some(({ dueAt }) => dueAt !== undefined && dueAt <= now))
      );
    },
    noteCallback(reference, index, next) {
      const payment = store.find(reference);
      if (payment === undefined) return;
      store.save({ ...payment, callbacks: payment.callbacks.map((known, i) => (i === index ? next : known)) });
    },
    latest: (most) => store.latest(most),
  };
};
