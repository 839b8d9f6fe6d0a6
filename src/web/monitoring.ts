import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readiness } from './health.ts';
import type { Log } from './log.ts';
import { listen, PortTaken, type Listening } from './server.ts';

/** What is told there. */
export interface Monitored {
  /** In Prometheus' text format 0.0.4. */
  readonly metrics: () => string | Promise<string>;
  /** Everything, with reasons: this is for the machine's own operator. */
  readonly health: () => Promise<unknown>;
  /** Of each part of the process, whether it can answer, with reasons. */
  readonly readiness: () => Promise<Readonly<Record<string, Readiness>>>;
}

export interface MonitoringOptions extends Monitored {
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Log;
}

const notFound = '/metrics, /health, /health/live or /health/ready\n';

/**
 * Metrics and health in detail, on loopback and nowhere else.
 *
 * @throws PortTaken
 */
export const startMonitoring = ({ port, metrics, health, readiness, log }: MonitoringOptions): Promise<Listening> => {
  const answer = (response: ServerResponse, status: number, type: string, body: string): void => {
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
  };
  const answerJson = (response: ServerResponse, status: number, body: unknown): void =>
    answer(response, status, 'application/json', `${JSON.stringify(body, null, 2)}\n`);
  return listen({
    name: 'monitoring',
    port,
    hosts: ['127.0.0.1'],
    knownHosts: (bound) => [`localhost:${bound}`, `127.0.0.1:${bound}`],
    log,
    async handler(request: IncomingMessage, response: ServerResponse) {
      if (request.method !== 'GET') return answer(response, 405, 'text/plain', 'GET only\n');
      if (request.url === '/metrics')
        return answer(response, 200, 'text/plain; version=0.0.4; charset=utf-8', await metrics());
      if (request.url === '/health') return answerJson(response, 200, await health());
      // Asks no store: a process that is restarted because a store is away makes nothing better.
      if (request.url === '/health/live') return answerJson(response, 200, { live: true, pid: process.pid });
      if (request.url === '/health/ready') {
        const parts = await readiness();
        const ready = Object.values(parts).every((part) => part.ready);
        return answerJson(response, ready ? 200 : 503, { ready, parts });
      }
      return answer(response, 404, 'text/plain', notFound);
    },
  });
};

/** The same where it is wanted: port 0 is none. */
export const listenForOperators = async (
  port: number,
  monitored: Monitored,
  { production, log }: { readonly production: boolean; readonly log: Log },
): Promise<Listening | undefined> => {
  if (port === 0) return undefined;
  try {
    return await startMonitoring({ port, ...monitored, log });
  } catch (error) {
    // Two copies on a developer's machine, each with ports of its own, must not fight about this one.
    if (production || !(error instanceof PortTaken)) throw error;
    log.warn('monitoring_left_out', { port: error.port });
    return undefined;
  }
};
