import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { migrationTools, refuseActs } from '../../../storage/migration-tools.ts';
import { outboxMigration } from '../../../storage/outbox.ts';
import { createSigningKeyTable } from '../../module-api/signing-keys.ts';
import { aliveStates } from '../orders/states.ts';
import { settlementsMigration } from './settlements.ts';

const bezahlsystem: Migration = {
  async up(db) {
    const { bytes, table, index } = migrationTools(db);
    await table('orders')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('page_hash', 'text', (c) => c.notNull().unique())
      .addColumn('originator_id', 'text', (c) => c.notNull())
      .addColumn('end_point_id', 'text', (c) => c.notNull())
      .addColumn('request_id', 'text', (c) => c.notNull())
      .addColumn('content_hash', 'text', (c) => c.notNull())
      .addColumn('amount', 'bigint', (c) => c.notNull())
      .addColumn('currency', 'text', (c) => c.notNull())
      .addColumn('reference', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('status_detail', 'text')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('payable_until', 'bigint', (c) => c.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('tries', 'integer', (c) => c.notNull())
      .addColumn('paid_by', 'text')
      .addColumn('method', 'text')
      .addColumn('method_detail', 'text')
      .addColumn('refunded', 'bigint', (c) => c.notNull())
      .addColumn('payer_hash', 'text')
      .addColumn('payer', bytes)
      .addColumn('data_key', bytes)
      .addColumn('sealed', bytes, (c) => c.notNull())
      .addCheckConstraint('orders_refunded', sql`refunded >= 0 and refunded <= amount`)
      .addCheckConstraint('orders_paid', sql`(status = 'PAYED') = (paid_by is not null)`)
      .execute();
    await index('orders_request', 'orders', ['originator_id', 'end_point_id', 'request_id']).unique().execute();
    await index('orders_reference', 'orders', ['originator_id', 'end_point_id', 'reference']).unique().execute();
    await sql`create index orders_open on orders (payable_until) where status = 'INITIAL'`.execute(db);
    await sql`create index orders_payer on orders (payer_hash, created_at) where payer_hash is not null`.execute(db);
    await sql`create index orders_kept on orders (created_at) where data_key is not null`.execute(db);
    await table('attempts')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('order_id', 'text', (c) => c.notNull().references('orders.id'))
      .addColumn('provider', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('method', 'text', (c) => c.notNull())
      .addColumn('provider_reference', 'text')
      .addColumn('page', bytes)
      .addColumn('failure', 'text')
      .addColumn('locale', 'text', (c) => c.notNull())
      .addColumn('begun_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addColumn('check_at', 'bigint')
      .addColumn('checks', 'integer', (c) => c.notNull())
      .execute();
    await index('attempts_order', 'attempts', ['order_id', 'begun_at']).execute();
    const alive = sql.raw(aliveStates.map((state) => `'${state}'`).join(', '));
    // Whoever presses twice at the same moment: of an order one attempt at most may still be paid, and one pays it.
    await sql`create unique index attempts_alive on attempts (order_id) where state in (${alive})`.execute(db);
    await sql`create unique index attempts_paid on attempts (order_id) where state = 'paid'`.execute(db);
    await sql`create index attempts_check on attempts (check_at) where check_at is not null`.execute(db);
    await table('callbacks')
      .addColumn('provider', 'text', (c) => c.notNull())
      .addColumn('event_id', 'text', (c) => c.notNull())
      .addColumn('attempt_id', 'text', (c) => c.notNull())
      .addColumn('word', bytes)
      .addColumn('received_at', 'bigint', (c) => c.notNull())
      .addColumn('applied_at', 'bigint')
      .addPrimaryKeyConstraint('callbacks_key', ['provider', 'event_id'])
      .execute();
    await sql`create index callbacks_waiting on callbacks (received_at) where applied_at is null`.execute(db);
    await table('refunds')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('order_id', 'text', (c) => c.notNull().references('orders.id'))
      .addColumn('attempt_id', 'text', (c) => c.notNull().references('attempts.id'))
      .addColumn('request_id', 'text')
      .addColumn('amount', 'bigint', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('check_at', 'bigint', (c) => c.notNull())
      .addColumn('checks', 'integer', (c) => c.notNull())
      .addCheckConstraint('refunds_amount', sql`amount > 0`)
      .execute();
    await index('refunds_request', 'refunds', ['order_id', 'request_id']).unique().execute();
    // Money that came in vain goes back once.
    await sql`create unique index refunds_surplus on refunds (attempt_id) where reason = 'surplus'`.execute(db);
    await sql`create index refunds_check on refunds (check_at) where state in ('requested', 'pending')`.execute(db);
    await table('bookings')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('originator_id', 'text', (c) => c.notNull())
      .addColumn('end_point_id', 'text', (c) => c.notNull())
      .addColumn('day', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('order_id', 'text', (c) => c.notNull())
      .addColumn('source_id', 'text', (c) => c.notNull())
      .addColumn('reference', 'text', (c) => c.notNull())
      .addColumn('method', 'text', (c) => c.notNull())
      .addColumn('amount', 'bigint', (c) => c.notNull())
      .addColumn('surplus', 'integer', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .execute();
    await index('bookings_day', 'bookings', ['originator_id', 'end_point_id', 'day', 'at', 'id']).execute();
    await index('bookings_order', 'bookings', ['order_id']).execute();
    // What was booked stays as it was booked.
    await refuseActs(db, 'bookings', ['update', 'delete'], 'the books are append-only');
    await table('closed_days')
      .addColumn('originator_id', 'text', (c) => c.notNull())
      .addColumn('end_point_id', 'text', (c) => c.notNull())
      .addColumn('day', 'text', (c) => c.notNull())
      .addColumn('closed_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('closed_days_key', ['originator_id', 'end_point_id', 'day'])
      .execute();
    await createSigningKeyTable(db);
  },
};

export const bezahlMigrations: Readonly<Record<string, Migration>> = {
  '0001-bezahlsystem': bezahlsystem,
  '0002-outbox': outboxMigration,
  '0003-settlements': settlementsMigration,
};
