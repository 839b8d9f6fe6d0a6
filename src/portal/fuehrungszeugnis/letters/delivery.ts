import { createHash } from 'node:crypto';
import type { Delivery } from '../../../storage/deliveries.ts';
import type { Log } from '../../../web/log.ts';
import type { Metrics } from '../../../web/metrics.ts';
import { createMailboxSender, type MailboxSender } from '../../module-api/mailbox-sender.ts';
import type { ServiceToken } from '../../module-api/service-token.ts';
import type { Fetch } from '../../relying-party/provider.ts';
import type { Application } from '../records/applications.ts';
import type { FuehrungszeugnisRecords } from '../records/records.ts';
import { confirmationPdf } from './confirmation-pdf.ts';
import { letterKind, statusKind, type Message } from './outbox.ts';
import { letterTexts } from './texts.ts';

const timeout = 20_000;

/** Statuses as Mein Postfach names them. */
const statusOf = { filed: 'RECEIVED', processing: 'PROCESSING', answered: 'COMPLETED' } as const;

/** Sends letters and statuses to the applicant's mailbox, by the API of Mein Postfach. Each has an id of its own, so that sent again it is the same. */
export const mailboxDeliveries = (parts: {
  readonly meinPostfachOrigin: string;
  readonly token: ServiceToken;
  readonly fetch: Fetch;
  readonly records: FuehrungszeugnisRecords;
  readonly metrics: Metrics;
  readonly log: Log;
}): Readonly<Record<string, Delivery>> => {
  const { records, metrics, log } = parts;
  const sent = metrics.counter('letters_total', 'Letters and statuses that Mein Postfach has taken.');
  const failed = metrics.counter('letters_failed_total', 'Letters and statuses that will not be sent any more.');

  const sender = createMailboxSender({ ...parts, timeout: timeout - 2000 });
  const put = async (...message: Parameters<MailboxSender['put']>): Promise<void> => {
    await sender.put(...message);
    sent.add();
  };

  const letterOf = async (application: Application, what: Message['what'], recipient: string): Promise<FormData> => {
    const { id, content, reference = '', answer } = application;
    const { locale } = content;
    const texts = letterTexts[locale];
    const form = new FormData();
    const letter = (own: object): void =>
      form.append(
        'letter',
        new Blob(
          [JSON.stringify({ recipient, service: texts.service, reference, application_id: id, level: 'high', ...own })],
          { type: 'application/json' },
        ),
        'letter.json',
      );
    if (what === 'answered' && answer !== undefined) {
      const to = content.recipient?.name ?? texts.toYou;
      letter({
        subject: texts.answered.subject[answer.outcome],
        content: { type: 'text', body: texts.answered.body({ reference, answer, to }) },
      });
      return form;
    }
    const pdf = await confirmationPdf(application, await records.documents.of(id), locale);
    const name = `${texts.file}-${reference}.pdf`;
    const sha512 = createHash('sha512').update(pdf).digest('hex');
    letter({
      subject: texts.filed.subject,
      content: { type: 'text', body: texts.filed.body({ reference, exempt: content.fee?.way === 'exempt' }) },
      attachments: [{ name, type: 'application/pdf', length: pdf.length, sha512 }],
    });
    form.append('confirmation', new Blob([new Uint8Array(pdf)], { type: 'application/pdf' }), name);
    return form;
  };

  const delivery = (
    send: (application: Application, what: Message['what'], recipient: string) => Promise<void>,
  ): Delivery => ({
    timeout,
    async deliver(payload) {
      const { applicationId, what } = payload as unknown as Message;
      const application = await records.applications.byId(applicationId);
      const recipient = application?.content.postfach;
      // Nobody to send it to, or its time is over.
      if (application === undefined || recipient === undefined) return;
      await send(application, what, recipient);
    },
    gaveUp({ id, attempts }) {
      failed.add();
      log.warn('letter_gave_up', { referenceId: id, attempt: attempts });
    },
  });

  return {
    [letterKind]: delivery(async (application, what, recipient) =>
      put(`/api/letters/${what}-${application.id}`, await letterOf(application, what, recipient)),
    ),
    [statusKind]: delivery((application, what, recipient) => {
      const texts = letterTexts[application.content.locale];
      const { id, reference, filedAt, answeredAt, updatedAt } = application;
      const at = what === 'filed' ? filedAt : what === 'answered' ? answeredAt : updatedAt;
      const status = {
        recipient,
        // That somebody has applied says something about her; so do its states.
        level: 'high',
        status: statusOf[what],
        publicServiceName: texts.service,
        senderName: texts.sender,
        createdDate: new Date(at ?? updatedAt).toISOString(),
        statusDetails: texts.details[what],
        ...(reference === undefined ? {} : { reference }),
      };
      return put(`/api/applications/${id}/statuses/${what}`, JSON.stringify(status), 'application/json');
    }),
  };
};
