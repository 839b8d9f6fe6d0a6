import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { storageSettings, storesLocation } from '../../src/storage/settings.ts';

const messages = (settings: unknown): string[] => {
  const { error } = storageSettings.safeParse(settings);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
};

describe('storage settings', () => {
  test('without any are files in data', () => {
    expect(storesLocation(storageSettings.parse({}))).toEqual({
      directory: 'data',
      databaseUrl: undefined,
      databaseConnections: 10,
      redis: undefined,
    });
  });

  test.each([
    [{ url: 'redis://127.0.0.1:6379' }, { url: 'redis://127.0.0.1:6379' }],
    [
      { sentinels: ['one:26379', 'two:26379'], name: 'main', sentinel_password: 's', password: 'p' },
      {
        sentinels: [
          { host: 'one', port: 26379 },
          { host: 'two', port: 26379 },
        ],
        name: 'main',
        sentinelPassword: 's',
        password: 'p',
        tls: true,
        acknowledgedBy: 1,
      },
    ],
    [
      { cluster: ['one:6379'], username: 'u', acknowledged_by: 0 },
      { cluster: [{ host: 'one', port: 6379 }], username: 'u', tls: true, acknowledgedBy: 0 },
    ],
  ])('of Redis %j become its location', (redis, location) => {
    expect(storesLocation(storageSettings.parse({ redis })).redis).toEqual(location);
  });

  test.each([
    [{ database_url: 'postgres://u@db.example/b?sslmode=verify-full' }],
    [{ database_url: 'postgres://u@127.0.0.1:5432/b' }],
    [{ database_url: 'postgres://u@localhost/b' }],
    [{ database_url: 'postgres://u@[::1]/b' }],
    [{ redis: { url: 'rediss://cache.example:6380' } }],
    [{ database_url: 'postgres://u@db.example/b', allow_unencrypted: true }],
    [{ redis: { cluster: ['one:6379'], tls: false }, allow_unencrypted: true }],
  ])('%j are accepted', (settings) => {
    expect(messages(settings)).toEqual([]);
  });

  test.each([
    [{ database_url: 'postgres://u@db.example/b' }, 'database_url'],
    [{ database_url: 'postgres://u@db.example/b?sslmode=require' }, 'database_url'],
    [{ database_url: 'postgres://u@127.0.0.1.evil.example/b' }, 'database_url'],
    [{ database_url: 'mysql://u@127.0.0.1/b' }, 'database_url'],
    [{ redis: { url: 'redis://cache.example:6379' } }, 'redis'],
    [{ redis: { cluster: ['one:6379'], tls: false } }, 'redis'],
    [{ redis: { cluster: [] } }, 'redis'],
    [{ redis: { cluster: ['one'] } }, 'redis'],
    [{ redis: { url: 'rediss://c', name: 'x' } }, 'redis'],
    [{ directory: '' }, 'directory'],
    [{ databaseurl: 'x' }, ''],
  ])('%j are refused, by the name of the key', (settings, path) => {
    expect(messages(settings)).toHaveLength(1);
    expect(messages(settings)[0]?.startsWith(path)).toBe(true);
  });

  test('can be written as JSON Schema, every key with its description', () => {
    const schema = z.toJSONSchema(storageSettings, { io: 'input' });
    const properties = Object.entries(schema.properties ?? {});
    expect(properties.length).toBe(5);
    for (const [, property] of properties) expect(property).toHaveProperty('description');
  });
});
