import { randomUUID } from 'node:crypto';
import { newMailboxSealer, openMailboxSealer, type MailboxSealer } from './sealing.ts';
import type { RecordContext } from './context.ts';
import { removeFiles } from './removal.ts';

/** An open mailbox: what it takes to read one citizen's rows. Is to live no longer than a request. */
export interface Mailbox {
  readonly id: string;
  readonly sealer: MailboxSealer;
  /** Whether the citizen wants a mail for each letter. */
  readonly notices: boolean;
}

export interface MailboxRecords {
  /**
   * The mailbox of a subject, made at the first letter or the first visit. Undefined once it was purged, or moved to that of
   * another account: nobody gets it again.
   */
  of(subject: string): Promise<Mailbox | undefined>;
  setNotices(mailbox: Mailbox, wanted: boolean): Promise<void>;
  /**
   * Destroys the key of a mailbox: from then on nothing of it can be read, in no backup either. Rows and files go by job.
   * Senders with letters that were never opened or that could be answered are told. `senderIds`: all that there are.
   *
   * @returns false when there is none, or none any more.
   */
  purge(subject: string, senderIds: readonly string[]): Promise<boolean>;
  /** Purged mailboxes that have rows left. */
  purged(limit: number): Promise<string[]>;
  /** Removes all rows of a purged mailbox but the one that keeps its name taken; its files are put down for removal. */
  removeRows(mailboxId: string): Promise<void>;
}

/** The most letters that one notice about a deleted account names. */
const mostNamed = 1000;

export const createMailboxes = ({ database, wrapping, hashes, tellSender }: RecordContext): MailboxRecords => {
  const find = (subjectHash: string) =>
    database.query
      .selectFrom('mailboxes')
      .select(['id', 'data_key', 'notices', 'joined_into'])
      .where('subject_hash', '=', subjectHash)
      .executeTakeFirst();

  return {
    async of(subject) {
      const subjectHash = hashes.subject(subject);
      let row = await find(subjectHash);
      if (!row) {
        const id = randomUUID();
        await database.query
          .insertInto('mailboxes')
          .values({
            id,
            subject_hash: subjectHash,
            data_key: newMailboxSealer(id, wrapping).dataKey,
            created_at: Date.now(),
            purged_at: null,
            joined_into: null,
            notices: 1,
            search_version: 0,
          })
          .onConflict((conflict) => conflict.column('subject_hash').doNothing())
          .execute();
        row = await find(subjectHash);
      }
      if (!row || row.data_key === null || row.joined_into !== null) return undefined;
      return { id: row.id, sealer: openMailboxSealer(row.id, row.data_key, wrapping), notices: row.notices === 1 };
    },

    async setNotices({ id }, wanted) {
      await database.query
        .updateTable('mailboxes')
        .set({ notices: wanted ? 1 : 0 })
        .where('id', '=', id)
        .execute();
    },

    purge: (subject, senderIds) =>
      database.transaction(async (trx) => {
        const at = Date.now();
        const box = await trx
          .selectFrom('mailboxes')
          .select(['id', 'data_key'])
          .where('subject_hash', '=', hashes.subject(subject))
          .executeTakeFirst();
        if (!box || box.data_key === null) return false;
        const sealer = openMailboxSealer(box.id, box.data_key, wrapping);
        for (const senderId of senderIds) {
          const open = await trx
            .selectFrom('letters')
            .select(['id', 'summary'])
            .where('mailbox_id', '=', box.id)
            .where('sender_hash', '=', hashes.sender(box.id, senderId))
            .where('folder', '!=', 'removed')
            .where((where) => where.or([where('opened_at', 'is', null), where('reply_allowed', '=', 1)]))
            .orderBy('provided_at', 'desc')
            .limit(mostNamed)
            .execute();
          const messageIds = open.flatMap(({ id, summary }) =>
            summary === null ? [] : [sealer.open<{ messageId: string }>('letters', 'summary', id, summary).messageId],
          );
          if (messageIds.length > 0) await tellSender(trx, { type: 'account_deleted', senderId, messageIds, at });
        }
        await trx.updateTable('mailboxes').set({ data_key: null, purged_at: at }).where('id', '=', box.id).execute();
        return true;
      }),

    async purged(limit) {
      const rows = await database.query
        .selectFrom('mailboxes as m')
        .select('m.id')
        .where('m.purged_at', 'is not', null)
        .where((where) =>
          where.exists(where.selectFrom('letters as l').select('l.id').whereRef('l.mailbox_id', '=', 'm.id')),
        )
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    removeRows: (mailboxId) =>
      database.transaction(async (trx) => {
        const files = await trx.selectFrom('attachments').select('id').where('mailbox_id', '=', mailboxId).execute();
        await removeFiles(
          trx,
          files.map(({ id }) => id),
        );
        // What was sent to an authority is the authority's, and waits for it under a key of its own.
        await trx.updateTable('replies').set({ sealed: null }).where('mailbox_id', '=', mailboxId).execute();
        await trx.deleteFrom('replies').where('mailbox_id', '=', mailboxId).where('outgoing', 'is', null).execute();
        await trx.deleteFrom('application_statuses').where('mailbox_id', '=', mailboxId).execute();
        await trx.deleteFrom('applications').where('mailbox_id', '=', mailboxId).execute();
        for (const table of ['search_entries', 'search_snapshots', 'mailbox_senders', 'consents'] as const)
          await trx.deleteFrom(table).where('mailbox_id', '=', mailboxId).execute();
        await trx.deleteFrom('attachments').where('mailbox_id', '=', mailboxId).execute();
        await trx.deleteFrom('letters').where('mailbox_id', '=', mailboxId).execute();
      }),
  };
};
