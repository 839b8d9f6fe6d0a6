import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { describeIf, need } from '../support/lack.ts';

/** Not the numbers, which a busy machine would fail, but that they are there and follow from each other. */
describeIf(need('postgres') && need('redis-server'), 'npm run -s bench -- --stack postgres,redis --nodes 1,2', () => {
  test('prints a line of JSON for each stack, number of nodes and of accounts', () => {
    const { status, stdout, stderr } = spawnSync(
      'npm',
      [
        'run',
        '-s',
        'bench',
        '--',
        '--stack',
        'postgres,redis',
        '--nodes',
        '1,2',
        '--accounts',
        '1500',
        '--seconds',
        '0.2',
        '--json',
      ],
      { encoding: 'utf8' },
    );
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const both = (stack: string, nodes: number, accounts: number) =>
      ['login-session', 'login-password'].map((name) => [stack, nodes, accounts, name]);
    expect(rows.map((row) => [row['stack'], row['nodes'], row['accounts'], row['name']])).toEqual([
      ...both('sqlite', 1, 1500),
      ...[1, 2].flatMap((nodes) => both('postgres,redis', nodes, 1500)),
    ]);
    for (const row of rows) {
      for (const key of ['cpuMs', 'perSecond', 'p99Ms', 'startMs', 'roundTrips'])
        expect([key, Number(row[key])]).toEqual([key, expect.any(Number)]);
      // A login reads and writes; what it asks is counted, whatever else the machine does.
      expect(Number(row['roundTrips'])).toBeGreaterThan(8);
      expect(Number(row['bytesPerAccount'])).toBeGreaterThan(300);
      expect(row['redisBytesPerLogin'] === null).toBe(row['stack'] === 'sqlite');
    }
    expect(stderr).toContain('sqlite: 1500 of 1500 accounts');
  });
});
