import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bayern-id-lack-'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const write = (name: string, program: string): void =>
    writeFileSync(
      join(folder, `${name}.test.ts`),
      `import { expect, test } from '@jest/globals';
       import { describeIf, need } from '${resolve('tests/support/lack.ts')}';
       describeIf(need('${program}'), 'a suite of ${name}', () => {
         test('runs', () => expect(1).toBe(1));
       });
       test('something else', () => expect(1).toBe(1));`,
    );
  write('lacking', 'no-such-program');
  // Whatever else a machine lacks, a shell it has.
  write('complete', 'sh');
});
beforeAll(() =>
  writeFileSync(
    join(folder, 'excused.test.ts'),
    `import { expect, test } from '@jest/globals';
     import { describeUnless } from '${resolve('tests/support/lack.ts')}';
     describeUnless('version 9 cannot do it', 'a suite of excused', () => {
       test('runs', () => expect(1).toBe(1));
     });
     describeUnless(undefined, 'a suite without excuse', () => {
       test('runs', () => expect(1).toBe(1));
     });`,
  ),
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Jest as somebody starts it on a machine without programs in its path. */
const jest = (name: string, ci: string | undefined): { status: number | null; output: string } => {
  const { CI: _, BAYERN_ID_TEST_RUN: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      resolve('node_modules/jest/bin/jest.js'),
      name,
      '--config',
      resolve('jest.config.js'),
      '--rootDir',
      folder,
      '--testMatch=<rootDir>/*.test.ts',
      '--reporters=default',
      `--reporters=${resolve('tests/support/lack-reporter.js')}`,
    ],
    { cwd: folder, env: { ...env, PATH: '', ...(ci === undefined ? {} : { CI: ci }) }, encoding: 'utf8' },
  );
  return { status, output: `${stdout}${stderr}` };
};

describe('what the machine lacks', () => {
  test('is listed in the last lines with the suites that were skipped for it, and fails nothing', () => {
    const { status, output } = jest('lacking', undefined);
    expect(output.trim().split('\n').slice(-2)).toEqual([
      'SKIPPED, because this machine lacks: no-such-program',
      '  lacking.test.ts › a suite of lacking (no-such-program)',
    ]);
    expect(output).toMatch(/1 skipped, 1 passed/);
    expect(status).toBe(0);
  });

  test('with CI=true is a failure of the whole run', () => {
    const { status, output } = jest('lacking', 'true');
    expect(output).toContain('  lacking.test.ts › a suite of lacking (no-such-program)');
    expect(output.trim()).toMatch(/With CI=true nothing may be skipped: the run has failed\.$/);
    expect(status).toBe(1);
  });

  test.each([undefined, 'true'])('a reason that nothing cures is said, and fails nothing (CI=%s)', (ci) => {
    const { status, output } = jest('excused', ci);
    expect(output.trim().split('\n').at(-1)).toBe(
      'SKIPPED: excused.test.ts › a suite of excused (version 9 cannot do it)',
    );
    expect(output).toMatch(/1 skipped, 1 passed/);
    expect(status).toBe(0);
  });

  test.each([undefined, 'true'])('nothing lacks, nothing is said (CI=%s)', (ci) => {
    const { status, output } = jest('complete', ci);
    expect(output).not.toContain('SKIPPED');
    expect(output).toMatch(/2 passed/);
    expect(status).toBe(0);
  });
});
