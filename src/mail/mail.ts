import type { Locale } from '../web/i18n/shape.ts';
import type { MailAddress } from './address.ts';
import type { MailContent } from './content.ts';

/** What a mail tells, as the part that sends it says it: data, put into words when the mail leaves. */
export interface MailedMessage {
  readonly type: string;
}

/** A message on its way to somebody: all that sending needs, as JSON. */
export interface Mail<Message extends MailedMessage> {
  readonly to: MailAddress;
  readonly locale: Locale;
  /** Name of the service that the mail is about, in that language. */
  readonly service?: string;
  readonly message: Message;
}

/** How the mails of a part are written and treated. */
export interface MailWriting<Message extends MailedMessage> {
  /** @throws TypeError for a link that leads elsewhere than to the part itself; see `ownLink`. */
  contentOf(mail: Mail<Message>): MailContent;
  /** When it becomes useless, in ms since the epoch; undefined for what matters however late. */
  usefulUntil(message: Message): number | undefined;
  /** Whether somebody sits before a page and waits for it. */
  isWaitedFor(message: Message): boolean;
}
