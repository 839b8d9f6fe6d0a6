import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bytesType } from '../../storage/column-types.ts';
import type { CredentialKind } from '../identity/credentials.ts';
import { accountTablesMigration, type AccountTables } from './account-tables.ts';
import { emailUndosMigration, type EmailUndoTables } from './email-undos.ts';
import { postfachMigration, type PostfachTables } from './postfach-tables.ts';

/** Times are ms since the epoch; `sealed` columns are boxes of AES-256-GCM bound to account, table and column. */
export interface CitizenTables extends AccountTables, EmailUndoTables, PostfachTables {
  accounts: {
    id: string;
    epoch: number;
    /** `leaving`: to be deleted at `leaves_at`, until then the citizen may change her mind. */
    state: 'active' | 'locked' | 'leaving';
    data_key: Uint8Array;
    created_at: number;
    /** The day of the last login; accounts that nobody uses are deleted in the end. */
    seen_at: number | null;
    /** Which notice of that was sent: 0 none, 1 six months before, 2 three months before. */
    warned: number;
    /** When that was: the next one, and the end, come so many months later. */
    warned_at: number | null;
    leaves_at: number | null;
    /** Language, notices: what the citizen chose for the account as a whole. */
    preferences: Uint8Array | null;
  };
  /** An e-mail address stands here once its code was typed in; of each kind an account has one at most. */
  login_names: {
    hash: string;
    account_id: string;
    kind: 'email' | 'name';
    sealed: Uint8Array;
    created_at: number;
  };
  attributes: { account_id: string; source: 'self' | 'card'; sealed: Uint8Array; changed_at: number };
  /** What a card said before it said something else. */
  attribute_history: { id: string; account_id: string; sealed: Uint8Array; changed_at: number };
  credentials: {
    id: string;
    account_id: string;
    kind: CredentialKind;
    sealed: Uint8Array;
    created_at: number;
    changed_at: number;
    used_at: number | null;
    /** Keyed hash of a passkey's credential id. */
    handle: string | null;
    /** TOTP: the last time step used; passkeys: the signature counter. */
    counter: number;
  };
  /** Keyed hashes of recovery codes that are still good. */
  recovery_codes: { account_id: string; hash: string };
  /** For the day on which the card is replaced; one at most for each account. */
  card_transfers: { account_id: string; hash: string; expires_at: number };
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
  '0010-means': {
    async up(db) {
      const accounts = db.schema.alterTable('accounts');
      await accounts.addColumn('seen_at', 'bigint').execute();
      await accounts.addColumn('warned', 'integer', (c) => c.notNull().defaultTo(0)).execute();
      await accounts.addColumn('leaves_at', 'bigint').execute();
      await accounts.addColumn('preferences', bytesType(db)).execute();
      const names = db.schema.alterTable('login_names');
      await names.addColumn('kind', 'text', (c) => c.notNull().defaultTo('name')).execute();
      await db.schema
        .createIndex('login_names_kind')
        .unique()
        .on('login_names')
        .columns(['account_id', 'kind'])
        .execute();
      const credentials = db.schema.alterTable('credentials');
      await credentials.addColumn('created_at', 'bigint', (c) => c.notNull().defaultTo(0)).execute();
      await credentials.addColumn('used_at', 'bigint').execute();
      await credentials.addColumn('handle', 'text').execute();
      await credentials.addColumn('counter', 'bigint', (c) => c.notNull().defaultTo(0)).execute();
      await db.schema.createIndex('credentials_handle').unique().on('credentials').column('handle').execute();
      // Of these an account has one: a second one, made at the same time elsewhere, loses.
      await sql`create unique index credentials_single on credentials (account_id, kind)
        where kind in ('password', 'totp', 'recovery_codes')`.execute(db);
      await db.schema
        .createTable('recovery_codes')
        .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
        .addColumn('hash', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('recovery_codes_key', ['account_id', 'hash'])
        .execute();
      await db.schema
        .createTable('attribute_history')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
        .addColumn('sealed', bytesType(db), (c) => c.notNull())
        .addColumn('changed_at', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema
        .createIndex('attribute_history_account')
        .on('attribute_history')
        .columns(['account_id', 'changed_at'])
        .execute();
      await db.schema.createIndex('accounts_seen').on('accounts').column('seen_at').execute();
      await db.schema.createIndex('accounts_leaves').on('accounts').column('leaves_at').execute();
    },
  },
  '0011-card-transfers': {
    async up(db) {
      await db.schema
        .createTable('card_transfers')
        .addColumn('account_id', 'text', (c) => c.primaryKey().references('accounts.id').onDelete('cascade'))
        .addColumn('hash', 'text', (c) => c.notNull().unique())
        .addColumn('expires_at', 'bigint', (c) => c.notNull())
        .execute();
    },
  },
  '0014-mein-konto': accountTablesMigration,
  '0016-postfach': postfachMigration,
  '0017-email-undos': emailUndosMigration,
};
