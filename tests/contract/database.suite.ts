import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { StorageUnavailable } from '../../src/storage/artifacts.ts';
import { bytesType } from '../../src/storage/column-types.ts';
import type { Database } from '../../src/storage/database.ts';

export interface Tables {
  account: { id: string; balance: number; photo: Uint8Array | null };
  note: { id: string; account: string };
}

export interface DatabaseUnderTest {
  open(): Promise<Database<Tables>>;
  stop(): Promise<void>;
}

const migrations: Record<string, Migration> = {
  '0001-account': {
    async up(kysely: Kysely<unknown>) {
      await kysely.schema
        .createTable('account')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('balance', 'bigint', (column) => column.notNull())
        .addColumn('photo', bytesType(kysely))
        .execute();
    },
  },
  '0002-note': {
    async up(kysely: Kysely<unknown>) {
      await kysely.schema
        .createTable('note')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('account', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
        .execute();
    },
  },
};

/** What every database must do. `start` is called once, within beforeAll. */
export function describeDatabase(start: () => Promise<DatabaseUnderTest>): void {
  let store: DatabaseUnderTest;
  let one: Database<Tables>;
  let other: Database<Tables>;

  beforeAll(async () => {
    store = await start();
    [one, other] = await Promise.all([store.open(), store.open()]);
    await Promise.all([one.migrate(migrations), other.migrate(migrations)]);
  });

  afterAll(async () => {
    await one.close();
    await other.close();
    await store.stop();
  });

  beforeEach(async () => {
    await one.query.deleteFrom('account').execute();
    await one.query.insertInto('account').values({ id: 'a', balance: 0, photo: null }).execute();
  });

  const balance = async (): Promise<number> =>
    (await one.query.selectFrom('account').select('balance').where('id', '=', 'a').executeTakeFirstOrThrow()).balance;

  const raise = (database: Database<Tables>): Promise<void> =>
    database.transaction(async (trx) => {
      const row = await trx.selectFrom('account').select('balance').where('id', '=', 'a').executeTakeFirstOrThrow();
      await trx
        .updateTable('account')
        .set({ balance: row.balance + 1 })
        .where('id', '=', 'a')
        .execute();
    });

  describe('values', () => {
    test('come back as they were written: large integers, bytes, null, text of all languages', async () => {
      const row = { id: 'Ǻ ʼ 😀', balance: Number.MAX_SAFE_INTEGER, photo: Uint8Array.from([0, 255, 7]) };
      await one.query.insertInto('account').values(row).execute();
      const found = await other.query.selectFrom('account').selectAll().where('id', '=', row.id).executeTakeFirst();
      expect(found).toEqual({ ...row, photo: expect.anything() });
      expect(Uint8Array.from(found?.photo ?? [])).toEqual(row.photo);
      const empty = await one.query.selectFrom('account').select('photo').where('id', '=', 'a').executeTakeFirst();
      expect(empty?.photo).toBeNull();
    });

    test('counts and sums are numbers', async () => {
      await one.query.insertInto('account').values({ id: 'b', balance: 3_000_000_000, photo: null }).execute();
      const query = one.query.selectFrom('account');
      const row = await query
        .select(({ fn }) => [fn.countAll<number>().as('count'), fn.sum<number>('balance').as('sum')])
        .executeTakeFirst();
      expect(row).toEqual({ count: 2, sum: 3_000_000_000 });
    });

    test('references are kept', async () => {
      const orphan = one.query.insertInto('note').values({ id: 'n', account: 'nobody' });
      await expect(orphan.execute()).rejects.toThrow(/foreign key/i);
      await one.query.insertInto('note').values({ id: 'n', account: 'a' }).execute();
      await one.query.deleteFrom('account').execute();
      expect(await one.query.selectFrom('note').selectAll().execute()).toEqual([]);
    });
  });

  describe('a transaction', () => {
    test('gives its result, and all of it is there', async () => {
      const result = await one.transaction(async (trx) => {
        await trx.updateTable('account').set({ balance: 5 }).execute();
        return 'done';
      });
      expect(result).toBe('done');
      expect(await balance()).toBe(5);
    });

    test('that fails leaves nothing, is not repeated, and its error is the one thrown', async () => {
      let runs = 0;
      const failing = one.transaction(async (trx) => {
        runs += 1;
        await trx.updateTable('account').set({ balance: 5 }).execute();
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      expect(runs).toBe(1);
      expect(await balance()).toBe(0);
      await raise(one);
      expect(await balance()).toBe(1);
    });

    test('is not seen from outside, and what others write meanwhile is not part of it', async () => {
      let inside: () => void = () => {};
      const begun = new Promise<void>((resolve) => {
        inside = resolve;
      });
      let end: () => void = () => {};
      const ending = new Promise<void>((resolve) => {
        end = resolve;
      });
      const rolledBack = one.transaction(async (trx) => {
        await trx.insertInto('account').values({ id: 'inside', balance: 1, photo: null }).execute();
        inside();
        await ending;
        throw new Error('rolled back');
      });
      await begun;
      const seen = other.query.selectFrom('account').select('id').execute();
      const outside = one.query.insertInto('account').values({ id: 'outside', balance: 1, photo: null }).execute();
      expect(await seen).toEqual([{ id: 'a' }]);
      end();
      await expect(rolledBack).rejects.toThrow('rolled back');
      await outside;
      const left = await one.query.selectFrom('account').select('id').orderBy('id').execute();
      expect(left).toEqual([{ id: 'a' }, { id: 'outside' }]);
    });

    test('refuses other queries of its database inside, instead of waiting for itself', async () => {
      const nested = one.transaction(async () => {
        await one.query.selectFrom('account').selectAll().execute();
      });
      await expect(nested).rejects.toThrow('only its own queries');
      await expect(one.transaction(() => raise(one))).rejects.toThrow('only its own queries');
    });

    test('20 at once over two handles that read and then write lose no step', async () => {
      await Promise.all(Array.from({ length: 20 }, (_, index) => raise(index % 2 === 0 ? one : other)));
      expect(await balance()).toBe(20);
    });

    test('two at once that each look at what the other writes do not both succeed unseen (write skew)', async () => {
      await one.query.insertInto('account').values({ id: 'b', balance: 0, photo: null }).execute();
      const takeTheOnlyPlace = (database: Database<Tables>, id: string): Promise<boolean> =>
        database.transaction(async (trx) => {
          const taken = await trx.selectFrom('account').select('id').where('balance', '>', 0).execute();
          if (taken.length > 0) return false;
          await trx.updateTable('account').set({ balance: 1 }).where('id', '=', id).execute();
          return true;
        });
      const answers = await Promise.all([takeTheOnlyPlace(one, 'a'), takeTheOnlyPlace(other, 'b')]);
      expect(answers.filter(Boolean)).toHaveLength(1);
    });
  });

  describe('migrations', () => {
    test('ran once although two processes started together, and are not repeated', async () => {
      await one.migrate(migrations);
      const names = await (one.query as unknown as Kysely<{ kysely_migration: { name: string } }>)
        .selectFrom('kysely_migration')
        .select('name')
        .orderBy('name')
        .execute();
      expect(names).toEqual(Object.keys(migrations).map((name) => ({ name })));
    });

    test('that fail leave nothing of themselves', async () => {
      const broken: Migration = {
        async up(kysely: Kysely<unknown>) {
          await kysely.schema.createTable('half').addColumn('id', 'text').execute();
          throw new Error('migration failed');
        },
      };
      await expect(one.migrate({ ...migrations, '0003-broken': broken })).rejects.toThrow('migration failed');
      const tables = await one.query.introspection.getTables();
      expect(tables.map(({ name }) => name)).not.toContain('half');
      await one.migrate(migrations);
    });

    test('RL-02: of a newer program that only add do not keep an older one from starting', async () => {
      const nullable: Migration = {
        up: (kysely: Kysely<unknown>) => kysely.schema.alterTable('account').addColumn('later', 'text').execute(),
      };
      await one.migrate({ ...migrations, '0003-later-expand': nullable });
      await other.migrate(migrations);
      await raise(other);
      expect(await balance()).toBe(1);
    });

    test('RL-02: that are unknown here (an older program on a newer database) are refused', async () => {
      await expect(one.migrate({ '0001-account': migrations['0001-account'] ?? ({} as Migration) })).rejects.toThrow(
        '0002-note is missing',
      );
    });

    test('one by one: what was done before an interruption stays, and is not done again', async () => {
      const steps: string[] = [];
      const add = (column: string): Migration => ({
        up: (kysely: Kysely<unknown>) => kysely.schema.alterTable('account').addColumn(column, 'text').execute(),
      });
      const broken: Migration = { up: () => Promise.reject(new Error('the machine stops here')) };
      const first = { ...migrations, '0004-first-expand': add('first'), '0005-second-expand': broken };
      await expect(one.migrate(first, (name) => steps.push(name))).rejects.toThrow('the machine stops here');
      expect(steps).toEqual(['0004-first-expand']);
      await other.migrate({ ...first, '0005-second-expand': add('second') }, (name) => steps.push(name));
      expect(steps).toEqual(['0004-first-expand', '0005-second-expand']);
      await other.migrate({ ...first, '0005-second-expand': add('second') }, (name) => steps.push(name));
      expect(steps).toHaveLength(2);
    });
  });

  test('a closed database is unavailable', async () => {
    const closed = await store.open();
    await closed.close();
    await closed.close();
    expect(() => closed.query).toThrow(StorageUnavailable);
    await expect(raise(closed)).rejects.toThrow(StorageUnavailable);
  });
}
