import type { ApplicationStatus, LetterSender } from '../letters/letter.ts';
import type { SealedApplication } from './applications.ts';
import type { RecordContext, Trx } from './context.ts';
import { appendJournal } from './journal.ts';
import type { Mailbox } from './mailboxes.ts';
import type { Receipt } from './deliveries.ts';
import { openMailboxSealer } from './sealing.ts';
import { moveSearchEntry } from './search-entries.ts';
import { openSummary, type LetterRow } from './summaries.ts';

/**
 * Mailboxes of accounts that became one. Letters move with everything that belongs to them, each sealed anew under the key of
 * the mailbox that stays; when the last one has moved the key of the other is destroyed.
 */
export interface JoinedMailboxes {
  /**
   * Closes a mailbox in favour of another one. From this moment nobody opens it, no letter goes into it, and whom its citizen
   * had blocked is blocked in the other, which is to be there.
   *
   * @returns `nothing` when there is nothing to move, or it was closed before; `gone` when the other one was purged.
   */
  join(closedSubject: string, keptSubject: string): Promise<'joined' | 'nothing' | 'gone'>;
  /** Closed mailboxes that are not empty yet. */
  waiting(limit: number): Promise<string[]>;
  /** Moves at most `limit` letters in one transaction. @returns whether there is more to do. */
  moveSome(mailboxId: string, limit: number): Promise<boolean>;
}

