import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { builtProgram } from '../support/cluster/build.ts';
import { describeIf, need } from '../support/lack.ts';

const run = promisify(execFile);

interface Report {
  readonly hostile: number;
  readonly byAttack: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly breakIns: number;
  readonly lockedOut: number;
  readonly storm: { readonly logins: number };
}

const has = need('redis-server') && need('postgres') && need('haproxy');

describeIf(has, 'a small storm', () => {
  test('two thousand hostile requests: nobody gets in, and nobody is locked out of an own account', async () => {
    const program = await builtProgram();
    const args = ['--requests', '2000', '--seconds', '4', '--json', '--program', program];
    // It ends with 1 when logins took too long, which is not judged on a machine that does other work.
    const { stdout } = await run(process.execPath, ['bench/storm.ts', ...args]).catch(
      (error: unknown) => error as { readonly stdout: string },
    );
    const report = JSON.parse(stdout) as Report;
    expect(report.hostile).toBeGreaterThan(500);
    expect([report.breakIns, report.lockedOut]).toEqual([0, 0]);
    expect(report.storm.logins).toBeGreaterThan(0);
    for (const [attack, outcomes] of Object.entries(report.byAttack))
      expect([attack, Object.values(outcomes).reduce((sum, one) => sum + one, 0) > 0]).toEqual([attack, true]);
  });
});
