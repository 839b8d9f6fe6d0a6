import {
  CallbackRefused,
  PaymentProviderUnavailable,
  PaymentRefused,
  type Callback,
  type PaymentOrder,
  type PaymentProvider,
  type ProviderPayment,
} from '../../../src/portal/bezahlsystem/providers/provider.ts';

export interface BankPayment {
  readonly attemptId: string;
  readonly orderId: string;
  readonly amount: number;
  state: 'open' | 'pending' | 'paid' | 'failed' | 'cancelled';
  /** Money that moved, whatever was said later. */
  moved: number;
  readonly refunds: Map<string, number>;
}

/** What lies at the provider, and outlives every death of the process that asks. */
export interface Bank {
  readonly provider: PaymentProvider;
  readonly payments: Map<string, BankPayment>;
  /** Signed messages that are under way. */
  readonly messages: Callback[];
  /** Answers that do not come: `before` anything was done, or `after`. */
  away: 'before' | 'after' | undefined;
  /** What somebody does at its page, or it itself. @returns whether that could be done */
  act(attemptId: string, act: BankAct): boolean;
  netOf(orderId: string): number;
}

export const bankActs = ['pay', 'fail', 'take long', 'decide', 'leave', 'correct'] as const;
export type BankAct = (typeof bankActs)[number];

/** @param pass before and after each effect: the process may die, and others have their turn. */
export const createBank = (pass: () => Promise<void>): Bank => {
  const payments = new Map<string, BankPayment>();
  const messages: Callback[] = [];
  let events = 0;

  const wordOf = ({ attemptId, state, amount }: BankPayment): ProviderPayment => ({
    attemptId,
    state,
    amount,
    currency: 'EUR',
  });
  const tell = (payment: BankPayment): void => {
    events += 1;
    messages.push({ eventId: `e${events}`, attemptId: payment.attemptId, payment: wordOf(payment) });
  };
  const exchange = async <Answer>(effect: () => Answer): Promise<Answer> => {
    await pass();
    if (bank.away === 'before') throw new PaymentProviderUnavailable('away');
    const answer = effect();
    await pass();
    if (bank.away === 'after') throw new PaymentProviderUnavailable('away');
    return answer;
  };
  const none = (order: PaymentOrder, state: BankPayment['state']): BankPayment => ({
    attemptId: order.attemptId,
    orderId: order.orderId,
    amount: order.amount,
    state,
    moved: 0,
    refunds: new Map(),
  });

  const provider: PaymentProvider = {
    name: 'bank',
    methods: ['CREDITCARD', 'PAYPAL'],
    pageOrigins: ['https://bank.test'],
    takesRequestor: false,
    begin: (order) =>
      exchange(() => {
        const known = payments.get(order.attemptId);
        if (known?.state === 'cancelled') throw new PaymentRefused('cancelled');
        if (!known) {
          const open = [...payments.values()].filter(
            ({ orderId, state }) => orderId === order.orderId && (state === 'open' || state === 'pending'),
          );
          if (open.length > 0) throw new Error('two payments of one order can be paid at once');
          payments.set(order.attemptId, none(order, 'open'));
        }
        return { providerReference: `b-${order.attemptId}`, redirectUrl: `https://bank.test/${order.attemptId}` };
      }),
    ask: (order) =>
      exchange(() => {
        const known = payments.get(order.attemptId);
        return known ? wordOf(known) : { attemptId: order.attemptId, state: 'unknown' };
      }),
    cancel: (order) =>
      exchange(() => {
        const known = payments.get(order.attemptId) ?? none(order, 'cancelled');
        payments.set(order.attemptId, known);
        if (known.state === 'open') known.state = 'cancelled';
        return wordOf(known);
      }),
    refund: ({ attemptId, refundId, amount }) =>
      exchange(() => {
        const known = payments.get(attemptId);
        if (!known) return 'refused';
        const before = known.refunds.get(refundId);
        if (before !== undefined) return 'done';
        const given = [...known.refunds.values()].reduce((sum, one) => sum + one, 0);
        if (given + amount > known.moved) return 'refused';
        known.refunds.set(refundId, amount);
        return 'done';
      }),
    check: async () => {},
    readCallback: () => Promise.reject(new CallbackRefused('none')),
  };

  const bank: Bank = {
    provider,
    payments,
    messages,
    away: undefined,
    act(attemptId, act) {
      const payment = payments.get(attemptId);
      if (!payment) return false;
      const move = (from: readonly BankPayment['state'][], to: BankPayment['state']): boolean => {
        if (!from.includes(payment.state)) return false;
        payment.state = to;
        if (to === 'paid') payment.moved = payment.amount;
        tell(payment);
        return true;
      };
      switch (act) {
        case 'pay':
          return move(['open'], 'paid');
        case 'fail':
          return move(['open'], 'failed');
        case 'take long':
          return move(['open'], 'pending');
        case 'decide':
          return move(['pending'], payment.attemptId < '8' ? 'paid' : 'failed');
        case 'leave':
          return move(['open'], 'cancelled');
        // It said no, and the money came nevertheless.
        case 'correct':
          return move(['failed'], 'paid');
      }
    },
    netOf: (orderId) =>
      [...payments.values()]
        .filter((payment) => payment.orderId === orderId)
        .reduce((net, { moved, refunds }) => net + moved - [...refunds.values()].reduce((sum, one) => sum + one, 0), 0),
  };
  return bank;
};
