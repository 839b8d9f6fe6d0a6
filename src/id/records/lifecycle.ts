import type { Database } from '../../storage/database.ts';
import type { AuditEvent } from '../audit/events.ts';
import { appendEvents, type AuditTables } from '../audit/journal.ts';
import { addMonths, inactivity, type DueStep, type LifecycleRepository } from '../identity/lifecycle.ts';
import { purgeEmailUndos } from './email-undos.ts';
import { raiseEpoch, type EndSessions } from './epoch.ts';
import type { OperatorActTables } from './operator-acts.ts';
import type { AnnouncePurge } from './purge-announcement.ts';
import type { CitizenTables } from './tables.ts';
import type { TellOwner } from './tell-owner.ts';
import { withdrawDeletion } from './withdraw-deletion.ts';
import type { EventWriter } from './write-events.ts';

type Tables = CitizenTables & AuditTables & OperatorActTables;

const [first, second] = inactivity.notices;

export const createLifecycleRecords = (
  database: Database<Tables>,
  endSessions: EndSessions,
  writer: EventWriter,
  tell: TellOwner,
  announcePurge: AnnouncePurge,
): LifecycleRepository => {
  /** The conditions of each step. A notice that came late moves the rest: nobody is deleted without months of notice. */
  const dueFor = (step: DueStep['step'], now: number) => {
    const active = database.query.selectFrom('accounts').where('state', '=', 'active');
    switch (step) {
      case 'notice6':
        return active.where('warned', '=', 0).where('seen_at', '<=', addMonths(now, -first.after));
      case 'notice3':
        return active
          .where('warned', '=', 1)
          .where('seen_at', '<=', addMonths(now, -second.after))
          .where('warned_at', '<=', addMonths(now, second.left - first.left));
      case 'deletion':
        return active
          .where('warned', '=', 2)
          .where('seen_at', '<=', addMonths(now, -inactivity.deletion))
          .where('warned_at', '<=', addMonths(now, -second.left));
    }
  };

  return {
    async noteSeen(accountId, day) {
      await database.query
        .updateTable('accounts')
        .set({ seen_at: day, warned: 0, warned_at: null })
        .where('id', '=', accountId)
        .where((where) => where.or([where('seen_at', 'is', null), where('seen_at', '<', day), where('warned', '>', 0)]))
        .execute();
    },

    endEverything: (accountId, events) =>
      database.transaction(async (trx) => {
        await raiseEpoch(trx, accountId, endSessions);
        const account = await trx.selectFrom('accounts').select('epoch').where('id', '=', accountId).executeTakeFirst();
        if (!account) return undefined;
        const withdrawn = await withdrawDeletion(trx, accountId);
        await writer.write(trx, accountId, [
          ...events,
          ...(withdrawn ? [{ type: 'deletion.cancelled' } as const] : []),
        ]);
        return account.epoch;
      }),

    planDeletion: (account, at, events) =>
      database.transaction(async (trx) => {
        const planned = await trx
          .updateTable('accounts')
          .set({ state: 'leaving', leaves_at: at })
          .where('id', '=', account.id)
          .where('epoch', '=', account.epoch)
          .where('state', '=', 'active')
          .returning('id')
          .executeTakeFirst();
        if (!planned) return 'stale';
        await raiseEpoch(trx, account.id, endSessions);
        await writer.write(trx, account.id, events);
        return 'planned';
      }),

    cancelDeletion: (accountId, events) =>
      database.transaction(async (trx) => {
        const back = await trx
          .updateTable('accounts')
          .set({ state: 'active', leaves_at: null })
          .where('id', '=', accountId)
          .where('state', '=', 'leaving')
          .where('leaves_at', '>', Date.now())
          .returning('id')
          .executeTakeFirst();
        if (!back) return false;
        await writer.write(trx, accountId, events);
        return true;
      }),

    async leaving(now, limit) {
      const rows = await database.query
        .selectFrom('accounts')
        .select('id')
        .where('state', '=', 'leaving')
        .where('leaves_at', '<=', now)
        .orderBy('leaves_at')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    async inactive(now, limit) {
      const due: DueStep[] = [];
      // The last step first: an account that is due for it is due for no other.
      for (const step of ['deletion', 'notice3', 'notice6'] as const) {
        const rows = await dueFor(step, now).select('id').orderBy('seen_at').limit(limit).execute();
        due.push(...rows.map(({ id }) => ({ accountId: id, step })));
      }
      return due;
    },

    notify: ({ accountId, step }, now) =>
      database.transaction(async (trx) => {
        if (step === 'deletion') return false;
        const [warned, notice] = step === 'notice6' ? ([1, first] as const) : ([2, second] as const);
        const marked = await trx
          .updateTable('accounts')
          .set({ warned, warned_at: now })
          .where('id', '=', accountId)
          .where('warned', '=', warned - 1)
          .where('state', '=', 'active')
          .where('seen_at', '<=', addMonths(now, -notice.after))
          .returning('seen_at')
          .executeTakeFirst();
        if (!marked) return false;
        const deletedOn = Math.max(addMonths(marked.seen_at ?? now, inactivity.deletion), addMonths(now, notice.left));
        await tell(trx, accountId, { type: 'inactive', months: notice.left, deletedOn });
        return true;
      }),

    remove: (accountId, why, now) =>
      database.transaction(async (trx) => {
        // Locks the row, so that whoever comes back at this moment waits and then finds nothing.
        const mine = trx.updateTable('accounts').set({ state: 'leaving' }).where('id', '=', accountId);
        const claimed =
          why === 'leaving'
            ? mine.where('state', '=', 'leaving').where('leaves_at', '<=', now)
            : mine
                .where('state', '=', 'active')
                .where('warned', '=', 2)
                .where('seen_at', '<=', addMonths(now, -inactivity.deletion))
                .where('warned_at', '<=', addMonths(now, -second.left));
        if (!(await claimed.returning('id').executeTakeFirst())) return false;
        const act = await trx
          .selectFrom('operator_acts')
          .select('kind')
          .where('account_id', '=', accountId)
          .orderBy('done_at', 'desc')
          .executeTakeFirst();
        const by = why === 'inactive' ? 'inactivity' : act?.kind === 'delete' ? 'operator' : 'citizen';
        await raiseEpoch(trx, accountId, endSessions);
        await tell(trx, accountId, { type: 'deletion_done' });
        await announcePurge(trx, accountId);
        // Everything that belongs to it goes with the row, and with it the key of whatever a backup still holds.
        await trx.deleteFrom('accounts').where('id', '=', accountId).execute();
        const deleted: AuditEvent = { type: 'account.deleted', by };
        await appendEvents(trx, [deleted]);
        return true;
      }),

    async purgeHistory(before) {
      await database.query.deleteFrom('attribute_history').where('changed_at', '<', before).execute();
    },

    purgeEmailUndos: (now) => purgeEmailUndos(database.query, now),
  };
};
