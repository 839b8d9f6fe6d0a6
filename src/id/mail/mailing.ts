import type { Stores } from '../../storage/open.ts';
import type { OutboxTables } from '../../storage/outbox.ts';
import type { Sealer } from '../../storage/sealing.ts';
import type { Log } from '../../web/log.ts';
import type { Metrics } from '../../web/metrics.ts';
import type { Environment } from '../../web/parts.ts';
import type { Delivery } from '../deliveries.ts';
import type { MailSender } from './content.ts';
import { mailDelivery } from './delivery.ts';
import { createMailOutbox, type MailOutbox } from './outbox.ts';
import { createPostBox, type PostBox } from './post-box.ts';
import type { MailSettings } from './settings.ts';
import { createSmtp } from './smtp.ts';

export interface Mailing<Tables extends OutboxTables> {
  readonly settings: MailSettings;
  readonly issuer: string;
  readonly environment: Environment;
  readonly stores: Pick<Stores<Tables>, 'records' | 'artifacts'>;
  /** The outbox's. */
  readonly sealer: Sealer;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly wake: () => void;
}

/**
 * Mail by SMTP, or into the post box of a developer's machine.
 *
 * @throws in production when no mail server is named.
 */
export const createMailing = <Tables extends OutboxTables>(
  parts: Mailing<Tables>,
): {
  readonly outbox: MailOutbox;
  readonly delivery: Delivery;
  readonly sender: MailSender;
  /** Where mails are shown instead of sent; never in production. */
  readonly postBox?: PostBox;
} => {
  const { settings, issuer, environment, stores, sealer, log, metrics, wake } = parts;
  const sender = { issuer, testing: environment !== 'production' };
  const outbox = createMailOutbox(stores.records, { sealer, sender, wake });
  if (settings.smtp !== undefined) {
    const send = createSmtp(settings.smtp, sender, log);
    const timeout = settings.smtp.timeout * 1000;
    return { outbox, sender, delivery: mailDelivery(send, { log, metrics, timeout }) };
  }
  if (environment === 'production') throw new Error('id.mail.smtp: production needs a mail server');
  const postBox = createPostBox(stores.artifacts);
  return { outbox, sender, postBox, delivery: mailDelivery(postBox.send, { log, metrics }) };
};
