import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { openStores, type Stores } from '../../src/storage/open.ts';
import { credentialModules, makeCredentials, type Credentials } from '../support/cluster/credentials.ts';
import { describeIf, need } from '../support/lack.ts';
import { startPostgres, startRedis, type TestServer } from '../support/servers.ts';

const programs = [need('redis-server'), need('postgres'), need('psql')];

describeIf(
  programs.every((program) => program !== undefined),
  'each module has its own credentials',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'bayern-id-credentials-'));
    let postgres: TestServer;
    let redis: TestServer;
    let credentials: Credentials;
    const open: Stores<unknown>[] = [];

    const redisUrl = (module: (typeof credentialModules)[number]): string =>
      `redis://${module}:${credentials.redisPassword(module)}@127.0.0.1:${redis.port}`;
    const storesOf = async (part: string, module: (typeof credentialModules)[number]): Promise<Stores<unknown>> => {
      const stores = await openStores({
        directory: folder,
        part,
        masterKey: Buffer.alloc(32, 7),
        databaseUrl: credentials.databaseUrl(module),
        redis: { url: redisUrl(module) },
      });
      open.push(stores);
      return stores;
    };
    const asRole = async (module: (typeof credentialModules)[number], statement: string): Promise<unknown> => {
      const client = new Client({ connectionString: credentials.databaseUrl(module) });
      await client.connect();
      try {
        return (await client.query(statement)).rows;
      } finally {
        await client.end();
      }
    };

    beforeAll(async () => {
      postgres = await startPostgres();
      credentials = makeCredentials(join(folder, 'secrets'), postgres.port);
      credentials.inPostgres(postgres);
      const file = join(folder, 'redis.conf');
      writeFileSync(file, credentials.lines('redis'));
      redis = await startRedis([], file);
    });
    afterAll(async () => {
      await Promise.all(open.map((stores) => stores.close()));
      await Promise.all([postgres.stop(), redis.stop()]);
      rmSync(folder, { recursive: true, force: true });
    });

    test('which are enough for its records, artifacts and counters', async () => {
      for (const module of credentialModules) {
        const { records, artifacts, counters } = await storesOf(module, module);
        await records.migrate({
          '0001-a': { up: (db) => db.schema.createTable('thing').addColumn('id', 'text').execute() },
        });
        await artifacts.save('Session', 'a', { of: module }, { ttl: 60, alias: 'x', group: 'g' });
        expect(await artifacts.saveNew('Replay', 'b', {}, { ttl: 60 })).toBe(true);
        expect(await artifacts.consume('Session', 'a')).toBe(true);
        expect((await artifacts.findByAlias('Session', 'x'))?.payload).toEqual({ of: module });
        await artifacts.removeGroup('Session', 'g');
        expect(await artifacts.find('Session', 'a')).toBeUndefined();
        expect(await counters.add('k', 1, 60_000)).toBe(1);
      }
      // The second door to the applications for certificates of conduct.
      await storesOf('fuehrungszeugnis', 'fuehrungszeugnis');
      await storesOf('registerbehoerde', 'fuehrungszeugnis');
    });

    test('and open nothing of another’s in PostgreSQL', async () => {
      for (const module of credentialModules.filter((one) => one !== 'id')) {
        await expect(asRole(module, 'select * from "id".thing')).rejects.toThrow('permission denied for schema id');
        await expect(asRole(module, 'create table "id".mine (a text)')).rejects.toThrow('permission denied');
        await expect(asRole(module, 'create schema mine')).rejects.toThrow('permission denied');
        await expect(asRole(module, 'create table public.mine (a text)')).rejects.toThrow('permission denied');
        await expect(asRole(module, `set role "id"`)).rejects.toThrow('permission denied');
      }
      expect(await asRole('id', 'select * from "id".thing')).toEqual([]);
    });

    test('and open nothing of another’s in Redis, nor the server', async () => {
      for (const module of credentialModules.filter((one) => one !== 'id')) {
        const client = new Redis(redisUrl(module));
        try {
          await expect(client.get('id:artifact:x')).rejects.toThrow('NOPERM');
          await expect(client.set('id:artifact:x', 'y')).rejects.toThrow('NOPERM');
          await expect(client.eval("return redis.call('get', 'id:artifact:x')", 1, `${module}:a`)).rejects.toThrow(
            "can't access",
          );
          for (const command of [
            ['KEYS', '*'],
            ['FLUSHALL'],
            ['CONFIG', 'GET', '*'],
            ['ACL', 'LIST'],
            ['SHUTDOWN'],
            ['MONITOR'],
          ])
            await expect(client.call(...(command as [string]))).rejects.toThrow('NOPERM');
        } finally {
          client.disconnect();
        }
      }
    });

    test('a password that would have to be written otherwise in an address is refused, and nothing is made', () => {
      const other = makeCredentials(join(folder, 'other'), postgres.port);
      for (const password of ["x'; drop schema id cascade; --", 'a b', 'ä', '']) {
        writeFileSync(join(other.folder, 'redis-password-bezahlsystem'), password);
        expect(() => other.lines('redis')).toThrow('redis-password-bezahlsystem: a password of letters');
      }
      writeFileSync(join(other.folder, 'database-url-bezahlsystem'), 'postgres://id:secret@127.0.0.1/postgres');
      expect(() => other.inPostgres(postgres)).toThrow('database-url-bezahlsystem');
    });
  },
);
