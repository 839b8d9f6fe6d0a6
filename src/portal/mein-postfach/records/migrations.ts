import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { migrationTools, refuseActs } from '../../../storage/migration-tools.ts';
import { outboxMigration } from '../../../storage/outbox.ts';
import { createSigningKeyTable } from '../../module-api/signing-keys.ts';

const postfach: Migration = {
  async up(db) {
    const { bytes, table, index } = migrationTools(db);
    await table('mailboxes')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('subject_hash', 'text', (c) => c.notNull().unique())
      .addColumn('data_key', bytes)
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('purged_at', 'bigint')
      .addColumn('notices', 'integer', (c) => c.notNull())
      .addColumn('search_version', 'bigint', (c) => c.notNull())
      .execute();
    await index('mailboxes_purged', 'mailboxes', ['purged_at']).execute();
    await table('letters')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('mailbox_id', 'text', (c) => c.notNull().references('mailboxes.id'))
      .addColumn('message_hash', 'text', (c) => c.notNull().unique())
      .addColumn('sender_hash', 'text', (c) => c.notNull())
      .addColumn('application_hash', 'text')
      .addColumn('level', 'text', (c) => c.notNull())
      .addColumn('folder', 'text', (c) => c.notNull())
      .addColumn('trashed_from', 'text')
      .addColumn('unread', 'integer', (c) => c.notNull())
      .addColumn('flagged', 'integer', (c) => c.notNull())
      .addColumn('provided_at', 'bigint', (c) => c.notNull())
      .addColumn('notice_at', 'bigint')
      .addColumn('opened_at', 'bigint')
      .addColumn('replied_at', 'bigint')
      .addColumn('trashed_at', 'bigint')
      .addColumn('removed_at', 'bigint')
      .addColumn('reply_allowed', 'integer', (c) => c.notNull())
      .addColumn('reply_until', 'bigint')
      .addColumn('attachments', 'integer', (c) => c.notNull())
      .addColumn('content_hash', 'text', (c) => c.notNull())
      .addColumn('summary', bytes)
      .addColumn('content', bytes)
      .addColumn('receipt', bytes, (c) => c.notNull())
      .execute();
    await index('letters_list', 'letters', ['mailbox_id', 'folder', 'provided_at', 'id']).execute();
    await index('letters_unread', 'letters', ['mailbox_id', 'folder', 'unread']).execute();
    await index('letters_sender', 'letters', ['mailbox_id', 'sender_hash', 'provided_at']).execute();
    await index('letters_application', 'letters', ['mailbox_id', 'application_hash']).execute();
    await index('letters_trash', 'letters', ['trashed_at']).execute();
    await table('mailbox_senders')
      .addColumn('mailbox_id', 'text', (c) => c.notNull())
      .addColumn('sender_hash', 'text', (c) => c.notNull())
      .addColumn('sealed', bytes, (c) => c.notNull())
      .addColumn('blocked_at', 'bigint')
      .addPrimaryKeyConstraint('mailbox_senders_key', ['mailbox_id', 'sender_hash'])
      .execute();
    await table('attachments')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('letter_id', 'text', (c) => c.notNull().references('letters.id'))
      .addColumn('mailbox_id', 'text', (c) => c.notNull())
      .addColumn('position', 'integer', (c) => c.notNull())
      .addColumn('length', 'bigint', (c) => c.notNull())
      .addColumn('sealed', bytes, (c) => c.notNull())
      .addColumn('file_key', bytes, (c) => c.notNull())
      .execute();
    await index('attachments_letter', 'attachments', ['letter_id', 'position']).unique().execute();
    await index('attachments_mailbox', 'attachments', ['mailbox_id']).execute();
    await table('file_removals')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .execute();
    await table('applications')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('mailbox_id', 'text', (c) => c.notNull().references('mailboxes.id'))
      .addColumn('application_hash', 'text', (c) => c.notNull().unique())
      .addColumn('sealed', bytes, (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .execute();
    await index('applications_mailbox', 'applications', ['mailbox_id', 'updated_at']).execute();
    await table('application_statuses')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('application', 'text', (c) => c.notNull().references('applications.id'))
      .addColumn('mailbox_id', 'text', (c) => c.notNull())
      .addColumn('status_hash', 'text', (c) => c.notNull().unique())
      .addColumn('content_hash', 'text', (c) => c.notNull())
      .addColumn('sealed', bytes, (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('received_at', 'bigint', (c) => c.notNull())
      .execute();
    await index('statuses_application', 'application_statuses', ['application', 'created_at']).execute();
    await index('statuses_mailbox', 'application_statuses', ['mailbox_id']).execute();
    await table('replies')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('mailbox_id', 'text', (c) => c.notNull())
      .addColumn('letter_id', 'text', (c) => c.notNull())
      .addColumn('sender_hash', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('taken_at', 'bigint')
      .addColumn('sealed', bytes)
      .addColumn('outgoing', bytes)
      .execute();
    await index('replies_sender', 'replies', ['sender_hash', 'created_at', 'id']).execute();
    await index('replies_letter', 'replies', ['letter_id']).execute();
    await index('replies_mailbox', 'replies', ['mailbox_id']).execute();
    await table('consents')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('mailbox_id', 'text', (c) => c.notNull().references('mailboxes.id'))
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('wording', 'text', (c) => c.notNull())
      .addColumn('given_at', 'bigint', (c) => c.notNull())
      .addColumn('withdrawn_at', 'bigint')
      .execute();
    // Of each kind one is in force at most, whoever asks twice at the same moment.
    await sql`create unique index consents_in_force on consents (mailbox_id, kind) where withdrawn_at is null`.execute(
      db,
    );
    await table('journal')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('mailbox_id', 'text', (c) => c.notNull())
      .addColumn('letter_id', 'text')
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('consent', 'text')
      .addColumn('at', 'bigint', (c) => c.notNull())
      .execute();
    await index('journal_letter', 'journal', ['letter_id', 'at']).execute();
    await index('journal_mailbox', 'journal', ['mailbox_id', 'at']).execute();
    await index('journal_at', 'journal', ['at']).execute();
    // What happened is never changed; only whole rows go, when their time is over.
    await refuseActs(db, 'journal', ['update'], 'the journal is append-only');
    await table('search_entries')
      .addColumn('letter_id', 'text', (c) => c.primaryKey())
      .addColumn('mailbox_id', 'text', (c) => c.notNull())
      .addColumn('version', 'bigint', (c) => c.notNull())
      .addColumn('sealed', bytes)
      .execute();
    await index('search_entries_version', 'search_entries', ['mailbox_id', 'version']).unique().execute();
    await table('search_snapshots')
      .addColumn('mailbox_id', 'text', (c) => c.primaryKey())
      .addColumn('version', 'bigint', (c) => c.notNull())
      .addColumn('sealed', bytes, (c) => c.notNull())
      .execute();
    await createSigningKeyTable(db);
  },
};

const joining: Migration = {
  async up(db) {
    await db.schema.alterTable('mailboxes').addColumn('joined_into', 'text').execute();
    await db.schema.createIndex('mailboxes_joined').on('mailboxes').column('joined_into').execute();
  },
};

/** Every delivery looks for a consent of its mailbox, and that which is unique holds only those in force. */
const consentsByMailbox: Migration = {
  async up(db) {
    await migrationTools(db).index('consents_mailbox', 'consents', ['mailbox_id', 'kind']).execute();
  },
};

export const postfachMigrations: Readonly<Record<string, Migration>> = {
  '0001-postfach': postfach,
  '0002-outbox': outboxMigration,
  '0003-joining': joining,
  '0004-consents-by-mailbox': consentsByMailbox,
};
