import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { StorageUnavailable, type Artifact } from '../../src/storage/artifacts.ts';
import { openStores } from '../../src/storage/open.ts';
import type { Stores } from '../../src/storage/open.ts';
import type { RedisLocation } from '../../src/storage/redis-location.ts';
import { describeIf, need } from '../support/lack.ts';
import { freePort } from '../support/free-port.ts';
import { startRedisGroup, type RedisGroup } from '../support/cluster/redis-group.ts';
import { startRedis } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { describeArtifacts } from './artifacts.suite.ts';
import { describeCounters } from './counters.suite.ts';
import { flipLast } from './stores.ts';

const masterKey = Buffer.alloc(32, 7);
const redisServer = need('redis-server');
const redisCli = need('redis-cli');

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await pause(50);
};

/** Three primaries, each with a third of the slots. */
const startCluster = async (): Promise<TestServer[]> => {
  const servers: TestServer[] = [];
  for (let index = 0; index < 3; index += 1) {
    const bus = await freePort();
    servers.push(await startRedis(['--cluster-enabled', 'yes', '--cluster-port', String(bus)]));
  }
  const addresses = servers.map(({ port }) => `127.0.0.1:${port}`);
  const { status, stdout } = spawnSync(redisCli ?? '', ['--cluster', 'create', ...addresses, '--cluster-yes']);
  if (status !== 0) throw new Error(String(stdout));
  for (const { url } of servers) {
    const client = new Redis(url);
    await until(async () => (await client.cluster('INFO')).includes('cluster_state:ok'));
    client.disconnect();
  }
  return servers;
};

