import { createHash, createHmac } from 'node:crypto';

/** What a store knows us by. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A request as it is signed. */
export interface SignedRequest {
  readonly method: string;
  /** Each segment as it is, without encoding. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** All of them are signed. Names in small letters; with `host`. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body, hexadecimal. */
  readonly bodyHash: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** RFC 3986: everything but unreserved characters. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const encodePath = (path: string): string => path.split('/').map(encode).join('/');

/** Sorted, as it is signed and as it may be sent. */
export const encodeQuery = (query: Readonly<Record<string, string>> = {}): string =>
  Object.entries(query)
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(([a], [b]) => compare(a, b))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/** YYYYMMDDTHHMMSSZ, in UTC. */
export const amzDate = (now: number): string =>
  new Date(now)
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d{3}/, '');

/**
 * The header `authorization` of a request to an S3-compatible store: AWS Signature Version 4 as S3 has it (the path is
 * encoded once, the body's hash is a header of its own).
 *
 * @param now ms since the epoch; a store refuses what is more than 15 minutes off.
 * @returns the headers to send, those that were signed included.
 */
export const sign = (
  { method, path, query, headers, bodyHash }: SignedRequest,
  { accessKeyId, secretAccessKey }: Credentials,
  region: string,
  now: number,
): Readonly<Record<string, string>> => {
  const date = amzDate(now);
  const all: Readonly<Record<string, string>> = { ...headers, 'x-amz-content-sha256': bodyHash, 'x-amz-date': date };
  const names = Object.keys(all).toSorted(compare);
  const signedHeaders = names.join(';');
  const canonical = [
    method,
    encodePath(path),
    encodeQuery(query),
    ...names.map((name) => `${name}:${all[name]?.trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders,
    bodyHash,
  ].join('\n');
  const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`;
  const key = ['s3', 'aws4_request'].reduce<Buffer>(
    (before, part) => hmac(before, part),
    hmac(hmac(`AWS4${secretAccessKey}`, date.slice(0, 8)), region),
  );
  const signature = hmac(key, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')).toString('hex');
  return {
    ...all,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
};
