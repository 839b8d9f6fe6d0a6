import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bytesType } from '../../storage/column-types.ts';

/** What Mein Konto shows and ends. Times are ms since the epoch; `sealed` as in tables.ts. */
export interface AccountTables {
  /** In which browser somebody is logged in. What it has proved, and when it was last seen, stands beside the session. */
  browser_sessions: {
    session_uid: string;
    /** How the pages call it: the session's own id goes nowhere. */
    id: string;
    account_id: string;
    sealed: Uint8Array;
    began_at: number;
    /** The last login in it: beyond the longest life of a login nothing is left of it. */
    login_at: number;
  };
  /** What was issued to services, by its grant, for as long as any of it may live: a withdrawn consent ends it all. */
  service_grants: { grant_id: string; account_id: string; client_id: string; ends_at: number };
}

export const accountTablesMigration: Migration = {
  async up(db) {
    await db.schema.alterTable('accounts').addColumn('warned_at', 'bigint').execute();
    // Nobody is warned because of the time before logins were written down.
    await sql`update accounts set seen_at = ${Date.now()} where seen_at is null`.execute(db);
    await db.schema
      .createTable('browser_sessions')
      .addColumn('session_uid', 'text', (c) => c.primaryKey())
      .addColumn('id', 'text', (c) => c.notNull().unique())
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
      .addColumn('sealed', bytesType(db), (c) => c.notNull())
      .addColumn('began_at', 'bigint', (c) => c.notNull())
      .addColumn('login_at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('browser_sessions_account').on('browser_sessions').column('account_id').execute();
    await db.schema.createIndex('browser_sessions_login').on('browser_sessions').column('login_at').execute();
    await db.schema
      .createTable('service_grants')
      .addColumn('grant_id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
      .addColumn('client_id', 'text', (c) => c.notNull())
      .addColumn('ends_at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('service_grants_account')
      .on('service_grants')
      .columns(['account_id', 'client_id'])
      .execute();
    await db.schema.createIndex('service_grants_ends').on('service_grants').column('ends_at').execute();
  },
};
