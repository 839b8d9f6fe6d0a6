import { groundMessages } from '../../web/page-context.ts';
import type { Locale } from '../../web/i18n/shape.ts';
import { usefulUntil, type Mail, type MailMessage } from './mail.ts';
import { mailTexts, type MailTexts, type MailWords } from './texts/index.ts';

export interface MailLink {
  readonly label: string;
  readonly href: string;
}

/** All that stands in a mail, top to bottom, before it is plain text or HTML. */
export interface MailContent {
  readonly locale: Locale;
  readonly subject: string;
  /** On top, in a test installation. */
  readonly testing: string | undefined;
  readonly brand: string;
  readonly heading: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly service: string | undefined;
  readonly code: { readonly label: string; readonly value: string } | undefined;
  readonly action: (MailLink & { readonly copy: string }) | undefined;
  readonly second: MailLink | undefined;
  readonly after: readonly string[];
  readonly deny: (MailLink & { readonly text: string }) | undefined;
  readonly closing: string;
  readonly footer: readonly string[];
}

/** Where this installation is, and whether it is one for tests. */
export interface MailSender {
  readonly issuer: string;
  readonly testing: boolean;
}

const longestName = 60;

/**
 * Text that people chose (the name of a passkey, an operator's reason), as it may stand in a sentence of ours: on one line,
 * without invisible characters.
 */
const plain = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Mail programs make links of what looks like one: a name that does is left out, so that it leads nobody anywhere. */
const nameOf = (text: string): string | undefined => {
  const name = plain(text);
  const linked = /:\/\/|www\.|@|[\p{L}\p{N}]\.[\p{L}\p{N}]/iu.test(name);
  return name === '' || linked || name.length > longestName ? undefined : name;
};

const cleaned = (message: MailMessage): MailMessage => {
  if ('reason' in message && message.reason !== undefined) return { ...message, reason: plain(message.reason) };
  if (!('name' in message)) return message;
  const { name, ...rest } = message;
  const kept = name === undefined ? undefined : nameOf(name);
  return kept === undefined ? rest : { ...rest, name: kept };
};

/** @throws when a link does not lead to the issuer: whoever reads the mail must be able to rely on that (RG-01). */
const own = (issuer: string, href: string): string => {
  const url = new URL(href);
  if (url.origin !== issuer || url.username !== '' || url.password !== '')
    throw new TypeError('A link in a mail leads to another host than the issuer');
  return url.href;
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
        : { label: words.action, href: own(issuer, action), copy: frame.copy },
    second:
      'resetLink' in message && words.second !== undefined
        ? { label: words.second, href: own(issuer, message.resetLink) }
        : undefined,
    after: words.after ?? [],
    deny: 'denyLink' in message ? { ...deny, href: own(issuer, message.denyLink) } : undefined,
    closing: frame.closing,
    footer: [frame.automatic, frame.never, frame.origin({ host: new URL(issuer).host }), common.demonstration],
  };
};

/** Whether the mail would only confuse by now. */
export const isOutlived = ({ message }: Mail, now: number): boolean => (usefulUntil(message) ?? Infinity) <= now;