const onCluster = async () => {
  const servers = await startCluster();
  const directory = mkdtempSync(join(tmpdir(), 'bayern-id-cluster-'));
  const clients = servers.map(({ url }) => new Redis(url));
  const location: RedisLocation = { cluster: [{ host: '127.0.0.1', port: servers[0]?.port ?? 0 }] };
  return {
    open: (): Promise<Stores<unknown>> => openStores({ directory, part: 'id', masterKey, redis: location }),
    async raw() {
      const parts: Buffer[] = [];
      for (const client of clients) {
        for (const key of await client.keys('*'))
          parts.push(Buffer.from(key), (await client.dumpBuffer(key)) ?? Buffer.of());
      }
      return Buffer.concat(parts);
    },
    async corrupt() {
      for (const client of clients) {
        for (const key of await client.keys('*:artifact:*')) {
          const box = await client.hgetBuffer(key, 'p');
          if (box !== null) await client.hset(key, 'p', flipLast(box));
        }
      }
    },
    async stop() {
      for (const client of clients) client.disconnect();
      for (const server of servers) await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

const hasCluster = redisServer !== undefined && redisCli !== undefined;

describeIf(hasCluster, 'artifacts in a Redis Cluster', () => {
  describeArtifacts(async () => {
    const store = await onCluster();
    return {
      ...store,
      async open() {
        const stores = await store.open();
        return { ...stores.artifacts, close: () => stores.close() };
      },
    };
  });
});

describeIf(hasCluster, 'counters in a Redis Cluster', () => {
  describeCounters(async () => {
    const store = await onCluster();
    return {
      ...store,
      async open() {
        const stores = await store.open();
        return { ...stores.counters, close: () => stores.close() };
      },
    };
  });
});

describeIf(redisServer, 'Redis under Sentinel', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bayern-id-sentinel-'));
  let group: RedisGroup;
  let stores: Stores<unknown>;
  const openAll = (): Promise<Stores<unknown>> =>
    openStores({
      directory,
      part: 'id',
      masterKey,
      redis: { sentinels: group.sentinels, name: 'main', acknowledgedBy: 1 },
    });

  beforeAll(async () => {
    group = await startRedisGroup(2);
    stores = await openAll();
  });

  afterAll(async () => {
    await stores.close();
    await group.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Until an act succeeds; whatever it throws before has to be StorageUnavailable. */
  const unavailableUntil = (act: () => Promise<unknown>): Promise<void> =>
    until(async () => {
      try {
        await act();
        return true;
      } catch (error) {
        if (!(error instanceof StorageUnavailable)) return Promise.reject(error);
        return false;
      }
    });

  test('OP-04: a primary that dies is replaced: errors for at most 15 s, all of them StorageUnavailable, and what was replicated is there', async () => {
    await stores.artifacts.save('Session', 'a', { a: 1 }, { ttl: 600 });
    const primary = await group.primary();
    for (const { url } of group.members) {
      const client = new Redis(url);
      await until(async () => (await client.dbsize()) === 1);
      client.disconnect();
    }
    await primary.kill();
    const begin = performance.now();
    await unavailableUntil(() => stores.artifacts.save('Session', 'b', {}, { ttl: 600 }));
    expect(performance.now() - begin).toBeLessThan(15_000);
    await unavailableUntil(async () =>
      expect(await stores.artifacts.find('Session', 'a')).toEqual({ payload: { a: 1 } }),
    );
    await primary.start();
    await group.settled(2);
  });

  test('RL-06: a primary that hangs is replaced; awake again it overrules nothing', async () => {
    const opened = await openAll();
    await opened.artifacts.save('AuthorizationCode', 'frozen', {}, { ttl: 600 });
    expect(await opened.artifacts.consume('AuthorizationCode', 'frozen')).toBe(true);
    const primary = await group.primary();
    primary.freeze();
    await unavailableUntil(() => opened.artifacts.save('Session', 'meanwhile', { a: 1 }, { ttl: 600 }));
    await unavailableUntil(async () => {
      expect(await opened.artifacts.consume('AuthorizationCode', 'frozen')).toBe(false);
    });
    expect(await group.primary()).not.toBe(primary);
    primary.thaw();
    // Until a Sentinel tells it otherwise it takes itself for the primary.
    await until(async () => {
      const client = new Redis(primary.url);
      try {
        return (await client.info('replication')).includes('role:slave');
      } finally {
        client.disconnect();
      }
    });
    await group.settled(2);
    expect(await opened.artifacts.find('Session', 'meanwhile')).toEqual({ payload: { a: 1 } });
    expect(await opened.artifacts.consume('AuthorizationCode', 'frozen')).toBe(false);
    await opened.close();
  });

  test('OP-05: what no replica has confirmed does not count, so that a fail-over cannot undo a use', async () => {
    const stores = await openAll();
    const ids = ['one', 'two', 'three'];
    for (const id of ids) await stores.artifacts.save('AuthorizationCode', id, {}, { ttl: 600 });
    const find = (id: string): Promise<Artifact | undefined> => stores.artifacts.find('AuthorizationCode', id);
    expect(await stores.artifacts.consume('AuthorizationCode', 'one')).toBe(true);
    const used = await find('one');
    const primary = await group.primary();
    const replicas = group.members.filter((member) => member !== primary);
    for (const replica of replicas) replica.freeze();
    // The primary has marked it; nobody else knows, so nobody is told that it worked.
    await expect(stores.artifacts.consume('AuthorizationCode', 'two')).rejects.toThrow(StorageUnavailable);
    await expect(stores.artifacts.saveNew('ReplayDetection', 'jti', {}, { ttl: 60 })).rejects.toThrow(
      StorageUnavailable,
    );
    await expect(stores.artifacts.remove('AuthorizationCode', 'three')).rejects.toThrow(StorageUnavailable);
    // Everything else goes on meanwhile, on its own connection.
    expect(await find('one')).toEqual({ payload: {}, consumedAt: expect.any(Number) });
    await primary.kill();
    for (const replica of replicas) replica.thaw();
    // What was used is as it was; what nobody was told of may be used, once.
    await unavailableUntil(async () => expect(await find('one')).toEqual(used));
    await unavailableUntil(() => stores.artifacts.consume('AuthorizationCode', 'two'));
    await unavailableUntil(async () => expect(await stores.artifacts.consume('AuthorizationCode', 'two')).toBe(false));
    await stores.close();
  });
});
