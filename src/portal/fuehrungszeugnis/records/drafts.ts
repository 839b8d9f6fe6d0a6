import { randomUUID } from 'node:crypto';
import { isUniqueViolation } from '../../../storage/unique-violation.ts';
import { newOwnerSealer } from '../../module-api/owner-sealer.ts';
import type { Content } from '../application/content.ts';
import { applicationOf, type Application, type Row } from './application-row.ts';
import { sealerOf, type RecordContext, type Trx } from './context.ts';

/** Applications while they are filled in, and their end. */
export interface DraftRecords {
  /** What a person has not sent yet. */
  openOf(subject: string): Promise<Application | undefined>;
  /**
   * Changes what was filled in, and begins an application where there is none. Undefined while it is being paid: then nothing of it
   * changes any more.
   */
  edit(subject: string, change: (content: Content | undefined) => Content): Promise<Application | undefined>;
  /** Throws away what was not sent. False while it is being paid. */
  discard(subject: string): Promise<boolean>;
  /** Her account is gone: what was not sent goes, what was stays without her. */
  forget(subject: string): Promise<void>;
  /** Destroys drafts that nobody has touched since, and answered ones. @returns how many */
  purge(before: { readonly drafts: number; readonly answered: number }, limit: number): Promise<number>;
}

export const createDrafts = (context: RecordContext): DraftRecords => {
  const { database, wrapping, hashes } = context;

  const openRow = (query: Trx | typeof database.query, subject: string): Promise<Row | undefined> =>
    query
      .selectFrom('applications')
      .selectAll()
      .where('owner_hash', '=', hashes.owner(subject))
      .where('open', '=', 1)
      .executeTakeFirst();

  const editOnce: DraftRecords['edit'] = (subject, make) =>
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
        return applicationOf(context, created);
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
      return applicationOf(context, { ...row, ...updated, sealed });
    });

  return {
    async openOf(subject) {
      const row = await openRow(database.query, subject);
      return row && applicationOf(context, row);
    },

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
