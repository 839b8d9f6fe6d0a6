import type { Migration } from 'kysely/migration';
import type { Database } from '../../../storage/database.ts';
import { refuseActs } from '../../../storage/migration-tools.ts';
import type { Trx } from './context.ts';
import type { BezahlTables } from './tables.ts';

/** What an operator decided of a payment in doubt. */
export interface Settlement {
  readonly attemptId: string;
  readonly orderId: string;
  /** `surplus`: its money came for an order that had ended or was paid otherwise. */
  readonly result: 'paid' | 'surplus' | 'not_paid';
  readonly reason: string;
  readonly operator: string;
  /** How the provider spoke of it at that moment. */
  readonly word: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** The journal of what operators decided: one row for each attempt, which the store itself refuses to change. */
export const settlementsMigration: Migration = {
  async up(db) {
    await db.schema
      .createTable('settlements')
      .addColumn('attempt_id', 'text', (c) => c.primaryKey().references('attempts.id'))
      .addColumn('order_id', 'text', (c) => c.notNull())
      .addColumn('result', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('operator', 'text', (c) => c.notNull())
      .addColumn('word', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .execute();
    await refuseActs(db, 'settlements', ['update', 'delete'], 'the journal is append-only');
  },
};

/** Writes a settlement down, in the transaction of what comes of it. */
export const writeSettlement = async (trx: Trx, settlement: Settlement): Promise<void> => {
  const { attemptId, orderId, result, reason, operator, word, at } = settlement;
  await trx
    .insertInto('settlements')
    .values({ attempt_id: attemptId, order_id: orderId, result, reason, operator, word, at })
    .execute();
};

/** All that were ever made, the oldest first. */
export const readSettlements = async (database: Database<BezahlTables>): Promise<Settlement[]> => {
  const rows = await database.query.selectFrom('settlements').selectAll().orderBy('at').orderBy('attempt_id').execute();
  return rows.map(({ attempt_id: attemptId, order_id: orderId, ...rest }) => ({ attemptId, orderId, ...rest }));
};
