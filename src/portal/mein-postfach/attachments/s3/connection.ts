import { createHash } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { encodePath, encodeQuery, sign, type Credentials } from './signature.ts';

/** Where the bucket is. */
export interface S3Location extends Credentials {
  /** Origin of the store. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** `bucket` in the path, or before the host name. */
  readonly pathStyle: boolean;
  /** Authority of the store's certificate in place of the public ones (PEM). */
  readonly ca?: string;
}

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** '' for the bucket itself. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Statuses that are an answer; every other one is an S3Error. */
  readonly accept: readonly number[];
  /** Whether it may be sent again although the store might have done it. Default true. */
  readonly repeatable?: boolean;
}

/** The store refused, or did not answer. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  /** The store's own word, such as NoSuchBucket or SlowDown. */
  readonly code: string;
  constructor(status: number | undefined, code: string, options?: ErrorOptions) {
    super(`The attachment store answered ${status ?? 'nothing'} (${code})`, options);
    this.status = status;
    this.code = code;
  }
}

export interface S3Connection {
  /** The caller reads the body to its end, or destroys it. @throws S3Error */
  open(request: S3Request): Promise<IncomingMessage>;
  /** The answer with its body, read. @throws S3Error */
  ask(
    request: S3Request,
  ): Promise<{ readonly status: number; readonly body: string; readonly etag: string | undefined }>;
}

/** ms without a byte in either direction, and while an answer is read, whose reader may be slow. */
const idle = { request: 30_000, answer: 90_000 };
/** ms before the second and the third try. */
const pauses = [100, 500];
/** An answer that is no file; a list of 1000 names takes about 400 kB. */
const largestAnswer = 4 * 1024 * 1024;

const codeIn = (body: string): string => /<Code>([A-Za-z0-9]{1,64})<\/Code>/.exec(body)?.[1] ?? 'no reason';

const textOf = async (response: IncomingMessage): Promise<string> => {
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > largestAnswer) response.destroy(new Error('the answer is too long'));
  });
  return (await buffer(response)).toString('utf8');
};

/** Faults that may be gone in a moment (Amazon S3 API, error responses). */
const isPassing = ({ status }: S3Error): boolean => status === undefined || status === 429 || status >= 500;

/** Speaks to one bucket. What may be sent again is tried three times. */
export const createS3Connection = (location: S3Location): S3Connection => {
  const { endpoint, bucket, region, pathStyle, ca } = location;
  const base = new URL(endpoint);
  const secure = base.protocol === 'https:';
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) })
    : new HttpAgent({ keepAlive: true });
  const hostname = pathStyle ? base.hostname : `${bucket}.${base.hostname}`;
  const host = base.port === '' ? hostname : `${hostname}:${base.port}`;

  const once = ({ method, key, query, headers, body }: S3Request): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const path = pathStyle ? `/${bucket}${key === '' ? '' : `/${key}`}` : `/${key}`;
      const bodyHash = createHash('sha256')
        .update(body ?? '')
        .digest('hex');
      const sent = { host, ...headers, ...(body === undefined ? {} : { 'content-length': String(body.length) }) };
      const search = encodeQuery(query);
      const request = (secure ? httpsRequest : httpRequest)({
        agent,
        method,
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port: base.port,
        path: `${encodePath(path)}${search === '' ? '' : `?${search}`}`,
        headers: sign(
          { method, path, ...(query ? { query } : {}), headers: sent, bodyHash },
          location,
          region,
          Date.now(),
        ),
        timeout: idle.request,
      });
      request.on('timeout', () => request.destroy(new Error('the attachment store is silent')));
      request.on('error', (cause) =>
        reject(new S3Error(undefined, (cause as NodeJS.ErrnoException).code ?? cause.message, { cause })),
      );
      request.on('response', (response) => {
        request.setTimeout(idle.answer);
        resolve(response);
      });
      request.end(body);
    });

  const open = async (request: S3Request): Promise<IncomingMessage> => {
    for (let tries = 0; ; tries++) {
      let failure;
      try {
        const response = await once(request);
        const status = response.statusCode ?? 0;
        if (request.accept.includes(status)) return response;
        failure = new S3Error(status, codeIn(await textOf(response)));
      } catch (error) {
        if (!(error instanceof S3Error)) throw new S3Error(undefined, 'broken answer', { cause: error });
        failure = error;
      }
      const wait = pauses[tries];
      if (wait === undefined || request.repeatable === false || !isPassing(failure)) throw failure;
      await pause(wait);
    }
  };

  return {
    open,
    async ask(request) {
      const response = await open(request);
      const body = await textOf(response).catch((cause: unknown) => {
        throw new S3Error(response.statusCode, 'broken answer', { cause });
      });
      return { status: response.statusCode ?? 0, body, etag: response.headers.etag };
    },
  };
};
