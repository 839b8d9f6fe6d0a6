import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeOwnCertificate } from '../support/own-certificate.ts';
import { freePort } from '../support/free-port.ts';
import { endAll, freshCheckout, run, type Run } from '../support/process.ts';

let checkout: ReturnType<typeof freshCheckout>;
let env: Readonly<Record<string, string>>;
let own: { readonly certificate: string; readonly key: string };
let ports: { readonly id: number; readonly portal: number; readonly fz: number };
let runs: Run[] = [];

const begin = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Run => {
  const started = run(process.execPath, ['--disable-warning=ExperimentalWarning', 'dist/cli.js', ...args], {
    cwd: checkout.directory,
    env: { ...env, ...more },
  });
  runs.push(started);
  return started;
};
const health = (...part: string[]): Promise<number | null> => begin(['health', ...part]).ended;
const stop = async ({ child, ended }: Run): Promise<number | null> => {
  child.kill('SIGTERM');
  return ended;
};

/** What an operator makes before the first start. */
const makeSecrets = (folder: string): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text, { mode: 0o600 });
  write('master.key', randomBytes(32).toString('base64url'));
  for (const part of ['bayern-portal', 'mein-postfach', 'bezahlsystem', 'fuehrungszeugnis', 'registerbehoerde']) {
    write(`${part}.key`, randomBytes(32).toString('base64url'));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = { ...privateKey.export({ format: 'jwk' }), kid: part, alg: 'ES256', use: 'sig' };
    write(`${part}.private.json`, JSON.stringify(key));
    write(`${part}.public.json`, JSON.stringify({ keys: [{ ...key, d: undefined }] }));
  }
};

beforeAll(async () => {
  checkout = freshCheckout();
  const build = run('npm', ['exec', '--', 'tsc', '--noCheck'], { cwd: checkout.directory });
  runs.push(build);
  expect(await build.ended).toBe(0);
  for (const file of ['development.yaml', 'test-persons.yaml']) rmSync(join(checkout.directory, 'config', file));
  makeSecrets(join(checkout.directory, 'data', 'secrets'));
  const folder = join(checkout.directory, 'secrets');
  mkdirSync(folder, { mode: 0o700 });
  own = await makeOwnCertificate(['id.example.de', 'portal.example.de', 'fz.example.de']);
  for (const name of ['tls', 'eid-client', 'eid-client-signer', 'eid-server-ca', 'eid-server-signer']) {
    writeFileSync(join(folder, `${name}.pem`), own.certificate);
    writeFileSync(join(folder, `${name}.key`), own.key, { mode: 0o600 });
  }
  const [id, portal, fz] = [await freePort(), await freePort(), await freePort()];
  ports = { id, portal, fz };
  const set: Readonly<Record<string, string>> = {
    ID__ISSUER: 'https://id.example.de',
    ID__PORT: String(id),
    // Nobody answers there: a service whose eID-Server is away still starts.
    ID__EID__SERVER__ADDRESS: 'https://localhost:9/eid',
    ID__MAIL__SMTP__HOST: 'localhost',
    ID__MAIL__SMTP__FROM__ADDRESS: 'bayern-id@id.example.de',
    BAYERN_PORTAL__ORIGIN: 'https://portal.example.de',
    BAYERN_PORTAL__PORT: String(portal),
    BAYERN_PORTAL__FUEHRUNGSZEUGNIS_ORIGIN: 'https://fz.example.de',
    BAYERN_PORTAL__MEIN_POSTFACH_ORIGIN: 'https://postfach.example.de',
    BAYERN_PORTAL__BEZAHLSYSTEM_ORIGIN: 'https://bezahlen.example.de',
    MEIN_POSTFACH__ORIGIN: 'https://postfach.example.de',
    MEIN_POSTFACH__PORTAL_ORIGIN: 'https://portal.example.de',
    BEZAHLSYSTEM__ORIGIN: 'https://bezahlen.example.de',
    BEZAHLSYSTEM__MEIN_POSTFACH_ORIGIN: 'https://postfach.example.de',
    FUEHRUNGSZEUGNIS__ORIGIN: 'https://fz.example.de',
    FUEHRUNGSZEUGNIS__PORT: String(fz),
    FUEHRUNGSZEUGNIS__PORTAL_ORIGIN: 'https://portal.example.de',
    REGISTERBEHOERDE__ORIGIN: 'https://registerbehoerde.example.de',
    WEB__TLS__CERTIFICATE_FILE: 'secrets/tls.pem',
    WEB__TLS__KEY_FILE: 'secrets/tls.key',
    OUTBOUND__CA_FILE: 'secrets/tls.pem',
    // Both parts run on this machine.
    WEB__MONITORING_PORT: '0',
    // No proxy has to notice.
    WEB__DRAIN_SECONDS: '0',
  };
  env = {
    NODE_ENV: 'production',
    ...Object.fromEntries(Object.entries(set).map(([key, value]) => [`BAYERN_ID__${key}`, value])),
  };
});
beforeEach(async () => {
  await endAll(runs);
  runs = [];
});
afterAll(async () => {
  await endAll(runs);
  checkout.remove();
});

/** As a browser would ask, under the part's public name. */
const get = (host: string, port: number, path: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const asked = {
      host: '127.0.0.1',
      servername: host,
      port,
      path,
      ca: own.certificate,
      agent: false,
      headers: { host },
    };
    const asking = request(asked, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    asking.on('error', reject);
    asking.end();
  });

describe('production with secrets and certificates of its own', () => {
  test('each part starts by its name, and health asks whatever runs here', async () => {
    expect(await health()).toBe(1);

    const id = begin(['serve', 'id']);
    await id.says('"event":"started"');
    expect([await health(), await health('id'), await health('bayern-portal')]).toEqual([0, 0, 1]);
    const { body } = await get('id.example.de', ports.id, '/.well-known/openid-configuration');
    expect(JSON.parse(body)).toMatchObject({ issuer: 'https://id.example.de' });
    expect((await get('id.example.de', ports.id, '/entwickler/bausteine')).status).toBe(404);

    const portal = begin(['serve', 'bayern-portal']);
    await portal.says('"event":"started"');
    expect([await health(), await health('bayern-portal')]).toEqual([0, 0]);
    expect((await get('portal.example.de', ports.portal, '/')).body).toContain('Bayern-Portal');

    expect(await stop(id)).toBe(0);
    expect([await health(), await health('id')]).toEqual([0, 1]);
    expect(await stop(portal)).toBe(0);
    expect(await health()).toBe(1);
  });

  test('one part that is not ready makes the container unhealthy', async () => {
    const portal = begin(['serve', 'bayern-portal']);
    await portal.says('"event":"started"');
    const unready = createServer({ key: own.key, cert: own.certificate }, (_, response) =>
      response.writeHead(503).end('not ready\n'),
    ).listen(ports.fz, '127.0.0.1');
    try {
      expect([await health('bayern-portal'), await health('fuehrungszeugnis'), await health()]).toEqual([0, 1, 1]);
    } finally {
      unready.close();
    }
  });

  test('health of a part that nobody knows is not understood', async () => {
    expect(await health('portal')).toBe(2);
    expect(await health('constructor')).toBe(2);
  });
});
