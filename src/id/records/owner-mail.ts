import type { Transaction } from 'kysely';
import type { Preferences } from '../identity/accounts.ts';
import { openAccountSealer } from './account-sealing.ts';
import { columns } from './columns.ts';
import type { RecordKeys } from './repository.ts';
import type { CitizenTables } from './tables.ts';

/** What the owner of an account is told by mail about its end; times are ms since the epoch. */
export type OwnerMail =
  | { readonly type: 'deletion_planned'; readonly on: number }
  | { readonly type: 'deletion_done' }
  | { readonly type: 'inactive'; readonly months: 6 | 3; readonly deletedOn: number }
  /** To both owners; `keptId` is the account that is left to secure when it was somebody else. */
  | { readonly type: 'accounts_joined'; readonly keptId: string };

export interface Addressee {
  readonly accountId: string;
  readonly email: string;
  readonly locale: 'de' | 'en';
}

/** Puts a mail into the outbox within the transaction of what it tells. An account without an address gets none. */
export type TellOwner = (trx: Transaction<never>, to: Addressee, mail: OwnerMail) => Promise<void>;

/** Finds the address of an account and tells its owner, while the account's key is still there. */
export const createOwnerMail =
  (keys: RecordKeys, tellOwner: TellOwner) =>
  async <Tables extends CitizenTables>(
    transaction: Transaction<Tables>,
    accountId: string,
    mail: OwnerMail,
    /** Of who chose none. */
    locale: 'de' | 'en' = 'de',
  ): Promise<void> => {
    const trx = transaction as unknown as Transaction<CitizenTables>;
    const account = await trx
      .selectFrom('accounts as a')
      .innerJoin('login_names as e', (join) => join.onRef('e.account_id', '=', 'a.id').on('e.kind', '=', 'email'))
      .select(['a.data_key', 'a.preferences', 'e.hash', 'e.sealed'])
      .where('a.id', '=', accountId)
      .executeTakeFirst();
    if (!account) return;
    const sealer = openAccountSealer(accountId, account.data_key, keys.wrapping);
    const chosen = account.preferences ? sealer.open<Preferences>(columns.preferences, account.preferences) : {};
    const email = sealer.open<string>(columns.loginName(account.hash), account.sealed);
    const to = { accountId, email, locale: chosen.locale ?? locale };
    await tellOwner(trx as unknown as Transaction<never>, to, mail);
  };
