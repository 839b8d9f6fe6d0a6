import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openFileStore } from '../../src/portal/mein-postfach/attachments/open.ts';
import { sign } from '../../src/portal/mein-postfach/attachments/s3/signature.ts';
import { attachmentSettings } from '../../src/portal/mein-postfach/attachments/settings.ts';
import { FileMissing, type FileStore } from '../../src/portal/mein-postfach/attachments/store.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { startS3Server, type S3Server } from '../support/s3-server.ts';
import { describeFileStore } from './attachments.suite.ts';

let server: S3Server;
const storeOf = (more: Record<string, unknown> = {}): FileStore =>
  openFileStore(
    attachmentSettings.parse({
      s3: {
        endpoint: server.endpoint,
        region: server.region,
        bucket: server.bucket,
        prefix: 'postfach/',
        access_key_id: server.accessKeyId,
        secret_access_key: server.secretAccessKey,
        ...more,
      },
    }),
  );

beforeAll(async () => {
  server = await startS3Server();
});
afterAll(() => server.stop());
afterEach(() => {
  resetClock();
  expect(server.faults).toEqual([]);
});

describe('attachments in an S3-compatible store', () => describeFileStore(() => storeOf()));

async function* chunks(content: Buffer, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}
const read = (content: AsyncIterable<Uint8Array>): Promise<Buffer> => buffer(Readable.from(content));
const part = 5 * 1024 * 1024;

describe('a file of several parts', () => {
  let store: FileStore;
  let id: string;
  beforeEach(() => {
    store = storeOf();
    id = randomUUID();
    server.requests.length = 0;
  });

  test.each([part - 1, part, part + 1, 2 * part, 2 * part + 77])('%i bytes come back', async (length) => {
    const content = randomBytes(length);
    await store.write(id, chunks(content));
    expect((await read(store.read(id))).equals(content)).toBe(true);
    const middle = { start: length - 100_000, end: length - 7 };
    expect((await read(store.read(id, middle))).equals(content.subarray(middle.start, middle.end))).toBe(true);
    expect(server.requests.filter((one) => one.includes('partNumber'))).toHaveLength(
      length <= part ? 0 : Math.ceil(length / part),
    );
    expect(server.uploads.size).toBe(0);
  });

  test('files at the same time do not mix', async () => {
    const all = Array.from({ length: 6 }, () => ({ id: randomUUID(), content: randomBytes(part + 300_000) }));
    await Promise.all(all.map((one) => store.write(one.id, chunks(one.content))));
    for (const one of all) expect((await read(store.read(one.id))).equals(one.content)).toBe(true);
  });

  test('whose source fails leaves no upload', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield* chunks(randomBytes(part + 1));
      throw new Error('the line is dead');
    }
    await expect(store.write(id, failing())).rejects.toThrow('the line is dead');
    expect([server.uploads.size, server.objects.has(`postfach/${id}`)]).toEqual([0, false]);
  });

  test('an upload that was left is listed with its age, and removed', async () => {
    const refuse = { when: ({ method }: { method: string }) => method === 'DELETE', how: { status: 403 } } as const;
    server.faults.push({ when: ({ query }) => query.has('partNumber'), how: { status: 400 } }, refuse);
    await expect(store.write(id, chunks(randomBytes(part + 1)))).rejects.toThrow('400');
    expect(server.uploads.size).toBe(1);
    const listed = [];
    for await (const one of store.list()) listed.push(one);
    const left = listed.find((one) => one.id === id);
    expect(Math.abs(Date.now() - (left?.writtenAt ?? 0))).toBeLessThan(60_000);
    await store.remove(id);
    expect(server.uploads.size).toBe(0);
  });

  test('lists of several pages are read to their end', async () => {
    const ids = Array.from({ length: 5 }, () => randomUUID());
    for (const one of ids) await store.write(one, chunks(Buffer.from('x')));
    const listed: string[] = [];
    for await (const one of store.list()) listed.push(one.id);
    expect(listed).toEqual(expect.arrayContaining(ids));
    const other: string[] = [];
    for await (const one of storeOf({ prefix: 'anderes/' }).list()) other.push(one.id);
    expect(other).toEqual([]);
  });
});

