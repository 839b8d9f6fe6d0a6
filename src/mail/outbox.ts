import type { Transaction } from 'kysely';
import type { JsonObject } from '../storage/artifacts.ts';
import type { Database } from '../storage/database.ts';
import { enqueue, type OutboxTables } from '../storage/outbox.ts';
import type { Sealer } from '../storage/sealing.ts';
import type { Mail, MailedMessage, MailWriting } from './mail.ts';

/** The kind of these messages in the outbox. */
export const mailKind = 'mail';

export interface EnqueueOptions {
  /**
   * A second mail of the same key is not sent, until a day after the first one was (30 days if that failed). Must not name
   * a person. What may happen once in a longer time needs a record of its own.
   */
  readonly dedupeKey?: string;
}

/** The way out for every mail of a part. */
export interface MailOutbox<Message extends MailedMessage> {
  /**
   * Puts a mail into the outbox within the caller's transaction: it leaves if and only if that commits, and then at once.
   *
   * @throws TypeError when a link leads to another host than the part's own.
   */
  enqueue<Tables extends OutboxTables>(
    trx: Transaction<Tables>,
    mail: Mail<Message>,
    options?: EnqueueOptions,
  ): Promise<void>;
  /** The same in a transaction of its own. Returns once it is written down, never waiting for the mail server. */
  send(mail: Mail<Message>, options?: EnqueueOptions): Promise<void>;
  /** Looks for mails that are due by now. */
  wake(): void;
}

export const createMailOutbox = <Tables extends OutboxTables, Message extends MailedMessage>(
  all: Database<Tables>,
  parts: { readonly sealer: Sealer; readonly writing: MailWriting<Message>; readonly wake: () => void },
): MailOutbox<Message> => {
  const database = all as unknown as Database<OutboxTables>;
  const { sealer, writing, wake } = parts;
  const put: MailOutbox<Message>['enqueue'] = async (trx, mail, { dedupeKey } = {}) => {
    // A mail that cannot be written must fail the request that asks for it, not its delivery.
    writing.contentOf(mail);
    await enqueue(trx, sealer, {
      kind: mailKind,
      // What somebody waits for never stands behind the many notices of a nightly job.
      lane: writing.isWaitedFor(mail.message) ? 'mail-waited-for' : 'mail',
      dedupeKey,
      payload: mail as unknown as JsonObject,
    });
    database.afterCommit(wake);
  };
  return {
    enqueue: put,
    async send(mail, options) {
      await database.transaction((trx: Transaction<OutboxTables>) => put(trx, mail, options));
    },
    wake,
  };
};
