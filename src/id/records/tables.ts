import type { Migration } from 'kysely/migration';

/** Times are ms since the epoch; `sealed` columns are boxes of AES-256-GCM bound to account, table and column. */
export interface CitizenTables {
  accounts: { id: string; epoch: number; state: 'active' | 'locked'; data_key: Uint8Array; created_at: number };
  login_names: { hash: string; account_id: string; sealed: Uint8Array; created_at: number };
  attributes: { account_id: string; source: 'self' | 'card'; sealed: Uint8Array; changed_at: number };
  credentials: { id: string; account_id: string; kind: 'password'; sealed: Uint8Array; changed_at: number };
  card_links: {
    id: string;
    account_id: string;
    /** Keyed hash of the restricted identification; null once the card was replaced, so that nothing finds it. */
    pseudonym: string | null;
    /** The same for ID2, during a change of the provider's sector key. */
    next_pseudonym: string | null;
    /** The account's id while the link is active, else null: unique, so that an account has one active card. */
    active_account: string | null;
    sealed: Uint8Array;
    linked_at: number;
  };
  subjects: { account_id: string; sector: string; subject: string; created_at: number };
  consents: {
    id: string;
    account_id: string;
    client_id: string;
    sealed: Uint8Array;
    given_at: number;
    withdrawn_at: number | null;
  };
}

/** The first migration: sealing, epoch and ceilings are there from the start, since they cannot be added later. */
export const citizenMigrations: Record<string, Migration> = {
  '0001-citizens': {
    async up(db) {
      await db.schema
        .createTable('accounts')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('epoch', 'integer', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('data_key', 'bytea', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('login_names')
        .addColumn('hash', 'text', (c) => c.primaryKey())
        .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
        .addColumn('sealed', 'bytea', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('login_names_account').on('login_names').column('account_id').execute();
      await db.schema
        .createTable('attributes')
        .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
        .addColumn('source', 'text', (c) => c.notNull())
        .addColumn('sealed', 'bytea', (c) => c.notNull())
        .addColumn('changed_at', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('attributes_key', ['account_id', 'source'])
        .execute();
      await db.schema
        .createTable('credentials')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('sealed', 'bytea', (c) => c.notNull())
        .addColumn('changed_at', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('credentials_account').on('credentials').column('account_id').execute();
      await db.schema
        .createTable('card_links')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
        .addColumn('pseudonym', 'text', (c) => c.unique())
        .addColumn('next_pseudonym', 'text', (c) => c.unique())
        .addColumn('active_account', 'text', (c) => c.unique())
        .addColumn('sealed', 'bytea', (c) => c.notNull())
        .addColumn('linked_at', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('subjects')
        .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
        .addColumn('sector', 'text', (c) => c.notNull())
        .addColumn('subject', 'text', (c) => c.notNull().unique())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('subjects_key', ['account_id', 'sector'])
        .execute();
      await db.schema
        .createTable('consents')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
        .addColumn('client_id', 'text', (c) => c.notNull())
        .addColumn('sealed', 'bytea', (c) => c.notNull())
        .addColumn('given_at', 'bigint', (c) => c.notNull())
        .addColumn('withdrawn_at', 'bigint')
        .execute();
      await db.schema.createIndex('consents_account').on('consents').columns(['account_id', 'client_id']).execute();
    },
  },
};
