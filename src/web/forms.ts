import { types } from 'node:util';
import type { Context } from 'koa';
import { getRawBody } from 'raw-body';
import { HttpError } from './http-error.ts';

/** Largest body of a form, in bytes. */
export const bodyLimit = 56 * 1024;
const mostFields = 100;

/** A posted form. Blanks are kept: what a field means is the route's business. */
export interface Form {
  /** The field's value, '' when it was not sent. Throws a 400 when it was sent twice. */
  get(name: string): string;
  /** Every value of a field that may be sent more than once. */
  all(name: string): readonly string[];
}

const decode = (text: string): string => {
  let decoded;
  try {
    decoded = decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw new HttpError('bad_request', { reason: 'form_encoding', cause });
  }
  if (decoded.includes('\u0000')) throw new HttpError('bad_request', { reason: 'form_nul' });
  return decoded;
};

/** Reads `application/x-www-form-urlencoded`; throws a 400 for broken percent signs, broken UTF-8, NUL and over 100 fields. */
export const parseForm = (body: Buffer): Form => {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new HttpError('bad_request', { reason: 'form_encoding', cause });
  }
  const pairs = text === '' ? [] : text.split('&', mostFields + 1);
  if (pairs.length > mostFields) throw new HttpError('bad_request', { reason: 'form_fields' });
  const fields = new Map<string, string[]>();
  for (const pair of pairs) {
    const split = pair.indexOf('=');
    const name = decode(split === -1 ? pair : pair.slice(0, split));
    const value = split === -1 ? '' : decode(pair.slice(split + 1));
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return {
    get(name) {
      const values = fields.get(name) ?? [];
      if (values.length > 1) throw new HttpError('bad_request', { reason: 'form_duplicate' });
      return values[0] ?? '';
    },
    all: (name) => fields.get(name) ?? [],
  };
};

const statusOf = (error: unknown): unknown =>
  types.isNativeError(error) && 'status' in error ? error.status : undefined;

/** The body of a request as bytes, at most `limit`; compressed bodies are refused, since they grow after the limit. */
export const readBody = async (ctx: Context, limit: number = bodyLimit): Promise<Buffer> => {
  const encoding = ctx.get('content-encoding');
  if (encoding !== '' && encoding.toLowerCase() !== 'identity') {
    throw new HttpError('unsupported_media_type', { reason: 'body_compressed' });
  }
  try {
    return await getRawBody(ctx.req, { limit, length: ctx.get('content-length') || null });
  } catch (cause) {
    ctx.set('connection', 'close');
    throw new HttpError(statusOf(cause) === 413 ? 'too_large' : 'bad_request', { reason: 'body', cause });
  }
};

const requireForm = (ctx: Context): void => {
  const [type = '', ...parameters] = ctx.get('content-type').toLowerCase().split(';');
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='));
  if (
    type.trim() !== 'application/x-www-form-urlencoded' ||
    (charset !== undefined && !/^charset="?utf-8"?$/.test(charset))
  ) {
    throw new HttpError('unsupported_media_type', { reason: 'form_type' });
  }
};

/** The posted form as it stands in the body, still encoded: for passing it on as a query. Throws as {@link readForm}. */
export const readFormText = async (ctx: Context): Promise<string> => {
  requireForm(ctx);
  const text = (await readBody(ctx)).toString('latin1');
  if (!/^[!-~]*$/.test(text)) throw new HttpError('bad_request', { reason: 'form_encoding' });
  return text;
};

/** Reads the posted form. Throws 413 over `limit` bytes, 415 for another content type or a compressed body, 400 for a broken one. */
export const readForm = async (ctx: Context, limit: number = bodyLimit): Promise<Form> => {
  requireForm(ctx);
  return parseForm(await readBody(ctx, limit));
};
