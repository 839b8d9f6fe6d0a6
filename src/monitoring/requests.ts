import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '../web/metrics.ts';
import { parts } from '../web/parts.ts';
import type { Handler } from '../web/server.ts';
import { routeGroup, routeGroups } from '../web/route-groups.ts';

const statuses = ['1xx', '2xx', '3xx', '4xx', '5xx', 'aborted'] as const;

export interface RequestMetrics {
  /** The handler of a part, with a watch beside it. */
  watch(part: string, handler: Handler): Handler;
}

/** Requests and how long they took, by part and group of routes: never by address, which may hold what is secret. */
export const addRequestMetrics = (metrics: Metrics): RequestMetrics => {
  const took = metrics.histograms(
    'http_request_duration_seconds',
    'From the first byte of a request to the last of its answer.',
    { part: parts, route: routeGroups, method: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'], status: statuses },
  );
  const open = new Map<string, number>();
  const running = metrics.gauges('http_requests_in_flight', 'Requests that have no answer yet.', { part: parts });
  const count = (part: string, by: 1 | -1): void => {
    open.set(part, (open.get(part) ?? 0) + by);
    running.set({ part }, open.get(part) ?? 0);
  };
  return {
    watch: (part, handler) => (request: IncomingMessage, response: ServerResponse) => {
      const began = performance.now();
      const { method = '', url = '' } = request;
      count(part, 1);
      response.once('close', () => {
        count(part, -1);
        const status = response.writableFinished ? `${Math.trunc(response.statusCode / 100)}xx` : 'aborted';
        took.observe({ part, route: routeGroup(url), method, status }, (performance.now() - began) / 1000);
      });
      return handler(request, response);
    },
  };
};
