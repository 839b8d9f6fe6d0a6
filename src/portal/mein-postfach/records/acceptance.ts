import { isBlocked } from './blocked-senders.ts';
import type { Trx } from './context.ts';

/**
 * Why a mailbox takes nothing of a sender at this moment. `gone`: it was purged, or its citizen has blocked the sender, which is not to
 * learn which; `moved`: its account was joined to another one, whose mailbox the handle leads to by now.
 *
 * @param senderHash of the sender within this mailbox.
 */
export const refusalOf = async (
  trx: Trx,
  mailboxId: string,
  senderHash: string,
): Promise<'gone' | 'moved' | undefined> => {
  const box = await trx
    .selectFrom('mailboxes')
    .select('joined_into')
    .where('id', '=', mailboxId)
    .where('data_key', 'is not', null)
    .executeTakeFirst();
  if (box && box.joined_into !== null) return 'moved';
  return !box || (await isBlocked(trx, mailboxId, senderHash)) ? 'gone' : undefined;
};
