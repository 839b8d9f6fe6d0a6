import { PostgresDialect, sql } from 'kysely';
import type { Kysely, PostgresPool, PostgresPoolClient } from 'kysely';
import { Pool } from 'pg';
import type { PoolClient } from 'pg';
import { StorageUnavailable } from './artifacts.ts';
import type { DatabaseEngine } from './database-core.ts';
import type { DatabaseLocation } from './database.ts';
import { numberParsers } from './postgres-numbers.ts';
import { isConflict, isLost, isReadOnly, toStorageError } from './postgres-errors.ts';
import { oldRelease, type NoticeStore } from './server-releases.ts';

/** In ms: for a new connection, and for one from the pool when all are busy. */
const connectTimeout = 1500;
const closeTimeout = 2000;

type ServerLocation = Extract<DatabaseLocation, { url: string }>;

/** One connection of the pool, whose errors are told apart and which is thrown away when it does not answer. */
const wrapClient = (client: PoolClient, readsOnly: () => void): PostgresPoolClient => {
  let broken = false;
  const { processID } = client as PoolClient & { processID?: number };
  return {
    ...(processID === undefined ? {} : { processID }),
    query: (async (sql: string, parameters: readonly unknown[]) => {
      try {
        return await client.query(sql, parameters as unknown[]);
      } catch (error) {
        broken ||= isLost(error);
        if (isReadOnly(error)) readsOnly();
        throw toStorageError(error);
      }
    }) as unknown as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy === true || broken),
  };
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const poolOf = ({ url, schema, connections = 10 }: ServerLocation, statementTimeout: number | undefined): Pool => {
  const pool = new Pool({
    connectionString: url,
    application_name: 'bayern-id',
    // Spaces and backslashes separate and escape options in the startup message.
    options: `-c search_path=${quoted(schema).replaceAll(/[\\ ]/g, '\\$&')}`,
    max: connections,
    connectionTimeoutMillis: connectTimeout,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    keepAlive: true,
    types: numberParsers,
    ...(statementTimeout === undefined
      ? {}
      : {
          // The server gives up first and says so; a server that is frozen cannot, then this side does.
          statement_timeout: statementTimeout,
          query_timeout: statementTimeout + 200,
          idle_in_transaction_session_timeout: 2 * statementTimeout,
        }),
  });
  // Without a listener, a connection that breaks while nobody waits for it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
};

/** A server that does not answer must not keep the process from ending. */
const endPool = async (pool: Pool): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeTimeout);
  });
  await Promise.race([pool.end(), patience]);
  clearTimeout(timer);
};

/** The least time between two exchanges of all connections, in ms: a server that only reads for minutes is not stormed. */
const exchangePause = 1000;

/** A pool that follows its address. */
interface FollowingPool extends PostgresPool {
  /**
   * A server said that it only reads. Connections lead to it for as long as they live, wherever the address leads after a
   * fail-over: each of them is exchanged for a new one before it is used again.
   */
  readsOnly(): void;
}

const wrapPool = (pool: Pool): FollowingPool => {
  const wrapped = new WeakMap<PoolClient, { readonly client: PostgresPoolClient; readonly era: number }>();
  let era = 0;
  let exchangedAt = -Infinity;
  const readsOnly = (): void => {
    const now = performance.now();
    if (now - exchangedAt < exchangePause) return;
    exchangedAt = now;
    era += 1;
  };
  return {
    options: pool.options,
    readsOnly,
    async connect() {
      try {
        for (;;) {
          const client = await pool.connect();
          const known = wrapped.get(client) ?? { client: wrapClient(client, readsOnly), era };
          wrapped.set(client, known);
          if (known.era === era) return known.client;
          client.release(true);
        }
      } catch (error) {
        throw toStorageError(error);
      }
    },
    end: () => endPool(pool),
  };
};

const assertWritable = async (kysely: Kysely<unknown>, pool: FollowingPool): Promise<void> => {
  const { rows } = await sql<{ transaction_read_only: string }>`show transaction_read_only`.execute(kysely);
  if (rows[0]?.transaction_read_only !== 'on') return;
  pool.readsOnly();
  throw new StorageUnavailable('PostgreSQL only reads', {
    cause: Object.assign(new Error('read-only'), { code: '25006' }),
  });
};

/** Two nodes that start together may both create it: 42P06 and 23505 say that the other one was first. */
const createMissing = async (pool: Pool, schema: string): Promise<void> => {
  try {
    await pool.query(`create schema if not exists ${quoted(schema)}`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== '42P06' && code !== '23505') throw error;
  }
};

/** @returns the server's release, in its own words */
const createSchema = async (location: ServerLocation): Promise<string> => {
  const pool = poolOf({ ...location, connections: 1 }, location.statementTimeout ?? 5000);
  try {
    const { rows } = await pool.query<{ version: string; there: boolean }>(
      "select current_setting('server_version') as version, to_regnamespace($1) is not null as there",
      [quoted(location.schema)],
    );
    const [{ version, there } = { version: '', there: false }] = rows;
    if (!there) await createMissing(pool, location.schema);
    return version;
  } catch (error) {
    throw toStorageError(error);
  } finally {
    await endPool(pool);
  }
};

const serverTime = async (kysely: Kysely<unknown>): Promise<number> => {
  const { rows } = await sql<{
    now: number;
  }>`select extract(epoch from clock_timestamp())::float8 * 1000 as now`.execute(kysely);
  return rows[0]?.now ?? NaN;
};

/** A schema of a PostgreSQL database, by a pool of `pg`. */
export async function postgresEngine(location: ServerLocation, notice?: NoticeStore): Promise<DatabaseEngine> {
  const old = oldRelease('postgres', await createSchema(location));
  if (old) notice?.(old);
  const pool = poolOf(location, location.statementTimeout ?? 5000);
  const following = wrapPool(pool);
  return {
    dialect: 'postgres',
    schema: location.schema,
    kysely: new PostgresDialect({ pool: following }),
    migrating: () => new PostgresDialect({ pool: wrapPool(poolOf({ ...location, connections: 1 }, undefined)) }),
    assertWritable: (kysely) => assertWritable(kysely, following),
    serverTime,
    connections: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    isConflict,
  };
}
