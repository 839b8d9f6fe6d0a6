import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { openStores } from '../../src/storage/open.ts';
import type { Stores } from '../../src/storage/open.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { describeIf, need } from '../support/lack.ts';
import { startRedis } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';

describeIf(need('redis-server'), 'what only Redis does', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bayern-id-redis-files-'));
  const masterKey = Buffer.alloc(32, 7);
  let server: TestServer;
  let client: Redis;
  let stores: Stores<unknown>;

  beforeAll(async () => {
    server = await startRedis();
    client = new Redis(server.url);
    stores = await openStores({ directory, part: 'id', masterKey, redis: { url: server.url } });
  });

  afterAll(async () => {
    await stores.close();
    client.disconnect();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  beforeEach(() => client.flushall());

  /** As if its time were over, without waiting. */
  const expire = async (pattern: string): Promise<void> => {
    for (const key of await client.keys(pattern)) await client.pexpireat(key, 1);
  };

  test('DS-06, RL-09: every key has a TTL, as long as what it is for', async () => {
    const { artifacts, counters } = stores;
    await artifacts.save('Session', 'a', {}, { ttl: 100, alias: 'x', group: 'g' });
    await artifacts.save('Session', 'b', {}, { ttl: 50, group: 'g' });
    await artifacts.saveNew('Replay', 'c', {}, { ttl: 100 });
    await artifacts.consume('Session', 'a');
    await artifacts.consume('Session', 'never');
    await counters.add('k', 1, 100);
    await counters.add('k', 1, 5000);
    await counters.add('never', -1, 100);
    const keys = await client.keys('*');
    expect(keys).toHaveLength(6);
    for (const key of keys) {
      const left = await client.pttl(key);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(100_000);
    }
    const [group = ''] = await client.keys('*:group:*');
    expect(await client.pttl(group)).toBeGreaterThan(90_000);
  });

  test('an artifact whose key expired is absent in every way', async () => {
    await stores.artifacts.save('Session', 'a', {}, { ttl: 100, alias: 'x', group: 'g' });
    await expire('*:artifact:*');
    expect(await stores.artifacts.find('Session', 'a')).toBeUndefined();
    expect(await stores.artifacts.findByAlias('Session', 'x')).toBeUndefined();
    expect(await stores.artifacts.consume('Session', 'a')).toBe(false);
    expect(await client.keys('*:artifact:*')).toEqual([]);
    await stores.artifacts.removeGroup('Session', 'g');
    expect(await client.keys('*:group:*')).toEqual([]);
  });

  test('members that expired do not pile up in their group', async () => {
    await stores.artifacts.save('Token', 'long', {}, { ttl: 1000, group: 'g' });
    for (let index = 0; index < 20; index += 1) {
      await stores.artifacts.save('Token', `short-${index}`, {}, { ttl: 60, group: 'g' });
    }
    shiftClock(61_000);
    await stores.artifacts.save('Token', 'later', {}, { ttl: 60, group: 'g' });
    const [group = ''] = await client.keys('*:group:*');
    expect(await client.zcard(group)).toBe(2);
    resetClock();
  });

  test('an alias left behind is not taken for another artifact', async () => {
    await stores.artifacts.save('Session', 'a', { a: 1 }, { ttl: 100, alias: 'x' });
    await stores.artifacts.save('Session', 'a', { a: 2 }, { ttl: 100, alias: 'y' });
    expect(await client.keys('*:alias:*')).toHaveLength(2);
    expect(await stores.artifacts.findByAlias('Session', 'x')).toBeUndefined();
    expect(await stores.artifacts.findByAlias('Session', 'y')).toEqual({ payload: { a: 2 } });
  });

  test('parts that share a server and a master key do not meet', async () => {
    const other = await openStores({ directory, part: 'mein-postfach', masterKey, redis: { url: server.url } });
    await stores.artifacts.save('Session', 'a', {}, { ttl: 100 });
    await stores.counters.add('k', 1, 100);
    expect(await other.artifacts.find('Session', 'a')).toBeUndefined();
    expect(await other.counters.read('k')).toBe(0);
    await other.close();
  });

  test('a server that has forgotten the scripts gets them again', async () => {
    await stores.artifacts.save('Code', 'a', {}, { ttl: 100 });
    await client.script('FLUSH');
    expect(await stores.artifacts.consume('Code', 'a')).toBe(true);
    expect(await stores.artifacts.consume('Code', 'a')).toBe(false);
  });

  test('OP-03: a server that is full refuses, and what is there stays', async () => {
    await stores.artifacts.save('Session', 'a', { a: 1 }, { ttl: 100 });
    await client.config('SET', 'maxmemory', '1');
    const saving = stores.artifacts.save('Session', 'b', {}, { ttl: 100 });
    await expect(saving).rejects.toMatchObject({ name: 'StorageUnavailable' });
    expect(await stores.artifacts.find('Session', 'a')).toEqual({ payload: { a: 1 } });
    await client.config('SET', 'maxmemory', '0');
  });

  test('OP-02: a server that keeps what it has, killed and started again: sessions live on, what was used stays used', async () => {
    const keeping = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
    const opened = await openStores({ directory, part: 'id', masterKey, redis: { url: keeping.url } });
    await opened.artifacts.save('Session', 'a', { a: 1 }, { ttl: 100, alias: 'uid', group: 'g' });
    await opened.artifacts.save('AuthorizationCode', 'c', {}, { ttl: 100 });
    expect(await opened.artifacts.consume('AuthorizationCode', 'c')).toBe(true);
    await opened.counters.add('k', 3, 100);
    await keeping.kill();
    await expect(opened.artifacts.find('Session', 'a')).rejects.toMatchObject({ name: 'StorageUnavailable' });
    await keeping.start();
    const found = async (): Promise<unknown> => {
      for (;;) {
        try {
          return await opened.artifacts.find('Session', 'a');
        } catch (error) {
          // It connects again by itself, and the server reads its file first.
          if ((error as Error).name !== 'StorageUnavailable') throw error;
        }
      }
    };
    expect(await found()).toEqual({ payload: { a: 1 } });
    expect(await opened.artifacts.findByAlias('Session', 'uid')).toEqual({ payload: { a: 1 } });
    expect(await opened.artifacts.consume('AuthorizationCode', 'c')).toBe(false);
    expect(await opened.counters.read('k')).toBe(3);
    await opened.close();
    await keeping.stop();
  });

  test('OP-06: a primary whose replicas are gone takes no writes, and goes on reading', async () => {
    const strict = ['--min-replicas-to-write', '1', '--min-replicas-max-lag', '10', '--repl-diskless-sync-delay', '0'];
    const primary = await startRedis(strict);
    const replica = await startRedis(['--replicaof', '127.0.0.1', String(primary.port)]);
    const asked = new Redis(primary.url);
    while (!(await asked.info('replication')).includes('state=online'));
    const opened = await openStores({ directory, part: 'id', masterKey, redis: { url: primary.url } });
    const save = (id: string): Promise<void> => opened.artifacts.save('Session', id, { a: 1 }, { ttl: 100 });
    await save('a');
    await replica.kill();
    while ((await asked.info('replication')).includes('state=online'));
    await expect(save('b')).rejects.toMatchObject({ name: 'StorageUnavailable' });
    await expect(opened.artifacts.consume('Session', 'a')).rejects.toMatchObject({ name: 'StorageUnavailable' });
    await expect(opened.counters.add('k', 1, 100)).rejects.toMatchObject({ name: 'StorageUnavailable' });
    expect(await opened.artifacts.find('Session', 'a')).toEqual({ payload: { a: 1 } });
    asked.disconnect();
    await opened.close();
    await Promise.all([primary.stop(), replica.stop()]);
  });

  test('OP-03: a server that evicts keys is refused at the start, by the name of the setting', async () => {
    const evicting = await startRedis(['--maxmemory-policy', 'allkeys-lru']);
    const opening = openStores({ directory, part: 'id', masterKey, redis: { url: evicting.url } });
    await expect(opening).rejects.toThrow('maxmemory-policy allkeys-lru');
    await evicting.stop();
  });
});
