import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { openDatabase } from '../../src/storage/database.ts';
import { openStores } from '../../src/storage/open.ts';
import type { Stores } from '../../src/storage/open.ts';
import { startPostgres, startRedis } from '../support/servers.ts';

/** A store for artifacts and counters, reached by as many handles as wanted. */
export interface ExpiringStore {
  open(): Promise<Stores<unknown>>;
  /** Everything that is kept, as bytes. */
  raw(): Promise<Buffer>;
  /** Changes the last byte of every sealed payload. */
  corrupt(): Promise<void>;
  stop(): Promise<void>;
}

const masterKey = Buffer.alloc(32, 7);

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'bayern-id-contract-'));

/** Changes the last byte, which is of the tag. */
export const flipLast = (box: Uint8Array): Buffer => {
  const changed = Buffer.from(box);
  changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
  return changed;
};

const corruptSql = async (location: Parameters<typeof openDatabase>[0]): Promise<void> => {
  const database = await openDatabase<{ artifact: { key: string; box: Uint8Array } }>(location);
  for (const { key, box } of await database.query.selectFrom('artifact').selectAll().execute()) {
    await database.query
      .updateTable('artifact')
      .set({ box: flipLast(box) })
      .where('key', '=', key)
      .execute();
  }
  await database.close();
};

export async function inSqlite(): Promise<ExpiringStore> {
  const directory = newFolder();
  return {
    open: () => openStores({ directory, part: 'id', masterKey }),
    raw: async () => Buffer.concat(readdirSync(directory).map((file) => readFileSync(join(directory, file)))),
    corrupt: () => corruptSql({ file: join(directory, 'id-artifacts.sqlite') }),
    stop: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

export async function inPostgres(): Promise<ExpiringStore> {
  const server = await startPostgres();
  const location = { url: server.url, schema: 'id-artifacts' };
  return {
    open: () => openStores({ directory: '', part: 'id', masterKey, databaseUrl: server.url }),
    async raw() {
      const database = await openDatabase<unknown>(location);
      const { rows } = await sql<{ line: string }>`
        select encode(box, 'escape') || artifact::text as line from artifact
        union all select counter::text from counter`.execute(database.query);
      await database.close();
      return Buffer.from(rows.map(({ line }) => line).join('\n'));
    },
    corrupt: () => corruptSql(location),
    stop: () => server.stop(),
  };
}

export async function inRedis(): Promise<ExpiringStore> {
  const directory = newFolder();
  const server = await startRedis();
  const client = new Redis(server.url);
  return {
    open: () => openStores({ directory, part: 'id', masterKey, redis: { url: server.url } }),
    async raw() {
      const keys = await client.keys('*');
      const values = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
      return Buffer.concat([Buffer.from(keys.join('\n')), ...values.filter((value) => value !== null)]);
    },
    async corrupt() {
      for (const key of await client.keys('*:artifact:*')) {
        const box = await client.hgetBuffer(key, 'p');
        if (box !== null) await client.hset(key, 'p', flipLast(box));
      }
    },
    async stop() {
      client.disconnect();
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
