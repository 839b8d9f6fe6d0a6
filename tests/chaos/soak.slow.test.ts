import { afterAll, expect, test } from '@jest/globals';
import { builtProgram } from '../support/cluster/build.ts';
import { describeIf, need } from '../support/lack.ts';
import { endAll, run, type Run } from '../support/process.ts';

/** Of `npm run soak -- --minutes 60`, as much as there is time for in CI. */
const minutes = '2';

describeIf(need('postgres') && need('redis-server'), 'RL-09: mixed load over two nodes', () => {
  const runs: Run[] = [];
  afterAll(() => endAll(runs));

  test('no request fails, nothing is lost, memory and file handles stay, everything in Redis expires', async () => {
    const program = await builtProgram();
    const args = ['--disable-warning=ExperimentalWarning', 'bench/soak.ts', '--minutes', minutes, '--json'];
    const soak = run(process.execPath, [...args, '--program', program], { cwd: process.cwd() });
    runs.push(soak);
    const code = await soak.ended;
    expect([code, soak.output()]).toEqual([0, expect.stringContaining('"failures":[],"stuck":[],"losses":[]')]);
  });
});
