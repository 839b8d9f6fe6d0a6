import type { Delivery } from '../../../storage/deliveries.ts';
import { enqueue } from '../../../storage/outbox.ts';
import type { Sealer } from '../../../storage/sealing.ts';
import type { Log } from '../../../web/log.ts';
import type { Metrics } from '../../../web/metrics.ts';
import type { Outbound } from '../../../web/outbound.ts';
import { createSignedNotice } from '../../module-api/signed-notice.ts';
import type { Signing } from '../../module-api/signing.ts';
import type { SenderEvent, TellSender } from '../records/context.ts';
import type { Senders } from '../senders.ts';

/** The kind of these messages in the outbox. */
export const webhookKind = 'webhook';

/** The type of a webhook's JWT. */
export const webhookType = 'postfach-event+jwt';

/** Puts an event into the outbox for senders that want to know. One that hangs holds up its own events only. */
export const webhookOutbox =
  (sealer: Sealer, senders: () => Senders): TellSender =>
  async (trx, event) => {
    if (senders().all.get(event.senderId)?.webhook_uri === undefined) return;
    await enqueue(trx, sealer, {
      kind: webhookKind,
      lane: event.senderId,
      payload: event,
    });
  };

const bodyOf = (event: SenderEvent): Readonly<Record<string, unknown>> => ({
  event: event.type,
  ...('messageId' in event ? { message_id: event.messageId } : { message_ids: event.messageIds }),
  at: new Date(event.at).toISOString(),
});

/** Signed anew at every try; `jti` stays the same, so that a receiver can tell what it has had already. */
export const webhookDelivery = (parts: {
  readonly origin: string;
  readonly senders: () => Senders;
  readonly signing: Signing;
  readonly outbound: Outbound;
  readonly metrics: Metrics;
  readonly log: Log;
}): Delivery => {
  const { senders, metrics, log } = parts;
  const tell = createSignedNotice({ ...parts, type: webhookType });
  const sent = metrics.counter('webhooks_total', 'Events that senders have taken.');
  const failed = metrics.counter('webhooks_failed_total', 'Events that will not be sent any more.');
  return {
    async deliver(payload, { id }) {
      const event = payload as unknown as SenderEvent;
      const address = senders().all.get(event.senderId)?.webhook_uri;
      // The sender has taken its address back meanwhile.
      if (address === undefined) return;
      await tell(address, { id, audience: event.senderId, claims: bodyOf(event) });
      sent.add();
    },
    gaveUp({ id, lane, attempts }) {
      failed.add();
      log.error('webhook_gave_up', { referenceId: id, client: lane, attempt: attempts });
    },
  };
};
