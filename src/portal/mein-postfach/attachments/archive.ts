import { createInflateRaw } from 'node:zlib';
import type { AttachmentType } from './content-type.ts';
import { ContentRefused } from '../../module-api/refused-content.ts';
import { createPartScanner, createScanner, looksLikeMarkup, type Scanner } from './scanner.ts';
import { segmentBytes, type OpenFile } from './sealed-stream.ts';

/** One part of an office document (a ZIP archive, APPNOTE 6.3). */
interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly header: number;
}

const limits = {
  entries: 2000,
  directory: 1024 * 1024,
  /** All parts together, unpacked. */
  unpacked: 256 * 1024 * 1024,
  /** Unpacked to packed, of what unpacks to more than a megabyte. */
  ratio: 200,
} as const;

const end = { signature: 0x06054b50, bytes: 22, comment: 0xffff } as const;
const central = { signature: 0x02014b50, bytes: 46 } as const;
const local = { signature: 0x04034b50, bytes: 30 } as const;

const broken = (): ContentRefused => new ContentRefused('broken');

/** The end of the archive is the end of the file, so that no other reader finds another archive in it. */
const findEnd = async (
  file: OpenFile,
): Promise<{ readonly count: number; readonly size: number; readonly start: number }> => {
  const from = Math.max(0, file.length - end.bytes - end.comment);
  const tail = await file.read(from, file.length - from);
  for (let at = tail.length - end.bytes; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== end.signature) continue;
    if (tail.readUInt16LE(at + 20) !== tail.length - at - end.bytes) continue;
    const count = tail.readUInt16LE(at + 10);
    const size = tail.readUInt32LE(at + 12);
    const start = tail.readUInt32LE(at + 16);
    const disks = tail.readUInt16LE(at + 4) + tail.readUInt16LE(at + 6);
    if (disks !== 0 || count !== tail.readUInt16LE(at + 8) || start + size !== from + at) throw broken();
    return { count, size, start };
  }
  throw broken();
};

const nameFits = (name: string): boolean =>
  name !== '' &&
  !name.startsWith('/') &&
  !/[\\:\p{Cc}]/u.test(name) &&
  !name.split('/').some((part) => part === '..' || part === '.');

const directoryOf = async (file: OpenFile): Promise<Entry[]> => {
  const { count, size, start } = await findEnd(file);
  if (count > limits.entries || size > limits.directory) throw new ContentRefused('too_large_unpacked');
  const bytes = await file.read(start, size);
  const entries: Entry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + central.bytes > bytes.length || bytes.readUInt32LE(at) !== central.signature) throw broken();
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const next = at + central.bytes + name + extra + comment;
    if (next > bytes.length) throw broken();
    if ((bytes.readUInt16LE(at + 8) & 0x41) !== 0) throw new ContentRefused('encrypted');
    entries.push({
      name: bytes.toString('utf8', at + central.bytes, at + central.bytes + name),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      unpacked: bytes.readUInt32LE(at + 24),
      header: bytes.readUInt32LE(at + 42),
    });
    at = next;
  }
  if (at !== bytes.length) throw broken();
  return entries;
};

const macroParts =
  /(?:^|\/)(?:vbaproject(?:signature\w*)?\.bin|vbadata\.xml|basic\/.*|scripts\/.*|macrosheets\/.*|activex\/.*)$/i;
const embeddedParts =
  /(?:^|\/)embeddings\/.|(?:^|\/)object \d+\/content\.xml$|\.(?:bin|exe|dll|js|vbs|bat|cmd|ps1|jar|html?|svg|hta|lnk|zip|docm|xlsm)$/i;
/** Settings of the printer are binary and harmless. */
const harmlessParts = /(?:^|\/)printersettings\/printersettings\d*\.bin$/i;

const checkNames = (entries: readonly Entry[]): void => {
  if (new Set(entries.map(({ name }) => name.toLowerCase())).size !== entries.length) throw broken();
  for (const { name, method } of entries) {
    if (!nameFits(name)) throw new ContentRefused('archive');
    if (method !== 0 && method !== 8) throw broken();
    if (macroParts.test(name)) throw new ContentRefused('macro');
    if (embeddedParts.test(name) && !harmlessParts.test(name)) throw new ContentRefused('embedded_file');
  }
};

const checkSizes = (entries: readonly Entry[]): void => {
  const total = entries.reduce((sum, { unpacked }) => sum + unpacked, 0);
  if (total > limits.unpacked) throw new ContentRefused('too_large_unpacked');
  for (const { packed, unpacked } of entries)
    if (unpacked > 1024 * 1024 && unpacked > packed * limits.ratio) throw new ContentRefused('too_large_unpacked');
};

