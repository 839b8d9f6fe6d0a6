import type { Kysely, Transaction } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bytesType } from '../../storage/column-types.ts';
import { keyedHash } from '../../storage/sealing.ts';
import type { AccountSealer } from './account-sealing.ts';
import { columns } from './columns.ts';
import type { RecordKeys } from './repository.ts';
import type { CitizenTables } from './tables.ts';

export interface EmailUndoTables {
  /** Addresses that may still come back. Times are ms since the epoch; `sealed` as in tables.ts. */
  email_undos: {
    /** Keyed hash of the token in the link. */
    hash: string;
    account_id: string;
    /** The how-manieth of the account's changes that can be taken back: clocks of nodes differ, and two changes may meet. */
    position: number;
    sealed: Uint8Array;
    until: number;
  };
}

export const emailUndosMigration: Migration = {
  async up(db) {
    await db.schema
      .createTable('email_undos')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
      .addColumn('position', 'integer', (c) => c.notNull())
      .addColumn('sealed', bytesType(db), (c) => c.notNull())
      .addColumn('until', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('email_undos_account')
      .unique()
      .on('email_undos')
      .columns(['account_id', 'position'])
      .execute();
    await db.schema.createIndex('email_undos_until').on('email_undos').column('until').execute();
  },
};

type Found = Omit<EmailUndoTables['email_undos'], 'until'>;

const hashOf = (keys: RecordKeys, token: string): string => `1.${keyedHash(keys.index, `email undo\0${token}`)}`;

export const findEmailUndo = <Tables extends CitizenTables>(
  query: Kysely<Tables>,
  keys: RecordKeys,
  token: string,
): Promise<Found | undefined> =>
  (query as unknown as Kysely<CitizenTables>)
    .selectFrom('email_undos')
    .select(['hash', 'account_id', 'position', 'sealed'])
    .where('hash', '=', hashOf(keys, token))
    .where('until', '>', Date.now())
    .executeTakeFirst();

/** To be called after the new address was written: then no other change of this account is at the same place. */
export const writeEmailUndo = async (
  trx: Transaction<CitizenTables>,
  keys: RecordKeys,
  accountId: string,
  sealer: AccountSealer,
  { token, until, address }: { readonly token: string; readonly until: number; readonly address: string },
): Promise<void> => {
  const last = await trx
    .selectFrom('email_undos')
    .select('position')
    .where('account_id', '=', accountId)
    .orderBy('position', 'desc')
    .executeTakeFirst();
  const hash = hashOf(keys, token);
  const sealed = sealer.seal(columns.emailUndo(hash), address);
  await trx
    .insertInto('email_undos')
    .values({ hash, account_id: accountId, position: (last?.position ?? 0) + 1, sealed, until })
    .execute();
};

/**
 * Takes it away with all later ones: who had the address afterwards has it no more, and may not take it back either.
 *
 * @returns the address; undefined when somebody else was faster.
 */
export const useEmailUndo = async (
  trx: Transaction<CitizenTables>,
  sealer: AccountSealer,
  { hash, account_id, position, sealed }: Found,
): Promise<string | undefined> => {
  const used = await trx.deleteFrom('email_undos').where('hash', '=', hash).returning('hash').executeTakeFirst();
  if (!used) return undefined;
  await trx.deleteFrom('email_undos').where('account_id', '=', account_id).where('position', '>', position).execute();
  return sealer.open<string>(columns.emailUndo(hash), sealed);
};

/** Addresses are kept no longer than they can come back. */
export const purgeEmailUndos = async <Tables extends CitizenTables>(
  query: Kysely<Tables>,
  now: number,
): Promise<void> => {
  await (query as unknown as Kysely<CitizenTables>).deleteFrom('email_undos').where('until', '<=', now).execute();
};
