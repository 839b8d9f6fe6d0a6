import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** An answer to the next request that fits, in place of what would have come. */
export interface S3Fault {
  readonly when: (request: { readonly method: string; readonly query: URLSearchParams }) => boolean;
  /** `lost`: it is done, but the connection breaks before the answer; `broken`: half of the answer comes. */
  readonly how: { readonly status: number; readonly body?: string } | 'lost' | 'broken';
}

/** One bucket of an S3-compatible store, as strict as the strictest: it looks at every signature, hash and size. */
export interface S3Server {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly objects: ReadonlyMap<string, { readonly bytes: Buffer; readonly at: number }>;
  /** Ids of uploads that were neither completed nor aborted. */
  readonly uploads: ReadonlyMap<string, { readonly key: string }>;
  /** `PUT key`, `POST key?uploads=`, … as they came, refused ones with their code. */
  readonly requests: string[];
  readonly faults: S3Fault[];
  stop(): Promise<void>;
}

class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

const leastPart = 5 * 1024 * 1024;
const clockSkew = 15 * 60_000;
/** So small that every list has several pages. */
const pageSize = 2;

const hash = (bytes: Uint8Array | string, algorithm = 'sha256'): string =>
  createHash(algorithm).update(bytes).digest('hex');
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const unescape = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');

/**
 * AWS Signature Version 4 from the receiver's side: what was signed is put together from the bytes of the request as they
 * came, so that a wrong encoding or a header that is not signed shows.
 *
 * @throws Refused
 */
