import type { Transaction } from 'kysely';
import type { JsonObject } from '../../storage/artifacts.ts';
import type { Database } from '../../storage/database.ts';
import { enqueue, type OutboxTables } from '../../storage/outbox.ts';
import type { Sealer } from '../../storage/sealing.ts';
import { contentOf, type MailSender } from './content.ts';
import { isWaitedFor, type Mail } from './mail.ts';

/** The kind of these messages in the outbox. */
export const mailKind = 'mail';

/** What somebody waits for never stands behind the many notices of a nightly job. */
const laneOf = ({ message }: Mail): string => (isWaitedFor(message) ? 'mail-waited-for' : 'mail');

export interface EnqueueOptions {
  /**
   * A second mail of the same key is not sent, until a day after the first one was (30 days if that failed). Must not name
   * a person. What may happen once in a longer time needs a record of its own.
   */
  readonly dedupeKey?: string;
}

/** The way out for every mail of Bayern-ID. */
export interface MailOutbox {
  /**
   * Puts a mail into the outbox within the caller's transaction: it leaves if and only if that commits, and then at once.
   *
   * @throws TypeError when a link leads to another host than the issuer.
   */
  enqueue<Tables extends OutboxTables>(trx: Transaction<Tables>, mail: Mail, options?: EnqueueOptions): Promise<void>;
  /** The same in a transaction of its own. Returns once it is written down, never waiting for the mail server. */
  send(mail: Mail, options?: EnqueueOptions): Promise<void>;
  /** Looks for mails that are due by now. */
  wake(): void;
}

export const createMailOutbox = <Tables extends OutboxTables>(
  all: Database<Tables>,
  parts: { readonly sealer: Sealer; readonly sender: MailSender; readonly wake: () => void },
): MailOutbox => {
  const database = all as unknown as Database<OutboxTables>;
  const { sealer, sender, wake } = parts;
  const put: MailOutbox['enqueue'] = async (trx, mail, { dedupeKey } = {}) => {
    // A mail that cannot be written must fail the request that asks for it, not its delivery.
    contentOf(mail, sender);
    await enqueue(trx, sealer, {
      kind: mailKind,
      lane: laneOf(mail),
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
