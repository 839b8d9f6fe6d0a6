import type { Kysely } from 'kysely';
import type { AccountVersion } from '../identity/credentials.ts';
import type { AccountSealer, AccountSealers } from './account-sealing.ts';
import type { CitizenTables } from './tables.ts';

const keyOf = <Tables extends CitizenTables>(query: Kysely<Tables>, id: string) =>
  (query as unknown as Kysely<CitizenTables>).selectFrom('accounts').select('data_key').where('id', '=', id);

/** The account's sealer; undefined when the account is gone. */
export const sealerOf = async <Tables extends CitizenTables>(
  query: Kysely<Tables>,
  id: string,
  sealers: AccountSealers,
): Promise<AccountSealer | undefined> => {
  const account = await keyOf(query, id).executeTakeFirst();
  return account && sealers.open(id, account.data_key);
};

/** The account's sealer, if it is still as the act supposes. */
export const currentSealer = async <Tables extends CitizenTables>(
  query: Kysely<Tables>,
  { id, epoch }: AccountVersion,
  sealers: AccountSealers,
): Promise<AccountSealer | undefined> => {
  const account = await keyOf(query, id).where('epoch', '=', epoch).where('state', '=', 'active').executeTakeFirst();
  return account && sealers.open(id, account.data_key);
};
