import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';

/** Writes so many lines of a kilobyte, says what has become of them, and then one line for each message that it gets. */
const program = `
const { createLog } = await import(process.argv[1]);
const { lostLogLines } = await import(process.argv[2]);
const log = createLog();
const wait = () => new Promise((resolve) => setImmediate(resolve));
for (let i = 0; i < 40_000; i += 1) {
  log.info('line', { reason: 'x'.repeat(1000) });
  if (i % 1000 === 0) await wait();
}
process.on('message', async () => {
  log.info('another');
  while (process.stdout.writableLength > 0) await wait();
  process.send({ lost: lostLogLines(), waiting: process.stdout.writableLength });
});
process.send({ lost: lostLogLines(), waiting: process.stdout.writableLength });
`;

interface Report {
  readonly lost: number;
  readonly waiting: number;
}

describe('RL-13: the log is not taken', () => {
  let child: ChildProcess;
  const start = (): ChildProcess => {
    const file = (name: string): string => join(process.cwd(), 'src', 'web', name);
    child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--input-type=module',
        '-e',
        program,
        file('log.ts'),
        file('log-sink.ts'),
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
        env: { ...process.env, NODE_OPTIONS: '' },
      },
    );
    return child;
  };
  const report = async (): Promise<Report> => ((await once(child, 'message')) as [Report])[0];
  afterEach(async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });

  test('by a reader that hangs: the process goes on, keeps four megabytes, and says afterwards how many lines are lost', async () => {
    const { stdout } = start();
    const stuck = await report();
    expect(stuck.waiting).toBeGreaterThan(3e6);
    expect(stuck.waiting).toBeLessThan(4.3e6);
    expect(stuck.lost).toBeGreaterThan(30_000);

    let text = '';
    stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    while (text.length < stuck.waiting) await once(stdout!, 'data');
    child.send('go on');
    expect((await report()).lost).toBe(stuck.lost);
    while (!text.includes('"another"')) await once(stdout!, 'data');
    const lines = text.trim().split('\n');
    expect(lines).toHaveLength(40_000 - stuck.lost + 2);
    expect(lines.slice(-2).map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ severity: 'error', event: 'log_lines_dropped', count: stuck.lost }),
      expect.objectContaining({ event: 'another' }),
    ]);
  });

  test('because its reader has gone: the process lives', async () => {
    const { stdout } = start();
    stdout?.destroy();
    expect((await report()).lost).toBeGreaterThan(30_000);
    child.send('go on');
    await report();
    expect(child.exitCode).toBeNull();
  });
});
