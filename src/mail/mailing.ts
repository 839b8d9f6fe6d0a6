import type { Delivery } from '../storage/deliveries.ts';
import type { Stores } from '../storage/open.ts';
import type { OutboxTables } from '../storage/outbox.ts';
import type { Sealer } from '../storage/sealing.ts';
import type { Log } from '../web/log.ts';
import type { Metrics } from '../web/metrics.ts';
import type { Environment } from '../web/parts.ts';
import { mailDelivery } from './delivery.ts';
import type { MailedMessage, MailWriting } from './mail.ts';
import { createMailOutbox, type MailOutbox } from './outbox.ts';
import { createPostBox, type PostBox } from './post-box.ts';
import type { MailSettings } from './settings.ts';
import { createSmtp } from './smtp.ts';

export interface MailingParts<Tables extends OutboxTables, Message extends MailedMessage> {
  readonly settings: MailSettings;
  /** Where these settings stand, such as `id.mail`. */
  readonly section: string;
  /** Of the part that sends. */
  readonly origin: string;
  readonly writing: MailWriting<Message>;
  readonly environment: Environment;
  readonly stores: Pick<Stores<Tables>, 'records' | 'artifacts'>;
  /** The outbox's. */
  readonly sealer: Sealer;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly wake: () => void;
}

export interface Mailing<Message extends MailedMessage> {
  readonly outbox: MailOutbox<Message>;
  readonly delivery: Delivery;
  /** Where mails are shown instead of sent; never in production. */
  readonly postBox?: PostBox<Message>;
}

/**
 * Mail by SMTP, or into the post box of a developer's machine. Whoever calls starts the outbox with `delivery` for the
 * kind `mailKind`.
 *
 * @throws in production when no mail server is named.
 */
export const createMailing = <Tables extends OutboxTables, Message extends MailedMessage>(
  parts: MailingParts<Tables, Message>,
): Mailing<Message> => {
  const { settings, section, origin, writing, environment, stores, sealer, log, metrics, wake } = parts;
  const outbox = createMailOutbox(stores.records, { sealer, writing, wake });
  if (settings.smtp !== undefined) {
    const send = createSmtp(settings.smtp, { origin, writing, log });
    const timeout = settings.smtp.timeout * 1000;
    return { outbox, delivery: mailDelivery(send, { writing, log, metrics, timeout }) };
  }
  if (environment === 'production') throw new Error(`${section}.smtp: production needs a mail server`);
  const postBox = createPostBox<Message>(stores.artifacts);
  return { outbox, postBox, delivery: mailDelivery(postBox.send, { writing, log, metrics }) };
};
