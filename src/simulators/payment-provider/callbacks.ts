import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { types } from 'node:util';
import type { Log } from '../../web/log.ts';
import type { Bank } from './bank.ts';
import type { Callback, Payment } from './payment.ts';

/** ms before each further attempt at a call-back that was not answered with 2xx; then it is given up. */
const pauses = [5_000, 30_000, 120_000, 600_000, 3600_000] as const;
const timeout = 10_000;

/**
 * The headers of a call-back, in the form of Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over id, time and the
 * bytes of the body. `at` in ms since the epoch, sent in seconds.
 */
export const signedHeaders = (
  secret: Buffer,
  message: { readonly id: string; readonly at: number; readonly body: string },
): Record<string, string> => {
  const timestamp = String(Math.floor(message.at / 1000));
  const mac = createHmac('sha256', secret).update(`${message.id}.${timestamp}.`).update(message.body);
  return {
    'content-type': 'application/json',
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${mac.digest('base64')}`,
  };
};

/** @returns the status of the answer. Fails when nobody answers. */
const post = (url: string, headers: Record<string, string>, body: string, ca: string | undefined): Promise<number> =>
  new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const options = { method: 'POST', headers, agent: false, signal: AbortSignal.timeout(timeout) };
    const request = send(url, { ...options, ...(ca === undefined ? {} : { ca }) }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });

export interface Callbacks {
  /** Looks what is due, at once and then when the next thing is. */
  wake(): void;
  /** Does and sends all that is planned, however late it was to come; ends when each call-back was answered or has failed. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface CallbacksOptions {
  readonly secret: Buffer;
  /** Authority that the shop's certificate comes from, besides the public ones. */
  readonly ca?: string;
  readonly log: Log;
}

/** How often, in ms, the simulator looks at what is due when nothing wakes it. */
const interval = 500;

/** Sends what the shop is to be told, again until it answers. A message that is under way is not sent beside itself. */
export const createCallbacks = (bank: () => Bank, { secret, ca, log }: CallbacksOptions): Callbacks => {
  const underWay = new Map<string, Promise<void>>();
  let closed = false;
  let woken = false;

  const deliver = async (payment: Payment, index: number, callback: Callback): Promise<void> => {
    const headers = signedHeaders(secret, { id: callback.eventId, at: Date.now(), body: callback.body });
    let delivered = false;
    try {
      const status = await post(payment.order?.callbackUrl ?? '', headers, callback.body, ca);
      delivered = status >= 200 && status < 300;
      log.info('payment_callback', { status, attempt: callback.attempts + 1 });
    } catch (error) {
      log.warn('payment_callback', { error: types.isNativeError(error) ? error.name : 'unknown' });
    }
    if (closed) return;
    const pause = delivered ? undefined : pauses[callback.attempts];
    const { dueAt: _, ...rest } = callback;
    bank().noteCallback(payment.reference, index, {
      ...rest,
      attempts: callback.attempts + 1,
      ...(pause === undefined ? {} : { dueAt: Date.now() + pause }),
    });
  };

  const run = (now: number): readonly Promise<void>[] =>
    closed
      ? []
      : bank()
          .advance(now)
          .flatMap((payment) =>
            payment.callbacks.flatMap((callback, index) => {
              if (callback.dueAt === undefined || callback.dueAt > now) return [];
              const key = `${payment.reference} ${index}`;
              const known = underWay.get(key);
              if (known !== undefined) return [known];
              const sending = deliver(payment, index, callback).finally(() => underWay.delete(key));
              underWay.set(key, sending);
              return [sending];
            }),
          );

  const timer = setInterval(() => void Promise.all(run(Date.now())), interval).unref();
  return {
    wake() {
      if (woken || closed) return;
      woken = true;
      // After the change that wakes it has been written and answered.
      setImmediate(() => {
        woken = false;
        void Promise.all(run(Date.now()));
      });
    },
    async settle() {
      await Promise.all(run(Infinity));
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await Promise.all(underWay.values());
    },
  };
};
