import { jsonAmount, rawJson } from '../orders/money.ts';
import type { Order, OrderItem } from '../orders/order.ts';
import type { StoredRefund } from '../records/refunds.ts';

const time = (at: number): string => new Date(at).toISOString();

const itemBody = (item: OrderItem): Readonly<Record<string, unknown>> => ({
  id: item.id,
  ...(item.reference === undefined ? {} : { reference: item.reference }),
  description: item.description,
  taxRate: rawJson(item.taxRate),
  quantity: item.quantity,
  totalNetAmount: jsonAmount(item.totalNet),
  totalTaxAmount: jsonAmount(item.totalTax),
  singleNetAmount: jsonAmount(item.singleNet),
  singleTaxAmount: jsonAmount(item.singleTax),
  ...(item.bookingData === undefined ? {} : { bookingData: item.bookingData }),
});

/** What the service asked for, as it was understood. */
const requestBody = (order: Order): Readonly<Record<string, unknown>> => {
  const { requestTimestamp, purpose, description, redirectUrl, items, requestor, postfach } = order.content;
  return {
    requestId: order.requestId,
    requestTimestamp,
    currency: order.currency,
    grosAmount: jsonAmount(order.amount),
    purpose,
    ...(description === undefined ? {} : { description }),
    redirectUrl,
    items: items.map(itemBody),
    ...(requestor === undefined
      ? {}
      : { requestor: { ...requestor, ...(postfach === undefined ? {} : { postfach }) } }),
  };
};

/** A transaction of XBezahldienste 1.0.0. */
export const transactionBody = (order: Order, origin: string): Readonly<Record<string, unknown>> => ({
  paymentInformation: {
    transactionUrl: `${origin}/api/paymenttransaction/${order.originatorId}/${order.endPointId}/${order.id}`,
    ...(order.status === 'INITIAL' ? { transactionRedirectUrl: `${origin}/bezahlen/${order.pageId}` } : {}),
    transactionId: order.id,
    transactionReference: order.reference,
    transactionTimestamp: time(order.endedAt ?? order.createdAt),
    ...(order.status === 'PAYED'
      ? {
          paymentMethod: order.method,
          ...(order.methodDetail === undefined ? {} : { paymentMethodDetail: order.methodDetail }),
        }
      : {}),
    status: order.status,
    ...(order.statusDetail === undefined ? {} : { statusDetail: order.statusDetail }),
  },
  paymentRequest: requestBody(order),
});

export const refundBody = (refund: StoredRefund): Readonly<Record<string, unknown>> => ({
  refundId: refund.id,
  transactionId: refund.orderId,
  ...(refund.requestId === undefined ? {} : { requestId: refund.requestId }),
  amount: jsonAmount(refund.amount),
  currency: 'EUR',
  reason: refund.reason,
  state: refund.state,
  createdAt: time(refund.createdAt),
  ...(refund.endedAt === undefined ? {} : { endedAt: time(refund.endedAt) }),
});
