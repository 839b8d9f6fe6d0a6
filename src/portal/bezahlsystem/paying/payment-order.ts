import type { Order, Requestor } from '../orders/order.ts';
import type { PaymentOrder } from '../providers/provider.ts';
import type { StoredAttempt } from '../records/attempts.ts';

/** Name and address: a provider needs no more. */
const forProvider = ({ name, firstName, isOrganization, organizationName, address }: Requestor): Requestor => ({
  isOrganization,
  ...(name === undefined ? {} : { name }),
  ...(firstName === undefined ? {} : { firstName }),
  ...(organizationName === undefined ? {} : { organizationName }),
  ...(address === undefined ? {} : { address }),
});

/** What a provider is told of an attempt: the stored order, and nothing that came from a browser. */
export const paymentOrder = (order: Order, attempt: StoredAttempt, origin: string): PaymentOrder => {
  const { purpose, description, items, payee, requestor } = order.content;
  return {
    attemptId: attempt.id,
    orderId: order.id,
    amount: order.amount,
    currency: order.currency,
    purpose,
    ...(description === undefined ? {} : { description }),
    reference: order.reference,
    items,
    payee,
    ...(requestor === undefined ? {} : { requestor: forProvider(requestor) }),
    method: attempt.method,
    locale: attempt.locale,
    begunAt: attempt.begunAt,
    returnUrl: `${origin}/bezahlen/${order.pageId}/ergebnis`,
    callbackUrl: `${origin}/api/callbacks/${attempt.provider}`,
    payableUntil: order.payableUntil,
    ...(attempt.providerReference === undefined ? {} : { providerReference: attempt.providerReference }),
  };
};
