import { ownLink, type MailContent } from '../../../mail/content.ts';
import type { Mail, MailWriting } from '../../../mail/mail.ts';
import type { MailOutbox } from '../../../mail/outbox.ts';
import type { Delivery } from '../../../storage/deliveries.ts';
import { groundMessages } from '../../../web/page-context.ts';
import type { Trx } from '../records/context.ts';
import type { DeliveryRecords } from '../records/deliveries.ts';
import type { Mailbox } from '../records/mailboxes.ts';
import type { Citizen } from '../resolve.ts';
import { noticeTexts } from './texts.ts';

/** There is a letter: nothing else about it. */
export interface LetterNotice {
  readonly type: 'letter';
  readonly letterId: string;
}

/** Where a letter is read; without a session the page asks for a login that can open it. */
export const letterAddress = (origin: string, letterId: string): string => `${origin}/postfach/${letterId}`;

export const noticeWriting = (origin: string, testing: boolean): MailWriting<LetterNotice> => ({
  contentOf({ locale, message }): MailContent {
    const texts = noticeTexts[locale];
    const common = groundMessages(locale);
    return {
      locale,
      subject: texts.subject,
      testing: testing ? `${common.testBar.title} ${common.testBar.text}` : undefined,
      brand: common.parts['mein-postfach'].name,
      heading: texts.subject,
      greeting: texts.greeting,
      paragraphs: texts.paragraphs,
      service: undefined,
      code: undefined,
      action: { label: texts.action, href: ownLink(origin, letterAddress(origin, message.letterId)), copy: texts.copy },
      second: undefined,
      after: texts.after,
      deny: undefined,
      closing: texts.closing,
      footer: [texts.automatic, texts.never, texts.origin(new URL(origin).host), common.demonstration],
    };
  },
  usefulUntil: () => undefined,
  isWaitedFor: () => false,
});

/** What puts the notice of a letter into the outbox; undefined when the citizen wants none or has no confirmed address. */
export type Notify = (
  citizen: Citizen,
  mailbox: Mailbox,
  letterId: string,
) => ((trx: Trx) => Promise<void>) | undefined;

export const createNotify =
  (outbox: MailOutbox<LetterNotice>): Notify =>
  ({ email, locale }, { notices }, letterId) => {
    if (email === undefined || !notices) return undefined;
    return (trx) => outbox.enqueue(trx, { to: email, locale, message: { type: 'letter', letterId } });
  };

/** Notes the moment at which the mail server took a notice: Art. 24 BayDiG counts from it. */
export const notedDelivery = (delivery: Delivery, records: Pick<DeliveryRecords, 'noticeDispatched'>): Delivery => ({
  ...delivery,
  gaveUp: (...given) => delivery.gaveUp(...given),
  async deliver(payload, about) {
    await delivery.deliver(payload, about);
    const { message } = payload as unknown as Mail<LetterNotice>;
    await records.noticeDispatched(message.letterId, Date.now());
  },
});
