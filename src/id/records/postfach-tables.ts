import type { Migration } from 'kysely/migration';
import { bytesType } from '../../storage/column-types.ts';

/** Addresses of mailboxes. Times are ms since the epoch; `sealed` as in tables.ts. */
export interface PostfachTables {
  postfach_handles: {
    /** Keyed hash of authority and handle. */
    hash: string;
    account_id: string;
    authority: string;
    sealed: Uint8Array;
    created_at: number;
  };
  /** Handles of accounts that were joined to this one, where it has one of that authority itself: they lead here, too. */
  postfach_former_handles: {
    hash: string;
    account_id: string;
    authority: string;
    sealed: Uint8Array;
    created_at: number;
  };
  /** Which clients of the authority hold its handle: with the last one it ends. */
  postfach_holders: { account_id: string; authority: string; client_id: string; created_at: number };
}

export const postfachMigration: Migration = {
  async up(db) {
    await db.schema
      .createTable('postfach_handles')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
      .addColumn('authority', 'text', (c) => c.notNull())
      .addColumn('sealed', bytesType(db), (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addUniqueConstraint('postfach_handles_authority', ['account_id', 'authority'])
      .execute();
    await db.schema
      .createTable('postfach_holders')
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
      .addColumn('authority', 'text', (c) => c.notNull())
      .addColumn('client_id', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('postfach_holders_key', ['account_id', 'authority', 'client_id'])
      .execute();
  },
};

export const formerHandlesMigration: Migration = {
  async up(db) {
    await db.schema
      .createTable('postfach_former_handles')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
      .addColumn('authority', 'text', (c) => c.notNull())
      .addColumn('sealed', bytesType(db), (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('postfach_former_handles_account')
      .on('postfach_former_handles')
      .columns(['account_id', 'authority'])
      .execute();
  },
};
