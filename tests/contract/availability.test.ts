import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { StorageUnavailable } from '../../src/storage/artifacts.ts';
import { openStores } from '../../src/storage/open.ts';
import type { Stores } from '../../src/storage/open.ts';
import { describeIf, need } from '../support/lack.ts';
import { startPostgres, startRedis } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';

const masterKey = Buffer.alloc(32, 7);

type Step = readonly [name: string, run: (stores: Stores<unknown>) => Promise<unknown>];

const steps: readonly Step[] = [
  ['save', ({ artifacts }) => artifacts.save('Session', 'a', {}, { ttl: 60, alias: 'b', group: 'c' })],
  ['saveNew', ({ artifacts }) => artifacts.saveNew('Session', 'new', {}, { ttl: 60 })],
  ['find', ({ artifacts }) => artifacts.find('Session', 'a')],
  ['findByAlias', ({ artifacts }) => artifacts.findByAlias('Session', 'b')],
  ['consume', ({ artifacts }) => artifacts.consume('Session', 'a')],
  ['remove', ({ artifacts }) => artifacts.remove('Session', 'a')],
  ['removeGroup', ({ artifacts }) => artifacts.removeGroup('Session', 'c')],
  ['add', ({ counters }) => counters.add('a', 1, 60)],
  ['read', ({ counters }) => counters.read('a')],
  ['reset', ({ counters }) => counters.reset('a')],
];

/** A new connection is tried with growing gaps; OP-01 grants 5 s for it. */
const recovers = async (stores: Stores<unknown>): Promise<number> => {
  const start = performance.now();
  for (;;) {
    try {
      await stores.artifacts.save('Session', 'again', {}, { ttl: 60 });
      return performance.now() - start;
    } catch (error) {
      if (!(error instanceof StorageUnavailable) || performance.now() - start > 10_000) throw error;
      await pause(50);
    }
  }
};

const describeOutage = (start: () => Promise<{ server: TestServer; stores: Stores<unknown> }>): void => {
  let server: TestServer;
  let stores: Stores<unknown>;

  beforeAll(async () => {
    ({ server, stores } = await start());
  });

  afterAll(async () => {
    await stores.close();
    await server.stop();
  });

  beforeEach(() => stores.artifacts.save('Session', 'kept', { a: 1 }, { ttl: 600 }));

  const expectUnavailable = async (): Promise<void> => {
    const begin = performance.now();
    const answers = await Promise.allSettled(steps.map(([, run]) => run(stores)));
    expect(performance.now() - begin).toBeLessThan(2000);
    for (const [index, answer] of answers.entries()) {
      expect([steps[index]?.[0], answer.status]).toEqual([steps[index]?.[0], 'rejected']);
      expect(answer.status === 'rejected' && answer.reason).toBeInstanceOf(StorageUnavailable);
    }
  };

  test('OP-01: a server that is frozen: StorageUnavailable within 2 s, again and again, and back within 5 s', async () => {
    server.freeze();
    await expectUnavailable();
    await expectUnavailable();
    server.thaw();
    expect(await recovers(stores)).toBeLessThan(5000);
    expect(await stores.artifacts.find('Session', 'kept')).toEqual({ payload: { a: 1 } });
  });

  test('OP-01: a server that is gone: StorageUnavailable within 2 s, and back within 5 s', async () => {
    await server.kill();
    await expectUnavailable();
    await expectUnavailable();
    await server.start();
    expect(await recovers(stores)).toBeLessThan(5000);
  });
};

const directory = mkdtempSync(join(tmpdir(), 'bayern-id-availability-'));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const postgres = need('postgres');

describeIf(postgres, 'PostgreSQL out of order', () => {
  describeOutage(async () => {
    const server = await startPostgres();
    return { server, stores: await openStores({ directory, part: 'id', masterKey, databaseUrl: server.url }) };
  });
});

describeIf(postgres, 'records in PostgreSQL out of order', () => {
  test('a process opens no more connections than it may, and what is too much waits for one', async () => {
    const server = await startPostgres();
    const opened = await openStores<{ t: { id: number } }>({
      directory,
      part: 'id',
      masterKey,
      databaseUrl: server.url,
      databaseConnections: 2,
    });
    const ask = () => sql<{ one: number }>`select 1 as one from pg_sleep(0.02)`.execute(opened.records.query);
    const answers = await Promise.all(Array.from({ length: 10 }, ask));
    expect(answers.map(({ rows }) => rows)).toEqual(Array.from({ length: 10 }, () => [{ one: 1 }]));
    expect(opened.records.connections()).toEqual({ open: 2, idle: 2, waiting: 0 });
    await opened.close();
    await server.stop();
  });

  test('a server that is gone makes transactions and queries unavailable, and nothing is half written', async () => {
    const server = await startPostgres();
    const opened = await openStores<{ t: { id: number } }>({
      directory,
      part: 'id',
      masterKey,
      databaseUrl: server.url,
    });
    const { records } = opened;
    await records.migrate({
      '1': { up: async (kysely) => kysely.schema.createTable('t').addColumn('id', 'integer').execute() },
    });
    const halfway = records.transaction(async (trx) => {
      await trx.insertInto('t').values({ id: 1 }).execute();
      await server.kill();
      await trx.insertInto('t').values({ id: 2 }).execute();
    });
    await expect(halfway).rejects.toThrow(StorageUnavailable);
    await expect(records.query.selectFrom('t').selectAll().execute()).rejects.toThrow(StorageUnavailable);
    await server.start();
    expect(await records.query.selectFrom('t').selectAll().execute()).toEqual([]);
    await opened.close();
    await server.stop();
  });
});

