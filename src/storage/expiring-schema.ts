import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bytesType } from './column-types.ts';

const createTables = async (kysely: Kysely<never>): Promise<void> => {
  await kysely.schema
    .createTable('artifact')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('box', bytesType(kysely), (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('saved_at', 'bigint', (column) => column.notNull())
    .addColumn('consumed_at', 'bigint')
    .addColumn('alias', 'text')
    .addColumn('member_of', 'text')
    .execute();
  // An index over the rows that have the value only: most have neither, and each entry costs at every save.
  await sql`create index artifact_alias on artifact (alias) where alias is not null`.execute(kysely);
  await sql`create index artifact_member_of on artifact (member_of) where member_of is not null`.execute(kysely);
  await kysely.schema.createIndex('artifact_expires_at').on('artifact').column('expires_at').execute();
  await kysely.schema
    .createTable('counter')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('value', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await kysely.schema.createIndex('counter_expires_at').on('counter').column('expires_at').execute();
};

/** Tables of artifacts and counters, which live in a file or schema of their own. */
export const expiringMigrations: Record<string, Migration> = { '0001-artifacts-and-counters': { up: createTables } };
