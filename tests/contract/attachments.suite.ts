import { randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  DamagedFile,
  newFileKey,
  openFile,
  sealStream,
  segmentBytes,
} from '../../src/portal/mein-postfach/attachments/sealed-stream.ts';
import { FileMissing, type FileStore } from '../../src/portal/mein-postfach/attachments/store.ts';

async function* chunks(...list: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of list) yield chunk;
}

const bytesOf = (content: AsyncIterable<Uint8Array>): Promise<Buffer> => buffer(Readable.from(content));

const all = async (store: FileStore): Promise<string[]> => {
  const ids: string[] = [];
  for await (const { id } of store.list()) ids.push(id);
  return ids;
};

/** What every store of files does, and what the sealing over it notices. */
export const describeFileStore = (open: () => FileStore): void => {
  let store: FileStore;
  beforeAll(() => {
    store = open();
  });

  test('keeps bytes as they are, and any range of them', async () => {
    const id = randomUUID();
    const content = randomBytes(200_000);
    await store.write(id, chunks(content.subarray(0, 7), content.subarray(7)));
    expect((await bytesOf(store.read(id))).equals(content)).toBe(true);
    expect((await bytesOf(store.read(id, { start: 100, end: 70_000 }))).equals(content.subarray(100, 70_000))).toBe(
      true,
    );
    expect(await all(store)).toContain(id);
    await store.remove(id);
    await store.remove(id);
    await expect(bytesOf(store.read(id))).rejects.toThrow(FileMissing);
    expect(await all(store)).not.toContain(id);
  });

  test('keeps nothing of a file whose source fails', async () => {
    const id = randomUUID();
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield randomBytes(100_000);
      throw new Error('the line is dead');
    }
    await expect(store.write(id, failing())).rejects.toThrow('the line is dead');
    await expect(bytesOf(store.read(id))).rejects.toThrow(FileMissing);
    expect(await all(store)).not.toContain(id);
  });

  test.each(['../../etc/passwd', '', 'a', `${randomUUID()}/..`])('takes no id like %j', async (id) => {
    await expect(store.write(id, chunks(Buffer.from('x')))).rejects.toThrow();
    await expect(bytesOf(store.read(id))).rejects.toThrow();
  });

  describe('sealed', () => {
    const sealed = async (content: Buffer) => {
      const id = randomUUID();
      const key = newFileKey();
      await store.write(id, sealStream(key, id, chunks(content)));
      return { id, key, length: content.length };
    };
    const rewrite = async (id: string, change: (box: Buffer) => Buffer): Promise<void> => {
      const box = await bytesOf(store.read(id));
      await store.remove(id);
      await store.write(id, chunks(change(box)));
    };
    const box = segmentBytes + 16;

    test.each([0, 1, segmentBytes - 1, segmentBytes, segmentBytes + 1, 3 * segmentBytes + 5])(
      '%i bytes come back, as a whole and in pieces, and stand nowhere',
      async (length) => {
        const content = randomBytes(length);
        const file = await sealed(content);
        const opened = openFile(store, file);
        expect((await bytesOf(opened.content())).equals(content)).toBe(true);
        for (const [from, size] of [
          [0, 10],
          [segmentBytes - 3, 9],
          [length - 2, 100],
        ] as const)
          if (from >= 0 && from < length)
            expect((await opened.read(from, size)).equals(content.subarray(from, from + size))).toBe(true);
        const raw = await bytesOf(store.read(file.id));
        if (length > 16) expect(raw.includes(content.subarray(0, 16))).toBe(false);
      },
    );

    test.each<[string, (bytes: Buffer) => Buffer]>([
      ['one bit changed', (bytes) => Buffer.from(bytes.map((byte, i) => (i === 8 + box + 5 ? byte ^ 1 : byte)))],
      ['the last segment cut off', (bytes) => bytes.subarray(0, 8 + 2 * box)],
      ['the last byte cut off', (bytes) => bytes.subarray(0, -1)],
      [
        'two segments exchanged',
        (bytes) =>
          Buffer.concat([
            bytes.subarray(0, 8),
            bytes.subarray(8 + box, 8 + 2 * box),
            bytes.subarray(8, 8 + box),
            bytes.subarray(8 + 2 * box),
          ]),
      ],
      ['a segment doubled at the end', (bytes) => Buffer.concat([bytes, bytes.subarray(8 + 2 * box)])],
      ['a byte added', (bytes) => Buffer.concat([bytes, Buffer.from([0])])],
      ['another version', (bytes) => Buffer.concat([Buffer.from([2]), bytes.subarray(1)])],
    ])('notices %s', async (_name, change) => {
      const file = await sealed(randomBytes(2 * segmentBytes + 100));
      await rewrite(file.id, change);
      await expect(bytesOf(openFile(store, file).content())).rejects.toThrow(DamagedFile);
    });

    test('notices a cut at a segment, also where the length was told to fit', async () => {
      const file = await sealed(randomBytes(2 * segmentBytes + 100));
      await rewrite(file.id, (bytes) => bytes.subarray(0, 8 + 2 * box));
      const shorter = openFile(store, { ...file, length: 2 * segmentBytes });
      await expect(bytesOf(shorter.content())).rejects.toThrow(DamagedFile);
    });

    test('is no other file, and opens with no other key', async () => {
      const [one, other] = [await sealed(randomBytes(100)), await sealed(randomBytes(100))];
      const taken = await bytesOf(store.read(other.id));
      await rewrite(one.id, () => taken);
      await expect(bytesOf(openFile(store, { ...one, key: other.key }).content())).rejects.toThrow(DamagedFile);
      await expect(bytesOf(openFile(store, { ...other, key: one.key }).content())).rejects.toThrow(DamagedFile);
    });
  });
};
