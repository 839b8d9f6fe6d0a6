import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import { HttpError } from './http-error.ts';
import { webState } from './state.ts';

/** Against forms that another site sends in the citizen's name. */
export interface Csrf {
  /** A token for the hidden field `csrf`; `binding` is what the form belongs to: a session or an interaction. */
  token(binding: string): string;
  /** Throws a 403 unless the token was made for this binding and the browser does not say that another site sent it. */
  check(ctx: Context, token: string, binding: string): void;
  /** When a token was made, in ms since the epoch, to the second; undefined when it was not made here for this binding. */
  madeAt(token: string, binding: string): number | undefined;
}

/** Four bytes of time in seconds, the rest random. */
const saltBytes = 16;

/**
 * Whether the browser says that our own page sent the request. With `Referrer-Policy: no-referrer` browsers send
 * `Origin: null` with our own forms, so then Sec-Fetch-Site decides, and browsers too old to send it are left to the token.
 */
export const sentByOurselves = (headers: { origin: string; secFetchSite: string }, own: string): boolean => {
  const site = headers.secFetchSite.toLowerCase();
  if (site !== '' && site !== 'same-origin') return false;
  return headers.origin === '' || headers.origin === 'null' || headers.origin === own;
};

/** Tokens are HMAC-SHA256 over a salt and the binding; every token is different, so compression cannot leak it. */
export const createCsrf = (key: Buffer): Csrf => {
  const mac = (salt: Buffer, binding: string): Buffer =>
    createHmac('sha256', key).update('csrf\u0000').update(salt).update(binding).digest();
  /** The salt of a token that is ours. */
  const open = (token: string, binding: string): Buffer | undefined => {
    const bytes = Buffer.from(token, 'base64url');
    const salt = bytes.subarray(0, saltBytes);
    const given = bytes.subarray(saltBytes);
    const wanted = mac(salt, binding);
    return salt.length === saltBytes && given.length === wanted.length && timingSafeEqual(given, wanted)
      ? salt
      : undefined;
  };
  return {
    token(binding) {
      const salt = randomBytes(saltBytes);
      salt.writeUInt32BE(Math.floor(Date.now() / 1000), 0);
      return Buffer.concat([salt, mac(salt, binding)]).toString('base64url');
    },
    check(ctx, token, binding) {
      const headers = { origin: ctx.get('origin'), secFetchSite: ctx.get('sec-fetch-site') };
      if (!sentByOurselves(headers, webState(ctx).origin)) throw new HttpError('csrf', { reason: 'csrf_origin' });
      if (!open(token, binding)) throw new HttpError('csrf', { reason: 'csrf_token' });
    },
    madeAt(token, binding) {
      const salt = open(token, binding);
      return salt && salt.readUInt32BE(0) * 1000;
    },
  };
};
