import { sql } from 'kysely';
import type { Level } from '../../../assurance/levels.ts';
import { deemedDelivery } from '../letters/deemed-delivery.ts';
import type { Folder, Letter, LetterContent, LetterSender, LetterSummary } from '../letters/letter.ts';
import { levelsBelow, mayRead } from '../letters/reading.ts';
import { attachmentsOf } from './attachments.ts';
import type { RecordContext, Trx } from './context.ts';
import { appendJournal } from './journal.ts';
import type { Mailbox } from './mailboxes.ts';
import { removeLetter } from './removal.ts';
import { repliesOf } from './replies.ts';
import { openSummary, summaryColumns, summaryOf, type LetterRow } from './summaries.ts';

export interface LetterQuery {
  readonly folder: Folder;
  readonly unread?: boolean;
  readonly flagged?: boolean;
  /** Id of a sender, of `senders`. */
  readonly sender?: string;
  /** Authority and application id, of an application. */
  readonly application?: { readonly authority: string; readonly applicationId: string };
  /** ms since the epoch: provided at or after, and before. */
  readonly from?: number;
  readonly to?: number;
  /** `next` of the page before. One that was made up counts as none. */
  readonly after?: string;
  readonly limit: number;
}

export interface LetterPage {
  /** The newest first. */
  readonly letters: readonly LetterSummary[];
  /** Absent on the last page. */
  readonly next?: string;
}

export interface FolderCounts {
  readonly inbox: number;
  readonly archive: number;
  readonly trash: number;
  /** In the inbox. */
  readonly unread: number;
}

/**
 * The citizen's own letters. `present` is what is left of the level of her login: above it nothing but sender and date comes
 * out, from no function. An id of another mailbox is one that is not there.
 */
export interface LetterRecords {
  list(mailbox: Mailbox, present: Level, query: LetterQuery): Promise<LetterPage>;
  /** Summaries of letters by id, in that order, for the results of a search; those that are gone are left out. */
  summaries(mailbox: Mailbox, present: Level, ids: readonly string[]): Promise<LetterSummary[]>;
  counts(mailbox: Mailbox): Promise<FolderCounts>;
  /** From whom there are letters, or were, for the filter; by name (German). */
  senders(mailbox: Mailbox): Promise<LetterSender[]>;
  /** What a letter asks of its reader, whosever it is: for a link without a session. Undefined for an unknown id. */
  levelOf(letterId: string): Promise<Level | undefined>;
  /**
   * A letter with its text. The first time its opening goes into the journal and is told to the sender. `above`: this login may
   * not read it, and nothing was noted.
   */
  open(mailbox: Mailbox, present: Level, letterId: string): Promise<Letter | 'above' | undefined>;
  /** Marks letters, as in the list. Ids that are not there are passed over; this goes for the following, too. */
  mark(
    mailbox: Mailbox,
    ids: readonly string[],
    marks: { readonly unread?: boolean; readonly flagged?: boolean },
  ): Promise<void>;
  /** Into the archive, or back from it into the inbox. Not out of the trash: that is `undelete`. */
  move(mailbox: Mailbox, ids: readonly string[], to: 'inbox' | 'archive'): Promise<void>;
  /** Into the trash, from where a job removes letters after `retention.trash` days. */
  trash(mailbox: Mailbox, ids: readonly string[]): Promise<void>;
  /** Out of the trash, to where they were. @returns how many */
  undelete(mailbox: Mailbox, ids: readonly string[]): Promise<number>;
  /** Removes letters in the trash for good; those that this login may not read stay. @returns how many are gone */
  purge(mailbox: Mailbox, present: Level, ids: readonly string[]): Promise<number>;
  /** Letters of any mailbox that were put into the trash before this moment: removes at most `limit`. @returns how many */
  purgeTrash(before: number, limit: number): Promise<number>;
}

const cursorOf = ({ provided_at: at, id }: Pick<LetterRow, 'provided_at' | 'id'>): string => `${at}.${id}`;

const readCursor = (text: string | undefined): { readonly at: number; readonly id: string } | undefined => {
  const [, at, id] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(text ?? '') ?? [];
  return at === undefined || id === undefined ? undefined : { at: Number(at), id };
};

/** SQL has limits on values in one statement. */
const mostIds = 500;

