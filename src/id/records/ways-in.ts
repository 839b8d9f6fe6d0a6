import type { Transaction } from 'kysely';
import type { CitizenTables } from './tables.ts';

/**
 * By how many means somebody can log in to an account: a password with a name to type, each passkey, the linked card.
 * An account without one is nobody's (issue: "never the last way in"), so whatever takes one away counts first, in its
 * own transaction.
 */
export const waysIn = async (
  trx: Transaction<CitizenTables>,
  accountId: string,
  /** The credential or card link that is about to go. */
  without?: string,
): Promise<number> => {
  const credentials = await trx
    .selectFrom('credentials')
    .select(['id', 'kind'])
    .where('account_id', '=', accountId)
    .where('kind', 'in', ['password', 'passkey'])
    .execute();
  const name = await trx.selectFrom('login_names').select('hash').where('account_id', '=', accountId).execute();
  const links = await trx.selectFrom('card_links').select('id').where('active_account', '=', accountId).execute();
  const usable = credentials.filter(({ kind }) => kind === 'passkey' || name.length > 0);
  return [...usable, ...links].filter(({ id }) => id !== without).length;
};
