import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from './log.ts';
import { listen, type Listening } from './server.ts';

/** What is told there. */
export interface Monitored {
  /** In Prometheus' text format 0.0.4. */
  readonly metrics: () => string | Promise<string>;
  /** With reasons: this is for the machine's own operator. */
  readonly health: () => Promise<unknown>;
}

export interface MonitoringOptions extends Monitored {
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Log;
}

/**
 * Metrics and health in detail, on loopback and nowhere else.
 *
 * @throws PortTaken
 */
export const startMonitoring = ({ port, metrics, health, log }: MonitoringOptions): Promise<Listening> => {
  const answer = (response: ServerResponse, status: number, type: string, body: string): void => {
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
  };
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
      if (request.url === '/health')
        return answer(response, 200, 'application/json', `${JSON.stringify(await health(), null, 2)}\n`);
      return answer(response, 404, 'text/plain', '/metrics or /health\n');
    },
  });
};
