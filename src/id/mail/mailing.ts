import { createMailing as createMailingOf, type Mailing, type MailingParts } from '../../mail/mailing.ts';
import type { MailWriting } from '../../mail/mail.ts';
import type { OutboxTables } from '../../storage/outbox.ts';
import type { MailMessage } from './mail.ts';
import { mailWriting } from './outbox.ts';

interface Parts<Tables extends OutboxTables> extends Omit<
  MailingParts<Tables, MailMessage>,
  'section' | 'origin' | 'writing'
> {
  readonly issuer: string;
}

/**
 * How mails of Bayern-ID leave.
 *
 * @throws in production when no mail server is named.
 */
export const createMailing = <Tables extends OutboxTables>({
  issuer,
  ...parts
}: Parts<Tables>): Mailing<MailMessage> & Pick<MailWriting<MailMessage>, 'contentOf'> => {
  const writing = mailWriting({ issuer, testing: parts.environment !== 'production' });
  return {
    ...createMailingOf({ ...parts, section: 'id.mail', origin: issuer, writing }),
    contentOf: (mail) => writing.contentOf(mail),
  };
};
