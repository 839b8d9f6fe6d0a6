import type { Transaction } from 'kysely';
import type { Preferences } from '../identity/accounts.ts';
import type { Told } from '../mail/told.ts';
import { columns } from './columns.ts';
import type { RecordKeys } from './repository.ts';
import type { CitizenTables } from './tables.ts';

export interface Addressee {
  readonly accountId: string;
  /** The confirmed address. */
  readonly email: string;
  readonly locale: 'de' | 'en';
}

/** Puts a mail into the outbox within the transaction of what it tells. */
export type PutMail = (
  trx: Transaction<never>,
  to: Addressee,
  told: Told,
  /** Id of the service where it happened. */
  clientId: string | undefined,
) => Promise<void>;

/** Tells the owner of an account something, as far as there is a confirmed address; without one nothing happens. */
export type TellOwner = (
  trx: Transaction<CitizenTables>,
  accountId: string,
  told: Told,
  clientId?: string,
) => Promise<void>;

export const createTellOwner =
  (keys: Pick<RecordKeys, 'accounts'>, put: PutMail): TellOwner =>
  async (trx, accountId, told, clientId) => {
    const account = await trx
      .selectFrom('accounts as a')
      .innerJoin('login_names as e', (join) => join.onRef('e.account_id', '=', 'a.id').on('e.kind', '=', 'email'))
      .select(['a.data_key', 'a.preferences', 'e.hash', 'e.sealed'])
      .where('a.id', '=', accountId)
      .executeTakeFirst();
    if (!account) return;
    const sealer = keys.accounts.open(accountId, account.data_key);
    const chosen = account.preferences ? sealer.open<Preferences>(columns.preferences, account.preferences) : {};
    const email = sealer.open<string>(columns.loginName(account.hash), account.sealed);
    const to: Addressee = { accountId, email, locale: chosen.locale ?? 'de' };
    await put(trx as unknown as Transaction<never>, to, told, clientId);
  };
