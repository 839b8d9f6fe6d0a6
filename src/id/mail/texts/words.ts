import type { MailOf, MailType } from '../mail.ts';

/** What a mail says. Its links come from the message; here are only the words for them. */
export interface MailWords {
  /** Also the heading, unless that is given. */
  readonly subject: string;
  readonly heading?: string;
  readonly paragraphs: readonly string[];
  /** On the button, where the message has a link to act by. */
  readonly action?: string;
  /** For a second link of the message. */
  readonly second?: string;
  /** Below code and button. */
  readonly after?: readonly string[];
  /** In place of the frame's words beside the link by which somebody says that it was not them. */
  readonly deny?: { readonly text: string; readonly label: string };
}

/** What is told besides the message itself. */
export interface MailAbout {
  readonly service?: string;
}

/** The shape of both catalogues: a type of mail that lacks its words does not compile. */
export interface MailTexts {
  readonly frame: {
    readonly greeting: string;
    readonly service: (p: { service: string }) => string;
    readonly code: string;
    /** When it happened. */
    readonly at: (p: { at: number }) => string;
    readonly copy: string;
    readonly deny: { readonly text: string; readonly label: string };
    readonly closing: string;
    readonly automatic: string;
    readonly never: string;
    readonly origin: (p: { host: string }) => string;
  };
  readonly mails: { readonly [Type in MailType]: (message: MailOf<Type>, about: MailAbout) => MailWords };
}
