import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { CompiledQuery, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { DatabaseConnection, Driver, QueryResult } from 'kysely';
import type { DatabaseEngine } from './database-core.ts';
import type { DatabaseLocation } from './database.ts';
import { changedTable } from './query-names.ts';
import { UnusableLocation, isBusy, toStorageError } from './sqlite-errors.ts';
import { StatementCache } from './sqlite-statements.ts';

/** How long a statement waits for another process that writes, in ms. */
const patience = 5000;

type FileLocation = Extract<DatabaseLocation, { file: string }>;

const createPrivateFile = (file: string): void => {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new UnusableLocation(`The folder ${folder} cannot be written (${code}): it must hold the database`);
  }
};

const open = ({ file, durability = 'full' }: FileLocation): DatabaseSync => {
  const path = resolve(file);
  createPrivateFile(path);
  try {
    const database = new DatabaseSync(path, { timeout: patience });
    database.exec('pragma journal_mode = wal');
    database.exec(`pragma synchronous = ${durability}`);
    database.exec('pragma foreign_keys = on');
    // What was deleted must not be left readable in free pages; artifacts are sealed and short-lived.
    database.exec(`pragma secure_delete = ${durability === 'full' ? 'on' : 'off'}`);
    // From now on the driver waits without blocking the process.
    database.exec('pragma busy_timeout = 10');
    return database;
  } catch (error) {
    throw new UnusableLocation(`The database ${path} cannot be opened: ${(error as Error).message}`, { cause: error });
  }
};

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #statements: StatementCache;
  readonly #fleeting: ReadonlySet<string>;

  constructor(database: DatabaseSync, fleetingTables: readonly string[]) {
    this.#database = database;
    this.#statements = new StatementCache(database);
    this.#fleeting = new Set(fleetingTables);
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  async executeQuery<Row>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<Row>> {
    const giveUp = performance.now() + patience;
    const table = this.#fleeting.size > 0 && !this.inTransaction ? changedTable(query) : undefined;
    const fleeting = table !== undefined && this.#fleeting.has(table);
    for (;;) {
      try {
        return fleeting ? this.#executeFleeting(sql, parameters as never[]) : this.#execute(sql, parameters as never[]);
      } catch (error) {
        // Inside a transaction the write lock is held already: waiting would not help.
        if (!isBusy(error) || this.inTransaction || performance.now() > giveUp) throw toStorageError(error);
      }
      await pause(5 + Math.random() * 10);
    }
  }

  /** The next commit that waits for the disk takes along what this one leaves to the system. */
  #executeFleeting<Row>(sql: string, parameters: never[]): QueryResult<Row> {
    this.#statements.get('pragma synchronous = normal').statement.run();
    try {
      return this.#execute(sql, parameters);
    } finally {
      this.#statements.get('pragma synchronous = full').statement.run();
    }
  }

  #execute<Row>(sql: string, parameters: never[]): QueryResult<Row> {
    const { statement, reader } = this.#statements.get(sql);
    if (reader) return { rows: statement.all(...parameters) as Row[] };
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  async *streamQuery<Row>({ sql, parameters }: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    try {
      // A statement of its own: running the cached one meanwhile would reset the stream.
      for (const row of this.#database.prepare(sql).iterate(...(parameters as never[]))) yield { rows: [row as Row] };
    } catch (error) {
      throw toStorageError(error);
    }
  }

  close(): void {
    this.#database.close();
  }
}

/** One connection, which Kysely hands to one caller at a time: a transaction keeps all others waiting. */
class SqliteDriver implements Driver {
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async beginTransaction(): Promise<void> {
    // A deferred transaction that reads first fails at its first write when another process wrote in between.
    await this.#connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(): Promise<void> {
    // A full disk makes SQLite roll back by itself.
    if (this.#connection.inTransaction) await this.#connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    this.#connection.close();
  }
}

/** Migrations run in one transaction, which locks out other processes that migrate the same file. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** A SQLite file in the process, by `node:sqlite`. */
export async function sqliteEngine(location: FileLocation): Promise<DatabaseEngine> {
  const driver = new SqliteDriver(new SqliteConnection(open(location), location.fleetingTables ?? []));
  return {
    dialect: 'sqlite',
    kysely: {
      createAdapter: () => new TransactionalSqliteAdapter(),
      createDriver: () => driver,
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    async assertWritable(kysely) {
      await kysely.executeQuery(CompiledQuery.raw('select 1'));
    },
    isConflict: () => false,
  };
}
