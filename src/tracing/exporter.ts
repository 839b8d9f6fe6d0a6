import { randomUUID } from 'node:crypto';
import { createOutbound } from '../web/outbound.ts';
import { errorFields, type Log } from '../web/log.ts';
import type { Metrics } from '../web/metrics.ts';
import { writeAttributes, type SpanAttributes } from './attributes.ts';

export type SpanKind = 'internal' | 'server' | 'client';

export interface FinishedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** Whose work it was. */
  readonly part: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** ms since the epoch, with fractions. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly failed: boolean;
  readonly attributes: SpanAttributes;
}

/** Takes spans and sends them when it is convenient; nobody waits for it. */
export interface SpanExporter {
  take(span: FinishedSpan): void;
  /** Sends what there is; for tests and at the end. Never rejects. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface ExporterOptions {
  /** Of the collector; `/v1/traces` is put behind it. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly metrics: Metrics;
  readonly log: Log;
}

const mostWaiting = 2048;
const batch = 512;
const interval = 2000;
const timeout = 5000;

const kinds: Readonly<Record<SpanKind, number>> = { internal: 1, server: 2, client: 3 };

const nanoseconds = (ms: number): string => `${Math.floor(ms)}${String(Math.floor((ms % 1) * 1e6)).padStart(6, '0')}`;

/** OTLP's ExportTraceServiceRequest in JSON: ids in hexadecimal, 64-bit numbers as text, enumerations as numbers. */
export const otlpRequest = (spans: readonly FinishedSpan[], instance: string): unknown => {
  const parts = Map.groupBy(spans, ({ part }) => part);
  return {
    resourceSpans: [...parts].map(([part, own]) => ({
      resource: {
        attributes: [
          { key: 'service.namespace', value: { stringValue: 'bayern-id' } },
          { key: 'service.name', value: { stringValue: part } },
          { key: 'service.instance.id', value: { stringValue: instance } },
        ],
      },
      scopeSpans: [
        {
          scope: { name: 'bayern-id' },
          spans: own.map(({ traceId, spanId, parentSpanId, name, kind, startedAt, endedAt, failed, attributes }) => ({
            traceId,
            spanId,
            ...(parentSpanId === undefined ? {} : { parentSpanId }),
            name,
            kind: kinds[kind],
            startTimeUnixNano: nanoseconds(startedAt),
            endTimeUnixNano: nanoseconds(endedAt),
            attributes: writeAttributes(attributes),
            status: failed ? { code: 2 } : {},
          })),
        },
      ],
    })),
  };
};

/** To a collector by OTLP/HTTP in JSON. What it does not take is dropped and counted: a trace is worth no memory. */
export const createOtlpExporter = ({ endpoint, headers, metrics, log }: ExporterOptions): SpanExporter => {
  const address = `${endpoint.replace(/\/$/, '')}/v1/traces`;
  // The operator's own address, not one from a client's file.
  const outbound = createOutbound({ allowSpecialUse: true });
  const instance = randomUUID();
  const sent = metrics.counter('trace_spans_sent_total', 'Spans that the collector has taken.');
  const dropped = metrics.counter(
    'trace_spans_dropped_total',
    'Spans dropped because the collector did not take them.',
  );
  let waiting: FinishedSpan[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  const send = async (spans: readonly FinishedSpan[]): Promise<void> => {
    try {
      const { status } = await outbound(address, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(otlpRequest(spans, instance)),
        timeout,
      });
      if (status >= 300) throw Object.assign(new Error('the collector refuses'), { code: status });
      sent.add(spans.length);
    } catch (error) {
      dropped.add(spans.length);
      log.warn('trace_export_failed', { count: spans.length, ...errorFields(error) });
    }
  };
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) await send(waiting.splice(0, batch));
  };
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    running ??= drain().finally(() => {
      running = undefined;
    });
    await running;
  };
  return {
    take(span) {
      if (waiting.length >= mostWaiting) return dropped.add();
      waiting.push(span);
      if (waiting.length >= batch) void flush();
      else timer ??= setTimeout(() => void flush(), interval).unref();
    },
    flush,
    async close() {
      await flush();
      waiting = [];
    },
  };
};
