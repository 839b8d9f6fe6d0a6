import type { Delivery } from '../storage/deliveries.ts';
import { PermanentFailure, type OutboxHandler } from '../storage/outbox.ts';
import type { Log } from '../web/log.ts';
import type { Metrics } from '../web/metrics.ts';
import { mailAddress } from './address.ts';
import type { Mail, MailedMessage, MailWriting } from './mail.ts';

/** Hands a mail to whoever carries it on; rejects when it was not taken, with a PermanentFailure when it never will be. */
export type SendMail<Message extends MailedMessage> = (
  mail: Mail<Message>,
  delivery: Parameters<OutboxHandler>[1],
) => Promise<void>;

/** How mails leave the outbox. Nothing that is logged or counted here says to whom. */
export const mailDelivery = <Message extends MailedMessage>(
  send: SendMail<Message>,
  parts: {
    readonly writing: Pick<MailWriting<Message>, 'usefulUntil'>;
    readonly log: Log;
    readonly metrics: Metrics;
    readonly timeout?: number;
  },
): Delivery => {
  const { writing, log, metrics, timeout } = parts;
  const sent = metrics.counter('mails_sent_total', 'Mails that the mail server has taken.');
  const deferred = metrics.counter(
    'mail_tries_failed_total',
    'Tries to send a mail that failed, the last ones included.',
  );
  const failed = metrics.counter(
    'mails_failed_total',
    'Mails that will not be sent any more: refused for good, or the mail server was away too long.',
  );
  const outlived = metrics.counter(
    'mails_outlived_total',
    'Mails whose code or link had expired before they could leave.',
  );
  return {
    ...(timeout === undefined ? {} : { timeout }),
    async deliver(payload, delivery) {
      const mail = payload as unknown as Mail<Message>;
      // It would only confuse by now.
      if ((writing.usefulUntil(mail.message) ?? Infinity) <= Date.now()) {
        outlived.add();
        log.warn('mail_outlived', { kind: mail.message.type, referenceId: delivery.id, attempt: delivery.attempt });
        return;
      }
      if (mailAddress(mail.to) !== mail.to) throw new PermanentFailure('No address that can be mailed to');
      try {
        await send(mail, delivery);
      } catch (error) {
        deferred.add();
        throw error;
      }
      sent.add();
    },
    gaveUp({ id, attempts }) {
      failed.add();
      log.error('mail_gave_up', { referenceId: id, attempt: attempts });
    },
  };
};
