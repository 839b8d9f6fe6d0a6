import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Database } from '../../storage/database.ts';
import type { AuditTables } from '../audit/journal.ts';
import { deletionDelay } from '../identity/lifecycle.ts';
import type { CitizenRepository, OperatorAct } from '../identity/repository.ts';
import type { AccountSealers } from './account-sealing.ts';
import { columns } from './columns.ts';
import { raiseEpoch, type EndSessions } from './epoch.ts';
import type { CitizenTables } from './tables.ts';
import type { EventWriter } from './write-events.ts';

/** What operators did to an account and why: the citizen has a right to know, so it is sealed and kept for the citizen. */
export interface OperatorActTables {
  operator_acts: {
    id: string;
    account_id: string;
    kind: OperatorAct['kind'];
    sealed: Uint8Array;
    done_at: number;
  };
}

export const operatorActMigrations: Record<string, Migration> = {
  '0009-operator-acts': {
    async up(db) {
      await db.schema
        .createTable('operator_acts')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('sealed', 'bytea', (c) => c.notNull())
        .addColumn('done_at', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema
        .createIndex('operator_acts_account')
        .on('operator_acts')
        .columns(['account_id', 'done_at'])
        .execute();
    },
  },
};

type Tables = CitizenTables & AuditTables & OperatorActTables;

const events = {
  lock: 'account.locked',
  unlock: 'account.unlocked',
  logout: 'account.logged_out',
  delete: 'account.to_be_deleted',
} as const;

type State = Pick<CitizenTables['accounts'], 'state' | 'leaves_at'>;

/** What the account is after the act; undefined: that is what it is already. A lock keeps also what was to be deleted. */
const after = (kind: OperatorAct['kind'], { state, leaves_at }: State, now: number): State | undefined => {
  switch (kind) {
    case 'lock':
      return state === 'locked' ? undefined : { state: 'locked', leaves_at };
    case 'unlock':
      if (state !== 'locked') return undefined;
      return leaves_at === null
        ? { state: 'active', leaves_at }
        : { state: 'leaving', leaves_at: Math.max(leaves_at, now + deletionDelay) };
    case 'delete':
      return leaves_at === null ? { state: 'leaving', leaves_at: now + deletionDelay } : undefined;
    case 'logout':
      return { state, leaves_at };
  }
};

export const createOperatorActs = (
  database: Database<Tables>,
  sealers: AccountSealers,
  endSessions: EndSessions,
  writer: EventWriter,
): Pick<CitizenRepository, 'act' | 'actsOn'> => {
  const dataKeyOf = async (query: Kysely<Tables>, accountId: string) =>
    query
      .selectFrom('accounts')
      .select(['data_key', 'state', 'leaves_at'])
      .where('id', '=', accountId)
      .executeTakeFirst();

  return {
    act: (accountId, { kind, reason, operator }) =>
      database.transaction(async (trx) => {
        const account = await dataKeyOf(trx, accountId);
        if (!account) return 'unknown';
        const state = after(kind, account, Date.now());
        if (!state) return 'unchanged';
        await trx.updateTable('accounts').set(state).where('id', '=', accountId).execute();
        if (kind !== 'unlock') await raiseEpoch(trx, accountId, endSessions);
        const id = randomUUID();
        const sealed = sealers.open(accountId, account.data_key).seal(columns.operatorAct(id), reason);
        await trx
          .insertInto('operator_acts')
          .values({ id, account_id: accountId, kind, sealed, done_at: Date.now() })
          .execute();
        const box = Buffer.from(sealed).toString('base64url');
        await writer.write(trx, accountId, [{ type: events[kind], operator, actId: id, reason: box }], {
          reason,
          ...(state.leaves_at === null ? {} : { deletedOn: state.leaves_at }),
        });
        return 'done';
      }),

    async actsOn(accountId) {
      const account = await dataKeyOf(database.query, accountId);
      if (!account) return [];
      const sealer = sealers.open(accountId, account.data_key);
      const rows = await database.query
        .selectFrom('operator_acts')
        .selectAll()
        .where('account_id', '=', accountId)
        .orderBy('done_at', 'desc')
        .execute();
      return rows.map(({ id, kind, sealed, done_at: at }) => ({
        id,
        kind,
        at,
        reason: sealer.open<string>(columns.operatorAct(id), sealed),
      }));
    },
  };
};
