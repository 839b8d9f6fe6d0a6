import { harmlessName, onOneLine, ownLink, type MailContent } from '../../mail/content.ts';
import { groundMessages } from '../../web/page-context.ts';
import type { Mail, MailMessage } from './mail.ts';
import { mailTexts, type MailTexts, type MailWords } from './texts/index.ts';

/** Where this installation is, and whether it is one for tests. */
export interface MailSender {
  readonly issuer: string;
  readonly testing: boolean;
}

const cleaned = (message: MailMessage): MailMessage => {
  if ('reason' in message && message.reason !== undefined) return { ...message, reason: onOneLine(message.reason) };
  if (!('name' in message)) return message;
  const { name, ...rest } = message;
  const kept = name === undefined ? undefined : harmlessName(name);
  return kept === undefined ? rest : { ...rest, name: kept };
};

const actionOf = (message: MailMessage): string | undefined => {
  if ('link' in message) return message.link;
  if ('undoLink' in message) return message.undoLink;
  return 'loginLink' in message ? message.loginLink : undefined;
};

const wordsOf = (texts: MailTexts, message: MailMessage, service: string | undefined): MailWords => {
  const words = texts.mails[message.type] as (message: MailMessage, about: { service?: string }) => MailWords;
  return words(message, service === undefined ? {} : { service });
};

/** @throws TypeError for a link to another host. */
export const contentOf = ({ locale, service, message: raw }: Mail, { issuer, testing }: MailSender): MailContent => {
  const texts = mailTexts[locale];
  const common = groundMessages(locale);
  const message = cleaned(raw);
  const { frame } = texts;
  const words = wordsOf(texts, message, service);
  const action = actionOf(message);
  const deny = words.deny ?? frame.deny;
  return {
    locale,
    subject: words.subject,
    testing: testing ? `${common.testBar.title} ${common.testBar.text}` : undefined,
    brand: common.parts.id.name,
    heading: words.heading ?? words.subject,
    greeting: frame.greeting,
    paragraphs: 'at' in message ? [...words.paragraphs, frame.at({ at: message.at })] : words.paragraphs,
    service: service === undefined ? undefined : frame.service({ service }),
    code: 'code' in message ? { label: frame.code, value: message.code } : undefined,
    action:
      action === undefined || words.action === undefined
        ? undefined
        : { label: words.action, href: ownLink(issuer, action), copy: frame.copy },
    second:
      'resetLink' in message && words.second !== undefined
        ? { label: words.second, href: ownLink(issuer, message.resetLink) }
        : undefined,
    after: words.after ?? [],
    deny: 'denyLink' in message ? { ...deny, href: ownLink(issuer, message.denyLink) } : undefined,
    closing: frame.closing,
    footer: [frame.automatic, frame.never, frame.origin({ host: new URL(issuer).host }), common.demonstration],
  };
};
