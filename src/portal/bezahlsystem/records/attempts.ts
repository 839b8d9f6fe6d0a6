import type { Attempt, FailureReason, PaymentMethod } from '../orders/order.ts';
import { aliveStates, attemptTransitions, type AttemptState } from '../orders/states.ts';
import { lastCheck, mostTries } from '../orders/checks.ts';
import { sealerOf } from './orders.ts';
import type { RecordContext } from './context.ts';
import type { BezahlTables } from './tables.ts';

export type AttemptRow = BezahlTables['attempts'];

export interface StoredAttempt extends Attempt {
  readonly locale: 'de' | 'en';
}

export interface AttemptRecords {
  /**
   * Writes down that the order is to be paid now. `alive`: another attempt is under way; `ended`: the order cannot be paid any more;
   * `too_often`: it was tried {@link mostTries} times.
   */
  begin(attempt: {
    readonly id: string;
    readonly orderId: string;
    readonly provider: string;
    readonly method: PaymentMethod;
    readonly locale: 'de' | 'en';
    /** ms since the epoch. */
    readonly at: number;
    /** When the provider is asked, unless it tells before. */
    readonly checkAt: number;
  }): Promise<'begun' | 'alive' | 'ended' | 'too_often'>;
  /** The provider's page can be opened. @returns false when the attempt has ended meanwhile. */
  redirected(id: string, page: { readonly providerReference: string; readonly redirectUrl: string }): Promise<boolean>;
  /** The provider would not take it. */
  refused(id: string, failure: FailureReason): Promise<void>;
  find(id: string): Promise<StoredAttempt | undefined>;
  alive(orderId: string): Promise<StoredAttempt | undefined>;
  /** The one that is alive, else the newest. */
  latest(orderId: string): Promise<StoredAttempt | undefined>;
  /** Attempts whose provider should be asked by now, those that ended without money among them. */
  due(now: number, limit: number): Promise<StoredAttempt[]>;
  /** Puts the next look off; false when another node has just done so. */
  claimCheck(attempt: Pick<StoredAttempt, 'id'>, nextAt: (checks: number) => number | null): Promise<boolean>;
  /** In a person's hands, the oldest first. */
  inDoubt(): Promise<StoredAttempt[]>;
}