export const createLetters = (context: RecordContext): LetterRecords => {
  const { database, hashes, tellSender } = context;

  const one = (trx: Trx, mailbox: Mailbox, letterId: string) =>
    trx
      .selectFrom('letters')
      .selectAll()
      .where('id', '=', letterId)
      .where('mailbox_id', '=', mailbox.id)
      .where('folder', '!=', 'removed')
      .executeTakeFirst();

  const whole = async (trx: Trx, mailbox: Mailbox, present: Level, row: LetterRow): Promise<Letter | undefined> => {
    const summary = summaryOf(mailbox, row, present);
    if (summary === undefined || summary.locked || row.content === null || row.summary === null) return undefined;
    const { deemedDelivery: rule, consented } = openSummary(mailbox, row.id, row.summary);
    return {
      ...summary,
      content: mailbox.sealer.open<LetterContent>('letters', 'content', row.id, row.content),
      reply: { allowed: row.reply_allowed === 1, ...(row.reply_until === null ? {} : { until: row.reply_until }) },
      files: await attachmentsOf(trx, mailbox, row.id),
      replies: await repliesOf(trx, mailbox, row.id),
      deemedDelivery: deemedDelivery(rule, {
        providedAt: row.provided_at,
        noticeAt: row.notice_at ?? undefined,
        openedAt: row.opened_at ?? undefined,
        consented,
      }),
    };
  };

  return {
    async list(mailbox, present, { folder, unread, flagged, sender, application, from, to, after, limit }) {
      let rows = database.query
        .selectFrom('letters')
        .select(summaryColumns)
        .where('mailbox_id', '=', mailbox.id)
        .where('folder', '=', folder);
      if (unread !== undefined) rows = rows.where('unread', '=', unread ? 1 : 0);
      if (flagged !== undefined) rows = rows.where('flagged', '=', flagged ? 1 : 0);
      if (sender !== undefined) rows = rows.where('sender_hash', '=', hashes.sender(mailbox.id, sender));
      if (application !== undefined) {
        const { authority, applicationId } = application;
        // To which application a letter belongs is content, too.
        rows = rows
          .where('application_hash', '=', hashes.application(mailbox.id, authority, applicationId))
          .where('level', 'in', levelsBelow(present));
      }
      if (from !== undefined) rows = rows.where('provided_at', '>=', from);
      if (to !== undefined) rows = rows.where('provided_at', '<', to);
      const cursor = readCursor(after);
      if (cursor !== undefined)
        rows = rows.where((where) =>
          where.or([
            where('provided_at', '<', cursor.at),
            where.and([where('provided_at', '=', cursor.at), where('id', '<', cursor.id)]),
          ]),
        );
      const found = await rows
        .orderBy('provided_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        letters: page.flatMap((row) => summaryOf(mailbox, row, present) ?? []),
        ...(found.length > limit && last ? { next: cursorOf(last) } : {}),
      };
    },

    async summaries(mailbox, present, ids) {
      if (ids.length === 0) return [];
      const rows = await database.query
        .selectFrom('letters')
        .select([...summaryColumns, 'mailbox_id'])
        .where('id', 'in', ids.slice(0, mostIds))
        .execute();
      // Whose they are is looked at here: SQLite would go through the whole mailbox rather than find some letters by id.
      const found = new Map(rows.filter((row) => row.mailbox_id === mailbox.id).map((row) => [row.id, row]));
      return ids.flatMap((id) => {
        const row = found.get(id);
        return (row && summaryOf(mailbox, row, present)) ?? [];
      });
    },

    async counts(mailbox) {
      const rows = await database.query
        .selectFrom('letters')
        .select(({ fn }) => ['folder', 'unread', fn.countAll<number>().as('count')])
        .where('mailbox_id', '=', mailbox.id)
        .groupBy(['folder', 'unread'])
        .execute();
      const sum = (wanted: (row: (typeof rows)[number]) => boolean): number =>
        rows.filter(wanted).reduce((total, { count }) => total + count, 0);
      return {
        inbox: sum(({ folder }) => folder === 'inbox'),
        archive: sum(({ folder }) => folder === 'archive'),
        trash: sum(({ folder }) => folder === 'trash'),
        unread: sum(({ folder, unread }) => folder === 'inbox' && unread === 1),
      };
    },

    async senders(mailbox) {
      const rows = await database.query
        .selectFrom('mailbox_senders')
        .select(['sender_hash', 'sealed'])
        .where('mailbox_id', '=', mailbox.id)
        .execute();
      return rows
        .map((row) => mailbox.sealer.open<LetterSender>('mailbox_senders', 'sealed', row.sender_hash, row.sealed))
        .sort((a, b) => a.name.de.localeCompare(b.name.de, 'de'));
    },

    async levelOf(letterId) {
      const row = await database.query
        .selectFrom('letters')
        .select('level')
        .where('id', '=', letterId)
        .where('folder', '!=', 'removed')
        .executeTakeFirst();
      return row?.level;
    },

    open: (mailbox, present, letterId) =>
      database.transaction(async (trx) => {
        const row = await one(trx, mailbox, letterId);
        if (row === undefined || row.summary === null) return undefined;
        if (!mayRead(row.level, present)) return 'above';
        const at = Date.now();
        const first =
          row.opened_at === null &&
          (await trx
            .updateTable('letters')
            .set({ opened_at: at, unread: 0 })
            .where('id', '=', row.id)
            .where('opened_at', 'is', null)
            .returning('id')
            .executeTakeFirst()) !== undefined;
        if (first) {
          await appendJournal(trx, { mailboxId: mailbox.id, letterId: row.id, type: 'opened', at });
          const { sender, messageId } = openSummary(mailbox, row.id, row.summary);
          await tellSender(trx, { type: 'letter_opened', senderId: sender.id, messageId, at });
        } else if (row.unread === 1) {
          await trx.updateTable('letters').set({ unread: 0 }).where('id', '=', row.id).execute();
        }
        return whole(trx, mailbox, present, { ...row, unread: 0, opened_at: row.opened_at ?? at });
      }),

    async mark(mailbox, ids, { unread, flagged }) {
      const set = {
        ...(unread === undefined ? {} : { unread: unread ? 1 : 0 }),
        ...(flagged === undefined ? {} : { flagged: flagged ? 1 : 0 }),
      };
      if (ids.length === 0 || Object.keys(set).length === 0) return;
      await database.query
        .updateTable('letters')
        .set(set)
        .where('mailbox_id', '=', mailbox.id)
        .where('id', 'in', ids.slice(0, mostIds))
        .where('folder', '!=', 'removed')
        .execute();
    },

    async move(mailbox, ids, to) {
      if (ids.length === 0) return;
      await database.query
        .updateTable('letters')
        .set({ folder: to })
        .where('mailbox_id', '=', mailbox.id)
        .where('id', 'in', ids.slice(0, mostIds))
        .where('folder', 'in', ['inbox', 'archive'])
        .execute();
    },

    async trash(mailbox, ids) {
      if (ids.length === 0) return;
      await database.query
        .updateTable('letters')
        .set({ folder: 'trash', trashed_from: sql<Folder>`folder`, trashed_at: Date.now() })
        .where('mailbox_id', '=', mailbox.id)
        .where('id', 'in', ids.slice(0, mostIds))
        .where('folder', 'in', ['inbox', 'archive'])
        .execute();
    },

    async undelete(mailbox, ids) {
      if (ids.length === 0) return 0;
      const { numUpdatedRows } = await database.query
        .updateTable('letters')
        .set({ folder: sql<Folder>`coalesce(trashed_from, 'inbox')`, trashed_at: null })
        .where('mailbox_id', '=', mailbox.id)
        .where('id', 'in', ids.slice(0, mostIds))
        .where('folder', '=', 'trash')
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },

    purge: (mailbox, present, ids) =>
      database.transaction(async (trx) => {
        if (ids.length === 0) return 0;
        const rows = await trx
          .selectFrom('letters')
          .select(['id', 'mailbox_id', 'level'])
          .where('mailbox_id', '=', mailbox.id)
          .where('id', 'in', ids.slice(0, mostIds))
          .where('folder', '=', 'trash')
          .execute();
        const allowed = rows.filter(({ level }) => mayRead(level, present));
        const at = Date.now();
        for (const row of allowed) await removeLetter(trx, row, at);
        return allowed.length;
      }),

    purgeTrash: (before, limit) =>
      database.transaction(async (trx) => {
        const rows = await trx
          .selectFrom('letters')
          .select(['id', 'mailbox_id'])
          .where('folder', '=', 'trash')
          .where('trashed_at', '<', before)
          .orderBy('trashed_at')
          .limit(limit)
          .execute();
        const at = Date.now();
        for (const row of rows) await removeLetter(trx, row, at);
        return rows.length;
      }),
  };
};
