import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

/** Not the numbers, which a busy machine would fail, but that they are there, in the form that others read. */
test('npm run -s bench -- --json prints one line of JSON per row, and nothing else', () => {
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['run', '-s', 'bench', '--', '--json', '--seconds', '0.2', '--rounds', '1'],
    { encoding: 'utf8' },
  );
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rows.map(({ name }) => name)).toEqual([
    'discovery',
    'jwks',
    'login-session',
    'login-password',
    'login-sealing',
    'login-audit',
    'login-passkey',
    'hash',
    'login-eid',
    'eid-messages',
    'refresh',
    'userinfo',
    'introspection',
    'client-credentials',
    'login-par-dpop',
    'registration',
    'konto',
    'logout-50',
    'postfach-letter',
    'postfach-attachment',
    'postfach-inbox',
    'payment-create',
    'payment-read',
    'payment-pay',
  ]);
  for (const row of rows) {
    const memory = row['name'] === 'postfach-attachment' ? ['memoryMB'] : [];
    expect(Object.keys(row)).toEqual(['name', 'cpuMs', 'bareCpuMs', 'ratio', 'perSecond', 'p99Ms', ...memory]);
    for (const key of ['cpuMs', 'perSecond', 'p99Ms']) expect(row[key]).toBeGreaterThan(0);
    const { bareCpuMs, ratio } = row;
    expect(typeof bareCpuMs).toBe(typeof ratio);
    if (bareCpuMs !== null) expect(Number(ratio)).toBeGreaterThan(0);
  }
});