const checkSignature = (
  { method = '', url = '', headers, rawHeaders }: IncomingMessage,
  body: Buffer,
  { region, accessKeyId, secretAccessKey }: Pick<S3Server, 'region' | 'accessKeyId' | 'secretAccessKey'>,
): void => {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  if (!form) throw new Refused(403, 'AccessDenied');
  const [, id, day = '', where, signed = '', signature = ''] = form;
  if (id !== accessKeyId) throw new Refused(403, 'InvalidAccessKeyId');
  if (where !== region) throw new Refused(400, 'AuthorizationHeaderMalformed');
  const date = String(headers['x-amz-date']);
  const [, year, month, dayOfMonth, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const at = Date.parse(`${year}-${month}-${dayOfMonth}T${hour}:${minute}:${second}Z`);
  if (!date.startsWith(day) || !(Math.abs(Date.now() - at) < clockSkew)) throw new Refused(403, 'RequestTimeTooSkewed');
  const names = signed.split(';');
  const sent = rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  if ([...names].sort().join() !== names.join()) throw new Refused(403, 'AccessDenied');
  if (sent.some((name) => (name === 'host' || name === 'range' || name.startsWith('x-amz-')) && !names.includes(name)))
    throw new Refused(403, 'AccessDenied');
  const bodyHash = String(headers['x-amz-content-sha256']);
  if (bodyHash !== hash(body)) throw new Refused(400, 'XAmzContentSHA256Mismatch');
  const [path = '', query = ''] = url.split('?');
  const text = [
    method,
    path,
    query
      .split('&')
      .filter((one) => one !== '')
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${String(headers[name])}`),
    '',
    signed,
    bodyHash,
  ].join('\n');
  let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
  for (const part of [day, region, 's3', 'aws4_request', ''])
    if (part !== '') key = createHmac('sha256', key).update(part).digest();
  const expected = createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${date}\n${day}/${region}/s3/aws4_request\n${hash(text)}`)
    .digest();
  if (!timingSafeEqual(expected, Buffer.from(signature, 'hex'))) throw new Refused(403, 'SignatureDoesNotMatch');
};

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

interface Pending {
  readonly key: string;
  readonly at: number;
  readonly parts: Map<number, { readonly bytes: Buffer; readonly etag: string }>;
}

const xml = (name: string, content: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`,
});
const time = (at: number): string => new Date(at).toISOString();

export const startS3Server = async (): Promise<S3Server> => {
  const own = {
    bucket: 'briefe',
    region: 'eu-test-1',
    accessKeyId: 'AKIATESTTESTTESTTEST',
    secretAccessKey: 'not/a+secret',
  };
  const objects = new Map<string, { readonly bytes: Buffer; readonly at: number; readonly etag: string }>();
  const uploads = new Map<string, Pending>();
  const requests: string[] = [];
  const faults: S3Fault[] = [];

  const put = (key: string, bytes: Buffer): string => {
    const etag = `"${hash(bytes, 'md5')}"`;
    objects.set(key, { bytes, at: Date.now(), etag });
    return etag;
  };

  const uploadOf = (key: string, query: URLSearchParams): Pending => {
    const pending = uploads.get(query.get('uploadId') ?? '');
    if (pending?.key !== key) throw new Refused(404, 'NoSuchUpload');
    return pending;
  };

  const complete = (key: string, query: URLSearchParams, body: string): Answer => {
    const pending = uploadOf(key, query);
    const named = [...body.matchAll(/<Part><PartNumber>(\d+)<\/PartNumber><ETag>([^<]+)<\/ETag><\/Part>/g)];
    const parts = named.map(([, number, etag = ''], i) => {
      const part = pending.parts.get(Number(number));
      if (part?.etag !== unescape(etag)) throw new Refused(400, 'InvalidPart');
      if (Number(number) !== i + 1) throw new Refused(400, 'InvalidPartOrder');
      if (i < named.length - 1 && part.bytes.length < leastPart) throw new Refused(400, 'EntityTooSmall');
      return part.bytes;
    });
    if (parts.length === 0) throw new Refused(400, 'MalformedXML');
    put(key, Buffer.concat(parts));
    uploads.delete(query.get('uploadId') ?? '');
    return xml('CompleteMultipartUploadResult', `<Key>${escape(key)}</Key>`);
  };

  const listObjects = (query: URLSearchParams): Answer => {
    const from = query.get('continuation-token');
    const keys = [...objects.keys()]
      .filter((key) => key.startsWith(query.get('prefix') ?? ''))
      .sort()
      .filter((key) => from === null || `${key}&` > from);
    const page = keys.slice(0, pageSize);
    const more = keys.length > page.length;
    const entries = page.map(
      (key) =>
        `<Contents><Key>${escape(key)}</Key><LastModified>${time(objects.get(key)?.at ?? 0)}</LastModified></Contents>`,
    );
    return xml(
      'ListBucketResult',
      // A token that has to be unescaped, and encoded again.
      `<IsTruncated>${more}</IsTruncated>${entries.join('')}${more ? `<NextContinuationToken>${escape(`${page.at(-1)}&`)}</NextContinuationToken>` : ''}`,
    );
  };

  const listUploads = (query: URLSearchParams): Answer => {
    const all = [...uploads]
      .filter(([, { key }]) => key.startsWith(query.get('prefix') ?? ''))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .sort(([, a], [, b]) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    const marker = all.findIndex(
      ([id, { key }]) => key === query.get('key-marker') && id === query.get('upload-id-marker'),
    );
    const page = all.slice(marker + 1, marker + 1 + pageSize);
    const more = all.length > marker + 1 + pageSize;
    const entries = page.map(
      ([id, { key, at }]) =>
        `<Upload><Key>${escape(key)}</Key><UploadId>${id}</UploadId><Initiated>${time(at)}</Initiated></Upload>`,
    );
    const [id, last] = page.at(-1) ?? [];
    const next = `<NextKeyMarker>${escape(last?.key ?? '')}</NextKeyMarker><NextUploadIdMarker>${id}</NextUploadIdMarker>`;
    return xml(
      'ListMultipartUploadsResult',
      `<IsTruncated>${more}</IsTruncated>${more ? next : ''}${entries.join('')}`,
    );
  };

  const get = (key: string, range: string | undefined): Answer => {
    const found = objects.get(key);
    if (!found) throw new Refused(404, 'NoSuchKey');
    const { bytes, etag } = found;
    if (range === undefined) return { status: 200, headers: { etag }, body: bytes };
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    if (start === undefined || Number(end) < Number(start)) throw new Refused(400, 'InvalidArgument');
    if (Number(start) >= bytes.length) throw new Refused(416, 'InvalidRange');
    return { status: 206, headers: { etag }, body: bytes.subarray(Number(start), Number(end) + 1) };
  };

  const answerTo = (request: IncomingMessage, key: string, query: URLSearchParams, body: Buffer): Answer => {
    const { method } = request;
    if (method === 'PUT' && request.headers['content-length'] !== String(body.length))
      throw new Refused(411, 'MissingContentLength');
    if (key === '') {
      if (method === 'HEAD') return { status: 200 };
      if (method === 'GET' && query.has('uploads')) return listUploads(query);
      if (method === 'GET' && query.get('list-type') === '2') return listObjects(query);
    } else if (method === 'PUT' && query.has('uploadId')) {
      const etag = `"${hash(body, 'md5')}"`;
      uploadOf(key, query).parts.set(Number(query.get('partNumber')), { bytes: body, etag });
      return { status: 200, headers: { etag } };
    } else if (method === 'PUT') return { status: 200, headers: { etag: put(key, body) } };
    else if (method === 'POST' && query.has('uploads')) {
      const id = randomUUID();
      uploads.set(id, { key, at: Date.now(), parts: new Map() });
      return xml('InitiateMultipartUploadResult', `<Key>${escape(key)}</Key><UploadId>${id}</UploadId>`);
    } else if (method === 'POST' && query.has('uploadId')) return complete(key, query, body.toString());
    else if (method === 'DELETE' && query.has('uploadId')) {
      uploadOf(key, query);
      uploads.delete(query.get('uploadId') ?? '');
      return { status: 204 };
    } else if (method === 'DELETE') {
      objects.delete(key);
      return { status: 204 };
    } else if (method === 'GET') return get(key, request.headers.range);
    else if (method === 'HEAD') return { ...get(key, undefined), body: '' };
    throw new Refused(405, 'MethodNotAllowed');
  };

  const send = (response: ServerResponse, { status, headers, body = '' }: Answer): void => {
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
  };

  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      const url = new URL(request.url ?? '', 'http://localhost');
      // Either in the path or before the host.
      const virtual = request.headers.host?.startsWith(`${own.bucket}.`) === true;
      const path = decodeURIComponent(url.pathname).slice(1);
      const [bucket, ...names] = virtual ? [own.bucket, path] : path.split('/');
      const key = names.join('/');
      const name = `${request.method} ${key}${url.search}`;
      try {
        if (bucket !== own.bucket) throw new Refused(404, 'NoSuchBucket');
        checkSignature(request, body, own);
        const method = request.method ?? '';
        const at = faults.findIndex(({ when }) => when({ method, query: url.searchParams }));
        const [fault] = at < 0 ? [] : faults.splice(at, 1);
        requests.push(name);
        if (fault !== undefined && typeof fault.how === 'object') {
          send(response, { status: fault.how.status, body: fault.how.body ?? '' });
          return;
        }
        const answer = answerTo(request, key, url.searchParams, body);
        if (fault?.how === 'lost') response.destroy();
        else if (fault?.how === 'broken') {
          const whole = Buffer.from(answer.body ?? '');
          response.writeHead(answer.status, { ...answer.headers, 'content-length': whole.length });
          response.write(whole.subarray(0, whole.length / 2), () => response.destroy());
        } else send(response, answer);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        requests.push(`${name} ${error.code}`);
        send(response, {
          status: error.status,
          body: request.method === 'HEAD' ? '' : `<Error><Code>${error.code}</Code></Error>`,
        });
      }
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...own,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    uploads,
    requests,
    faults,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
