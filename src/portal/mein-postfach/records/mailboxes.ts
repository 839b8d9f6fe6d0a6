import { randomUUID } from 'node:crypto';
import { newMailboxSealer, openMailboxSealer, type MailboxSealer } from './sealing.ts';
import type { RecordContext, Trx } from './context.ts';
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
  /** Whether the letters of a subject are, or will be, in the mailbox of the account that hers was joined to. */
  hasMoved(subject: string): Promise<boolean>;
  setNotices(mailbox: Mailbox, wanted: boolean): Promise<void>;
  /**
   * Destroys the key of a mailbox, and those of mailboxes whose letters are on their way into it: from then on nothing of it can
   * be read, in no backup either. Rows and files go by job. Senders with letters that were never opened or that could be
   * answered are told. `senderIds`: all that there are.
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

interface Closing {
  readonly id: string;
  readonly data_key: Uint8Array;
}

/** Mailboxes that were closed in favour of this one, or of one of those, and whose letters have not moved yet. */
const onTheWayTo = async (trx: Trx, mailboxId: string): Promise<Closing[]> => {
  const waiting: Closing[] = [];
  for (let into = [mailboxId]; into.length > 0;) {
    const rows = await trx
      .selectFrom('mailboxes')
      .select(['id', 'data_key'])
      .where('joined_into', 'in', into)
      .execute();
    waiting.push(...rows.flatMap(({ id, data_key: dataKey }) => (dataKey === null ? [] : [{ id, data_key: dataKey }])));
    into = rows.map(({ id }) => id);
  }
  return waiting;
};

/** What holds rows of a mailbox when it was purged. */
const ownTables = [
  'letters',
  'applications',
  'mailbox_senders',
  'consents',
  'search_entries',
  'search_snapshots',
] as const;

export const createMailboxes = ({ database, wrapping, hashes, tellSender }: RecordContext): MailboxRecords => {
  const find = (subjectHash: string) =>
    database.query
      .selectFrom('mailboxes')
      .select(['id', 'data_key', 'notices', 'joined_into'])
      .where('subject_hash', '=', subjectHash)
      .executeTakeFirst();

  /** Message ids of a sender's letters that were never opened or could be answered, the newest first. */
  const openLetters = async (trx: Trx, { id: mailboxId, data_key: dataKey }: Closing, senderId: string) => {
    const sealer = openMailboxSealer(mailboxId, dataKey, wrapping);
    const open = await trx
      .selectFrom('letters')
      .select(['id', 'summary'])
      .where('mailbox_id', '=', mailboxId)
      .where('sender_hash', '=', hashes.sender(mailboxId, senderId))
      .where('folder', '!=', 'removed')
      .where((where) => where.or([where('opened_at', 'is', null), where('reply_allowed', '=', 1)]))
      .orderBy('provided_at', 'desc')
      .limit(mostNamed)
      .execute();
    return open.flatMap(({ id, summary }) =>
      summary === null ? [] : [sealer.open<{ messageId: string }>('letters', 'summary', id, summary).messageId],
    );
  };

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

    async hasMoved(subject) {
      const row = await find(hashes.subject(subject));
      return row !== undefined && row.joined_into !== null;
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
        const ending = [{ id: box.id, data_key: box.data_key }, ...(await onTheWayTo(trx, box.id))];
        for (const senderId of senderIds) {
          const messageIds: string[] = [];
          for (const one of ending) messageIds.push(...(await openLetters(trx, one, senderId)));
          if (messageIds.length > 0)
            await tellSender(trx, {
              type: 'account_deleted',
              senderId,
              messageIds: messageIds.slice(0, mostNamed),
              at,
            });
        }
        await trx
          .updateTable('mailboxes')
          .set({ data_key: null, purged_at: at })
          .where(
            'id',
            'in',
            ending.map(({ id }) => id),
          )
          .execute();
        return true;
      }),

    async purged(limit) {
      const rows = await database.query
        .selectFrom('mailboxes as m')
        .select('m.id')
        .where('m.purged_at', 'is not', null)
        .where((where) =>
          where.or(
            ownTables.map((table) =>
              where.exists(
                where
                  .selectFrom(`${table} as own` as 'letters as own')
                  .select('own.mailbox_id')
                  .whereRef('own.mailbox_id', '=', 'm.id'),
              ),
            ),
          ),
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
        // What points to rows of others goes before them.
        for (const table of ['application_statuses', 'attachments', ...ownTables] as const)
          await trx.deleteFrom(table).where('mailbox_id', '=', mailboxId).execute();
      }),
  };
};
