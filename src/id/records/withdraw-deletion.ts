import type { Transaction } from 'kysely';
import type { OperatorActTables } from './operator-acts.ts';
import type { CitizenTables } from './tables.ts';

/**
 * For owners who say that somebody else was in their account: what that one has planned does not take place. What an
 * operator has planned stays, and only whoever logs in withdraws it.
 *
 * @returns whether there was such a deletion.
 */
export const withdrawDeletion = async <Tables extends CitizenTables & OperatorActTables>(
  transaction: Transaction<Tables>,
  accountId: string,
): Promise<boolean> => {
  const trx = transaction as unknown as Transaction<CitizenTables & OperatorActTables>;
  const act = await trx
    .selectFrom('operator_acts')
    .select('kind')
    .where('account_id', '=', accountId)
    .orderBy('done_at', 'desc')
    .executeTakeFirst();
  if (act?.kind === 'delete') return false;
  const withdrawn = await trx
    .updateTable('accounts')
    .set({ state: 'active', leaves_at: null })
    .where('id', '=', accountId)
    .where('state', '=', 'leaving')
    .where('leaves_at', '>', Date.now())
    .returning('id')
    .executeTakeFirst();
  return withdrawn !== undefined;
};
