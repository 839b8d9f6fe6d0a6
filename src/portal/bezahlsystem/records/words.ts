import { randomUUID } from 'node:crypto';
import type { ProviderPayment } from '../providers/provider.ts';
import { lastCheck } from '../orders/checks.ts';
import { aliveStates, attemptTransitions, isAlive, judge, type AttemptState } from '../orders/states.ts';
import type { StatusDetail } from '../orders/order.ts';
import { book } from './books.ts';
import type { RecordContext, Trx } from './context.ts';
import { headOf, type OrderRow } from './orders.ts';
import type { AttemptRow } from './attempts.ts';
import { writeSettlement, type Settlement } from './settlements.ts';

/** A provider's word on one attempt. */
export type PaymentWord = Omit<ProviderPayment, 'attemptId'>;

/** `again`: the call-back was applied before. `unknown`: there is no such attempt, or it is another provider's. */
export type WordOutcome = {
  readonly kind: 'nothing' | 'moved' | 'paid' | 'surplus' | 'again' | 'unknown';
  /** A person has to look: a fixed word. */
  readonly alarm?: string;
};

export interface WordRecords {
  /**
   * Brings the state machine forward by a provider's word, in one transaction with what is booked and told. Every transition is a
   * conditional update, so that it happens once, whoever brings the word how often.
   *
   * @param from.callback marks the call-back as applied; one that was applied before changes nothing.
   */
  apply(
    attemptId: string,
    word: PaymentWord,
    from: {
      readonly provider: string;
      /** ms since the epoch. */
      readonly at: number;
      /** From when on an attempt that was only begun, and that the provider does not know, is over. */
      readonly overdueSince: number;
      readonly callback?: string;
    },
  ): Promise<WordOutcome>;
  /**
   * Ends an attempt in doubt by what an operator has found out, and writes down who did so and why. `paid`: the whole amount is there.
   * An attempt in any other state stays as it is.
   */
  settle(
    attemptId: string,
    decision: Pick<Settlement, 'reason' | 'operator' | 'word' | 'at'> & { readonly paid: boolean },
  ): Promise<Settlement['result'] | 'not_in_doubt'>;
  /** Ends an order that is not paid, if no attempt is alive. @returns whether it was this call that ended it */
  end(
    orderId: string,
    as: { readonly status: 'FAILED' | 'CANCELED'; readonly detail: StatusDetail; readonly at: number },
  ): Promise<boolean>;
  /** Orders whose time is over and that have no attempt alive. */
  overdue(now: number, limit: number): Promise<string[]>;
}

/** What ended without money is looked at again, what has its money never. */
const checkAfter = (to: AttemptState, at: number): { readonly check_at?: number | null; readonly checks?: number } => {
  if (isAlive(to)) return {};
  return to === 'paid' || to === 'surplus' ? { check_at: null } : { check_at: lastCheck(at, 0), checks: 0 };
};

