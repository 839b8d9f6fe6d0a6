import { appendJournal } from './journal.ts';
import { removeSearchEntry } from './search-entries.ts';
import type { Trx } from './context.ts';

/** Puts files down for removal from the store, in the transaction in which their rows go. */
export const removeFiles = async (trx: Trx, ids: readonly string[]): Promise<void> => {
  const since = Date.now();
  for (let from = 0; from < ids.length; from += 100)
    await trx
      .insertInto('file_removals')
      .values(ids.slice(from, from + 100).map((id) => ({ id, since })))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
};

/**
 * Removes content and attachments of a letter for good. The row stays without them: it keeps the message id taken, and tells
 * the sender that the letter was there and is gone.
 */
export const removeLetter = async (
  trx: Trx,
  letter: { readonly id: string; readonly mailbox_id: string },
  at: number,
): Promise<void> => {
  const { id, mailbox_id: mailboxId } = letter;
  const files = await trx.selectFrom('attachments').select('id').where('letter_id', '=', id).execute();
  await removeFiles(
    trx,
    files.map((file) => file.id),
  );
  await trx.deleteFrom('attachments').where('letter_id', '=', id).execute();
  await trx.updateTable('replies').set({ sealed: null }).where('letter_id', '=', id).execute();
  await trx
    .updateTable('letters')
    .set({ folder: 'removed', removed_at: at, summary: null, content: null, unread: 0, flagged: 0 })
    .where('id', '=', id)
    .execute();
  await removeSearchEntry(trx, mailboxId, id);
  await appendJournal(trx, { mailboxId, letterId: id, type: 'deleted', at });
};
