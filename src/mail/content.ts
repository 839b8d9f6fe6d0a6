import type { Locale } from '../web/i18n/shape.ts';

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

const longestName = 60;

/** Text that people chose, as it may stand in a sentence of ours: on one line, without invisible characters. */
export const onOneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/**
 * A name that people chose, or undefined: mail programs make links of what looks like one, so a name that does is left
 * out and leads nobody anywhere.
 */
export const harmlessName = (text: string): string | undefined => {
  const name = onOneLine(text);
  const linked = /:\/\/|www\.|@|[\p{L}\p{N}]\.[\p{L}\p{N}]/iu.test(name);
  return name === '' || linked || name.length > longestName ? undefined : name;
};

/** @throws TypeError when a link does not lead to the origin: whoever reads the mail must be able to rely on that (RG-01). */
export const ownLink = (origin: string, href: string): string => {
  const url = new URL(href);
  if (url.origin !== origin || url.username !== '' || url.password !== '')
    throw new TypeError('A link in a mail leads to another host than the issuer');
  return url.href;
};
