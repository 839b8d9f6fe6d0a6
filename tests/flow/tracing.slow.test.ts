import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson } from '../support/browse.ts';
import { startCollector, type CollectedSpan, type Collector } from '../support/collector.ts';
import { freePort } from '../support/free-port.ts';
import { erika, erikaAtFuehrungszeugnis, loginAtPortal } from '../support/journey.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

const attribute = (span: CollectedSpan, name: string): string | undefined => {
  const value = span.attributes.find(({ key }) => key === name)?.value;
  return value?.['stringValue'] ?? value?.['intValue'];
};

describe('one login, traced', () => {
  let app: TestApp;
  let collector: Collector;
  let all: readonly CollectedSpan[];
  beforeAll(async () => {
    collector = await startCollector();
    app = await startTestApp({
      set: {
        WEB__TRACING__ENDPOINT: collector.endpoint,
        WEB__TRACING__SAMPLE: '0',
        WEB__TRACING__HEADERS: '{authorization: Bearer collector-token}',
        WEB__MONITORING_PORT: String(await freePort()),
      },
    });
    // Nobody has decided about these, and of what begins here nothing is taken.
    await loginAtPortal(app, createPerson());
    await erikaAtFuehrungszeugnis(app, createPerson({ traceparent }));
    await app.stop();
    all = collector.spans();
  }, 60_000);
  afterAll(() => collector.stop());

  test('is one trace over Bayern-ID, its stores, the eID-Server and two services', () => {
    expect(collector.paths.every((path) => path === 'POST /v1/traces')).toBe(true);
    expect(collector.headers[0]).toMatchObject({
      'content-type': 'application/json',
      authorization: 'Bearer collector-token',
    });
    expect([...new Set(all.map((span) => span.traceId))]).toEqual([traceId]);
    expect([...new Set(all.map(({ service }) => service))].toSorted()).toEqual(
      expect.arrayContaining(['bayern-portal', 'fuehrungszeugnis', 'id']),
    );
    const names = all.map(({ service, name }) => `${service}: ${name}`);
    for (const name of [
      'id: GET /auth',
      'id: POST /anmelden',
      'id: POST /token',
      'id: select accounts',
      'id: commit',
      // The session there begins when the eID client asks for it, which is no request of the browser.
      'id: eID-Server getResult',
      'bayern-portal: GET /callback',
      'bayern-portal: POST localhost',
      'fuehrungszeugnis: GET /callback',
    ])
      expect(names).toContain(name);
  });

  test('each span hangs below the one that asked for it, over the network as well', () => {
    const byId = new Map(all.map((span) => [span.spanId, span]));
    expect(byId.size).toBe(all.length);
    const chain = (span: CollectedSpan | undefined): string[] =>
      span === undefined ? [] : [`${span.service}: ${span.name}`, ...chain(byId.get(span.parentSpanId ?? ''))];
    const token = all.find(
      ({ service, name, parentSpanId }) =>
        service === 'id' && name === 'POST /token' && byId.get(parentSpanId ?? '')?.service === 'bayern-portal',
    );
    expect(chain(token)).toEqual(['id: POST /token', 'bayern-portal: POST localhost', 'bayern-portal: GET /callback']);
    const statement = all.find(({ parentSpanId }) => parentSpanId === token?.spanId);
    expect(attribute(statement as CollectedSpan, 'db.system.name')).toBe('sqlite');
    for (const span of all) {
      if (!byId.has(span.parentSpanId ?? '')) expect(span.parentSpanId).toBe('00f067aa0ba902b7');
      expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
      expect(span.startTimeUnixNano).toMatch(/^\d{19}$/);
      expect(span.parentSpanId ?? '').toMatch(/^[0-9a-f]{16}$/);
    }
    const auth = all.find(({ name }) => name === 'POST /token') as CollectedSpan;
    expect(auth).toMatchObject({ kind: 2, status: {} });
    expect([attribute(auth, 'http.request.method'), attribute(auth, 'http.response.status_code')]).toEqual([
      'POST',
      '200',
    ]);
  });

  test('nothing in it is of a person, and nothing is secret', () => {
    const text = collector.bodies.join('\n').toLowerCase();
    for (const word of [
      'erika',
      'mustermann',
      'heidestrasse',
      erika.password,
      'collector-token',
      'code=',
      'csrf',
      '?',
      'urn:',
      'eyj',
    ])
      expect(text).not.toContain(word);
    const keys = new Set(all.flatMap(({ attributes }) => attributes.map(({ key }) => key)));
    expect([...keys].toSorted()).toEqual(
      [
        'db.collection.name',
        'db.operation.name',
        'db.system.name',
        'http.request.method',
        'http.response.status_code',
        'http.route',
        'server.address',
      ].toSorted(),
    );
    for (const span of all)
      for (const { key, value } of span.attributes) {
        const written = value['stringValue'] ?? value['intValue'] ?? '';
        expect([key, written]).toEqual([key, expect.stringMatching(/^[a-zA-Z_/.-]{1,40}$|^\d{3}$/)]);
      }
  });
});
