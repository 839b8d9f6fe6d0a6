import type { Transaction } from 'kysely';
import { keyedHash } from '../../storage/sealing.ts';
import { canonicalLoginName } from '../identity/login-name.ts';
import type { AccountSealer } from './account-sealing.ts';
import { columns } from './columns.ts';
import type { RecordKeys } from './repository.ts';
import type { CitizenTables } from './tables.ts';

/** By this a name is found without being stored. The number says by which index key. */
export const loginNameHash = (keys: RecordKeys, typed: string): string =>
  `1.${keyedHash(keys.index, `login\0${canonicalLoginName(typed)}`)}`;

/** Gives an account a name, in place of the one of that kind before. Loses against a name that is taken (unique). */
export const writeLoginName = async <Tables extends CitizenTables>(
  transaction: Transaction<Tables>,
  keys: RecordKeys,
  accountId: string,
  sealer: AccountSealer,
  kind: CitizenTables['login_names']['kind'],
  typed: string,
): Promise<void> => {
  const trx = transaction as unknown as Transaction<CitizenTables>;
  await trx.deleteFrom('login_names').where('account_id', '=', accountId).where('kind', '=', kind).execute();
  const hash = loginNameHash(keys, typed);
  const sealed = sealer.seal(columns.loginName(hash), typed);
  await trx
    .insertInto('login_names')
    .values({ hash, account_id: accountId, kind, sealed, created_at: Date.now() })
    .execute();
};
