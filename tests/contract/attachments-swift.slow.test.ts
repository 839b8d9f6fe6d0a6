import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openFileStore } from '../../src/portal/mein-postfach/attachments/open.ts';
import { sign } from '../../src/portal/mein-postfach/attachments/s3/signature.ts';
import { attachmentSettings } from '../../src/portal/mein-postfach/attachments/settings.ts';
import type { FileStore } from '../../src/portal/mein-postfach/attachments/store.ts';
import { describeIf } from '../support/lack.ts';
import { startSwift, swiftPrograms, type SwiftStore } from '../support/swift.ts';
import { describeFileStore } from './attachments.suite.ts';

const programs = swiftPrograms();
const bucket = 'briefe';
const part = 5 * 1024 * 1024;

describeIf(programs, 'attachments in an S3-compatible store that is not ours: Swift', () => {
  let swift: SwiftStore;
  const storeOf = (more: Record<string, unknown> = {}): FileStore =>
    openFileStore(
      attachmentSettings.parse({
        s3: {
          endpoint: swift.endpoint,
          region: swift.region,
          bucket,
          prefix: 'postfach/',
          access_key_id: swift.accessKeyId,
          secret_access_key: swift.secretAccessKey,
          ...more,
        },
      }),
    );
  const bytes = (content: AsyncIterable<Uint8Array>): Promise<Buffer> => buffer(Readable.from(content));
  async function* chunks(content: Buffer, size = 64 * 1024): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
  }
  const listed = async (store: FileStore): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { id } of store.list()) ids.push(id);
    return ids;
  };

  beforeAll(async () => {
    if (!programs) throw new Error('unreachable');
    swift = await startSwift(programs);
    const { host: _host, ...headers } = sign(
      {
        method: 'PUT',
        path: `/${bucket}`,
        headers: { host: new URL(swift.endpoint).host },
        bodyHash: createHash('sha256').digest('hex'),
      },
      swift,
      swift.region,
      Date.now(),
    );
    const response = await fetch(`${swift.endpoint}/${bucket}`, { method: 'PUT', headers });
    if (!response.ok) throw new Error(`no bucket: ${response.status} ${await response.text()}`);
  }, 180_000);
  afterAll(() => swift?.stop());

  describeFileStore(() => storeOf());

  test('a file of several parts comes back, also a range across two of them', async () => {
    const store = storeOf();
    const id = randomUUID();
    const content = randomBytes(2 * part + 77);
    await store.write(id, chunks(content));
    expect((await bytes(store.read(id))).equals(content)).toBe(true);
    const middle = { start: part - 100_000, end: part + 7 };
    expect((await bytes(store.read(id, middle))).equals(content.subarray(middle.start, middle.end))).toBe(true);
    expect(await listed(store)).toContain(id);
    await store.remove(id);
    expect(await listed(store)).not.toContain(id);
  });

  test('an upload whose source fails leaves nothing', async () => {
    const store = storeOf();
    const id = randomUUID();
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield* chunks(randomBytes(part + 1));
      throw new Error('the line is dead');
    }
    await expect(store.write(id, failing())).rejects.toThrow('the line is dead');
    expect(await listed(store)).not.toContain(id);
  });

  test('wrong keys and a bucket that is not there are said, and are no missing file', async () => {
    await expect(bytes(storeOf({ secret_access_key: 'wrong' }).read(randomUUID()))).rejects.toThrow(
      'SignatureDoesNotMatch',
    );
    await expect(bytes(storeOf({ bucket: 'nichts' }).read(randomUUID()))).rejects.toThrow('NoSuchBucket');
    await expect(storeOf({ bucket: 'nichts' }).check()).rejects.toThrow('404');
    await storeOf().check();
  });
});
