import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bytesType } from '../../../storage/column-types.ts';
import { outboxMigration } from '../../../storage/outbox.ts';

const applications: Migration = {
  async up(db) {
    const bytes = bytesType(db);
    await db.schema
      .createTable('applications')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('owner_hash', 'text')
      .addColumn('open', 'integer')
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addColumn('payment_request_id', 'text', (c) => c.unique())
      .addColumn('transaction_id', 'text', (c) => c.unique())
      .addColumn('check_at', 'bigint')
      .addColumn('checks', 'integer', (c) => c.notNull())
      .addColumn('payment_failure', 'text')
      .addColumn('reference', 'text', (c) => c.unique())
      .addColumn('filed_at', 'bigint')
      .addColumn('answered_at', 'bigint')
      .addColumn('outcome', 'text')
      .addColumn('data_key', bytes, (c) => c.notNull())
      .addColumn('sealed', bytes, (c) => c.notNull())
      .addColumn('answer', bytes)
      .addCheckConstraint('applications_open', sql`(open is not null) = (state in ('draft', 'paying'))`)
      .addCheckConstraint(
        'applications_filed',
        sql`(filed_at is not null) = (state in ('filed', 'processing', 'answered'))`,
      )
      .addCheckConstraint('applications_answered', sql`(answer is not null) = (state = 'answered')`)
      .execute();
    // One open application a person, whatever her tabs do at once.
    await db.schema
      .createIndex('applications_open_owner')
      .on('applications')
      .columns(['owner_hash', 'open'])
      .unique()
      .execute();
    await db.schema.createIndex('applications_state').on('applications').columns(['state', 'filed_at', 'id']).execute();
    await sql`create index applications_check on applications (check_at) where state = 'paying'`.execute(db);
    await db.schema
      .createTable('documents')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('application_id', 'text', (c) => c.notNull().references('applications.id').onDelete('cascade'))
      .addColumn('purpose', 'text', (c) => c.notNull())
      .addColumn('size', 'integer', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('sealed', bytes, (c) => c.notNull())
      .addColumn('content', bytes, (c) => c.notNull())
      .execute();
    await db.schema.createIndex('documents_application').on('documents').columns(['application_id']).execute();
    await db.schema
      .createTable('caseworkers')
      .addColumn('address_hash', 'text', (c) => c.primaryKey())
      .addColumn('subject_hash', 'text', (c) => c.notNull().unique())
      .addColumn('bound_at', 'bigint', (c) => c.notNull())
      .execute();
  },
};

const heldUploads: Migration = {
  async up(db) {
    const bytes = bytesType(db);
    await db.schema
      .createTable('held_uploads')
      .addColumn('application_id', 'text', (c) => c.primaryKey().references('applications.id').onDelete('cascade'))
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('sealed', bytes, (c) => c.notNull())
      .addColumn('content', bytes, (c) => c.notNull())
      .execute();
    await db.schema.createIndex('held_uploads_expires').on('held_uploads').columns(['expires_at']).execute();
  },
};

export const fuehrungszeugnisMigrations: Readonly<Record<string, Migration>> = {
  '0001-applications': applications,
  '0002-outbox': outboxMigration,
  '0003-held-uploads': heldUploads,
};
