import { createHmac, timingSafeEqual } from 'node:crypto';
import { CallbackRefused, type CallbackRequest } from './provider.ts';

/** How far, in ms, the time in a call-back may be from ours: what was caught cannot be kept and played later. */
export const replayWindow = 5 * 60_000;

const idForm = /^[\w.-]{1,100}$/;
/** Several signatures may stand beside each other while a provider changes its secret. */
const mostSignatures = 8;

const single = (headers: CallbackRequest['headers'], name: string): string => {
  const value = headers[name];
  if (typeof value !== 'string') throw new CallbackRefused(`${name}_missing`);
  return value;
};

/** @throws CallbackRefused */
const checkTime = (timestamp: string, receivedAt: number): void => {
  if (!/^\d{1,12}$/.test(timestamp)) throw new CallbackRefused('timestamp');
  if (Math.abs(receivedAt - Number(timestamp) * 1000) > replayWindow) throw new CallbackRefused('too_old');
};

export interface SignedMessage {
  /** The provider's id of the message, the same when it is sent again. */
  readonly id: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/**
 * Checks a call-back in the form of Standard Webhooks (standardwebhooks.com, version 1.0.0): `webhook-signature` holds
 * `v1,` and the HMAC-SHA256 over `webhook-id`, `webhook-timestamp` and the bytes of the body as they came, joined by dots.
 * The body is parsed only after that.
 *
 * @param secrets the one in use first; more than one while it is being exchanged.
 * @throws CallbackRefused for another method, a signature that is missing or wrong, a time beyond {@link replayWindow}, and a body that
 * is no JSON object.
 */
export const readSignedMessage = (request: CallbackRequest, secrets: readonly Buffer[]): SignedMessage => {
  const { method, headers, body, receivedAt } = request;
  if (method !== 'POST') throw new CallbackRefused('method');
  const id = single(headers, 'webhook-id');
  const timestamp = single(headers, 'webhook-timestamp');
  const given = single(headers, 'webhook-signature').split(' ', mostSignatures);
  if (!idForm.test(id)) throw new CallbackRefused('id');
  const wanted = secrets.map((secret) =>
    createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest(),
  );
  const fits = given.some((entry) => {
    const bytes = entry.startsWith('v1,') ? Buffer.from(entry.slice(3), 'base64') : Buffer.alloc(0);
    return wanted.some((mac) => mac.length === bytes.length && timingSafeEqual(mac, bytes));
  });
  if (!fits) throw new CallbackRefused('signature');
  checkTime(timestamp, receivedAt);
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new CallbackRefused('body');
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new CallbackRefused('body');
  return { id, content: content as Readonly<Record<string, unknown>> };
};
