import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { bytesPassed } from './garbage.ts';
import type { FileStore } from './store.ts';

/**
 * The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM: segments of 64 KiB, each with a
 * nonce of a random prefix, the segment's number and a flag for the last one. So a file is sealed and opened piece by piece,
 * and a piece that is missing, doubled, moved or from another file is noticed.
 *
 * A file is: version (1 byte), prefix (7 bytes), segments of ciphertext and tag (16 bytes). A key is for one file.
 */
const version = 1;
const prefixBytes = 7;
const headerBytes = 1 + prefixBytes;
const tagBytes = 16;
export const segmentBytes = 64 * 1024;
const sealedSegment = segmentBytes + tagBytes;

/** The file was changed, cut or exchanged, or is not one of ours. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
}

export const newFileKey = (): Buffer => randomBytes(32);

const nonceOf = (prefix: Uint8Array, number: number, last: boolean): Buffer => {
  const nonce = Buffer.alloc(12);
  nonce.set(prefix, 0);
  nonce.writeUInt32BE(number, prefixBytes);
  nonce[11] = last ? 1 : 0;
  return nonce;
};

const sealSegment = (key: Buffer, nonce: Buffer, context: Buffer, plain: Uint8Array): Buffer => {
  bytesPassed(plain.length);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(context);
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([body, cipher.getAuthTag()]);
};

const openSegment = (key: Buffer, nonce: Buffer, context: Buffer, box: Buffer): Buffer => {
  bytesPassed(box.length);
  if (box.length < tagBytes) throw new DamagedFile('A segment is cut off');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(context);
  decipher.setAuthTag(box.subarray(box.length - tagBytes));
  const plain = decipher.update(box.subarray(0, box.length - tagBytes));
  try {
    decipher.final();
  } catch (cause) {
    throw new DamagedFile('A segment cannot be opened', { cause });
  }
  return plain;
};

/** Cuts a stream into pieces of one size; the last one may be shorter, and is empty when the stream is. */
async function* pieces(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    let rest = chunk;
    while (length + rest.length > size) {
      const room = size - length;
      yield Buffer.concat([...waiting, rest.subarray(0, room)], size);
      rest = rest.subarray(room);
      waiting = [];
      length = 0;
    }
    waiting.push(rest);
    length += rest.length;
  }
  yield Buffer.concat(waiting, length);
}

/** Every piece with whether it is the last. */
async function* withLast(source: AsyncIterable<Buffer>): AsyncGenerator<{ piece: Buffer; last: boolean }> {
  let before: Buffer | undefined;
  for await (const piece of source) {
    if (before !== undefined) yield { piece: before, last: false };
    before = piece;
  }
  yield { piece: before ?? Buffer.alloc(0), last: true };
}

/** @param id of the file: authenticated with each segment, so that no file stands in for another. */
export async function* sealStream(key: Buffer, id: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const prefix = randomBytes(prefixBytes);
  const context = Buffer.from(id);
  yield Buffer.concat([Buffer.from([version]), prefix]);
  let number = 0;
  for await (const { piece, last } of withLast(pieces(source, segmentBytes)))
    yield sealSegment(key, nonceOf(prefix, number++, last), context, piece);
}

const sealedLength = (length: number): number =>
  headerBytes + length + Math.max(1, Math.ceil(length / segmentBytes)) * tagBytes;

const prefixOf = (header: Buffer): Buffer => {
  if (header.length !== headerBytes || header[0] !== version) throw new DamagedFile('The file has no header of ours');
  return header.subarray(1);
};

const bytesOf = async (source: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** A sealed file, read in pieces from wherever it is wanted. */
export interface OpenFile {
  readonly length: number;
  /** The whole content. @throws DamagedFile at the first segment that is not as it was written, FileMissing */
  content(): AsyncIterable<Buffer>;
  /** `size` bytes from `offset`, fewer at the end. */
  read(offset: number, size: number): Promise<Buffer>;
}

/** @param length of the content in bytes, as it was when the file was sealed. */
export const openFile = (
  store: FileStore,
  { id, key, length }: { readonly id: string; readonly key: Buffer; readonly length: number },
): OpenFile => {
  const context = Buffer.from(id);
  const last = Math.max(0, Math.ceil(length / segmentBytes) - 1);
  const end = sealedLength(length);
  let prefix: Promise<Buffer> | undefined;
  const prefixOnce = (): Promise<Buffer> => {
    prefix ??= bytesOf(store.read(id, { start: 0, end: headerBytes })).then(prefixOf);
    return prefix;
  };
  async function* segments(from: number, to: number): AsyncGenerator<Buffer> {
    const nonce = await prefixOnce();
    const range = {
      start: headerBytes + from * sealedSegment,
      // One byte more than there may be: what was added at the end is noticed.
      end: to === last ? end + 1 : headerBytes + (to + 1) * sealedSegment,
    };
    let number = from;
    for await (const piece of pieces(store.read(id, range), sealedSegment)) {
      if (number > last) throw new DamagedFile('The file is longer than it was');
      yield openSegment(key, nonceOf(nonce, number, number === last), context, piece);
      number += 1;
    }
    if (number <= to) throw new DamagedFile('The file is cut off');
  }
  return {
    length,
    content: () => segments(0, last),
    async read(offset, size) {
      const stop = Math.min(offset + size, length);
      if (stop <= offset) return Buffer.alloc(0);
      const from = Math.floor(offset / segmentBytes);
      const to = Math.floor((stop - 1) / segmentBytes);
      const plain = await bytesOf(segments(from, to));
      return plain.subarray(offset - from * segmentBytes, stop - from * segmentBytes);
    },
  };
};
