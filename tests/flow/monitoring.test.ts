import { rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { freePort } from '../support/free-port.ts';

let app: TestApp;
let port: number;
beforeAll(async () => {
  port = await freePort();
  app = await startTestApp({ set: { WEB__MONITORING_PORT: String(port) } });
}, 60_000);
afterAll(() => app.stop());

const metrics = async (): Promise<Readonly<Record<string, number>>> => {
  const response = await fetch(`http://localhost:${port}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => line.split(' ')).map(([name = '', value]) => [name, Number(value)]));
};
const health = async (): Promise<unknown> => (await fetch(`http://127.0.0.1:${port}/health`)).json();

describe('metrics and health in detail', () => {
  test('tell of a broken file until it is mended', async () => {
    const before = await metrics();
    const clients = (await app.app.reloadClients()).set?.clients.size ?? 0;
    expect(clients).toBeGreaterThan(3);
    expect(before).toMatchObject({ clients, config_reload_failed_total: 0, config_last_reload_successful: 1 });
    expect(before['config_last_reload_success_timestamp_seconds']).toBeGreaterThan(Date.now() / 1000 - 60);
    expect(await health()).toMatchObject({
      id: { ready: true, checks: { stores: 'ok' } },
      clients: { state: 'in_force', findings: [] },
    });

    const broken = join(app.config, 'clients', 'kaputt.yaml');
    writeFileSync(broken, 'client_id: kaputt\nclient_nam: K\n');
    await app.app.reloadClients();
    expect(await metrics()).toMatchObject({ clients, config_last_reload_successful: 0 });
    expect((await metrics())['config_reload_failed_total']).toBeGreaterThan(0);
    expect(await health()).toMatchObject({
      // The old set is in force: nobody is to be sent elsewhere for that.
      id: { ready: true },
      clients: {
        state: 'refused',
        since: expect.stringMatching(/^\d{4}-.*Z$/),
        findings: expect.arrayContaining([
          expect.stringMatching(/kaputt\.yaml:2:1: error: client_nam: unknown key; did you mean "client_name"\?/),
        ]),
      },
    });

    rmSync(broken);
    await app.app.reloadClients();
    expect(await metrics()).toMatchObject({ clients, config_last_reload_successful: 1 });
    expect(await health()).toMatchObject({ clients: { state: 'in_force', findings: [] } });
  });

  test('are on loopback alone, under its names alone, and nowhere on the public port', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of outside)
      await expect(fetch(`http://${address}:${port}/metrics`, { signal: AbortSignal.timeout(2000) })).rejects.toThrow();
    for (const path of ['/metrics', '/health']) expect((await fetch(`${app.issuer}${path}`)).status).toBe(404);
    expect((await fetch(`http://localhost:${port}/metrics`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`http://localhost:${port}/`)).status).toBe(404);
  });
});
