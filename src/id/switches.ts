import type { Migration } from 'kysely/migration';
import type { Evidence } from '../assurance/evidence.ts';
import type { Database } from '../storage/database.ts';
import type { AuditEvent } from './audit/events.ts';
import { appendEvents, type AuditTables } from './audit/journal.ts';
import { methodOf, type MethodName } from './authentication/method.ts';

/**
 * Kill switches: a way to log in or a client that must stop now, on every node, without a deployment. They live in SQL,
 * which every node reads every few seconds.
 */
export interface SwitchTables {
  switches: {
    kind: 'method' | 'client';
    name: string;
    is_off: number;
    /** When it was last switched off, and when it was last turned either way; ms since the epoch. */
    off_at: number;
    changed_at: number;
  };
}

export const switchMigrations: Record<string, Migration> = {
  '0008-switches': {
    async up(db) {
      await db.schema
        .createTable('switches')
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('is_off', 'integer', (c) => c.notNull())
        .addColumn('off_at', 'bigint', (c) => c.notNull())
        .addColumn('changed_at', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('switches_key', ['kind', 'name'])
        .execute();
    },
  },
};

export type Switch = SwitchTables['switches'];

/** A code beside a password goes off with it. */
export const switchableMethods: readonly MethodName[] = ['password', 'passkey', 'eid'];

export const readSwitches = <Tables extends SwitchTables>(database: Database<Tables>): Promise<Switch[]> =>
  (database as unknown as Database<SwitchTables>).query
    .selectFrom('switches')
    .selectAll()
    .orderBy('kind')
    .orderBy('name')
    .execute();

/** @returns whether this changed anything. */
export const setSwitch = <Tables extends SwitchTables & AuditTables>(
  database: Database<Tables>,
  { kind, name, off }: { readonly kind: Switch['kind']; readonly name: string; readonly off: boolean },
  operator: string,
): Promise<boolean> =>
  (database as unknown as Database<SwitchTables & AuditTables>).transaction(async (trx) => {
    const before = await trx
      .selectFrom('switches')
      .select(['is_off', 'off_at'])
      .where('kind', '=', kind)
      .where('name', '=', name)
      .executeTakeFirst();
    if ((before?.is_off === 1) === off) return false;
    const now = Date.now();
    const values = { is_off: Number(off), off_at: off ? now : (before?.off_at ?? now), changed_at: now };
    await trx
      .insertInto('switches')
      .values({ kind, name, ...values })
      .onConflict((conflict) => conflict.columns(['kind', 'name']).doUpdateSet(values))
      .execute();
    const event: AuditEvent =
      kind === 'method'
        ? { type: 'method.switched', method: name, on: !off, operator }
        : { type: 'client.switched', clientId: name, on: !off, operator };
    await appendEvents(trx, [event]);
    return true;
  });

/** What is switched off, as one node knows it. */
export interface Switches {
  isOff(method: MethodName): boolean;
  /**
   * Whether a login still counts: none by a method that is off, and none that was made before it was switched off, also
   * when it is on again. What was worth switching off has to be proved anew (attacks.md LA-16).
   */
  counts(evidence: Evidence): boolean;
  readonly offClients: ReadonlySet<string>;
  update(rows: readonly Switch[]): void;
}

export const createSwitches = (first: readonly Switch[]): Switches => {
  let rows = first;
  const find = (method: string): Switch | undefined =>
    rows.find(({ kind, name }) => kind === 'method' && name === method);
  return {
    isOff: (method) => find(method)?.is_off === 1,
    counts({ means, at }) {
      const row = find(methodOf[means]);
      return row === undefined || (row.is_off === 0 && at >= row.off_at);
    },
    get offClients() {
      return new Set(rows.flatMap(({ kind, name, is_off: off }) => (kind === 'client' && off === 1 ? [name] : [])));
    },
    update(next) {
      rows = next;
    },
  };
};
