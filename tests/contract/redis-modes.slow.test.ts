import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { StorageUnavailable } from '../../src/storage/artifacts.ts';
import { openStores } from '../../src/storage/open.ts';
import type { Stores } from '../../src/storage/open.ts';
import type { RedisLocation } from '../../src/storage/redis-location.ts';
import { describeIf, need } from '../support/lack.ts';
import { freePort } from '../support/free-port.ts';
import { startRedis } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { describeArtifacts } from './artifacts.suite.ts';
import { describeCounters } from './counters.suite.ts';
import { flipLast } from './stores.ts';

const masterKey = Buffer.alloc(32, 7);
const redisServer = need('redis-server');
const redisCli = need('redis-cli');

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds().catch(() => false))) await pause(50);
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
  let primary: TestServer;
  let replica: TestServer;
  let sentinels: TestServer[];
  let stores: Stores<unknown>;

  /** A Sentinel is a Redis with a configuration file of its own, which it rewrites. */
  const startSentinel = async (index: number): Promise<TestServer> => {
    const file = join(directory, `sentinel-${index}.conf`);
    const lines = [
      `sentinel monitor main 127.0.0.1 ${primary.port} 2`,
      'sentinel down-after-milliseconds main 500',
      'sentinel failover-timeout main 3000',
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    return startRedis(['--sentinel'], file);
  };

  beforeAll(async () => {
    primary = await startRedis(['--repl-diskless-sync-delay', '0']);
    replica = await startRedis(['--replicaof', '127.0.0.1', String(primary.port)]);
    sentinels = [await startSentinel(0), await startSentinel(1), await startSentinel(2)];
    const asked = new Redis(sentinels[0]?.url ?? '');
    await until(async () => {
      const quorum = String(await asked.call('SENTINEL', 'CKQUORUM', 'main'));
      const replicas = (await asked.call('SENTINEL', 'REPLICAS', 'main')) as unknown[];
      return quorum.startsWith('OK 3') && replicas.length === 1;
    });
    asked.disconnect();
    const addresses = sentinels.map(({ port }) => ({ host: '127.0.0.1', port }));
    stores = await openStores({ directory, part: 'id', masterKey, redis: { sentinels: addresses, name: 'main' } });
  });

  afterAll(async () => {
    await stores.close();
    for (const server of [...sentinels, replica, primary]) await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  test('a primary that dies is replaced: errors for at most 15 s, all of them StorageUnavailable, and what was replicated is there', async () => {
    await stores.artifacts.save('Session', 'a', { a: 1 }, { ttl: 600 });
    const client = new Redis(replica.url);
    await until(async () => (await client.dbsize()) === 1);
    client.disconnect();
    await primary.kill();
    const begin = performance.now();
    await until(async () => {
      try {
        await stores.artifacts.save('Session', 'b', {}, { ttl: 600 });
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(StorageUnavailable);
        return false;
      }
    });
    expect(performance.now() - begin).toBeLessThan(15_000);
    expect(await stores.artifacts.find('Session', 'a')).toEqual({ payload: { a: 1 } });
  });
});