/** Where the data of each entry begin. Entries that share bytes would unpack one small file many times. */
const placesOf = async (file: OpenFile, entries: readonly Entry[], directory: number): Promise<Map<Entry, number>> => {
  const places = new Map<Entry, number>();
  let free = 0;
  for (const entry of entries.toSorted((a, b) => a.header - b.header)) {
    if (entry.header < free) throw broken();
    const header = await file.read(entry.header, local.bytes);
    if (header.length < local.bytes || header.readUInt32LE(0) !== local.signature) throw broken();
    const name = await file.read(entry.header + local.bytes, header.readUInt16LE(26));
    if (name.toString('utf8') !== entry.name || header.readUInt16LE(8) !== entry.method) throw broken();
    const begin = entry.header + local.bytes + header.readUInt16LE(26) + header.readUInt16LE(28);
    free = begin + entry.packed;
    if (free > directory) throw broken();
    places.set(entry, begin);
  }
  return places;
};

async function* packedBytes(file: OpenFile, begin: number, length: number): AsyncGenerator<Buffer> {
  for (let at = begin; at < begin + length; at += segmentBytes)
    yield await file.read(at, Math.min(segmentBytes, begin + length - at));
}

/** What an entry unpacks to. @throws ContentRefused once it is more than it says */
async function* unpackedBytes(file: OpenFile, entry: Entry, begin: number): AsyncGenerator<Buffer> {
  const packed = packedBytes(file, begin, entry.packed);
  let length = 0;
  const count = (chunk: Buffer): Buffer => {
    length += chunk.length;
    if (length > entry.unpacked) throw new ContentRefused('too_large_unpacked');
    return chunk;
  };
  if (entry.method === 0) for await (const chunk of packed) yield count(chunk);
  else {
    const inflate = createInflateRaw();
    const feeding = (async () => {
      for await (const chunk of packed)
        if (!inflate.destroyed && !inflate.write(chunk))
          await new Promise<void>((resolve) => inflate.once('drain', resolve).once('close', resolve));
      inflate.end();
    })();
    feeding.catch((error: unknown) => inflate.destroy(error instanceof Error ? error : broken()));
    try {
      for await (const chunk of inflate as AsyncIterable<Buffer>) yield count(chunk);
    } catch (error) {
      throw error instanceof ContentRefused ? error : broken();
    } finally {
      inflate.destroy();
    }
  }
  if (length !== entry.unpacked) throw broken();
}

const lookInto = async (file: OpenFile, entry: Entry, begin: number): Promise<void> => {
  let scanner: Scanner | undefined;
  for await (const chunk of unpackedBytes(file, entry, begin)) {
    if (scanner === undefined) {
      if (chunk.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') throw new ContentRefused('archive');
      // A part may be declared to be markup whatever its name ends with.
      const markup = /\.(?:xml|rels|rdf)$/i.test(entry.name) || looksLikeMarkup(chunk);
      scanner = markup ? createPartScanner() : createScanner('image');
    }
    scanner.push(chunk);
  }
  scanner?.end();
};

const mainParts: Readonly<Partial<Record<AttachmentType, string>>> = {
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'word/document.xml',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xl/workbook.xml',
  'application/vnd.oasis.opendocument.text': 'content.xml',
  'application/vnd.oasis.opendocument.spreadsheet': 'content.xml',
};

/**
 * Looks into an office document: it is what it says it is, unpacks to what it says and to no more than is borne, and has no
 * macro, no other file and no second archive in it.
 *
 * @throws ContentRefused
 */
export const inspectArchive = async (type: AttachmentType, file: OpenFile): Promise<void> => {
  const entries = await directoryOf(file);
  checkNames(entries);
  checkSizes(entries);
  const main = mainParts[type];
  if (main === undefined || !entries.some(({ name }) => name === main)) throw new ContentRefused('type');
  const places = await placesOf(file, entries, file.length);
  if (type.startsWith('application/vnd.oasis.')) {
    const mimetype = entries.find(({ name }) => name === 'mimetype');
    if (!mimetype || mimetype.method !== 0 || mimetype.unpacked > 100) throw new ContentRefused('type');
    const said = await file.read(places.get(mimetype) ?? 0, mimetype.unpacked);
    if (said.toString('latin1').trim() !== type) throw new ContentRefused('type');
  } else if (!entries.some(({ name }) => name === '[Content_Types].xml')) throw new ContentRefused('type');
  for (const [entry, begin] of places) await lookInto(file, entry, begin);
};
