import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StoreCall } from '../storage/observer.ts';
import { plainAddress, trustedProxies } from '../web/client-address.ts';
import { routeGroup } from '../web/route-groups.ts';
import type { Handler } from '../web/server.ts';
import type { SpanAttributes } from './attributes.ts';
import type { SpanExporter, SpanKind } from './exporter.ts';
import { formatTraceparent, parseTraceparent, type TraceContext } from './traceparent.ts';

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Tracer {
  /** A part's handler, each request in a span. */
  serve(part: string, handler: Handler): Handler;
  /** Outbound requests of a part; those to our own parts carry the trace on. */
  fetching(part: string, fetch: Fetch): Fetch;
  /** Work for somebody outside, who learns nothing of the trace. */
  within<Result>(part: string, name: string, work: () => Promise<Result>): Promise<Result>;
  /** A call to a store that has just ended, if it belongs to a trace. */
  stored(part: string, call: StoreCall): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface TracerOptions {
  readonly exporter: SpanExporter;
  /** Share of the traces that begin here, 0 to 1. */
  readonly sample: number;
  /** Networks whose `traceparent` counts, besides this machine. */
  readonly trusted: readonly string[];
  /** Origins of our own parts: nobody else gets a `traceparent`. */
  readonly own: readonly string[];
}

const loopback = ['127.0.0.0/8', '::1'];

const newId = (bytes: 8 | 16): string => randomBytes(bytes).toString('hex');

/** The monotonic clock with the epoch put in front: spans of one process never run backwards. */
const now = (): number => performance.timeOrigin + performance.now();

const errorType = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

export const createTracer = ({ exporter, sample, trusted, own }: TracerOptions): Tracer => {
  const current = new AsyncLocalStorage<TraceContext>();
  const peers = trustedProxies([...loopback, ...trusted]);
  const ours = new Set(own.map((address) => new URL(address).origin));

  const begin = (parent: TraceContext | undefined): TraceContext => ({
    traceId: parent?.traceId ?? newId(16),
    spanId: newId(8),
    sampled: parent?.sampled ?? Math.random() < sample,
  });
  const finish = (
    { traceId, spanId, sampled }: TraceContext,
    parent: TraceContext | undefined,
    span: {
      readonly part: string;
      readonly name: string;
      readonly kind: SpanKind;
      readonly startedAt: number;
      readonly failed: boolean;
      readonly attributes: SpanAttributes;
    },
  ): void => {
    if (!sampled) return;
    const parentSpanId = parent === undefined ? {} : { parentSpanId: parent.spanId };
    exporter.take({ traceId, spanId, ...parentSpanId, ...span, endedAt: now() });
  };

  return {
    serve: (part, handler) => (request: IncomingMessage, response: ServerResponse) => {
      const peer = plainAddress(request.socket.remoteAddress ?? '');
      const header = request.headers['traceparent'];
      const counts = peer !== undefined && peers.has(peer) && typeof header === 'string';
      const parent = counts ? parseTraceparent(header) : undefined;
      const context = begin(parent);
      const startedAt = now();
      const { method = '' } = request;
      const route = `/${routeGroup(request.url ?? '')}`;
      response.once('close', () => {
        const { statusCode } = response;
        const aborted = !response.writableFinished;
        finish(context, parent, {
          part,
          name: `${method} ${route}`,
          kind: 'server',
          startedAt,
          failed: aborted || statusCode >= 500,
          attributes: {
            'http.request.method': method,
            'http.route': route,
            ...(aborted ? { 'error.type': 'aborted' } : { 'http.response.status_code': statusCode }),
          },
        });
      });
      return current.run(context, () => handler(request, response));
    },

    fetching: (part, fetch) => async (url, init) => {
      const { origin, hostname } = new URL(url);
      const parent = current.getStore();
      const context = begin(parent);
      const headers = new Headers(init.headers);
      if (ours.has(origin)) headers.set('traceparent', formatTraceparent(context));
      const startedAt = now();
      const method = init.method ?? 'GET';
      const end = (outcome: { readonly status: number } | { readonly error: unknown }): void =>
        finish(context, parent, {
          part,
          name: `${method} ${ours.has(origin) ? hostname : 'outside'}`,
          kind: 'client',
          startedAt,
          failed: 'error' in outcome || outcome.status >= 500,
          attributes: {
            'http.request.method': method,
            ...(ours.has(origin) ? { 'server.address': hostname } : {}),
            ...('error' in outcome
              ? { 'error.type': errorType(outcome.error) }
              : { 'http.response.status_code': outcome.status }),
          },
        });
      try {
        const response = await fetch(url, { ...init, headers });
        end(response);
        return response;
      } catch (error) {
        end({ error });
        throw error;
      }
    },

    async within(part, name, work) {
      const parent = current.getStore();
      const context = begin(parent);
      const startedAt = now();
      const end = (attributes: SpanAttributes, failed: boolean): void =>
        finish(context, parent, { part, name, kind: 'client', startedAt, failed, attributes });
      try {
        const result = await current.run(context, work);
        end({}, false);
        return result;
      } catch (error) {
        end({ 'error.type': errorType(error) }, true);
        throw error;
      }
    },

    stored(part, { store, operation, table, took, error }) {
      const parent = current.getStore();
      if (parent?.sampled !== true) return;
      finish(begin(parent), parent, {
        part,
        name: [operation, table].filter((name) => name !== undefined).join(' '),
        kind: 'client',
        startedAt: now() - took,
        failed: error !== undefined,
        attributes: {
          'db.system.name': store,
          'db.operation.name': operation,
          ...(table === undefined ? {} : { 'db.collection.name': table }),
          ...(error === undefined ? {} : { 'error.type': errorType(error) }),
        },
      });
    },
    flush: () => exporter.flush(),
    close: () => exporter.close(),
  };
};
