import { randomInt, randomUUID } from 'node:crypto';
import { isUniqueViolation } from '../../../storage/unique-violation.ts';
import { applicationOf, type Application } from './application-row.ts';
import type { RecordContext } from './context.ts';

/** The way of an application from its payment to the authority. */
export interface SendingRecords {
  /** Fixes a draft until its payment has ended. False when it is no draft any more, or was changed since `seen`. */
  beginPayment(id: string, seen: Pick<Application, 'updatedAt'>): Promise<boolean>;
  setTransaction(id: string, requestId: string, transactionId: string): Promise<void>;
  /** The payment has ended without money: a draft again. */
  endPayment(id: string, requestId: string, failure: 'FAILED' | 'CANCELED'): Promise<boolean>;
  /**
   * Sends it, and says so to the applicant. `paid`: its request id; `exempt`: as it was seen. False when it was sent already, or is
   * another one by now.
   */
  file(
    id: string,
    by: { readonly paid: string } | { readonly exempt: Pick<Application, 'updatedAt'> },
  ): Promise<boolean>;
  /** Payments to ask for, now; each is given to one caller. */
  duePayments(now: number, limit: number): Promise<Application[]>;
  /** @param at when it is asked next. False when another node asks. */
  claimCheck(application: Pick<Application, 'id' | 'checks'>, at: number): Promise<boolean>;
}

const germanYear = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', year: 'numeric' });

/** FZ, the year in Germany, ten digits: says nothing about how many there are. */
const newReference = (now: number): string => {
  const year = germanYear.format(now);
  return `FZ-${year}-${String(randomInt(0, 10_000_000_000)).padStart(10, '0')}`;
};

const mostReferences = 5;
/** ms until a new payment is asked for: she is at its page now, and looks herself when she comes back. */
const firstCheck = 30_000;

export const createSending = (context: RecordContext): SendingRecords => {
  const { database, tell } = context;

  const fileOnce: SendingRecords['file'] = (id, by) =>
    database.transaction(async (trx) => {
      const now = Date.now();
      let rows = trx
        .updateTable('applications')
        .set({
          state: 'filed',
          open: null,
          filed_at: now,
          updated_at: now,
          reference: newReference(now),
          check_at: null,
        })
        .where('id', '=', id);
      rows =
        'paid' in by
          ? rows.where('state', '=', 'paying').where('payment_request_id', '=', by.paid)
          : rows.where('state', '=', 'draft').where('updated_at', '=', by.exempt.updatedAt);
      const { numUpdatedRows } = await rows.executeTakeFirst();
      if (numUpdatedRows !== 1n) return false;
      await tell(trx, { applicationId: id, what: 'filed' });
      return true;
    });

  return {
    async beginPayment(id, { updatedAt }) {
      const { numUpdatedRows } = await database.query
        .updateTable('applications')
        .set({
          state: 'paying',
          payment_request_id: randomUUID(),
          transaction_id: null,
          payment_failure: null,
          checks: 0,
          check_at: Date.now() + firstCheck,
        })
        .where('id', '=', id)
        .where('state', '=', 'draft')
        .where('updated_at', '=', updatedAt)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async setTransaction(id, requestId, transactionId) {
      await database.query
        .updateTable('applications')
        .set({ transaction_id: transactionId })
        .where('id', '=', id)
        .where('payment_request_id', '=', requestId)
        .execute();
    },

    async endPayment(id, requestId, failure) {
      const { numUpdatedRows } = await database.query
        .updateTable('applications')
        .set(({ eb }) => ({
          state: 'draft' as const,
          payment_failure: failure,
          check_at: null,
          // What was seen before the payment is not sent once more by a page that is still open.
          updated_at: eb('updated_at', '+', 1),
        }))
        .where('id', '=', id)
        .where('state', '=', 'paying')
        .where('payment_request_id', '=', requestId)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async file(id, by) {
      for (let tried = 1; ; tried += 1) {
        try {
          return await fileOnce(id, by);
        } catch (error) {
          // Somebody else's application has this reference.
          if (!isUniqueViolation(error, 'applications') || tried === mostReferences) throw error;
        }
      }
    },

    async duePayments(now, limit) {
      const rows = await database.query
        .selectFrom('applications')
        .selectAll()
        .where('state', '=', 'paying')
        .where('check_at', '<=', now)
        .orderBy('check_at')
        .limit(limit)
        .execute();
      return rows.map((row) => applicationOf(context, row));
    },

    async claimCheck({ id, checks }, at) {
      const { numUpdatedRows } = await database.query
        .updateTable('applications')
        .set({ checks: checks + 1, check_at: at })
        .where('id', '=', id)
        .where('state', '=', 'paying')
        .where('checks', '=', checks)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
  };
};
