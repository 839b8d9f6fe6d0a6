import { join } from 'node:path';
import { createArtifactKeys } from './artifact-keys.ts';
import type { Artifacts } from './artifacts.ts';
import { createRedisArtifacts } from './artifacts-redis.ts';
import { createSqlArtifacts } from './artifacts-sql.ts';
import type { Counters } from './counters.ts';
import { createRedisCounters } from './counters-redis.ts';
import { createSqlCounters } from './counters-sql.ts';
import { openDatabase } from './database.ts';
import type { Database, DatabaseLocation } from './database.ts';
import { expiringMigrations } from './expiring-schema.ts';
import { openRedis } from './redis-client.ts';
import type { StoreObserver } from './observer.ts';
import type { RedisLocation } from './redis-location.ts';
import type { NoticeStore } from './server-releases.ts';

/** What one part keeps. */
export interface Stores<Tables> {
  readonly records: Database<Tables>;
  readonly artifacts: Artifacts;
  readonly counters: Counters;
  close(): Promise<void>;
}

export interface StoresOptions {
  /** Folder of the files; not used with `databaseUrl`. */
  readonly directory: string;
  /** The name of the part: of its files, and of its schemas. */
  readonly part: string;
  /** PostgreSQL instead of files. */
  readonly databaseUrl?: string | undefined;
  /** As `connections` of a DatabaseLocation. */
  readonly databaseConnections?: number | undefined;
  /** Redis for artifacts and counters. */
  readonly redis?: RedisLocation | undefined;
  /** Of the records in a file: tables whose last rows a power cut may take. */
  readonly fleetingTables?: readonly string[];
  /** At least 32 bytes. */
  readonly masterKey: Uint8Array;
  /** Told of each question to one of the stores. */
  readonly observe?: StoreObserver;
  /** Told at the start of what is wrong with a server that answers. */
  readonly notice?: NoticeStore;
}

/** The same for a part whose key stands in its records, sealed: it is read once these are open. */
export type StoresByRecords<Tables> = Omit<StoresOptions, 'masterKey'> & {
  readonly masterKey: Uint8Array | ((records: Database<Tables>) => Promise<Uint8Array>);
};

type Expiring = Pick<Stores<unknown>, 'artifacts' | 'counters' | 'close'>;

const openInRedis = async (location: RedisLocation, options: StoresOptions): Promise<Expiring> => {
  const { part, masterKey, observe, notice } = options;
  const redis = await openRedis(location, observe, notice);
  const keys = createArtifactKeys(masterKey);
  return {
    artifacts: createRedisArtifacts(redis, part, keys),
    counters: createRedisCounters(redis, part, keys),
    close: () => redis.close(),
  };
};

/** Where a schema of a part is. */
const schemaOf = (url: string, connections: number | undefined, schema: string) => ({
  url,
  schema,
  ...(connections === undefined ? {} : { connections }),
});

const openInSql = async (options: StoresOptions): Promise<Expiring> => {
  const { directory, part, databaseUrl, databaseConnections, masterKey, observe } = options;
  const database = await openDatabase<unknown>(
    databaseUrl === undefined
      ? { file: join(directory, `${part}-artifacts.sqlite`), durability: 'normal' }
      : { ...schemaOf(databaseUrl, databaseConnections, `${part}-artifacts`), statementTimeout: 1500 },
    observe,
  );
  const keys = createArtifactKeys(masterKey);
  try {
    await database.migrate(expiringMigrations);
  } catch (error) {
    await database.close();
    throw error;
  }
  const artifacts = createSqlArtifacts(database, keys);
  const counters = createSqlCounters(database, keys);
  return {
    artifacts,
    counters,
    async close() {
      await Promise.all([artifacts.close(), counters.close()]);
      await database.close();
    },
  };
};

/** Where the records of a part are. */
export const recordsLocation = ({
  directory,
  part,
  databaseUrl,
  databaseConnections,
  fleetingTables = [],
}: Omit<StoresOptions, 'masterKey'>): DatabaseLocation =>
  databaseUrl === undefined
    ? { file: join(directory, `${part}.sqlite`), fleetingTables }
    : schemaOf(databaseUrl, databaseConnections, part);

/**
 * Opens the three stores of a part: two files; with `databaseUrl` two schemas of PostgreSQL, `<part>` and
 * `<part>-artifacts`; with `redis` artifacts and counters there. Artifacts and counters are ready; `records` still has to
 * be migrated by its part. Throws what {@link openDatabase} and {@link openRedis} throw.
 */
export async function openStores<Tables>(given: StoresByRecords<Tables>): Promise<Stores<Tables>> {
  const { redis, masterKey, observe, notice } = given;
  const records = await openDatabase<Tables>(recordsLocation(given), observe, notice);
  try {
    const options = { ...given, masterKey: typeof masterKey === 'function' ? await masterKey(records) : masterKey };
    const expiring = redis === undefined ? await openInSql(options) : await openInRedis(redis, options);
    const close = async (): Promise<void> => {
      await Promise.all([records.close(), expiring.close()]);
    };
    return { records, artifacts: expiring.artifacts, counters: expiring.counters, close };
  } catch (error) {
    await records.close();
    throw error;
  }
}