describe('a store that fails', () => {
  const small = randomBytes(1000);
  const isPut = ({ method }: { method: string }): boolean => method === 'PUT';
  const isCompletion = ({ method, query }: { method: string; query: URLSearchParams }): boolean =>
    method === 'POST' && query.has('uploadId');

  test.each<[string, 'lost' | { status: number }]>([
    ['with 503', { status: 503 }],
    ['by a connection that breaks', 'lost'],
  ])('for a moment, %s, is asked again', async (_name, how) => {
    const id = randomUUID();
    server.faults.push({ when: isPut, how });
    await storeOf().write(id, chunks(small));
    expect((await read(storeOf().read(id))).equals(small)).toBe(true);
  });

  test('for longer fails the writing', async () => {
    server.faults.push(...[1, 2, 3].map(() => ({ when: isPut, how: { status: 503 } })));
    await expect(storeOf().write(randomUUID(), chunks(small))).rejects.toThrow('503');
  });

  test('an error that comes with 200 is one', async () => {
    const id = randomUUID();
    server.faults.push({ when: isCompletion, how: { status: 200, body: '<Error><Code>InternalError</Code></Error>' } });
    await expect(storeOf().write(id, chunks(randomBytes(part + 1)))).rejects.toThrow('InternalError');
    await expect(read(storeOf().read(id))).rejects.toThrow(FileMissing);
  });

  test('an answer that was lost after the work was done is none', async () => {
    const id = randomUUID();
    const content = randomBytes(part + 1);
    server.faults.push({ when: isCompletion, how: 'lost' });
    await storeOf().write(id, chunks(content));
    expect((await read(storeOf().read(id))).equals(content)).toBe(true);
  });

  test('half a file is no file', async () => {
    const id = randomUUID();
    await storeOf().write(id, chunks(randomBytes(300_000)));
    server.faults.push({ when: ({ method }) => method === 'GET', how: 'broken' });
    await expect(read(storeOf().read(id))).rejects.toThrow();
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['another secret', { secret_access_key: 'wrong' }, 'SignatureDoesNotMatch'],
    ['an unknown key', { access_key_id: 'nobody' }, 'InvalidAccessKeyId'],
    ['another region', { region: 'elsewhere' }, 'AuthorizationHeaderMalformed'],
    ['no such bucket', { bucket: 'nichts' }, 'NoSuchBucket'],
  ])('%s is said, and is no missing file', async (_name, wrong, code) => {
    const store = storeOf(wrong);
    await expect(read(store.read(randomUUID()))).rejects.toThrow(code);
    await expect(store.write(randomUUID(), chunks(small))).rejects.toThrow(code);
    await expect(store.check()).rejects.toThrow();
  });

  test('a clock that is an hour off is refused', async () => {
    // Both run in this process: the request is signed, and looked at an hour later.
    const headers = sign(
      {
        method: 'HEAD',
        path: `/${server.bucket}`,
        headers: { host: new URL(server.endpoint).host },
        bodyHash: createHash('sha256').digest('hex'),
      },
      server,
      server.region,
      Date.now(),
    );
    const { host: _host, ...sent } = headers;
    const ask = async (): Promise<number> =>
      (await fetch(`${server.endpoint}/${server.bucket}`, { method: 'HEAD', headers: sent })).status;
    expect(await ask()).toBe(200);
    shiftClock(3600_000);
    expect(await ask()).toBe(403);
  });
});

/** Examples of "Authenticating Requests: Using the Authorization Header" in the Amazon S3 API reference. */
describe('signatures are those that Amazon publishes', () => {
  const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const host = 'examplebucket.s3.amazonaws.com';
  const nothing = createHash('sha256').digest('hex');
  test.each([
    [
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      { method: 'GET', path: '/test.txt', headers: { host, range: 'bytes=0-9' }, bodyHash: nothing },
    ],
    [
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
      {
        method: 'PUT',
        path: '/test$file.text',
        headers: { host, date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
        bodyHash: createHash('sha256').update('Welcome to Amazon S3.').digest('hex'),
      },
    ],
    [
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
      { method: 'GET', path: '/', query: { lifecycle: '' }, headers: { host }, bodyHash: nothing },
    ],
    [
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
      { method: 'GET', path: '/', query: { prefix: 'J', 'max-keys': '2' }, headers: { host }, bodyHash: nothing },
    ],
  ])('%s', (signature, request) => {
    const { authorization } = sign(request, keys, 'us-east-1', Date.parse('2013-05-24T00:00:00Z'));
    expect(authorization).toContain(`Signature=${signature}`);
  });
});

describe('settings', () => {
  const sound = { endpoint: 'https://s3.example.de', bucket: 'briefe', access_key_id: 'a', secret_access_key: 'b' };
  test.each([
    ['a path', { endpoint: 'https://s3.example.de/briefe' }],
    ['http beyond this machine', { endpoint: 'http://s3.example.de' }],
    ['a prefix without its slash', { prefix: 'postfach' }],
    ['a bucket that is none', { bucket: 'Briefe/..' }],
    ['a folder beside it', { folder: 'x' }],
  ])('%s is refused', (_name, wrong) => {
    expect(attachmentSettings.safeParse({ s3: sound }).success).toBe(true);
    expect(attachmentSettings.safeParse({ s3: { ...sound, ...wrong } }).success).toBe(false);
  });
});
