import type { ExpressionBuilder } from 'kysely';
import type { Database } from './database.ts';
import { groupCommit } from './group-commit.ts';
import type { OutboxTable, OutboxTables } from './outbox-table.ts';

const hours = 3_600_000;
const keepDelivered = 24 * hours;
const keepFailed = 30 * 24 * hours;

/** A row that is ours until its lease ends. */
export type OutboxClaim = Pick<OutboxTable, 'id' | 'kind' | 'lane' | 'box' | 'attempts'>;

export type OutboxCandidate = Pick<OutboxTable, 'id' | 'lane' | 'attempts'>;

/** What the worker asks of the table; each step is one statement, for as many rows as there are at that moment. */
export interface OutboxQueue {
  /** What may be delivered now, the longest waiting first, without the given lanes. */
  findDue(withoutLanes: readonly string[], limit: number): Promise<OutboxCandidate[]>;
  /** Those of the candidates that no other node took first. */
  claim(candidates: readonly OutboxCandidate[], leaseEnds: number): Promise<OutboxClaim[]>;
  markDelivered(claim: OutboxClaim): Promise<void>;
  retryAt(claim: OutboxClaim, at: number): Promise<void>;
  /** False when the row is another node's by now. */
  markFailed(claim: OutboxClaim): Promise<boolean>;
  /** When the next message is due, in ms since the epoch; Infinity when none waits. */
  nextDue(): Promise<number>;
  /** Deletes what was delivered a day ago or has failed 30 days ago. */
  purge(): Promise<void>;
}

/** The rows of the given kinds. */
export function createOutboxQueue(database: Database<OutboxTables>, kinds: readonly string[]): OutboxQueue {
  /** `attempts` says whose claim is the latest: a row that was claimed again is not touched. */
  const unchanged = (rows: readonly OutboxCandidate[]) => (where: ExpressionBuilder<OutboxTables, 'outbox'>) =>
    where.and([
      where('state', '=', 'waiting'),
      where.or(rows.map(({ id, attempts }) => where.and([where('id', '=', id), where('attempts', '=', attempts)]))),
    ]);
  const change = async (rows: readonly OutboxCandidate[], values: Partial<OutboxTable>): Promise<boolean> => {
    const ours = database.query.updateTable('outbox').set(values).where(unchanged(rows));
    return (await ours.executeTakeFirst()).numUpdatedRows > 0n;
  };
  const markDelivered = groupCommit<OutboxClaim>(async (claims) => {
    await change(claims, { state: 'delivered', finished_at: Date.now(), box: null });
  });

  return {
    async findDue(withoutLanes, limit) {
      const due = database.query
        .selectFrom('outbox')
        .select(['id', 'lane', 'attempts'])
        .where('state', '=', 'waiting')
        .where('due_at', '<=', Date.now())
        .where('kind', 'in', kinds)
        .orderBy('due_at')
        .limit(limit);
      if (withoutLanes.length === 0) return due.execute();
      return due.where((is) => is.or([is('lane', 'is', null), is('lane', 'not in', withoutLanes)])).execute();
    },
    claim: (candidates, leaseEnds) =>
      database.query
        .updateTable('outbox')
        .set((set) => ({ attempts: set('attempts', '+', 1), due_at: leaseEnds }))
        .where(unchanged(candidates))
        .returning(['id', 'kind', 'lane', 'box', 'attempts'])
        .execute(),
    markDelivered,
    async retryAt(claim, at) {
      await change([claim], { due_at: at });
    },
    markFailed: (claim) => change([claim], { state: 'failed', finished_at: Date.now(), box: null }),
    async nextDue() {
      const waiting = database.query.selectFrom('outbox').where('state', '=', 'waiting').where('kind', 'in', kinds);
      const next = await waiting.select(({ fn }) => fn.min('due_at').as('at')).executeTakeFirst();
      return next?.at ?? Infinity;
    },
    async purge() {
      const now = Date.now();
      const finished = database.query.deleteFrom('outbox');
      await finished
        .where('state', '=', 'delivered')
        .where('finished_at', '<', now - keepDelivered)
        .execute();
      await finished
        .where('state', '=', 'failed')
        .where('finished_at', '<', now - keepFailed)
        .execute();
    },
  };
}
