import { describe, expect, test } from '@jest/globals';
import { oldRedisRelease, oldRelease } from '../../src/storage/server-releases.ts';

describe('SC-06: releases of servers', () => {
  test.each([
    ['postgres', '15.18 (Debian 15.18-0+deb12u1)'],
    ['postgres', '17.10'],
    ['postgres', '18.4'],
    ['postgres', '19.0'],
    ['postgres', '19beta1'],
    ['redis', '6.2.20'],
    ['redis', '7.2.11'],
    ['redis', '7.4.10'],
    ['redis', '8.2.2'],
    ['redis', '8.4.0'],
    ['valkey', '8.1.4'],
    ['valkey', '9.0.0'],
  ] as const)('%s %s is sound', (store, version) => {
    expect(oldRelease(store, version)).toBeUndefined();
  });

  test.each([
    ['postgres', '15.8 (Debian 15.8-0+deb12u1)', '15.18, 16.14, 17.10, 18.4; Debian 12: 15.18-0+deb12u1'],
    ['postgres', '14.23', '15.18'],
    ['postgres', '18.3', '18.4'],
    ['redis', '7.0.15', '7.2.11, 7.4.6, 8.0.4, 8.2.2; Debian 12: 5:7.0.15-1~deb12u6'],
    ['redis', '7.2.5', '7.2.11'],
    ['redis', '8.0.3', '8.0.4'],
    ['redis', '6.0.16', '6.2.20'],
    ['valkey', '8.1.3', '8.1.4'],
    ['valkey', '7.2.4', '7.2.11'],
  ] as const)('%s %s is told, with the releases that are patched', (store, version, reason) => {
    expect(oldRelease(store, version)).toEqual({
      kind: 'old_release',
      store,
      version,
      reason: expect.stringContaining(reason),
    });
  });

  test('a Valkey is known by its own number, not by the one that it shows to clients', () => {
    const info = (version: string): string =>
      `# Server\r\nredis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:${version}\r\n`;
    expect(oldRedisRelease(info('8.1.4'))).toBeUndefined();
    expect(oldRedisRelease(info('8.1.1'))).toMatchObject({ store: 'valkey', version: '8.1.1' });
    expect(oldRedisRelease('# Server\r\nredis_version:7.0.15\r\n')).toMatchObject({
      store: 'redis',
      version: '7.0.15',
    });
  });

  test('a server that does not say what it is is left alone', () => {
    expect(oldRedisRelease('')).toBeUndefined();
    expect(oldRelease('postgres', 'unknown')).toBeUndefined();
  });
});
