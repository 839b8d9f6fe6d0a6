import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Database } from '../../storage/database.ts';
import type { Attributes } from '../identity/attribute.ts';
import { cardHistoryMonths, changedValues, type CardHistory } from '../identity/card-history.ts';
import { addMonths } from '../identity/lifecycle.ts';
import { sealerOf } from './account-keys.ts';
import type { AccountSealer } from './account-sealing.ts';
import { columns } from './columns.ts';
import type { RecordKeys } from './repository.ts';
import type { CitizenTables } from './tables.ts';

/** Keeps what the new values replace; nothing when they are as before. */
export const keepReplaced = async <Tables extends CitizenTables>(
  transaction: Transaction<Tables>,
  accountId: string,
  sealer: AccountSealer,
  before: Attributes,
  now: Attributes,
): Promise<void> => {
  const replaced = changedValues(before, now);
  if (Object.keys(replaced).length === 0) return;
  const trx = transaction as unknown as Transaction<CitizenTables>;
  const id = randomUUID();
  const sealed = sealer.seal(columns.history(id), replaced);
  await trx
    .insertInto('attribute_history')
    .values({ id, account_id: accountId, sealed, changed_at: Date.now() })
    .execute();
};

export const createCardHistory = <Tables extends CitizenTables>(
  all: Database<Tables>,
  keys: RecordKeys,
): CardHistory => {
  const { query } = all as unknown as Database<CitizenTables>;
  return {
    async of(accountId) {
      const sealer = await sealerOf(query, accountId, keys.accounts);
      if (!sealer) return [];
      const rows = await query
        .selectFrom('attribute_history')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('changed_at', '>', addMonths(Date.now(), -cardHistoryMonths))
        .orderBy('changed_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map((row) => ({
        at: row.changed_at,
        before: sealer.open<Attributes>(columns.history(row.id), row.sealed),
      }));
    },
  };
};
