import { statesBefore, type State } from '../application/states.ts';
import { applicationOf, type Answer, type Application, type Row } from './application-row.ts';
import { sealerOf, type RecordContext, type Trx } from './context.ts';

/** Applications that were sent, as the applicant and the authority work on them. */
export interface SentRecords {
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
}

export const createSent = (context: RecordContext): SentRecords => {
  const { database, hashes, tell } = context;
  const orNone = (row: Row | undefined): Application | undefined => row && applicationOf(context, row);

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

  return {
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
      return rows.map((row) => applicationOf(context, row));
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
      return rows.map((row) => applicationOf(context, row));
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
  };
};
