import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { EidPort } from '../src/id/authentication/eid/port.ts';
import { client, freePort, makeFolder, product } from './world.ts';

/**
 * What many client files cost: how long they take to load, and how long requests wait while changes of them come into
 * force. One process as in production; the requests come from a thread of their own.
 */

const { startApp } = await product<typeof import('../src/app.ts')>('app.js');
const { clientVariables } = await product<typeof import('../src/client-variables.ts')>('client-variables.js');
const { loadSettings } = await product<typeof import('../src/config/load.ts')>('config/load.js');
const { settings: schema } = await product<typeof import('../src/settings.ts')>('settings.js');
const { createLog } = await product<typeof import('../src/web/log.ts')>('web/log.js');
const { createClientLoader } = await product<typeof import('../src/id/clients/load.ts')>('id/clients/load.js');
const { eidOperations } = await product<typeof import('../src/id/authentication/eid/port.ts')>(
  'id/authentication/eid/port.js',
);

const { values } = parseArgs({ options: { files: { type: 'string', default: '10000' } } });
const count = Number(values.files);
const authorities = 100;
const secret = 'x'.repeat(43);

const noCards: EidPort = {
  start: () => Promise.reject(new Error('nobody logs in here')),
  fetchResult: () => Promise.reject(new Error('nobody logs in here')),
  info: () => Promise.resolve({ version: '2.4', allowed: new Set(eidOperations) }),
  close() {},
};

const folder = makeFolder();
const config = join(folder.path, 'config');

const authorityOf = (number: number): string => `stadt${number % authorities}`;

const writeClient = (number: number, purpose: string): void => {
  const authority = authorityOf(number);
  writeFileSync(
    join(config, 'clients', authority, `dienst${number}.yaml`),
    `# yaml-language-server: $schema=../../schema/client.json
client_id: ${authority}-dienst${number}
client_name: { de: Dienst ${number}, en: Service ${number} }
redirect_uris: [https://dienst${number}.${authority}.example/callback]
backchannel_logout_uri: https://dienst${number}.${authority}.example/logout
jwks:
  keys:
    - kty: EC
      crv: P-256
      x: f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU
      y: x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0
scope: openid profile
purpose: { de: ${purpose}, en: ${purpose} }
`,
  );
};

for (let number = 0; number < authorities; number++) {
  mkdirSync(join(config, 'clients', authorityOf(number)), { recursive: true });
  writeFileSync(
    join(config, 'authorities', `${authorityOf(number)}.yaml`),
    `name: Stadt ${number}\nclient_names: any\nhosts: ['*.${authorityOf(number)}.example']\nscopes: [openid, profile]\n`,
  );
}
for (let number = 0; number < count; number++) writeClient(number, 'Messung');

const port = await freePort();
const env = {
  NODE_ENV: 'production',
  BENCH_CLIENT_SECRET: secret,
  BAYERN_ID__ID__ISSUER: `http://localhost:${port}`,
  BAYERN_ID__ID__PORT: String(port),
  BAYERN_ID__WEB__MONITORING_PORT: '0',
  BAYERN_ID__ID__MAIL__SMTP__HOST: 'localhost',
  BAYERN_ID__ID__MAIL__SMTP__FROM__ADDRESS: 'bayern-id@id.example.de',
  BAYERN_ID__STORAGE__DIRECTORY: join(folder.path, 'data'),
};
const settings = loadSettings(config, schema, env);

const ms = (value: number): string => `${value.toFixed(1)} ms`;

/** ms of CPU that this thread has had: on a machine that others use, the clock says more about them than about us. */
const cpu = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** Looks at every turn of the event loop how much CPU the last one took, until `stop`. */
const watchTurns = (): { stop(): number } => {
  let [longest, last, on] = [0, cpu(), true];
  const turn = (): void => {
    const now = cpu();
    longest = Math.max(longest, now - last);
    last = now;
    if (on) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    stop() {
      on = false;
      return longest;
    },
  };
};

try {
  const loader = createClientLoader({ directory: config, variables: clientVariables(settings), env, production: true });
  for (const name of ['loaded', 'looked at again, nothing changed']) {
    const [began, spent] = [performance.now(), cpu()];
    const { set } = await loader.load();
    console.log(`${set?.clients.size} clients ${name}: ${ms(performance.now() - began)}, CPU ${ms(cpu() - spent)}`);
  }

  const app = await startApp({
    settings,
    configDirectory: config,
    production: true,
    parts: ['id'],
    env,
    log: createLog({ least: 'error' }),
    eid: noCards,
    // Only this measurement says when files are read.
    reloadInterval: 3600_000,
  });
  const visitor = new Worker(
    `const { parentPort, workerData: { port, authorization } } = require('node:worker_threads');
    let longest = 0, sent = 0;
    parentPort.on('message', () => { parentPort.postMessage({ longest, sent }); longest = 0; sent = 0; });
    (async () => { for (;;) {
      const began = performance.now();
      const answer = await fetch('http://localhost:' + port + '/token/introspection', {
        method: 'POST', headers: { authorization, connection: 'close' }, body: new URLSearchParams({ token: 'none' }) });
      await answer.text();
      if (answer.status !== 200) throw new Error('introspection answered ' + answer.status);
      longest = Math.max(longest, performance.now() - began); sent++;
    } })();`,
    { eval: true, workerData: { port, authorization: `Basic ${btoa(`${client.id}:${secret}`)}` } },
  );
  const requests = (): Promise<{ longest: number; sent: number }> =>
    new Promise((resolve) => {
      visitor.once('message', resolve);
      visitor.postMessage('', []);
    });
  const rest = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));
  const measure = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    await requests();
    delay.enable();
    const turns = watchTurns();
    const [start, spent] = [performance.now(), cpu()];
    await work();
    const [took, busy] = [performance.now() - start, cpu() - spent];
    const turn = turns.stop();
    delay.disable();
    const { longest, sent } = await requests();
    console.log(
      `${name}: ${ms(took)}, CPU ${ms(busy)}; longest turn of the event loop ${ms(delay.max / 1e6)} (p99 ${ms(delay.percentile(99) / 1e6)}), its CPU ${ms(turn)}; ${sent} requests, the longest ${ms(longest)}`,
    );
  };
  await rest(4000);
  await measure('at rest', () => rest(2000));
  for (const changes of [1, 1000, count]) {
    for (let number = 0; number < changes; number++) writeClient(number, `Messung ${changes}`);
    await rest(100);
    await measure(`${changes} changed`, () => app.reloadClients());
  }
  await visitor.terminate();
  await app.close(0);
} finally {
  folder.remove();
}
