import type { Catalogues } from '../../../web/i18n/shape.ts';

export interface NoticeTexts {
  readonly subject: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly action: string;
  readonly copy: string;
  readonly after: readonly string[];
  readonly closing: string;
  readonly automatic: string;
  readonly never: string;
  readonly origin: (host: string) => string;
}

/** Nothing in it says from whom the letter is or what it is about: a mail is read by more people than its recipient. */
export const noticeTexts: Catalogues<NoticeTexts> = {
  de: {
    subject: 'Sie haben einen neuen Brief in Mein Postfach',
    greeting: 'Guten Tag,',
    paragraphs: ['in Ihrem Postfach liegt ein neuer Brief einer Behörde.'],
    action: 'Brief lesen',
    copy: 'Oder öffnen Sie diese Adresse in Ihrem Browser:',
    after: ['Zum Lesen melden Sie sich mit Ihrer Bayern-ID an. Aus Gründen des Datenschutzes steht hier nicht mehr.'],
    closing: 'Ihr Postfach',
    automatic: 'Diese Nachricht wurde automatisch verschickt. Antworten darauf liest niemand.',
    never: 'Wir bitten Sie in keiner E-Mail, uns Ihr Passwort, Ihre PIN oder einen Code zu schicken.',
    origin: (host) => `Absender ist Mein Postfach. Alle Links in dieser Nachricht führen zu ${host}.`,
  },
  en: {
    subject: 'You have a new letter in Mein Postfach',
    greeting: 'Hello,',
    paragraphs: ['there is a new letter from an authority in your mailbox.'],
    action: 'Read the letter',
    copy: 'Or open this address in your browser:',
    after: ['To read it, log in with your Bayern-ID. For your privacy nothing more is said here.'],
    closing: 'Your mailbox',
    automatic: 'This message was sent automatically. Nobody reads answers to it.',
    never: 'We never ask you in an e-mail to send us your password, your PIN or a code.',
    origin: (host) => `The sender is Mein Postfach. All links in this message lead to ${host}.`,
  },
};