export const createJoinedMailboxes = ({ database, hashes, wrapping }: RecordContext): JoinedMailboxes => {
  const find = (trx: Trx, subject: string) =>
    trx.selectFrom('mailboxes').select('id').where('subject_hash', '=', hashes.subject(subject)).executeTakeFirst();

  /** Holds a mailbox against others who move it. */
  const hold = (trx: Trx, id: string) =>
    trx
      .updateTable('mailboxes')
      .set((set) => ({ search_version: set.ref('search_version') }))
      .where('id', '=', id)
      .returning(['id', 'data_key', 'joined_into'])
      .executeTakeFirst();

  const opened = (id: string, dataKey: Uint8Array): Mailbox => ({
    id,
    sealer: openMailboxSealer(id, dataKey, wrapping),
    notices: true,
  });

  /**
   * Where everything ends up, also when that mailbox was closed in favour of a third one, and has no key any more since its own
   * letters have moved; undefined when the last one was purged. It ends: nothing is closed in favour of itself.
   */
  const targetOf = async (trx: Trx, id: string): Promise<Mailbox | undefined> => {
    let box = await hold(trx, id);
    while (box && box.joined_into !== null) box = await hold(trx, box.joined_into);
    return box && box.data_key !== null ? opened(box.id, box.data_key) : undefined;
  };

  const moveSenders = async (trx: Trx, from: Mailbox, to: Mailbox): Promise<void> => {
    const rows = await trx.selectFrom('mailbox_senders').selectAll().where('mailbox_id', '=', from.id).execute();
    for (const row of rows) {
      const sender = from.sealer.open<LetterSender>('mailbox_senders', 'sealed', row.sender_hash, row.sealed);
      const hash = hashes.sender(to.id, sender.id);
      const sealed = to.sealer.seal('mailbox_senders', 'sealed', hash, sender);
      // Where both know a sender, the mailbox that stays says whether it may write.
      await trx
        .insertInto('mailbox_senders')
        .values({ mailbox_id: to.id, sender_hash: hash, sealed, blocked_at: row.blocked_at })
        .onConflict((conflict) => conflict.columns(['mailbox_id', 'sender_hash']).doNothing())
        .execute();
    }
    await trx.deleteFrom('mailbox_senders').where('mailbox_id', '=', from.id).execute();
  };

  const moveLetter = async (trx: Trx, from: Mailbox, to: Mailbox, row: LetterRow): Promise<void> => {
    const { id } = row;
    const receipt = from.sealer.open<Receipt>('letters', 'receipt', id, row.receipt);
    const summary = row.summary === null ? undefined : openSummary(from, id, row.summary);
    const senderId = summary?.sender.id ?? receipt.content['sender'];
    const again = (column: 'summary' | 'content', box: Uint8Array | null): Uint8Array | null =>
      box === null ? null : to.sealer.seal('letters', column, id, from.sealer.open('letters', column, id, box));
    await trx
      .updateTable('letters')
      .set({
        mailbox_id: to.id,
        ...(typeof senderId === 'string' ? { sender_hash: hashes.sender(to.id, senderId) } : {}),
        application_hash:
          summary?.applicationId === undefined
            ? null
            : hashes.application(to.id, summary.sender.authority, summary.applicationId),
        summary: again('summary', row.summary),
        content: again('content', row.content),
        receipt: to.sealer.seal('letters', 'receipt', id, receipt),
      })
      .where('id', '=', id)
      .execute();
    for (const file of await trx.selectFrom('attachments').selectAll().where('letter_id', '=', id).execute())
      await trx
        .updateTable('attachments')
        .set({
          mailbox_id: to.id,
          sealed: to.sealer.seal(
            'attachments',
            'sealed',
            file.id,
            from.sealer.open('attachments', 'sealed', file.id, file.sealed),
          ),
          // The file stays as it is: its key is sealed anew.
          file_key: to.sealer.sealBytes(
            'attachments',
            'file_key',
            file.id,
            from.sealer.openBytes('attachments', 'file_key', file.id, file.file_key),
          ),
        })
        .where('id', '=', file.id)
        .execute();
    for (const reply of await trx.selectFrom('replies').selectAll().where('letter_id', '=', id).execute())
      await trx
        .updateTable('replies')
        .set({
          mailbox_id: to.id,
          sealed:
            reply.sealed === null
              ? null
              : to.sealer.seal(
                  'replies',
                  'sealed',
                  reply.id,
                  from.sealer.open('replies', 'sealed', reply.id, reply.sealed),
                ),
        })
        .where('id', '=', reply.id)
        .execute();
    await moveSearchEntry(trx, from, to, id);
  };

  /** The application of the same number becomes one, with the statuses of both. */
  const moveApplication = async (
    trx: Trx,
    from: Mailbox,
    to: Mailbox,
    row: { readonly id: string; readonly sealed: Uint8Array; readonly updated_at: number },
  ): Promise<void> => {
    const own = from.sealer.open<SealedApplication>('applications', 'sealed', row.id, row.sealed);
    const hash = hashes.application(to.id, own.sender.authority, own.applicationId);
    const there = await trx
      .selectFrom('applications')
      .select(['id', 'sealed', 'updated_at'])
      .where('application_hash', '=', hash)
      .executeTakeFirst();
    const id = there?.id ?? row.id;
    const other = there && to.sealer.open<SealedApplication>('applications', 'sealed', id, there.sealed);
    const newer = other && other.latest.createdAt > own.latest.createdAt ? other : own;
    await trx
      .updateTable('applications')
      .set({
        mailbox_id: to.id,
        application_hash: hash,
        sealed: to.sealer.seal('applications', 'sealed', id, newer),
        updated_at: Math.max(row.updated_at, there?.updated_at ?? 0),
      })
      .where('id', '=', id)
      .execute();
    for (const status of await trx
      .selectFrom('application_statuses')
      .selectAll()
      .where('application', '=', row.id)
      .execute())
      await trx
        .updateTable('application_statuses')
        .set({
          application: id,
          mailbox_id: to.id,
          sealed: to.sealer.seal(
            'application_statuses',
            'sealed',
            status.id,
            from.sealer.open<ApplicationStatus>('application_statuses', 'sealed', status.id, status.sealed),
          ),
        })
        .where('id', '=', status.id)
        .execute();
    if (there) await trx.deleteFrom('applications').where('id', '=', row.id).execute();
  };

  const destroy = async (trx: Trx, id: string): Promise<void> => {
    for (const table of ['search_entries', 'search_snapshots', 'consents'] as const)
      await trx.deleteFrom(table).where('mailbox_id', '=', id).execute();
    await trx.updateTable('mailboxes').set({ data_key: null, purged_at: Date.now() }).where('id', '=', id).execute();
  };

  return {
    join: (closedSubject, keptSubject) =>
      database.transaction(async (trx) => {
        const [closed, kept] = [await find(trx, closedSubject), await find(trx, keptSubject)];
        const box = closed && (await hold(trx, closed.id));
        if (!box || box.data_key === null || box.joined_into !== null) return 'nothing';
        const to = kept && (await targetOf(trx, kept.id));
        if (!to) return 'gone';
        if (to.id === box.id) return 'nothing';
        await trx.updateTable('mailboxes').set({ joined_into: to.id }).where('id', '=', box.id).execute();
        await moveSenders(trx, opened(box.id, box.data_key), to);
        await appendJournal(trx, { mailboxId: to.id, type: 'mailbox_joined', at: Date.now() });
        return 'joined';
      }),

    async waiting(limit) {
      const rows = await database.query
        .selectFrom('mailboxes')
        .select('id')
        .where('joined_into', 'is not', null)
        .where('data_key', 'is not', null)
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    moveSome: (mailboxId, limit) =>
      database.transaction(async (trx) => {
        const box = await hold(trx, mailboxId);
        if (!box || box.data_key === null || box.joined_into === null) return false;
        const from = opened(box.id, box.data_key);
        const to = await targetOf(trx, box.joined_into);
        // Whoever purges a mailbox purges what is on its way there.
        if (!to) throw new Error('Letters have nowhere to move to');
        const letters = await trx
          .selectFrom('letters')
          .selectAll()
          .where('mailbox_id', '=', box.id)
          .orderBy('provided_at', 'desc')
          .limit(limit)
          .execute();
        for (const letter of letters) await moveLetter(trx, from, to, letter);
        if (letters.length === limit) return true;
        const applications = await trx
          .selectFrom('applications')
          .select(['id', 'sealed', 'updated_at'])
          .where('mailbox_id', '=', box.id)
          .execute();
        for (const application of applications) await moveApplication(trx, from, to, application);
        await moveSenders(trx, from, to);
        await destroy(trx, box.id);
        return false;
      }),
  };
};
