import type { Kysely, Transaction } from 'kysely';
import type { Migration } from 'kysely/migration';
import { createDatabase } from './database-core.ts';
import { postgresEngine } from './database-postgres.ts';
import { sqliteEngine } from './database-sqlite.ts';
import type { Connections, StoreObserver } from './observer.ts';
import type { NoticeStore } from './server-releases.ts';

export type Dialect = 'sqlite' | 'postgres';

/** Where records are kept: a SQLite file of this process, or a schema of a PostgreSQL database. */
export type DatabaseLocation =
  | {
      readonly file: string;
      /** `normal` may lose the last seconds at a power cut, never at a crash of the process: for artifacts only. */
      readonly durability?: 'full' | 'normal';
      /**
       * Tables for which `normal` will do although the rest is `full`: of single statements that change them nobody waits
       * for the disk. PostgreSQL writes them like all others.
       */
      readonly fleetingTables?: readonly string[];
    }
  | {
      readonly url: string;
      readonly schema: string;
      /** How long one statement may take, in ms; then StorageUnavailable. Migrations have no limit. Default 5000. */
      readonly statementTimeout?: number;
      /** Greatest number of connections of this process. Default 10. */
      readonly connections?: number;
    };

/** Records that must last. Times are integers, ms since the epoch; booleans are 0 and 1; blobs are Uint8Array. */
export interface Database<Tables> {
  readonly dialect: Dialect;
  /** Throws inside a transaction of the same database, where it would wait for itself: use `trx` there. */
  readonly query: Kysely<Tables>;
  /**
   * Runs `work` in one serializable transaction and repeats it when the store reports a conflict, so it must have no
   * other effect. Nothing else may be awaited inside.
   */
  transaction<Result>(work: (trx: Transaction<Tables>) => Promise<Result>): Promise<Result>;
  /** Within a transaction: called once it has committed, and never when it was rolled back. Must not throw. */
  afterCommit(work: () => void): void;
  /**
   * Brings the schema up to date, under a lock, in the order of the names. A name that ends with `-expand` promises that a
   * program that does not know it runs on: it adds what nobody has to write. Other unknown names end the start.
   *
   * @param tell told of each step that was run; each has then committed by itself, where otherwise all commit together.
   */
  migrate(migrations: Readonly<Record<string, Migration>>, tell?: (name: string) => void): Promise<void>;
  /** @throws StorageUnavailable when the store does not answer, or answers and takes no writes: a standby, or a primary that was demoted. */
  writable(): Promise<void>;
  /** How far this machine's clock is ahead of the store's, in ms; undefined where the store has none of its own. */
  clockOffset(): Promise<number | undefined>;
  /** Of the pool; undefined where there is none. */
  connections(): Connections | undefined;
  close(): Promise<void>;
}

/**
 * Opens a database and proves that it answers. A SQLite file is created with its folder, readable by its owner only; a
 * PostgreSQL schema is created if it is missing. Throws {@link UnusableLocation} for a file that cannot be opened and
 * StorageUnavailable for a server that does not answer.
 */
export async function openDatabase<Tables>(
  location: DatabaseLocation,
  observe?: StoreObserver,
  notice?: NoticeStore,
): Promise<Database<Tables>> {
  const engine = 'file' in location ? await sqliteEngine(location) : await postgresEngine(location, notice);
  return createDatabase<Tables>(engine, observe);
}

export { UnusableLocation } from './sqlite-errors.ts';
