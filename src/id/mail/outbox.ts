import type { MailOutbox as MailOutboxOf } from '../../mail/outbox.ts';
import type { MailMessage } from './mail.ts';

/** The way out for every mail of Bayern-ID. */
export type MailOutbox = MailOutboxOf<MailMessage>;
