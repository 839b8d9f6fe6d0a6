import type { Transaction } from 'kysely';
import type { Attributes, Source } from '../identity/attribute.ts';
import type { AccountSealer } from './account-sealing.ts';
import { columns } from './columns.ts';
import type { CitizenTables } from './tables.ts';

/** Replaces all that one source says of a person. */
export const writeAttributes = async <Tables extends CitizenTables>(
  transaction: Transaction<Tables>,
  accountId: string,
  sealer: AccountSealer,
  source: Source,
  attributes: Attributes,
): Promise<void> => {
  const trx = transaction as unknown as Transaction<CitizenTables>;
  const sealed = sealer.seal(columns.attributes(source), attributes);
  const changed_at = Date.now();
  await trx
    .insertInto('attributes')
    .values({ account_id: accountId, source, sealed, changed_at })
    .onConflict((conflict) => conflict.columns(['account_id', 'source']).doUpdateSet({ sealed, changed_at }))
    .execute();
};
