import { rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { metricsIn, readAlerts } from '../support/alerts.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, erikaAtFuehrungszeugnis } from '../support/journey.ts';
import { freePort } from '../support/free-port.ts';

let app: TestApp;
let port: number;
beforeAll(async () => {
  for (;;) {
    port = await freePort();
    app = await startTestApp({ set: { WEB__MONITORING_PORT: String(port) } });
    // Another run of the tests on this machine may have been quicker.
    if (!app.log.some((line) => line.includes('monitoring_left_out'))) return;
    await app.stop();
  }
}, 60_000);
afterAll(() => app.stop());

const metrics = async (): Promise<Readonly<Record<string, number>>> => {
  const response = await fetch(`http://localhost:${port}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => line.split(' ')).map(([name = '', value]) => [name, Number(value)]));
};
const health = async (): Promise<unknown> => (await fetch(`http://127.0.0.1:${port}/health`)).json();

/** Of a metric with labels, the values by its labels. */
const labelled = async (name: string): Promise<Readonly<Record<string, number>>> =>
  Object.fromEntries(
    Object.entries(await metrics())
      .filter(([key]) => key.startsWith(`${name}{`))
      .map(([key, value]) => [key.slice(name.length), value]),
  );

describe('metrics of logins, requests, stores and queues', () => {
  const unknown = 'niemand.hier@example.org';
  let person: Person;
  beforeAll(async () => {
    person = createPerson();
    const login = await person.visit(`${app.portal}/login`);
    const wrong = await person.submit(login, '/passwort', { ...erika, password: 'falsch-falsch-falsch' });
    const nobody = await person.submit(wrong, '/passwort', { login: unknown, password: 'falsch-falsch-falsch' });
    await person.submit(nobody, '/passwort', erika);
    await erikaAtFuehrungszeugnis(app);
    await app.outboxEmpty();
  }, 60_000);

  test('logins by method, level and outcome, also those of names that nobody has', async () => {
    const logins = await labelled('logins_total');
    expect(logins['{method="password",level="none",outcome="wrong_password"}']).toBe(2);
    expect(logins['{method="password",level="basic",outcome="succeeded"}']).toBeGreaterThanOrEqual(1);
    expect(logins['{method="eid",level="high",outcome="succeeded"}']).toBe(1);
  });

  test('latencies by part and group of routes, and the stores behind them', async () => {
    const requests = await labelled('http_request_duration_seconds_count');
    expect(requests['{part="id",route="anmelden",method="POST",status="3xx"}']).toBeGreaterThanOrEqual(1);
    expect(requests['{part="id",route="token",method="POST",status="2xx"}']).toBeGreaterThanOrEqual(2);
    expect(requests['{part="bayern-portal",route="callback",method="GET",status="3xx"}']).toBeGreaterThanOrEqual(1);
    const stores = await labelled('store_call_duration_seconds_count');
    for (const part of ['id', 'bayern-portal', 'fuehrungszeugnis'])
      expect(stores[`{part="${part}",store="sqlite",operation="select"}`]).toBeGreaterThanOrEqual(1);
    expect(stores['{part="id",store="sqlite",operation="commit"}']).toBeGreaterThanOrEqual(1);
    expect(await labelled('http_requests_in_flight')).toMatchObject({ '{part="id"}': 0 });
  });

  test('queues, keys, certificates, journal and process', async () => {
    const all = await metrics();
    expect(all).toMatchObject({
      'outbox_waiting{part="id",kind="mail"}': 0,
      'keys{use="ES256",stage="current"}': 1,
      'keys{use="cookie",stage="current"}': 1,
      'ready{part="id"}': 1,
      'ready{part="registerbehoerde"}': 1,
      journal_waiting_events: 0,
      journal_failures_total: 0,
      password_hashes_refused_total: 0,
    });
    const now = Date.now() / 1000;
    expect(all['key_in_use_since_timestamp_seconds{use="ES256"}']).toBeLessThanOrEqual(now);
    expect(all['certificate_expiry_timestamp_seconds{for="id_mutual_tls"}']).toBeGreaterThan(now);
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'process_open_fds',
      'storage_free_bytes',
    ])
      expect(all[name]).toBeGreaterThan(0);
  });

  test('the oldest event without a link, and a message that cannot be sent, are seen', async () => {
    await app.app.id?.poll();
    expect((await metrics())['journal_unlinked_seconds']).toBe(0);
    await app.app.id?.journal.recordNow([{ type: 'recovery.requested' }]);
    shiftClock(90_000);
    try {
      expect((await metrics())['journal_unlinked_seconds']).toBeGreaterThanOrEqual(90);
    } finally {
      resetClock();
    }
    await app.app.id?.poll();
    expect((await metrics())['journal_unlinked_seconds']).toBe(0);
  });

  test('no label holds anything of a person, and no metric has many', async () => {
    const account = await app.citizen('erika');
    const text = await (await fetch(`http://localhost:${port}/metrics`)).text();
    const secret = [
      account?.account.id,
      unknown,
      'erika',
      'mustermann',
      '127.0.0.1',
      'tctoken',
      'csrf',
      'fuehrungszeugnis/',
    ];
    for (const word of secret) expect(text.toLowerCase()).not.toContain(String(word).toLowerCase());
    const values = new Map<string, Set<string>>();
    for (const [, label = '', value = ''] of text.matchAll(/[{,]([a-z]+)="((?:[^"\\]|\\.)*)"/g))
      values.set(label, (values.get(label) ?? new Set()).add(value));
    expect([...values.keys()].toSorted()).toEqual(
      [
        'part',
        'route',
        'method',
        'status',
        'le',
        'store',
        'operation',
        'kind',
        'use',
        'stage',
        'for',
        'state',
        'level',
        'outcome',
        'quantile',
        'rank',
        'turn',
      ].toSorted(),
    );
    for (const [label, all] of values)
      for (const value of all) {
        expect([label, value]).toEqual([label, expect.stringMatching(/^[A-Za-z0-9.+/_-]{0,30}$/)]);
        // No ids: what is long and has digits is none of our words.
        if (label !== 'le') expect(value).not.toMatch(/\d.*\d.*\d.*\d/);
      }
  });
});

describe('the alert rules', () => {
  test('name metrics that are there, and values that their labels can have', async () => {
    const text = await (await fetch(`http://localhost:${port}/metrics`)).text();
    const there = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]));
    const known = [...there].flatMap(([name, type]) =>
      type === 'histogram' ? ['bucket', 'sum', 'count'].map((end) => `${name}_${end}`) : [name],
    );
    for (const { alert, expr } of readAlerts())
      for (const name of metricsIn(expr)) {
        expect([alert, name, known.includes(name)]).toEqual([alert, name, true]);
        // A rate of what may fall is none.
        if (/\b(?:rate|increase)\($/.test(expr.slice(0, expr.indexOf(name))))
          expect(name).toMatch(/_(?:total|count|bucket)$/);
      }
  });
});

describe('metrics and health in detail', () => {
  test('RL-07: ready and live, with reasons, until a store is away', async () => {
    const live = await fetch(`http://127.0.0.1:${port}/health/live`);
    expect([live.status, await live.json()]).toEqual([200, { live: true, pid: process.pid }]);
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      {
        ready: true,
        parts: { id: { ready: true, draining: false, checks: { stores: 'ok' } }, bezahlsystem: { ready: true } },
      },
    ]);
  });

  test('SC-05: tell of a broken file until it is mended', async () => {
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
