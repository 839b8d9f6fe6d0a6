import { X509Certificate } from 'node:crypto';
import { globSync, readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { addCertificateMetrics } from '../../src/monitoring/certificates.ts';
import { createHealth } from '../../src/web/health.ts';
import { silentLog } from '../../src/web/log.ts';
import { createMetrics, prefixed } from '../../src/web/metrics.ts';
import { routeGroup } from '../../src/web/route-groups.ts';
import { makeOwnCertificate } from '../support/own-certificate.ts';

const samples = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

describe('metrics', () => {
  test('a label has only the values that were announced: what anybody sends is "other"', () => {
    const metrics = createMetrics();
    const seen = metrics.counters('seen_total', 'Seen.', { method: ['GET', 'say "hi"\n'], part: ['id'] });
    seen.add({ method: 'GET', part: 'id' });
    seen.add({ method: 'GET', part: 'id' }, 2);
    seen.add({ method: 'erika@example.de"} 1\nforged 1', part: 'mallory' });
    seen.add({ method: '__proto__', part: 'constructor' });
    seen.add({ method: 'say "hi"\n', part: 'id' });
    expect(samples(metrics.text())).toEqual([
      'seen_total{method="GET",part="id"} 3',
      'seen_total{method="other",part="other"} 2',
      String.raw`seen_total{method="say \"hi\"\n",part="id"} 1`,
    ]);
  });

  test('a histogram counts below its bounds, each with those before', () => {
    const metrics = createMetrics();
    const took = metrics.histograms('took_seconds', 'Took.', { part: ['id'] });
    for (const seconds of [0.001, 0.005, 0.3, 60]) took.observe({ part: 'id' }, seconds);
    const lines = samples(metrics.text());
    const below = (bound: string): string | undefined =>
      lines.find((line) => line.startsWith(`took_seconds_bucket{part="id",le="${bound}"} `))?.split(' ')[1];
    expect(['0.0025', '0.005', '0.25', '0.5', '10', '+Inf'].map(below)).toEqual(['1', '2', '2', '3', '3', '4']);
    expect(lines).toContain('took_seconds_count{part="id"} 4');
    expect(lines).toContain('took_seconds_sum{part="id"} 60.306');
  });

  test('what is only known by looking is looked at before an answer; what fails leaves the rest as it is', async () => {
    const metrics = createMetrics();
    const gauge = prefixed(metrics, 'postfach_').gauge('waiting', 'Waiting.');
    metrics.look(async () => gauge.set(7));
    metrics.look(() => Promise.reject(new Error('the store is away')));
    expect(samples(metrics.text())).toEqual(['postfach_waiting 0']);
    expect(samples(await metrics.read())).toEqual(['postfach_waiting 7']);
    expect(() => metrics.gauge('postfach_waiting', 'Twice.')).toThrow('is there already');
  });

  test('of several certificates for one purpose the last end counts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bayern-id-certificates-'));
    const { certificate } = await makeOwnCertificate(['localhost']);
    const ends = new X509Certificate(certificate).validToDate.getTime();
    writeFileSync(join(folder, 'web.pem'), certificate);
    const metrics = createMetrics();
    addCertificateMetrics(
      metrics,
      [{ for: 'web', file: join(folder, 'web.pem') }],
      [
        { for: 'eid_server_signer', validTo: 2_000_000 },
        { for: 'eid_server_signer', validTo: 9_000_999 },
      ],
    );
    rmSync(folder, { recursive: true });
    expect(samples(metrics.text()).toSorted()).toEqual([
      'certificate_expiry_timestamp_seconds{for="eid_server_signer"} 9000',
      `certificate_expiry_timestamp_seconds{for="web"} ${Math.floor(ends / 1000)}`,
    ]);
  });
});

describe('readiness', () => {
  test('RL-03, RL-07: says why not, asks the stores once a second, and is not ready while it drains', async () => {
    let asked = 0;
    let away = true;
    const health = createHealth(
      {
        stores() {
          asked += 1;
          if (away)
            throw Object.assign(new Error('person@example.de'), { name: 'StorageUnavailable', code: 'ECONNREFUSED' });
        },
        keys() {},
      },
      silentLog,
    );
    const all = await Promise.all(Array.from({ length: 100 }, () => health.details()));
    expect(all[99]).toEqual({
      ready: false,
      draining: false,
      checks: { stores: 'failed: StorageUnavailable (ECONNREFUSED)', keys: 'ok' },
    });
    expect(asked).toBe(1);
    away = false;
    const again = createHealth({ stores() {} }, silentLog);
    expect(await again.details()).toMatchObject({ ready: true });
    again.drain();
    expect(await again.details()).toEqual({ ready: false, draining: true, checks: { stores: 'ok' } });
  });
});

describe('groups of routes', () => {
  test.each([
    ['/', ''],
    ['/?error=x', ''],
    ['/anmelden/8d0c9f-secret/code?x=1', 'anmelden'],
    ['/token', 'token'],
    ['/token/introspection', 'token/introspection'],
    ['/api/letters/4711', 'api/letters'],
    ['/erika.mustermann', 'other'],
    ['*', 'other'],
    ['/__proto__', 'other'],
  ])('%s is %j', (target, group) => expect(routeGroup(target)).toBe(group));

  test('every path that a part answers has one', () => {
    const paths = globSync('src/{id,portal,web,mail,simulators}/**/*.{ts,tsx}').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\.(?:get|post|put|delete|all)\(\s*['`](\/[^'`$]*)/g)].map(
        ([, path = '']) => path,
      ),
    );
    expect(paths.length).toBeGreaterThan(80);
    expect([...new Set(paths)].filter((path) => routeGroup(path) === 'other')).toEqual([]);
  });
});