export const createWords = (context: RecordContext): WordRecords => {
  const { database, tell } = context;

  const moveAttempt = async (
    trx: Trx,
    { id }: Pick<AttemptRow, 'id'>,
    to: AttemptState,
    at: number,
    word: PaymentWord,
  ): Promise<boolean> => {
    const moved = await trx
      .updateTable('attempts')
      .set({
        state: to,
        updated_at: at,
        failure: word.failure ?? null,
        ...checkAfter(to, at),
        ...(word.providerReference === undefined ? {} : { provider_reference: word.providerReference }),
      })
      .where('id', '=', id)
      .where('state', 'in', attemptTransitions[to])
      .executeTakeFirst();
    return moved.numUpdatedRows === 1n;
  };

  /** The money is there. It pays the order if that can still be paid, else it goes back. */
  const receive = async (
    trx: Trx,
    attempt: AttemptRow,
    order: OrderRow,
    word: PaymentWord,
    at: number,
  ): Promise<'paid' | 'surplus'> => {
    const method = word.method ?? attempt.method;
    const paid = await trx
      .updateTable('orders')
      .set({
        status: 'PAYED',
        ended_at: at,
        paid_by: attempt.id,
        method,
        method_detail: word.methodDetail ?? null,
      })
      .where('id', '=', order.id)
      .where('status', '=', 'INITIAL')
      .executeTakeFirst();
    const pays = paid.numUpdatedRows === 1n;
    if (!(await moveAttempt(trx, attempt, pays ? 'paid' : 'surplus', at, word)))
      throw new Error('an attempt that has its money cannot have it again');
    await book(trx, {
      kind: 'payment',
      orderId: order.id,
      sourceId: attempt.id,
      originatorId: order.originator_id,
      endPointId: order.end_point_id,
      reference: order.reference,
      method,
      amount: order.amount,
      surplus: !pays,
      at,
    });
    if (pays) {
      await tell(trx, { type: 'order_ended', order: { ...headOf(order), status: 'PAYED', method }, at });
      return 'paid';
    }
    await trx
      .insertInto('refunds')
      .values({
        id: randomUUID(),
        order_id: order.id,
        attempt_id: attempt.id,
        request_id: null,
        amount: order.amount,
        state: 'requested',
        reason: 'surplus',
        created_at: at,
        ended_at: null,
        check_at: at,
        checks: 0,
      })
      .execute();
    return 'surplus';
  };

  return {
    apply: (attemptId, word, { provider, at, overdueSince, callback }) =>
      database.transaction(async (trx): Promise<WordOutcome> => {
        if (callback !== undefined) {
          const applied = await trx
            .updateTable('callbacks')
            .set({ applied_at: at, word: null })
            .where('provider', '=', provider)
            .where('event_id', '=', callback)
            .where('applied_at', 'is', null)
            .executeTakeFirst();
          if (applied.numUpdatedRows === 0n) return { kind: 'again' };
        }
        const attempt = await trx
          .selectFrom('attempts')
          .selectAll()
          .where('id', '=', attemptId)
          .where('provider', '=', provider)
          .executeTakeFirst();
        const order =
          attempt && (await trx.selectFrom('orders').selectAll().where('id', '=', attempt.order_id).executeTakeFirst());
        if (!attempt || !order) return { kind: 'unknown', alarm: 'foreign_payment' };
        const verdict = judge(
          { state: attempt.state, hasPage: attempt.page !== null, overdue: attempt.begun_at <= overdueSince },
          order,
          word,
        );
        if (verdict.kind === 'money') return { kind: await receive(trx, attempt, order, word, at) };
        const alarm = verdict.alarm === undefined ? {} : { alarm: verdict.alarm };
        if (verdict.kind === 'nothing') return { kind: 'nothing', ...alarm };
        return { kind: (await moveAttempt(trx, attempt, verdict.to, at, word)) ? 'moved' : 'nothing', ...alarm };
      }),

    settle: (attemptId, { paid, at, ...why }) =>
      database.transaction(async (trx) => {
        const attempt = await trx
          .selectFrom('attempts')
          .selectAll()
          .where('id', '=', attemptId)
          .where('state', '=', 'in_doubt' satisfies AttemptState)
          .executeTakeFirst();
        if (!attempt) return 'not_in_doubt';
        const order = await trx
          .selectFrom('orders')
          .selectAll()
          .where('id', '=', attempt.order_id)
          .executeTakeFirstOrThrow();
        const { amount, currency } = order;
        const notPaid = async (): Promise<'not_paid'> => {
          await moveAttempt(trx, attempt, 'failed', at, { state: 'failed', failure: 'technical' });
          return 'not_paid';
        };
        const result = paid
          ? await receive(trx, attempt, order, { state: 'paid', amount, currency }, at)
          : await notPaid();
        await writeSettlement(trx, { attemptId, orderId: order.id, result, at, ...why });
        return result;
      }),

    end: (orderId, { status, detail, at }) =>
      database.transaction(async (trx) => {
        const ended = await trx
          .updateTable('orders')
          .set({ status, status_detail: detail, ended_at: at })
          .where('id', '=', orderId)
          .where('status', '=', 'INITIAL')
          .where((where) =>
            where.not(
              where.exists(
                where
                  .selectFrom('attempts')
                  .select('attempts.id')
                  .whereRef('attempts.order_id', '=', 'orders.id')
                  .where('attempts.state', 'in', aliveStates),
              ),
            ),
          )
          .executeTakeFirst();
        if (ended.numUpdatedRows === 0n) return false;
        const order = await trx.selectFrom('orders').selectAll().where('id', '=', orderId).executeTakeFirstOrThrow();
        await tell(trx, { type: 'order_ended', order: headOf(order), at });
        return true;
      }),

    async overdue(now, limit) {
      const rows = await database.query
        .selectFrom('orders')
        .select('orders.id')
        .where('orders.status', '=', 'INITIAL')
        .where('orders.payable_until', '<=', now)
        .where((where) =>
          where.not(
            where.exists(
              where
                .selectFrom('attempts')
                .select('attempts.id')
                .whereRef('attempts.order_id', '=', 'orders.id')
                .where('attempts.state', 'in', aliveStates),
            ),
          ),
        )
        .orderBy('orders.payable_until')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
  };
};
