import { PostgresDialect } from 'kysely';
import type { Dialect as KyselyDialect, PostgresPool, PostgresPoolClient } from 'kysely';
import { Pool } from 'pg';
import type { PoolClient } from 'pg';
import type { DatabaseEngine } from './database-core.ts';
import type { DatabaseLocation } from './database.ts';
import { numberParsers } from './postgres-numbers.ts';
import { isConflict, isLost, toStorageError } from './postgres-errors.ts';

/** In ms: for a new connection, and for one from the pool when all are busy. */
const connectTimeout = 1500;
const closeTimeout = 2000;

type ServerLocation = Extract<DatabaseLocation, { url: string }>;

/** One connection of the pool, whose errors are told apart and which is thrown away when it does not answer. */
const wrapClient = (client: PoolClient): PostgresPoolClient => {
  let broken = false;
  const { processID } = client as PoolClient & { processID?: number };
  return {
    ...(processID === undefined ? {} : { processID }),
    query: (async (sql: string, parameters: readonly unknown[]) => {
      try {
        return await client.query(sql, parameters as unknown[]);
      } catch (error) {
        broken ||= isLost(error);
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

const wrapPool = (pool: Pool): PostgresPool => {
  const wrapped = new WeakMap<PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    async connect() {
      try {
        const client = await pool.connect();
        const known = wrapped.get(client) ?? wrapClient(client);
        wrapped.set(client, known);
        return known;
      } catch (error) {
        throw toStorageError(error);
      }
    },
    end: () => endPool(pool),
  };
};

const createSchema = async (location: ServerLocation): Promise<void> => {
  const pool = poolOf({ ...location, connections: 1 }, location.statementTimeout ?? 5000);
  try {
    const { rowCount } = await pool.query('select from information_schema.schemata where schema_name = $1', [
      location.schema,
    ]);
    if (rowCount === 0) await pool.query(`create schema if not exists ${quoted(location.schema)}`);
  } catch (error) {
    // Two nodes that start together may both create it: 42P06 and 23505 say that the other one was first.
    const { code } = error as { code?: string };
    if (code !== '42P06' && code !== '23505') throw toStorageError(error);
  } finally {
    await endPool(pool);
  }
};

/** A schema of a PostgreSQL database, by a pool of `pg`. */
export async function postgresEngine(location: ServerLocation): Promise<DatabaseEngine> {
  await createSchema(location);
  const dialect = (pool: Pool): KyselyDialect => new PostgresDialect({ pool: wrapPool(pool) });
  const pool = poolOf(location, location.statementTimeout ?? 5000);
  return {
    dialect: 'postgres',
    schema: location.schema,
    kysely: dialect(pool),
    migrating: () => dialect(poolOf({ ...location, connections: 1 }, undefined)),
    connections: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    isConflict,
  };
}
