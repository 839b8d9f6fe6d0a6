import { randomUUID } from 'node:crypto';
import type { Cents, Refund } from '../orders/order.ts';
import type { RefundAnswer } from '../providers/provider.ts';
import { book } from './books.ts';
import type { RecordContext } from './context.ts';
import { headOf } from './orders.ts';
import type { BezahlTables } from './tables.ts';

type RefundRow = BezahlTables['refunds'];

export interface StoredRefund extends Refund {
  /** The service's own; absent for surplus. */
  readonly requestId?: string;
}

/** One that its provider has to be told of, or asked about. */
export interface DueRefund extends StoredRefund {
  readonly provider: string;
  readonly providerReference?: string;
}

/** `other`: the request id was there for another amount. `not_paid`, `too_much`: nothing to give back, or not so much. */
export type RefundOutcome =
  | { readonly kind: 'made' | 'same'; readonly refund: StoredRefund }
  | { readonly kind: 'other' | 'not_paid' | 'too_much' };

export interface RefundRecords {
  /** Writes down that a service gives money back. All of an order's refunds together never exceed what was paid. */
  request(
    orderId: string,
    wish: { readonly requestId: string; readonly amount: Cents; readonly at: number },
  ): Promise<RefundOutcome>;
  find(orderId: string, id: string): Promise<StoredRefund | undefined>;
  /** The oldest first. */
  ofOrder(orderId: string): Promise<StoredRefund[]>;
  due(now: number, limit: number): Promise<DueRefund[]>;
  claimCheck(id: string, nextAt: (checks: number) => number): Promise<boolean>;
  /** Writes down how it stands at the provider. @returns whether it has ended by this call */
  answer(id: string, answer: RefundAnswer, at: number): Promise<boolean>;
}

const open = ['requested', 'pending'] as const;

const refundOf = (row: RefundRow): StoredRefund => ({
  id: row.id,
  orderId: row.order_id,
  attemptId: row.attempt_id,
  amount: row.amount,
  state: row.state,
  reason: row.reason,
  createdAt: row.created_at,
  ...(row.request_id === null ? {} : { requestId: row.request_id }),
  ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
});

export const createRefunds = ({ database, tell }: RecordContext): RefundRecords => ({
  request: (orderId, { requestId, amount, at }) =>
    database.transaction(async (trx): Promise<RefundOutcome> => {
      const before = await trx
        .selectFrom('refunds')
        .selectAll()
        .where('order_id', '=', orderId)
        .where('request_id', '=', requestId)
        .executeTakeFirst();
      if (before) return before.amount === amount ? { kind: 'same', refund: refundOf(before) } : { kind: 'other' };
      const counted = await trx
        .updateTable('orders')
        .set((set) => ({ refunded: set('refunded', '+', amount) }))
        .where('id', '=', orderId)
        .where('status', '=', 'PAYED')
        .where((where) => where(where('refunded', '+', amount), '<=', where.ref('amount')))
        .executeTakeFirst();
      const order = await trx
        .selectFrom('orders')
        .select(['status', 'paid_by'])
        .where('id', '=', orderId)
        .executeTakeFirst();
      if (counted.numUpdatedRows === 0n) return { kind: order?.status === 'PAYED' ? 'too_much' : 'not_paid' };
      const row: RefundRow = {
        id: randomUUID(),
        order_id: orderId,
        attempt_id: order?.paid_by ?? '',
        request_id: requestId,
        amount,
        state: 'requested',
        reason: 'service',
        created_at: at,
        ended_at: null,
        check_at: at,
        checks: 0,
      };
      await trx.insertInto('refunds').values(row).execute();
      return { kind: 'made', refund: refundOf(row) };
    }),

  async find(orderId, id) {
    const row = await database.query
      .selectFrom('refunds')
      .selectAll()
      .where('id', '=', id)
      .where('order_id', '=', orderId)
      .executeTakeFirst();
    return row && refundOf(row);
  },

  async ofOrder(orderId) {
    const rows = await database.query
      .selectFrom('refunds')
      .selectAll()
      .where('order_id', '=', orderId)
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map(refundOf);
  },

  async due(now, limit) {
    const rows = await database.query
      .selectFrom('refunds as r')
      .innerJoin('attempts as a', 'a.id', 'r.attempt_id')
      .selectAll('r')
      .select(['a.provider', 'a.provider_reference'])
      .where('r.state', 'in', open)
      .where('r.check_at', '<=', now)
      .orderBy('r.check_at')
      .limit(limit)
      .execute();
    return rows.map(({ provider, provider_reference: providerReference, ...row }) => ({
      ...refundOf(row),
      provider,
      ...(providerReference === null ? {} : { providerReference }),
    }));
  },

  async claimCheck(id, nextAt) {
    const row = await database.query.selectFrom('refunds').select('checks').where('id', '=', id).executeTakeFirst();
    if (!row) return false;
    const claimed = await database.query
      .updateTable('refunds')
      .set({ check_at: nextAt(row.checks + 1), checks: row.checks + 1 })
      .where('id', '=', id)
      .where('checks', '=', row.checks)
      .where('state', 'in', open)
      .executeTakeFirst();
    return claimed.numUpdatedRows === 1n;
  },

  answer: (id, answer, at) =>
    database.transaction(async (trx) => {
      const changed = await trx
        .updateTable('refunds')
        .set({ state: answer, ended_at: answer === 'pending' ? null : at })
        .where('id', '=', id)
        .where('state', 'in', open)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 0n || answer === 'pending') return false;
      const row = await trx.selectFrom('refunds').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
      // What the provider does not give back can be asked for again.
      if (answer === 'refused' && row.reason === 'service')
        await trx
          .updateTable('orders')
          .set((set) => ({ refunded: set('refunded', '-', row.amount) }))
          .where('id', '=', row.order_id)
          .execute();
      const order = await trx.selectFrom('orders').selectAll().where('id', '=', row.order_id).executeTakeFirstOrThrow();
      const attempt = await trx
        .selectFrom('attempts')
        .select('method')
        .where('id', '=', row.attempt_id)
        .executeTakeFirstOrThrow();
      if (answer === 'done')
        await book(trx, {
          kind: 'refund',
          orderId: order.id,
          sourceId: id,
          originatorId: order.originator_id,
          endPointId: order.end_point_id,
          reference: order.reference,
          method: row.reason === 'service' ? (order.method ?? attempt.method) : attempt.method,
          amount: -row.amount,
          surplus: row.reason === 'surplus',
          at,
        });
      await tell(trx, { type: 'refund_ended', order: headOf(order), refund: refundOf(row), at });
      return true;
    }),
});
