import { enqueue } from '../../../storage/outbox.ts';
import { createSealer, deriveKey, type Sealer } from '../../../storage/sealing.ts';
import type { Originators } from '../originators.ts';
import type { OrderEvent, Tell } from '../records/context.ts';
import { jsonText } from './payment-notice.ts';

/** Kinds of messages in the outbox. */
export const noticeKind = 'payment-notice';
export const letterKind = 'receipt-letter';

/** For the letter with the receipt: whether there is somebody to send it to is asked when it goes. */
export interface ReceiptLetter {
  readonly orderId: string;
}

const dedupeKey = (event: OrderEvent): string =>
  event.type === 'order_ended' ? `order ${event.order.id}` : `refund ${event.refund.id}`;

/** Under a key derived from the part's own. */
export const outboxSealer = (key: Buffer): Sealer => createSealer([{ id: '1', key: deriveKey(key, 'outbox') }]);

/** Puts what services and citizens are told into the outbox. A service that hangs holds up its own notices only. */
export const tellByOutbox =
  (sealer: Sealer, originators: () => Originators, letters: boolean): Tell =>
  async (trx, event) => {
    const { order } = event;
    if (originators().all.get(order.originatorId)?.notice_uri !== undefined)
      await enqueue(trx, sealer, {
        kind: noticeKind,
        dedupeKey: dedupeKey(event),
        lane: order.originatorId,
        payload: { event: jsonText(event) },
      });
    if (letters && event.type === 'order_ended' && order.status === 'PAYED')
      await enqueue(trx, sealer, {
        kind: letterKind,
        dedupeKey: `order ${order.id}`,
        lane: letterKind,
        payload: { orderId: order.id } satisfies ReceiptLetter,
      });
  };
