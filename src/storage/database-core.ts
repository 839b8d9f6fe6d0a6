import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Kysely, sql } from 'kysely';
import type { Dialect as KyselyDialect, LogEvent } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator } from 'kysely/migration';
import type { Migration, MigrationResultSet } from 'kysely/migration';
import { StorageUnavailable } from './artifacts.ts';
import type { Database, Dialect } from './database.ts';
import type { Connections, StoreObserver } from './observer.ts';
import { changedOrReadTable, operationOf } from './query-names.ts';

/** What differs between the stores. */
export interface DatabaseEngine {
  readonly dialect: Dialect;
  readonly kysely: KyselyDialect;
  /** The one schema that is ours, where the store has several. */
  readonly schema?: string;
  /** For migrations, where statements may take long; the ordinary one if it is missing. */
  readonly migrating?: () => KyselyDialect;
  /** Whether the store takes writes; asked through Kysely as everything is. */
  readonly assertWritable: (kysely: Kysely<unknown>) => Promise<void>;
  /** What the store's own clock says, ms since the epoch; missing where it is ours. */
  readonly serverTime?: (kysely: Kysely<unknown>) => Promise<number>;
  /** Where the store is reached by several. */
  readonly connections?: () => Connections;
  /** True for an error that says: the same transaction may succeed when repeated. */
  isConflict(error: unknown): boolean;
}

const attempts = 20;

/** The longest pause before the next of them, in ms: many that meet at one row have to spread out. */
const longestPause = 300;

/** The ending of a migration's name that promises: a program of the version before runs on what it leaves. */
const expands = /-expand$/;

/** Expansions that ran here and that only a newer program knows. */
const newerExpansions = async (
  kysely: Kysely<unknown>,
  migrations: Readonly<Record<string, Migration>>,
): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(kysely);
  return rows.flatMap(({ name }) => (expands.test(name) && !(name in migrations) ? [name] : [])).sort();
};

/** Each step commits before the next one begins: an interruption costs one of them at most. */
const stepByStep = async (migrator: Migrator, tell: (name: string) => void): Promise<MigrationResultSet> => {
  for (;;) {
    const outcome = await migrator.migrateUp();
    const [step] = outcome.results ?? [];
    if (outcome.error !== undefined || step === undefined) return outcome;
    tell(step.migrationName);
  }
};

/**
 * Two versions run side by side while one is exchanged for the other, and a node of the older one may start again
 * meanwhile: expansions that it does not know are no obstacle, everything else is.
 */
const runMigrations = async (
  kysely: Kysely<unknown>,
  schema: string | undefined,
  migrations: Readonly<Record<string, Migration>>,
  tell?: (name: string) => void,
): Promise<void> => {
  for (let newer: readonly string[] = []; ;) {
    const done = Object.fromEntries(newer.map((name) => [name, { up: async () => {} }]));
    const migrator = new Migrator({
      db: kysely,
      provider: { getMigrations: async () => ({ ...migrations, ...done }) },
      // Without it, the history of another part in the same database would be taken for ours.
      ...(schema === undefined ? {} : { migrationTableSchema: schema }),
    });
    const { error } = await (tell ? stepByStep(migrator, tell) : migrator.migrateToLatest());
    if (error === undefined) return;
    if (!(error instanceof Error) || !error.message.startsWith('corrupted migrations')) throw error;
    const found = await newerExpansions(kysely, migrations);
    if (found.join() === newer.join()) throw error;
    newer = found;
  }
};

const telling =
  (observe: StoreObserver, store: Dialect) =>
  (event: LogEvent): void => {
    const { query, queryDurationMillis: took } = event;
    const table = changedOrReadTable(query.query);
    observe({
      store,
      operation: operationOf(query),
      took,
      ...(table === undefined ? {} : { table }),
      ...(event.level === 'error' ? { error: event.error } : {}),
    });
  };

/**
 * The part of a database that is the same for every store: transactions with repetition, migrations, closing.
 *
 * @param observe told of each statement; without it nothing is measured.
 */
export function createDatabase<Tables>(engine: DatabaseEngine, observe?: StoreObserver): Database<Tables> {
  const kysely = new Kysely<Tables>({
    dialect: engine.kysely,
    ...(observe ? { log: telling(observe, engine.dialect) } : {}),
  });
  const current = new AsyncLocalStorage<{ running: boolean; readonly after: (() => void)[] }>();
  let closing: Promise<void> | undefined;

  const assertUsable = (): void => {
    if (closing !== undefined) throw new StorageUnavailable('The database is closed');
    if (current.getStore()?.running === true) throw new Error('Inside a transaction only its own queries may run');
  };

  const attempt = async <Result>(work: Parameters<Database<Tables>['transaction']>[0]): Promise<Result> => {
    const frame = { running: true, after: [] as (() => void)[] };
    let result: Result;
    try {
      const transaction = kysely.transaction().setIsolationLevel('serializable');
      result = await current.run(frame, () => transaction.execute(work as never));
    } finally {
      frame.running = false;
    }
    for (const next of new Set(frame.after)) next();
    return result;
  };

  return {
    dialect: engine.dialect,
    connections: () => engine.connections?.(),
    async writable() {
      assertUsable();
      await engine.assertWritable(kysely as Kysely<unknown>);
    },
    async clockOffset() {
      assertUsable();
      if (!engine.serverTime) return undefined;
      const before = Date.now();
      const there = await engine.serverTime(kysely as Kysely<unknown>);
      // It looked at its clock somewhere in between.
      return (before + Date.now()) / 2 - there;
    },
    get query() {
      assertUsable();
      return kysely;
    },
    async transaction(work) {
      assertUsable();
      for (let tried = 1; ; tried += 1) {
        try {
          return await attempt(work);
        } catch (error) {
          if (!engine.isConflict(error)) throw error;
          if (tried === attempts) throw new StorageUnavailable('Too many conflicting transactions', { cause: error });
          await pause(Math.random() * Math.min(2 ** tried, longestPause));
        }
      }
    },
    afterCommit(work) {
      const frame = current.getStore();
      if (frame?.running !== true) throw new Error('Outside a transaction nothing is committed');
      frame.after.push(work);
    },
    async migrate(migrations, tell) {
      assertUsable();
      if (engine.migrating === undefined)
        return runMigrations(kysely as Kysely<unknown>, engine.schema, migrations, tell);
      const patient = new Kysely<unknown>({ dialect: engine.migrating() });
      try {
        await runMigrations(patient, engine.schema, migrations, tell);
      } finally {
        await patient.destroy();
      }
    },
    async close() {
      closing ??= kysely.destroy();
      await closing;
    },
  };
}
