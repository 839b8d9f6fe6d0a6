import { randomUUID } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { JsonObject } from './artifacts.ts';
import { bytesType, exactTextType } from './column-types.ts';
import type { Database } from './database.ts';
import type { Sealer } from './sealing.ts';

export type OutboxState = 'waiting' | 'delivered' | 'failed';

export interface OutboxTable {
  id: string;
  kind: string;
  dedupe_key: string | null;
  /** The receiver, of whom only a few deliveries run at once. */
  lane: string | null;
  /** The sealed payload; null once it is delivered or given up. */
  box: Uint8Array | null;
  state: OutboxState;
  /** Deliveries begun. Each claim raises it, so it also says whose claim is the latest. */
  attempts: number;
  /** When the next delivery may begin; while one runs, when its lease ends. */
  due_at: number;
  created_at: number;
  finished_at: number | null;
}

/** To be part of the tables of a database that has an outbox. */
export interface OutboxTables {
  outbox: OutboxTable;
}

/** To be added to the migrations of a part that has an outbox. */
export const outboxMigration: Migration = {
  async up(kysely: Kysely<unknown>) {
    await kysely.schema
      .createTable('outbox')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('dedupe_key', exactTextType(kysely))
      .addColumn('lane', 'text')
      .addColumn('box', bytesType(kysely))
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('finished_at', 'bigint')
      .execute();
    await kysely.schema.createIndex('outbox_due').on('outbox').columns(['state', 'due_at']).execute();
    const unique = kysely.schema.createIndex('outbox_dedupe').unique();
    await unique.on('outbox').columns(['dedupe_key', 'kind']).execute();
  },
};

export interface OutboxMessage {
  /** Which handler delivers it. */
  readonly kind: string;
  /** A second message of the same kind and key is not taken, while the first one is kept. Must not name a person: it is stored as it is. */
  readonly dedupeKey?: string | undefined;
  /** The receiver (a client id, a host): one that hangs then holds up its own messages only. Stored as it is. */
  readonly lane?: string | undefined;
  /** All that delivery needs, also when the account is gone. Sealed, and erased once it is delivered or given up. */
  readonly payload: JsonObject;
}

export const payloadContext = (kind: string, id: string): string => `outbox ${kind} ${id}`;

/**
 * Puts a message into the outbox within the caller's transaction: it is delivered if and only if that commits. Call
 * `wake()` afterwards. Returns the id, of the earlier message when the key was taken.
 */
export async function enqueue<Tables extends OutboxTables>(
  transaction: Transaction<Tables>,
  sealer: Sealer,
  { kind, dedupeKey, lane, payload }: OutboxMessage,
): Promise<string> {
  const trx = transaction as unknown as Transaction<OutboxTables>;
  const id = randomUUID();
  const now = Date.now();
  const inserted = await trx
    .insertInto('outbox')
    .values({
      id,
      kind,
      dedupe_key: dedupeKey ?? null,
      lane: lane ?? null,
      box: sealer.seal(JSON.stringify(payload), payloadContext(kind, id)),
      state: 'waiting',
      attempts: 0,
      due_at: now,
      created_at: now,
      finished_at: null,
    })
    .onConflict((conflict) => conflict.columns(['dedupe_key', 'kind']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted !== undefined) return id;
  const earlier = trx.selectFrom('outbox').select('id').where('kind', '=', kind);
  return (await earlier.where('dedupe_key', '=', dedupeKey ?? '').executeTakeFirstOrThrow()).id;
}

export interface OutboxStatus {
  readonly id: string;
  readonly kind: string;
  readonly dedupeKey: string | undefined;
  readonly lane: string | undefined;
  readonly state: OutboxState;
  readonly attempts: number;
}

/** How far the messages with these ids or keys are, in the order in which they were put in. */
export async function outboxStatus<Tables extends OutboxTables>(
  database: Database<Tables>,
  wanted: { readonly ids: readonly string[] } | { readonly dedupeKeys: readonly string[] },
): Promise<OutboxStatus[]> {
  const all = (database as unknown as Database<OutboxTables>).query
    .selectFrom('outbox')
    .select(['id', 'kind', 'dedupe_key', 'lane', 'state', 'attempts'])
    .orderBy('created_at')
    .orderBy('id');
  const rows = await (
    'ids' in wanted ? all.where('id', 'in', wanted.ids) : all.where('dedupe_key', 'in', wanted.dedupeKeys)
  ).execute();
  return rows.map(({ id, kind, dedupe_key: dedupeKey, lane, state, attempts }) => ({
    id,
    kind,
    dedupeKey: dedupeKey ?? undefined,
    lane: lane ?? undefined,
    state,
    attempts,
  }));
}

/** How the messages of one kind to one receiver fare. Times are ms since the epoch. */
export interface OutboxLane {
  readonly lane: string | undefined;
  readonly waiting: number;
  /** Of those that wait: since when the oldest does, how often it was tried at most, and when the next try is due. */
  readonly oldest: number | undefined;
  readonly attempts: number;
  readonly nextTry: number | undefined;
  /** Given up within the last 30 days. */
  readonly failed: number;
}

/** Receivers for whom something waits or has failed, for the operator. */
export async function outboxLanes<Tables extends OutboxTables>(
  database: Database<Tables>,
  kind: string,
): Promise<OutboxLane[]> {
  const rows = await (database as unknown as Database<OutboxTables>).query
    .selectFrom('outbox')
    .where('kind', '=', kind)
    .where('state', 'in', ['waiting', 'failed'])
    .groupBy(['lane', 'state'])
    .select(({ fn }) => [
      'lane',
      'state',
      fn.countAll<number>().as('count'),
      fn.min('created_at').as('oldest'),
      fn.max('attempts').as('attempts'),
      fn.min('due_at').as('due'),
    ])
    .orderBy('lane')
    .execute();
  return [...new Set(rows.map(({ lane }) => lane))].map((lane) => {
    const of = (state: OutboxState) => rows.find((row) => row.lane === lane && row.state === state);
    const waiting = of('waiting');
    return {
      lane: lane ?? undefined,
      waiting: waiting?.count ?? 0,
      oldest: waiting?.oldest ?? undefined,
      attempts: waiting?.attempts ?? 0,
      nextTry: waiting?.due ?? undefined,
      failed: of('failed')?.count ?? 0,
    };
  });
}

/** How the messages of each kind fare, whoever they are for. */
export async function outboxCounts<Tables extends OutboxTables>(
  database: Database<Tables>,
): Promise<ReadonlyMap<string, Omit<OutboxLane, 'lane' | 'nextTry'>>> {
  const rows = await (database as unknown as Database<OutboxTables>).query
    .selectFrom('outbox')
    .where('state', 'in', ['waiting', 'failed'])
    .groupBy(['kind', 'state'])
    .select(({ fn }) => [
      'kind',
      'state',
      fn.countAll<number>().as('count'),
      fn.min('created_at').as('oldest'),
      fn.max('attempts').as('attempts'),
    ])
    .execute();
  return new Map(
    [...new Set(rows.map(({ kind }) => kind))].map((kind) => {
      const of = (state: OutboxState) => rows.find((row) => row.kind === kind && row.state === state);
      const waiting = of('waiting');
      const counts = {
        waiting: waiting?.count ?? 0,
        oldest: waiting?.oldest ?? undefined,
        attempts: waiting?.attempts ?? 0,
        failed: of('failed')?.count ?? 0,
      };
      return [kind, counts] as const;
    }),
  );
}
