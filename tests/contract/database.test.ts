import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql, type Kysely } from 'kysely';
import { openDatabase } from '../../src/storage/database.ts';
import type { Database } from '../../src/storage/database.ts';
import { describeIf, need } from '../support/lack.ts';
import { startPostgres } from '../support/servers.ts';
import { describeDatabase } from './database.suite.ts';
import type { Tables } from './database.suite.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'bayern-id-database-'));

describe('database in SQLite', () => {
  describeDatabase(async () => {
    const folder = newFolder();
    return {
      open: () => openDatabase<Tables>({ file: join(folder, 'id.sqlite') }),
      stop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });
});

describeIf(need('postgres'), 'database in PostgreSQL', () => {
  describeDatabase(async () => {
    const server = await startPostgres();
    // Another part has been here before: its schema and its migrations are not ours.
    const neighbour = await openDatabase({ url: server.url, schema: 'mein-postfach' });
    await neighbour.migrate({ '0001-theirs': { up: async () => {} } });
    await neighbour.close();
    return { open: () => openDatabase<Tables>({ url: server.url, schema: 'id' }), stop: () => server.stop() };
  });
});

describe('a SQLite file', () => {
  let folder: string;
  let file: string;
  let database: Database<{ t: { id: number } }> | undefined;

  beforeEach(() => {
    folder = newFolder();
    file = join(folder, 'data', 'deep', 'id.sqlite');
  });

  afterEach(async () => {
    await database?.close();
    database = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (): Promise<Database<{ t: { id: number } }>> => {
    database = await openDatabase<{ t: { id: number } }>({ file });
    await database.migrate({
      '1': { up: async (kysely) => kysely.schema.createTable('t').addColumn('id', 'integer').execute() },
    });
    return database;
  };

  test('is created with its folders, all of it readable by its owner only', async () => {
    await open();
    for (const name of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(name).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
  });

  test('syncs every commit, and artifacts may wait', async () => {
    const synchronous = async (durability: 'full' | 'normal'): Promise<unknown> => {
      const opened = await openDatabase<{ pragma_synchronous: { synchronous: number } }>({ file, durability });
      const row = await opened.query.selectFrom('pragma_synchronous').select('synchronous').executeTakeFirst();
      await opened.close();
      return row?.synchronous;
    };
    expect(await synchronous('full')).toBe(2);
    expect(await synchronous('normal')).toBe(1);
  });

  test('waits for the disk with all but single statements on tables of which a power cut may take the last rows', async () => {
    const opened = await openDatabase<{ t: { id: number }; fleeting: { id: number } }>({
      file,
      fleetingTables: ['fleeting'],
    });
    const table = (name: string) => ({
      up: async (kysely: Kysely<unknown>) => kysely.schema.createTable(name).addColumn('id', 'integer').execute(),
    });
    await opened.migrate({ '1': table('t'), '2': table('fleeting') });
    const level = sql<number>`(select synchronous from pragma_synchronous)`.as('level');
    const insert = (
      into: Pick<Kysely<{ t: { id: number }; fleeting: { id: number } }>, 'insertInto'>,
      name: 't' | 'fleeting',
    ) => into.insertInto(name).values({ id: 1 }).returning(level).executeTakeFirst();
    const update = opened.query.updateTable('fleeting').set({ id: 2 }).returning(level);
    const remove = opened.query.deleteFrom('fleeting').returning(level);
    expect([
      await insert(opened.query, 't'),
      await insert(opened.query, 'fleeting'),
      await update.executeTakeFirst(),
      await opened.transaction((trx) => insert(trx, 'fleeting')),
      await remove.executeTakeFirst(),
      await insert(opened.query, 't'),
    ]).toEqual([2, 1, 1, 2, 1, 2].map((expected) => ({ level: expected })));
    await opened.close();
  });

  test('in a folder that cannot be made ends in one error that names it', async () => {
    writeFileSync(join(folder, 'data'), 'a file where the folder should be');
    await expect(openDatabase({ file })).rejects.toMatchObject({
      name: 'UnusableLocation',
      message: expect.stringContaining(join(folder, 'data', 'deep')),
    });
  });

  test('that is no database ends in one error that names it', async () => {
    const text = join(folder, 'text.sqlite');
    writeFileSync(text, 'this is a text and no database, long enough to be read as a header '.repeat(20));
    chmodSync(text, 0o600);
    await expect(openDatabase({ file: text })).rejects.toMatchObject({
      name: 'UnusableLocation',
      message: expect.stringContaining(text),
    });
  });

  test('that another process is writing is waited for, without blocking this one', async () => {
    const opened = await open();
    const foreign = new DatabaseSync(file);
    foreign.exec('begin immediate; insert into t values (1)');
    let ended = false;
    const both = Promise.all([
      opened.query.insertInto('t').values({ id: 2 }).execute(),
      opened.transaction(async (trx) => trx.insertInto('t').values({ id: 3 }).execute()),
    ]).then(() => {
      ended = true;
    });
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(ended).toBe(false);
    foreign.exec('commit');
    foreign.close();
    await both;
    expect(await opened.query.selectFrom('t').selectAll().orderBy('id').execute()).toEqual([
      { id: 1 },
      { id: 2 },
      { id: 3 },
    ]);
  });

  test('keeps more texts of statements than it caches', async () => {
    const opened = await open();
    for (let length = 1; length <= 600; length += 1) {
      const ids = Array.from({ length }, (_, index) => index);
      await opened.query.selectFrom('t').selectAll().where('id', 'in', ids).execute();
    }
    await opened.query.insertInto('t').values({ id: 1 }).execute();
    expect(await opened.query.selectFrom('t').selectAll().where('id', 'in', [1]).execute()).toEqual([{ id: 1 }]);
  });
});
