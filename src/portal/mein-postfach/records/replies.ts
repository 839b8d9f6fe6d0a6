import { randomUUID } from 'node:crypto';
import type { Level } from '../../../assurance/levels.ts';
import type { SentReply } from '../letters/letter.ts';
import { mayRead } from '../letters/reading.ts';
import type { RecordContext, Trx } from './context.ts';
import { appendJournal } from './journal.ts';
import type { Mailbox } from './mailboxes.ts';
import { openSummary } from './summaries.ts';

/** A reply as its authority fetches it. */
export interface OutgoingReply {
  readonly id: string;
  readonly messageId: string;
  readonly reference?: string;
  readonly applicationId?: string;
  readonly text: string;
  /** ms since the epoch. */
  readonly createdAt: number;
}

export interface ReplyRecords {
  /**
   * Answers a letter and tells its sender. `closed`: the letter takes no reply, or no longer, or has had as many as it may.
   * `above`: this login may not read the letter, so it may not answer it either. With an `id` that was sent already nothing
   * happens again.
   */
  send(
    mailbox: Mailbox,
    present: Level,
    letterId: string,
    text: string,
    id?: string,
  ): Promise<'sent' | 'closed' | 'above' | undefined>;
  /** Replies that wait for a sender, oldest first. `after` is `next` of the page before. */
  waiting(
    senderId: string,
    after: string | undefined,
    limit: number,
  ): Promise<{ readonly replies: readonly OutgoingReply[]; readonly next?: string }>;
  /** The sender has it: its content is erased from the transport. True also when it was taken before. */
  take(senderId: string, id: string): Promise<boolean>;
  /** Erases what no sender has fetched since before this moment (ms since the epoch). */
  purge(before: number): Promise<void>;
}

/** More than a dialogue needs; a mailbox that runs wild fills nobody's desk. */
const mostReplies = 50;

type OutgoingContent = Omit<OutgoingReply, 'id' | 'createdAt'>;

const transportContext = (id: string): string => `replies/outgoing/${id}`;

/** The citizen's own copies, oldest first. */
export const repliesOf = async (trx: Trx, { sealer }: Mailbox, letterId: string): Promise<SentReply[]> => {
  const rows = await trx
    .selectFrom('replies')
    .select(['id', 'created_at', 'taken_at', 'sealed'])
    .where('letter_id', '=', letterId)
    .orderBy('created_at')
    .execute();
  return rows.flatMap(({ id, created_at: createdAt, taken_at: takenAt, sealed }) =>
    sealed === null
      ? []
      : [
          {
            id,
            text: sealer.open<string>('replies', 'sealed', id, sealed),
            createdAt,
            ...(takenAt === null ? {} : { takenAt }),
          },
        ],
  );
};

export const createReplies = ({ database, hashes, transport, tellSender }: RecordContext): ReplyRecords => ({
  send: (mailbox, present, letterId, text, id = randomUUID()) =>
    database.transaction(async (trx) => {
      const row = await trx
        .selectFrom('letters')
        .select(['id', 'level', 'reply_allowed', 'reply_until', 'replied_at', 'summary'])
        .where('id', '=', letterId)
        .where('mailbox_id', '=', mailbox.id)
        .where('folder', '!=', 'removed')
        .executeTakeFirst();
      if (!row || row.summary === null) return undefined;
      if (!mayRead(row.level, present)) return 'above';
      const at = Date.now();
      if (row.reply_allowed !== 1 || (row.reply_until !== null && row.reply_until <= at)) return 'closed';
      const { count } = await trx
        .selectFrom('replies')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('letter_id', '=', letterId)
        .executeTakeFirstOrThrow();
      if (count >= mostReplies) return 'closed';
      const { sender, messageId, reference, applicationId } = openSummary(mailbox, row.id, row.summary);
      const content: OutgoingContent = {
        messageId,
        ...(reference === undefined ? {} : { reference }),
        ...(applicationId === undefined ? {} : { applicationId }),
        text,
      };
      const inserted = await trx
        .insertInto('replies')
        .values({
          id,
          mailbox_id: mailbox.id,
          letter_id: letterId,
          sender_hash: hashes.addressee(sender.id),
          created_at: at,
          taken_at: null,
          sealed: mailbox.sealer.seal('replies', 'sealed', id, text),
          outgoing: transport.seal(JSON.stringify(content), transportContext(id)),
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .executeTakeFirst();
      if (!inserted) return 'sent';
      if (row.replied_at === null)
        await trx.updateTable('letters').set({ replied_at: at }).where('id', '=', letterId).execute();
      await appendJournal(trx, { mailboxId: mailbox.id, letterId, type: 'replied', at });
      await tellSender(trx, { type: 'letter_replied', senderId: sender.id, messageId, at });
      return 'sent';
    }),

  async waiting(senderId, after, limit) {
    const [, at, last] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(after ?? '') ?? [];
    let rows = database.query
      .selectFrom('replies')
      .select(['id', 'created_at', 'outgoing'])
      .where('sender_hash', '=', hashes.addressee(senderId))
      .where('outgoing', 'is not', null);
    if (at !== undefined && last !== undefined)
      rows = rows.where((where) =>
        where.or([
          where('created_at', '>', Number(at)),
          where.and([where('created_at', '=', Number(at)), where('id', '>', last)]),
        ]),
      );
    const found = await rows
      .orderBy('created_at')
      .orderBy('id')
      .limit(limit + 1)
      .execute();
    const page = found.slice(0, limit);
    const end = page.at(-1);
    return {
      replies: page.map(({ id, created_at: createdAt, outgoing }) => ({
        id,
        createdAt,
        ...(JSON.parse(
          transport.open(outgoing ?? new Uint8Array(), transportContext(id)).toString('utf8'),
        ) as OutgoingContent),
      })),
      ...(found.length > limit && end ? { next: `${end.created_at}.${end.id}` } : {}),
    };
  },

  async take(senderId, id) {
    const mine = hashes.addressee(senderId);
    await database.query
      .updateTable('replies')
      .set({ taken_at: Date.now(), outgoing: null })
      .where('id', '=', id)
      .where('sender_hash', '=', mine)
      .where('taken_at', 'is', null)
      .execute();
    const row = await database.query
      .selectFrom('replies')
      .select('id')
      .where('id', '=', id)
      .where('sender_hash', '=', mine)
      .executeTakeFirst();
    return row !== undefined;
  },

  async purge(before) {
    await database.query
      .updateTable('replies')
      .set({ outgoing: null })
      .where('created_at', '<', before)
      .where('outgoing', 'is not', null)
      .execute();
  },
});
