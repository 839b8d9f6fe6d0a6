import { randomInt, randomUUID } from 'node:crypto';
import { isUniqueViolation } from '../../../storage/unique-violation.ts';
import { newOwnerSealer } from '../../module-api/owner-sealer.ts';
import type { Content } from '../application/content.ts';
import { statesBefore, type Outcome, type State } from '../application/states.ts';
import { sealerOf, type RecordContext, type Trx } from './context.ts';
import type { FuehrungszeugnisTables } from './tables.ts';

type Row = FuehrungszeugnisTables['applications'];

export interface Answer {
  readonly outcome: Outcome;
  /** What the authority writes. */
  readonly text: string;
}

export interface Application {
  readonly id: string;
  readonly state: State;
  /** ms since the epoch, as all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly content: Content;
  /** Of the payment that is under way or was made. */
  readonly requestId?: string;
  readonly transactionId?: string;
  /** How often the Bezahlsystem was asked. */
  readonly checks: number;
  readonly paymentFailure?: 'FAILED' | 'CANCELED';
  readonly reference?: string;
  readonly filedAt?: number;
  readonly answeredAt?: number;
  readonly answer?: Answer;
}

export interface ApplicationRecords {
  /** What a person has not sent yet. */
  openOf(subject: string): Promise<Application | undefined>;
  /**
   * Changes what was filled in, and begins an application where there is none. Undefined while it is being paid: then nothing of it
   * changes any more.
   */
  edit(subject: string, change: (content: Content | undefined) => Content): Promise<Application | undefined>;
  /** Throws away what was not sent. False while it is being paid. */
  discard(subject: string): Promise<boolean>;
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
  byId(id: string): Promise<Application | undefined>;
  /** What a person has sent, the newest first. */
  sentOf(subject: string): Promise<Application[]>;
  sentById(subject: string, id: string): Promise<Application | undefined>;
  /** For the authority: what was sent, in these states, the oldest first. */
  inStates(
    states: readonly Exclude<State, 'draft' | 'paying'>[],
    page: { readonly limit: number; readonly offset: number },
  ): Promise<Application[]>;
  takeUp(id: string): Promise<boolean>;
  /** False when it was answered already. */
  answer(id: string, answer: Answer & { readonly by: string }): Promise<boolean>;
  /** Her account is gone: what was not sent goes, what was stays without her. */
  forget(subject: string): Promise<void>;
  /** Destroys drafts that nobody has touched since, and answered ones. @returns how many */
  purge(before: { readonly drafts: number; readonly answered: number }, limit: number): Promise<number>;
}

/** FZ, the year in Germany, ten digits: says nothing about how many there are. */
const newReference = (now: number): string => {
  const year = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', year: 'numeric' }).format(now);
  return `FZ-${year}-${String(randomInt(0, 10_000_000_000)).padStart(10, '0')}`;
};

const mostReferences = 5;
/** ms until a new payment is asked for: she is at its page now, and looks herself when she comes back. */
const firstCheck = 30_000;

