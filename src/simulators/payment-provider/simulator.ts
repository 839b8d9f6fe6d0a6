import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { silentLog, type Log } from '../../web/log.ts';
import { listen, type Listening } from '../../web/server.ts';
import type { DevelopmentPki } from '../development-pki.ts';
import { createBank } from './bank.ts';
import { createCallbacks } from './callbacks.ts';
import { createPagesApp } from './pages-app.tsx';
import { openPaymentStore } from './store.ts';

export interface PaymentSimulatorOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  /** Scheme, host and port under which browsers and the shop reach it, when that is not http://localhost:<port>. */
  readonly origin?: string;
  /** Its certificate for localhost serves an origin with https; the shop's may come from its authority. */
  readonly pki?: DevelopmentPki;
  /** By which the shop shows that it is the shop (Authorization: Bearer). */
  readonly apiKey: string;
  /** Signs call-backs. */
  readonly callbackSecret: Buffer;
  /** Where the shop's pages and its address for call-backs may be. No other address is ever asked or led to. */
  readonly shopOrigins: readonly string[];
  /** Folder for payment-simulator.sqlite; without one nothing is kept. */
  readonly directory?: string;
  /** ms that a slow bank and a late call-back take. */
  readonly delay?: number;
  readonly log?: Log;
}

export interface PaymentSimulator {
  start(): Promise<{ readonly origin: string }>;
  close(): Promise<void>;
  /** Slow banks answer and late call-backs go out now; ends when each was answered or has failed. */
  settle(): Promise<void>;
}

export const defaultDelay = 20_000;

const loopback = (port: number): string[] => ['localhost', '127.0.0.1', '[::1]'].map((host) => `${host}:${port}`);

/**
 * A payment provider for development and tests, reached only over HTTP: an API for the shop, pages with test cards for who
 * pays, and signed call-backs. Payments outlive a restart.
 * @throws in production
 */
export const createPaymentSimulator = (options: PaymentSimulatorOptions): PaymentSimulator => {
  if (process.env['NODE_ENV'] === 'production')
    throw new Error('The payment simulator is refused with NODE_ENV=production');
  const { log = silentLog, directory, pki } = options;
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  const store = openPaymentStore(directory === undefined ? ':memory:' : join(directory, 'payment-simulator.sqlite'));
  const callbacks = createCallbacks(() => bank, {
    secret: options.callbackSecret,
    log,
    ...(pki === undefined ? {} : { ca: pki.ca.certificate }),
  });
  const bank = createBank(store, options.delay ?? defaultDelay, () => callbacks.wake());
  let listening: Listening | undefined;

  return {
    async start() {
      // The port may be known only after listening, the app needs its origin before the first request.
      let handler: Parameters<typeof listen>[0]['handler'] = (_request, response) => {
        response.destroy();
      };
      listening = await listen({
        name: 'payment-simulator',
        port: options.port ?? 3013,
        knownHosts: (port) => [
          ...loopback(port),
          ...(options.origin === undefined ? [] : [new URL(options.origin).host]),
        ],
        ...(pki !== undefined && options.origin?.startsWith('https:') === true
          ? { tls: { cert: pki.of.localhost.certificate, key: pki.of.localhost.key } }
          : {}),
        methods: ['PUT'],
        handler: (request, response) => handler(request, response),
        log,
      });
      const origin = options.origin ?? `http://localhost:${listening.port}`;
      const { apiKey, shopOrigins } = options;
      const app = createPagesApp({ origin, bank, apiKey, shopOrigins, settle: () => callbacks.settle(), log });
      const callback = app.callback();
      handler = (request, response) => void callback(request, response);
      callbacks.wake();
      return { origin };
    },
    async close() {
      await listening?.close(0);
      await callbacks.close();
      store.close();
    },
    settle: () => callbacks.settle(),
  };
};
