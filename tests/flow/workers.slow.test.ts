import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../support/free-port.ts';
import { describeIf, need } from '../support/lack.ts';
import { endAll, freshCheckout, ownPorts, run, type PortSettings, type Run } from '../support/process.ts';
import { startPostgres, type TestServer } from '../support/servers.ts';

let checkout: ReturnType<typeof freshCheckout>;
let ports: PortSettings;
let monitoring: number;
let runs: Run[] = [];

beforeAll(async () => {
  checkout = freshCheckout();
  const build = run('npm', ['exec', '--', 'tsc', '--noCheck'], { cwd: checkout.directory });
  runs.push(build);
  expect(await build.ended).toBe(0);
  ports = await ownPorts();
  monitoring = await freePort();
});
beforeEach(async () => {
  await endAll(runs);
  runs = [];
});
afterAll(async () => {
  await endAll(runs);
  checkout.remove();
});

const serve = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Run => {
  const cli = ['--disable-warning=ExperimentalWarning', 'dist/cli.js', 'serve', ...args];
  const settings = { ...ports.env, BAYERN_ID__WEB__MONITORING_PORT: String(monitoring), NODE_ENV: undefined };
  const started = run(process.execPath, cli, { cwd: checkout.directory, env: { ...settings, ...env } });
  runs.push(started);
  return started;
};

/** Without a kept connection: the next request may go to another worker. */
const get = (path: string): Promise<{ status: number; connection: string | undefined }> =>
  new Promise((resolve, reject) => {
    const asked = {
      host: '127.0.0.1',
      port: ports.idPort,
      path,
      agent: false,
      headers: { host: `localhost:${ports.idPort}` },
    };
    request(asked, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, connection: answer.headers.connection }));
    })
      .on('error', reject)
      .end();
  });

const monitored = async (path: string): Promise<string> =>
  (await fetch(`http://127.0.0.1:${monitoring}${path}`)).text();

describe('more than one process is refused', () => {
  test('with files as the store', async () => {
    const refused = serve(['id', '--workers', '2']);
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toContain('needs PostgreSQL (DATABASE_URL)');
  });

  test('for simulators, and a number that is none is not understood', async () => {
    const refused = serve(['eid-simulator', '--workers', '2']);
    const misunderstood = serve(['id', '--workers', '0']);
    expect([await refused.ended, await misunderstood.ended]).toEqual([1, 2]);
    expect(refused.output()).toContain('simulators keep what they play in memory');
  });
});

describeIf(need('postgres'), 'workers of one part', () => {
  let database: TestServer;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    database = await startPostgres();
    env = { DATABASE_URL: database.url };
  });
  afterAll(() => database.stop());

  test('RL-03: share its port and one monitoring port; one that is killed is replaced; all end with the first signal', async () => {
    const id = serve(['id', '--workers', '2'], { ...env, BAYERN_ID__WEB__DRAIN_SECONDS: '1' });
    await id.says('"event":"started"');
    const workers = id.tree().slice(1);
    expect(workers).toHaveLength(2);
    expect(JSON.parse(await monitored('/health'))).toEqual({
      workers: { 1: expect.objectContaining({ id: expect.objectContaining({ ready: true }) }), 2: expect.anything() },
    });
    const numbers = await monitored('/metrics');
    expect(numbers).toMatch(/^worker_up\{worker="1"\} 1\nworker_up\{worker="2"\} 1$/m);
    expect(numbers).toMatch(/^clients\{worker="1"\} \d+\nclients\{worker="2"\} \d+$/m);

    const [victim = 0] = workers;
    process.kill(victim, 'SIGKILL');
    await id.says('"event":"worker_died"');
    // The other one goes on meanwhile.
    expect((await get('/health/ready')).status).toBe(200);
    for (;;) {
      const now = await monitored('/metrics');
      if (now.includes('worker_up{worker="1"} 1') && now.includes('worker_up{worker="2"} 1')) break;
    }
    expect(await monitored('/metrics')).toContain('workers_replaced_total 1');

    id.child.kill('SIGTERM');
    // Not ready, alive, and served on: the proxy has time to notice.
    while ((await get('/health/ready')).status === 200);
    expect(await get('/health/live')).toEqual({ status: 200, connection: 'close' });
    expect((await get('/.well-known/openid-configuration')).status).toBe(200);
    id.child.kill('SIGTERM');
    expect(await id.ended).toBe(0);
  });

  test('end with the process that started them, however it ended', async () => {
    const portal = serve(['bayern-portal', '--workers', '2'], env);
    await portal.says('"event":"started"');
    const workers = portal.tree().slice(1);
    process.kill(portal.child.pid ?? 0, 'SIGKILL');
    // The pipes of its output, which they share, close once the last of them has ended.
    await portal.ended;
    expect(workers).toHaveLength(2);
  });

  test('that cannot start say why once, and nothing is left', async () => {
    const id = serve(['id', '--workers', '3'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' });
    expect(await id.ended).toBe(1);
    expect(id.output().match(/bayern-id:/g)).toHaveLength(1);
  });
});
