import { createHash } from 'node:crypto';
import type { Delivery } from '../../../storage/deliveries.ts';
import type { Locale } from '../../../web/i18n/shape.ts';
import type { Log } from '../../../web/log.ts';
import type { Metrics } from '../../../web/metrics.ts';
import { createMailboxSender } from '../../module-api/mailbox-sender.ts';
import type { ServiceToken } from '../../module-api/service-token.ts';
import type { Fetch } from '../../relying-party/provider.ts';
import type { OrderView } from '../payments.ts';
import type { BezahlRecords } from '../records/records.ts';
import { letterTexts } from './texts.ts';
import type { ReceiptLetter } from './outbox.ts';

const timeout = 20_000;

/** Sends the receipt to the citizen's mailbox, by the API of Mein Postfach. */
export const letterDelivery = (parts: {
  readonly meinPostfachOrigin: string;
  readonly token: ServiceToken;
  readonly fetch: Fetch;
  readonly records: BezahlRecords;
  /** An ended order as its page shows it. */
  readonly viewOf: (orderId: string) => Promise<OrderView | undefined>;
  readonly receiptPdf: (view: OrderView, locale: Locale) => Promise<Buffer>;
  readonly metrics: Metrics;
  readonly log: Log;
}): Delivery => {
  const { records, metrics, log } = parts;
  const sender = createMailboxSender({ ...parts, timeout: timeout - 2000 });
  const sent = metrics.counter('receipt_letters_total', 'Receipts that Mein Postfach has taken.');
  const failed = metrics.counter('receipt_letters_failed_total', 'Receipts that will not be sent as letters any more.');

  const letterOf = async (view: OrderView, locale: Locale, recipient: string): Promise<FormData> => {
    const texts = letterTexts[locale];
    const pdf = await parts.receiptPdf(view, locale);
    const name = `${texts.file}-${view.reference}.pdf`;
    const letter = {
      recipient,
      service: view.serviceName[locale],
      subject: texts.subject(view),
      content: { type: 'text', body: texts.body(view) },
      level: 'basic',
      reference: view.reference,
      attachments: [
        {
          name,
          type: 'application/pdf',
          length: pdf.length,
          sha512: createHash('sha512').update(pdf).digest('hex'),
        },
      ],
    };
    const form = new FormData();
    form.append('letter', new Blob([JSON.stringify(letter)], { type: 'application/json' }), 'letter.json');
    form.append('receipt', new Blob([new Uint8Array(pdf)], { type: 'application/pdf' }), name);
    return form;
  };

  return {
    timeout,
    async deliver(payload) {
      const { orderId } = payload as unknown as ReceiptLetter;
      const recipient = await records.orders.postfachOf(orderId);
      const view = recipient === undefined ? undefined : await parts.viewOf(orderId);
      // Nobody to send it to, or its time is over.
      if (recipient === undefined || view === undefined) return;
      const order = await records.orders.byId(orderId);
      const locale =
        (order?.paidBy === undefined ? undefined : await records.attempts.find(order.paidBy))?.locale ?? 'de';
      await sender.put(`/api/letters/receipt-${orderId}`, await letterOf(view, locale, recipient));
      sent.add();
    },
    gaveUp({ id, attempts }) {
      failed.add();
      log.warn('receipt_letter_gave_up', { referenceId: id, attempt: attempts });
    },
  };
};
