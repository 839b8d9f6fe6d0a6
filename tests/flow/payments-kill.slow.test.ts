import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPaymentSimulator, type PaymentSimulator } from '../../src/simulators/payment-provider/simulator.ts';
import type { DatabaseLocation } from '../../src/storage/database.ts';
import { describeIf, need } from '../support/lack.ts';
import type { ChildReport, ChildTask } from '../support/payments-child.ts';
import { startPostgres } from '../support/servers.ts';

const apiKey = 'key of the shop';

/** ms: a process for each statement. */
const timeout = 1_200_000;

let simulator: PaymentSimulator;
let origin: string;

beforeAll(async () => {
  simulator = createPaymentSimulator({
    port: 0,
    apiKey,
    callbackSecret: randomBytes(32),
    shopOrigins: ['http://localhost:3003'],
  });
  ({ origin } = await simulator.start());
});
afterAll(() => simulator.close());

interface Ended {
  readonly killed: boolean;
  readonly lines: readonly string[];
}

const child = (task: ChildTask): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const args = ['--disable-warning=ExperimentalWarning', 'tests/support/payments-child.ts', JSON.stringify(task)];
    execFile(process.execPath, args, (error, stdout, stderr) => {
      const killed = error?.signal === 'SIGKILL';
      if (error && !killed) reject(new Error(stderr));
      else resolve({ killed, lines: stdout.split('\n').filter((line) => line !== '') });
    });
  });

/** What has to be true of a fee in the end, wherever the process that began it was killed. */
const sound: ChildReport = {
  status: 'PAYED',
  booked: [1300, -300],
  notices: 1,
  refunds: ['done'],
  attempts: ['paid'],
};

const killEverywhere = async (location: DatabaseLocation): Promise<void> => {
  const common = { location, key: randomBytes(32).toString('hex'), provider: { origin, apiKey } };
  // The tables are made by one that lives.
  expect((await child({ ...common, requestId: randomUUID() })).lines).toEqual(['lived']);
  let unfinished: string | undefined;
  let step = 0;
  for (;;) {
    const requestId = randomUUID();
    const { killed, lines } = await child({
      ...common,
      requestId,
      dieBefore: step,
      ...(unfinished === undefined ? {} : { unfinished }),
    });
    if (unfinished !== undefined) expect([step - 1, JSON.parse(lines[0] ?? '')]).toEqual([step - 1, sound]);
    if (!killed) break;
    unfinished = requestId;
    step += 1;
  }
  // As many as there are statements from the first to the last.
  expect(step).toBeGreaterThan(30);
};

describe('PA-10, RL-04: kill -9 before every statement: paid once, booked once, told once', () => {
  test(
    'on SQLite',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'bayern-id-payments-kill-'));
      await killEverywhere({ file: join(folder, 'bezahlsystem.sqlite') });
      rmSync(folder, { recursive: true, force: true });
    },
    timeout,
  );
});

describeIf(need('postgres'), 'PA-10, RL-04: kill -9 before every statement', () => {
  test(
    'on PostgreSQL',
    async () => {
      const server = await startPostgres();
      await killEverywhere({ url: server.url, schema: 'bezahlsystem' });
      await server.stop();
    },
    timeout,
  );
});