describeIf(need('redis-server'), 'Redis out of order', () => {
  describeOutage(async () => {
    const server = await startRedis();
    const stores = await openStores({ directory, part: 'redis', masterKey, redis: { url: server.url } });
    return { server, stores };
  });
});

interface Gate {
  readonly port: number;
  /** Established connections are lost without a word, as at a firewall that forgot them. */
  lose(): void;
  /** New connections go to another server from now on, as after a fail-over of its address; the old ones stay. */
  lead(to: TestServer): void;
  close(): void;
}

/** A way to a server. */
const startGate = async (first: TestServer): Promise<Gate> => {
  const pairs: [Socket, Socket][] = [];
  let server = first;
  const gate = createServer((near) => {
    const far = createConnection({ port: server.port, host: '127.0.0.1' });
    for (const socket of [near, far]) socket.on('error', () => {});
    near.pipe(far).pipe(near);
    pairs.push([near, far]);
  });
  await new Promise<void>((resolve) => {
    gate.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (gate.address() as AddressInfo).port,
    lose() {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
      }
    },
    lead(to) {
      server = to;
    },
    close() {
      gate.close();
      for (const socket of pairs.flat()) socket.destroy();
    },
  };
};

describeIf(postgres !== undefined && need('redis-server') !== undefined, 'connections that were lost unnoticed', () => {
  test.each([
    [
      'PostgreSQL',
      startPostgres,
      (port: number) => ({ databaseUrl: `postgres://postgres@127.0.0.1:${port}/postgres` }),
    ],
    ['Redis', startRedis, (port: number) => ({ redis: { url: `redis://127.0.0.1:${port}` } })],
  ])('%s: are given up at the first timeout, and new ones serve within 5 s', async (_, startServer, locationAt) => {
    const server = await startServer();
    const gate = await startGate(server);
    const stores = await openStores({ directory, part: 'gate', masterKey, ...locationAt(gate.port) });
    await stores.artifacts.save('Session', 'a', {}, { ttl: 600 });
    gate.lose();
    await expect(stores.artifacts.find('Session', 'a')).rejects.toThrow(StorageUnavailable);
    expect(await recovers(stores)).toBeLessThan(5000);
    await stores.close();
    gate.close();
    await server.stop();
  });
});

describeIf(postgres, 'a server that was demoted and lives on', () => {
  test('is told from one that takes writes, and left as soon as the address leads to another', async () => {
    const [demoted, promoted] = await Promise.all([startPostgres(), startPostgres()]);
    const openAt = (port: number): Promise<Stores<{ t: { id: number } }>> =>
      openStores({ directory, part: 'id', masterKey, databaseUrl: `postgres://postgres@127.0.0.1:${port}/postgres` });
    const migrate = ({ records }: Stores<{ t: { id: number } }>): Promise<void> =>
      records.migrate({
        '1': { up: async (kysely) => kysely.schema.createTable('t').addColumn('id', 'integer').execute() },
      });
    const elsewhere = await openAt(promoted.port);
    await migrate(elsewhere);
    const gate = await startGate(demoted);
    const stores = await openAt(gate.port);
    await migrate(stores);
    const { records } = stores;
    await records.writable();
    await sql`alter system set default_transaction_read_only = on`.execute(records.query);
    await sql`select pg_reload_conf()`.execute(records.query);
    const refused = async (work: () => Promise<unknown>): Promise<StorageUnavailable> => {
      for (;;) {
        const error = await work().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error instanceof StorageUnavailable) return error;
      }
    };
    const write = (): Promise<unknown> => records.query.insertInto('t').values({ id: 1 }).execute();
    await refused(() => records.writable());
    expect((await refused(write)).cause).toMatchObject({ code: '25006' });
    // What only reads goes on.
    await records.query.selectFrom('t').selectAll().execute();

    gate.lead(promoted);
    for (;;) {
      const done = await write().then(
        () => true,
        () => false,
      );
      if (done) break;
    }
    await records.writable();
    expect(await elsewhere.records.query.selectFrom('t').selectAll().execute()).toEqual([{ id: 1 }]);
    await Promise.all([stores.close(), elsewhere.close()]);
    gate.close();
    await Promise.all([demoted.stop(), promoted.stop()]);
  });
});

describe('a store that is not there at the start', () => {
  test.each([
    ['PostgreSQL', { databaseUrl: 'postgres://nobody@127.0.0.1:9/none' }],
    ['Redis', { redis: { url: 'redis://127.0.0.1:9' } }],
    ['every Sentinel', { redis: { sentinels: [{ host: '127.0.0.1', port: 9 }], name: 'main' } }],
    ['every node of a Cluster', { redis: { cluster: [{ host: '127.0.0.1', port: 9 }] } }],
  ])('%s: StorageUnavailable soon', async (_, location) => {
    const begin = performance.now();
    const opening = openStores({ directory, part: 'absent', masterKey, ...location });
    await expect(opening).rejects.toThrow(StorageUnavailable);
    // Our own deadline is 1.5 s; the rest is for a machine that has other work. Without one it takes 10 s and more.
    expect(performance.now() - begin).toBeLessThan(5000);
  });
});