export const createAttempts = (context: RecordContext): AttemptRecords => {
  const { database } = context;

  const attemptOf = async (row: AttemptRow | undefined): Promise<StoredAttempt | undefined> => {
    if (row === undefined) return undefined;
    let redirectUrl: string | undefined;
    if (row.page !== null) {
      const owner = await database.query
        .selectFrom('orders')
        .select(['id', 'data_key'])
        .where('id', '=', row.order_id)
        .executeTakeFirst();
      redirectUrl = (owner && sealerOf(context, owner))?.open<string>('attempts', 'page', row.id, row.page);
    }
    return {
      id: row.id,
      orderId: row.order_id,
      provider: row.provider,
      state: row.state,
      method: row.method,
      locale: row.locale,
      ...(row.provider_reference === null ? {} : { providerReference: row.provider_reference }),
      ...(redirectUrl === undefined ? {} : { redirectUrl }),
      ...(row.failure === null ? {} : { failure: row.failure }),
      begunAt: row.begun_at,
      updatedAt: row.updated_at,
    };
  };

  const where = (orderId: string) => database.query.selectFrom('attempts').selectAll().where('order_id', '=', orderId);
  const alive = async (orderId: string): Promise<StoredAttempt | undefined> =>
    attemptOf(await where(orderId).where('state', 'in', aliveStates).executeTakeFirst());

  return {
    begin: ({ id, orderId, provider, method, locale, at, checkAt }) =>
      database.transaction(async (trx) => {
        // The row of the order is changed too, so that whoever ends it at the same moment has to wait.
        const count = (by: 1 | -1) =>
          trx
            .updateTable('orders')
            .set((set) => ({ tries: set('tries', '+', by) }))
            .where('id', '=', orderId)
            .where('status', '=', 'INITIAL')
            .where('payable_until', '>', at)
            .returning('tries')
            .executeTakeFirst();
        const counted = await count(1);
        if (counted === undefined) return 'ended';
        if (counted.tries > mostTries) {
          await count(-1);
          const last = await trx
            .selectFrom('attempts')
            .select('id')
            .where('order_id', '=', orderId)
            .where('state', 'in', aliveStates)
            .executeTakeFirst();
          return last === undefined ? 'too_often' : 'alive';
        }
        const made = await trx
          .insertInto('attempts')
          .values({
            id,
            order_id: orderId,
            provider,
            state: 'begun',
            method,
            provider_reference: null,
            page: null,
            failure: null,
            locale,
            begun_at: at,
            updated_at: at,
            check_at: checkAt,
            checks: 0,
          })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (made.numInsertedOrUpdatedRows === 1n) return 'begun';
        await count(-1);
        return 'alive';
      }),

    redirected: (id, { providerReference, redirectUrl }) =>
      database.transaction(async (trx) => {
        const row = await trx
          .selectFrom('attempts as a')
          .innerJoin('orders as o', 'o.id', 'a.order_id')
          .select(['o.id', 'o.data_key'])
          .where('a.id', '=', id)
          .executeTakeFirst();
        const sealer = row && sealerOf(context, row);
        if (!sealer) return false;
        const changed = await trx
          .updateTable('attempts')
          .set({
            state: 'redirected',
            provider_reference: providerReference,
            page: sealer.seal('attempts', 'page', id, redirectUrl),
            updated_at: Date.now(),
          })
          .where('id', '=', id)
          // Called twice, both say the same.
          .where('state', 'in', [...attemptTransitions.redirected, 'redirected'])
          .executeTakeFirst();
        return changed.numUpdatedRows === 1n;
      }),

    async refused(id, failure) {
      await database.query
        .updateTable('attempts')
        .set({ state: 'failed', failure, updated_at: Date.now(), check_at: lastCheck(Date.now(), 0), checks: 0 })
        .where('id', '=', id)
        .where('state', '=', 'begun')
        .execute();
    },

    async find(id) {
      return attemptOf(await database.query.selectFrom('attempts').selectAll().where('id', '=', id).executeTakeFirst());
    },
    alive,
    async latest(orderId) {
      return (
        (await alive(orderId)) ??
        attemptOf(await where(orderId).orderBy('begun_at', 'desc').orderBy('id').limit(1).executeTakeFirst())
      );
    },
    async due(now, limit) {
      const rows = await database.query
        .selectFrom('attempts')
        .selectAll()
        .where('check_at', '<=', now)
        .orderBy('check_at')
        .limit(limit)
        .execute();
      const found = await Promise.all(rows.map(attemptOf));
      return found.filter((one) => one !== undefined);
    },
    async claimCheck({ id }, nextAt) {
      const row = await database.query
        .selectFrom('attempts')
        .select(['checks'])
        .where('id', '=', id)
        .executeTakeFirst();
      if (!row) return false;
      const claimed = await database.query
        .updateTable('attempts')
        .set({ check_at: nextAt(row.checks + 1), checks: row.checks + 1 })
        .where('id', '=', id)
        .where('checks', '=', row.checks)
        .where('check_at', 'is not', null)
        .executeTakeFirst();
      return claimed.numUpdatedRows === 1n;
    },
    async inDoubt() {
      const rows = await database.query
        .selectFrom('attempts')
        .selectAll()
        .where('state', '=', 'in_doubt' satisfies AttemptState)
        .orderBy('updated_at')
        .orderBy('id')
        .execute();
      const found = await Promise.all(rows.map(attemptOf));
      return found.filter((one) => one !== undefined);
    },
  };
};
