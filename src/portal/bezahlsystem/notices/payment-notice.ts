import type { Delivery } from '../../../storage/deliveries.ts';
import type { Log } from '../../../web/log.ts';
import type { Metrics } from '../../../web/metrics.ts';
import type { Outbound } from '../../../web/outbound.ts';
import { createSignedNotice } from '../../module-api/signed-notice.ts';
import type { Signing } from '../../module-api/signing.ts';
import { decimalOf } from '../orders/money.ts';
import type { Originators } from '../originators.ts';
import type { OrderEvent } from '../records/context.ts';

/** The type of a notice's JWT. */
export const noticeType = 'payment-notice+jwt';

/** An event as it lies in the outbox. */
export const jsonText = (event: OrderEvent): string => JSON.stringify(event);

const claimsOf = (event: OrderEvent): Readonly<Record<string, unknown>> => {
  const { order, at } = event;
  return {
    event: event.type === 'order_ended' ? 'payment_ended' : 'refund_ended',
    originatorId: order.originatorId,
    endPointId: order.endPointId,
    requestId: order.requestId,
    transactionId: order.id,
    transactionReference: order.reference,
    status: order.status,
    ...(order.statusDetail === undefined ? {} : { statusDetail: order.statusDetail }),
    ...(order.method === undefined ? {} : { paymentMethod: order.method }),
    ...(event.type === 'refund_ended'
      ? {
          refund: {
            refundId: event.refund.id,
            // A text: a claim that is a number would be read as a float.
            amount: decimalOf(event.refund.amount),
            currency: 'EUR',
            reason: event.refund.reason,
            state: event.refund.state,
          },
        }
      : {}),
    at: new Date(at).toISOString(),
  };
};

/** Tells the service that a payment or a refund has ended. */
export const noticeDelivery = (parts: {
  readonly origin: string;
  readonly originators: () => Originators;
  readonly signing: Signing;
  readonly outbound: Outbound;
  readonly metrics: Metrics;
  readonly log: Log;
}): Delivery => {
  const { originators, metrics, log } = parts;
  const tell = createSignedNotice({ ...parts, type: noticeType });
  const sent = metrics.counter('notices_total', 'Notices that services have taken.');
  const failed = metrics.counter('notices_failed_total', 'Notices that will not be sent any more.');
  return {
    async deliver(payload, { id }) {
      const event = JSON.parse(String(payload['event'])) as OrderEvent;
      const { originatorId } = event.order;
      const address = originators().all.get(originatorId)?.notice_uri;
      // The service has taken its address back meanwhile.
      if (address === undefined) return;
      await tell(address, { id, audience: originatorId, claims: claimsOf(event) });
      sent.add();
    },
    gaveUp({ id, lane, attempts }) {
      failed.add();
      log.error('notice_gave_up', { referenceId: id, client: lane, attempt: attempts });
    },
  };
};