export const createApplications = (context: RecordContext): ApplicationRecords => {
  const { database, wrapping, hashes, tell } = context;

  const applicationOf = (row: Row): Application => {
    const sealer = sealerOf(context, row);
    return {
      id: row.id,
      state: row.state,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      content: sealer.open<Content>('applications', 'sealed', row.id, row.sealed),
      checks: row.checks,
      ...(row.payment_request_id === null ? {} : { requestId: row.payment_request_id }),
      ...(row.transaction_id === null ? {} : { transactionId: row.transaction_id }),
      ...(row.payment_failure === null ? {} : { paymentFailure: row.payment_failure }),
      ...(row.reference === null ? {} : { reference: row.reference }),
      ...(row.filed_at === null ? {} : { filedAt: row.filed_at }),
      ...(row.answered_at === null ? {} : { answeredAt: row.answered_at }),
      ...(row.answer === null ? {} : { answer: sealer.open<Answer>('applications', 'answer', row.id, row.answer) }),
    };
  };
  const orNone = (row: Row | undefined): Application | undefined => row && applicationOf(row);

  const openRow = (query: Trx | typeof database.query, subject: string): Promise<Row | undefined> =>
    query
      .selectFrom('applications')
      .selectAll()
      .where('owner_hash', '=', hashes.owner(subject))
      .where('open', '=', 1)
      .executeTakeFirst();

  /** A change of state that only one caller makes. */
  const change = async (trx: Trx, id: string, to: State, set: Partial<Row>): Promise<boolean> => {
    const { numUpdatedRows } = await trx
      .updateTable('applications')
      .set({ state: to, updated_at: Date.now(), ...set })
      .where('id', '=', id)
      .where('state', 'in', [...statesBefore(to)])
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  };

  const fileOnce: ApplicationRecords['file'] = (id, by) =>
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

  const editOnce: ApplicationRecords['edit'] = (subject, make) =>
    database.transaction(async (trx) => {
      const row = await openRow(trx, subject);
      const now = Date.now();
      if (row === undefined) {
        const id = randomUUID();
        const { sealer, dataKey } = newOwnerSealer(id, wrapping);
        const created: Row = {
          id,
          owner_hash: hashes.owner(subject),
          open: 1,
          state: 'draft',
          created_at: now,
          updated_at: now,
          payment_request_id: null,
          transaction_id: null,
          check_at: null,
          checks: 0,
          payment_failure: null,
          reference: null,
          filed_at: null,
          answered_at: null,
          outcome: null,
          data_key: dataKey,
          sealed: sealer.seal('applications', 'sealed', id, make(undefined)),
          answer: null,
        };
        await trx.insertInto('applications').values(created).execute();
        return applicationOf(created);
      }
      if (row.state !== 'draft') return undefined;
      const sealer = sealerOf(context, row);
      const content = make(sealer.open<Content>('applications', 'sealed', row.id, row.sealed));
      // Never twice the same: who saw it before does not send what she has not seen.
      const updated = { updated_at: Math.max(now, row.updated_at + 1), payment_failure: null };
      const sealed = sealer.seal('applications', 'sealed', row.id, content);
      await trx
        .updateTable('applications')
        .set({ ...updated, sealed })
        .where('id', '=', row.id)
        .execute();
      return applicationOf({ ...row, ...updated, sealed });
    });

  return {
    openOf: async (subject) => orNone(await openRow(database.query, subject)),

    async edit(subject, make) {
      try {
        return await editOnce(subject, make);
      } catch (error) {
        // Another tab has begun one at the same moment: this changes it.
        if (!isUniqueViolation(error, 'applications')) throw error;
        return editOnce(subject, make);
      }
    },

    async discard(subject) {
      const { numDeletedRows } = await database.query
        .deleteFrom('applications')
        .where('owner_hash', '=', hashes.owner(subject))
        .where('state', '=', 'draft')
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },

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
        .set({ state: 'draft', payment_failure: failure, check_at: null, updated_at: Date.now() })
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
      return rows.map(applicationOf);
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

    byId: async (id) =>
      orNone(await database.query.selectFrom('applications').selectAll().where('id', '=', id).executeTakeFirst()),

    async sentOf(subject) {
      const rows = await database.query
        .selectFrom('applications')
        .selectAll()
        .where('owner_hash', '=', hashes.owner(subject))
        .where('open', 'is', null)
        .orderBy('filed_at', 'desc')
        .limit(100)
        .execute();
      return rows.map(applicationOf);
    },

    sentById: async (subject, id) =>
      orNone(
        await database.query
          .selectFrom('applications')
          .selectAll()
          .where('id', '=', id)
          .where('owner_hash', '=', hashes.owner(subject))
          .where('open', 'is', null)
          .executeTakeFirst(),
      ),

    async inStates(wanted, { limit, offset }) {
      const rows = await database.query
        .selectFrom('applications')
        .selectAll()
        .where('state', 'in', [...wanted])
        .orderBy('filed_at')
        .orderBy('id')
        .limit(limit)
        .offset(offset)
        .execute();
      return rows.map(applicationOf);
    },

    takeUp: (id) =>
      database.transaction(async (trx) => {
        const taken = await change(trx, id, 'processing', {});
        if (taken) await tell(trx, { applicationId: id, what: 'processing' });
        return taken;
      }),

    answer: (id, answer) =>
      database.transaction(async (trx) => {
        const row = await trx.selectFrom('applications').selectAll().where('id', '=', id).executeTakeFirst();
        if (row === undefined) return false;
        const sealed = sealerOf(context, row).seal('applications', 'answer', id, answer);
        const { outcome } = answer;
        const answered = await change(trx, id, 'answered', { answer: sealed, outcome, answered_at: Date.now() });
        if (answered) await tell(trx, { applicationId: id, what: 'answered' });
        return answered;
      }),

    forget: (subject) =>
      database.transaction(async (trx) => {
        const mine = hashes.owner(subject);
        // What is being paid ends first: then its time as a draft does.
        await trx.deleteFrom('applications').where('owner_hash', '=', mine).where('state', '=', 'draft').execute();
        await trx.updateTable('applications').set({ owner_hash: null }).where('owner_hash', '=', mine).execute();
      }),

    purge: (before, limit) =>
      database.transaction(async (trx) => {
        const rows = await trx
          .selectFrom('applications')
          .select('id')
          .where((where) =>
            where.or([
              where.and([where('state', '=', 'draft'), where('updated_at', '<', before.drafts)]),
              where.and([where('state', '=', 'answered'), where('answered_at', '<', before.answered)]),
            ]),
          )
          .limit(limit)
          .execute();
        const ids = rows.map(({ id }) => id);
        if (ids.length > 0) await trx.deleteFrom('applications').where('id', 'in', ids).execute();
        return ids.length;
      }),
  };
};
