import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { writeAttributes } from '../../src/tracing/attributes.ts';
import { createOtlpExporter, type FinishedSpan } from '../../src/tracing/exporter.ts';
import { createTracer } from '../../src/tracing/tracer.ts';
import { formatTraceparent, parseTraceparent } from '../../src/tracing/traceparent.ts';
import { silentLog } from '../../src/web/log.ts';
import { createMetrics } from '../../src/web/metrics.ts';
import { startCollector } from '../support/collector.ts';

const id = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';

describe('traceparent', () => {
  test.each([
    [`00-${id}-${span}-01`, { traceId: id, spanId: span, sampled: true }],
    [`00-${id}-${span}-00`, { traceId: id, spanId: span, sampled: false }],
    [`00-${id}-${span}-03`, { traceId: id, spanId: span, sampled: true }],
    [`cc-${id}-${span}-01-what-the-future-will-be-like`, { traceId: id, spanId: span, sampled: true }],
    [`00-${id}-${span}-01-more`, undefined],
    [`ff-${id}-${span}-01`, undefined],
    [`00-${'0'.repeat(32)}-${span}-01`, undefined],
    [`00-${id}-${'0'.repeat(16)}-01`, undefined],
    [`00-${id.toUpperCase()}-${span}-01`, undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (header, context) => expect(parseTraceparent(header)).toEqual(context));

  test('is written as it is read', () =>
    expect(formatTraceparent({ traceId: id, spanId: span, sampled: true })).toBe(`00-${id}-${span}-01`));
});

describe('attributes', () => {
  test('what is no word of ours stays out', () =>
    expect(
      writeAttributes({
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'http.route': '/anmelden?code=secret',
        'server.address': 'user:password@host',
        'error.type': 'no such person: Erika',
      }),
    ).toEqual([
      { key: 'http.request.method', value: { stringValue: 'GET' } },
      { key: 'http.response.status_code', value: { intValue: '200' } },
    ]));
});

const finished: FinishedSpan[] = [];
const exporter = { take: (one: FinishedSpan) => void finished.push(one), flush: async () => {}, close: async () => {} };
const tracerWith = (sample: number, own: readonly string[] = []) => {
  finished.length = 0;
  return createTracer({ exporter, sample, trusted: ['10.0.0.0/8'], own });
};

/** A handler called as a server calls it, by a peer. */
const ask = async (
  handler: (request: IncomingMessage, response: ServerResponse) => unknown,
  peer: string,
  traceparent: string,
): Promise<void> => {
  let close = (): void => {};
  const response = {
    once: (_: string, done: () => void) => void (close = done),
    statusCode: 200,
    writableFinished: true,
  };
  const request = {
    method: 'GET',
    url: '/konto/geheim?code=1',
    headers: { traceparent },
    socket: { remoteAddress: peer },
  };
  await handler(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  close();
};

describe('a tracer', () => {
  test.each([
    ['127.0.0.1', true],
    ['::ffff:10.1.2.3', true],
    ['203.0.113.9', false],
  ])('takes up the trace of %s: %s', async (peer, taken) => {
    const tracer = tracerWith(0);
    await ask(
      tracer.serve('id', () => {}),
      peer,
      `00-${id}-${span}-01`,
    );
    expect(finished.map(({ traceId, parentSpanId }) => [traceId, parentSpanId])).toEqual(taken ? [[id, span]] : []);
  });

  test('begins a trace of its own for strangers, as often as it is told', async () => {
    const tracer = tracerWith(1);
    await ask(
      tracer.serve('id', () => {}),
      '203.0.113.9',
      `00-${id}-${span}-00`,
    );
    expect(finished).toMatchObject([{ name: 'GET /konto', attributes: { 'http.route': '/konto' } }]);
    expect(finished[0]?.traceId).not.toBe(id);
    expect(finished[0]).not.toHaveProperty('parentSpanId');
  });

  test('tells our own parts alone of the trace', async () => {
    const sent: (string | null)[] = [];
    const fetch = async (_url: string, { headers }: RequestInit): Promise<Response> => {
      sent.push(new Headers(headers).get('traceparent'));
      return new Response(null, { status: 204 });
    };
    const tracer = tracerWith(1, ['https://id.example.de']);
    const traced = tracer.fetching('bezahlsystem', fetch);
    await traced('https://id.example.de/token?x=1', { method: 'POST', headers: { accept: 'a/b' } });
    await traced('https://fremder-dienst.example/hook/secret', {});
    expect(sent).toEqual([expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/), null]);
    expect(finished.map(({ name }) => name)).toEqual(['POST id.example.de', 'GET outside']);
    expect(JSON.stringify(finished)).not.toMatch(/fremder|secret|x=1/);
  });

  test('marks what fails', async () => {
    const tracer = tracerWith(1);
    await expect(tracer.within('id', 'eID-Server', () => Promise.reject(new RangeError('Erika')))).rejects.toThrow(
      'Erika',
    );
    expect(finished).toMatchObject([{ failed: true, attributes: { 'error.type': 'RangeError' } }]);
  });
});

describe('the exporter', () => {
  const one = (number: number): FinishedSpan => ({
    traceId: id,
    spanId: String(number).padStart(16, '0'),
    part: 'id',
    name: 'GET /',
    kind: 'server',
    startedAt: 1_764_000_000_000.5,
    endedAt: 1_764_000_000_001.25,
    failed: false,
    attributes: {},
  });

  test('drops and counts what the collector does not take, and holds no more than it may', async () => {
    const collector = await startCollector();
    const metrics = createMetrics();
    const made = createOtlpExporter({ endpoint: `${collector.endpoint}/`, headers: {}, metrics, log: silentLog });
    collector.status = 503;
    for (let i = 0; i < 5000; i++) made.take(one(i));
    await made.flush();
    const counted = (name: string): number => Number(new RegExp(`^${name} (.*)$`, 'm').exec(metrics.text())?.[1]);
    expect([counted('trace_spans_sent_total'), counted('trace_spans_dropped_total')]).toEqual([0, 5000]);
    expect(collector.spans().length).toBeLessThanOrEqual(2048 + 512);
    collector.status = 200;
    made.take(one(7));
    await made.close();
    expect(counted('trace_spans_sent_total')).toBe(1);
    expect(collector.spans().at(-1)).toMatchObject({
      startTimeUnixNano: '1764000000000500000',
      endTimeUnixNano: '1764000000001250000',
    });
    await collector.stop();
  });

  test('a collector that is not there disturbs nobody', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const metrics = createMetrics();
    const made = createOtlpExporter({ endpoint: `http://127.0.0.1:${port}`, headers: {}, metrics, log: silentLog });
    made.take(one(1));
    await made.close();
    expect(metrics.text()).toMatch(/^trace_spans_dropped_total 1$/m);
  });
});
