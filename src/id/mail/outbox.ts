import type { MailWriting } from '../../mail/mail.ts';
import { createMailOutbox as createMailOutboxOf, type MailOutbox as MailOutboxOf } from '../../mail/outbox.ts';
import type { Database } from '../../storage/database.ts';
import type { OutboxTables } from '../../storage/outbox.ts';
import type { Sealer } from '../../storage/sealing.ts';
import { contentOf, type MailSender } from './content.ts';
import { isWaitedFor, usefulUntil, type MailMessage } from './mail.ts';

/** The way out for every mail of Bayern-ID. */
export type MailOutbox = MailOutboxOf<MailMessage>;

/** How mails of Bayern-ID are written. */
export const mailWriting = (sender: MailSender): MailWriting<MailMessage> => ({
  contentOf: (mail) => contentOf(mail, sender),
  usefulUntil,
  isWaitedFor,
});

export const createMailOutbox = <Tables extends OutboxTables>(
  all: Database<Tables>,
  { sender, ...parts }: { readonly sealer: Sealer; readonly sender: MailSender; readonly wake: () => void },
): MailOutbox => createMailOutboxOf(all, { ...parts, writing: mailWriting(sender) });
