import { createInflate } from 'node:zlib';
import { ContentRefused, type RefusedContent } from './refused-content.ts';

/** A file that is read in pieces. */
export interface PdfFile {
  readonly length: number;
  /** `size` bytes from `offset`, fewer at the end. */
  read(offset: number, size: number): Promise<Buffer>;
}

/** As large as the segments in which Mein Postfach seals files: each is opened once. */
const pieceBytes = 64 * 1024;

/** Names in a PDF (ISO 32000-1, 7.3.5) by which it does more than show pages. */
const forbidden: readonly (readonly [RegExp, RefusedContent])[] = [
  [/\/(?:JavaScript|JS)(?![\w.+-])/, 'script'],
  [/\/(?:Launch|SubmitForm|ImportData|GoToE|Rendition|RichMedia|Movie|Sound|XFA|3D)(?![\w.+-])/, 'script'],
  [/\/(?:EmbeddedFiles?|Filespec|Collection)(?![\w.+-])/, 'embedded_file'],
  [/\/Encrypt(?![\w.+-])/, 'encrypted'],
];

const limits = {
  /** Of one stream and of all; below it the ratio does not matter, since a blank page packs very well. */
  unpacked: 64 * 1024 * 1024,
  ratio: 100,
  /** Whatever the ratio. */
  total: 1024 * 1024 * 1024,
  streams: 200_000,
} as const;

/** What stands between streams is kept so far back: a stream whose dictionary is longer is refused. */
const lookBack = 16 * 1024;

/** `#4a` in a name is a letter. */
const spelledOut = (text: string): string =>
  text.includes('#')
    ? text.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : text;

const checkText = (text: string): void => {
  const plain = spelledOut(text);
  for (const [pattern, reason] of forbidden) if (pattern.test(plain)) throw new ContentRefused(reason);
};

/**
 * The same in what passes for a stream: a false beginning, in a comment or a string, would hide objects there. Names so short
 * that they come by chance in an image are not among it; each of them needs one of these.
 */
const forbiddenAnywhere: typeof forbidden = [
  [/\/JavaScript(?!\w)/, 'script'],
  [/\/(?:Launch|SubmitForm|ImportData|Rendition|RichMedia)(?!\w)/, 'script'],
  [/\/EmbeddedFiles?(?!\w)/, 'embedded_file'],
  [/\/Encrypt(?!\w)/, 'encrypted'],
  // Objects of its own, which nobody would look into.
  [/\/ObjStm(?!\w)|>>\s{0,8}stream(?:\r\n|\n|\r)/, 'broken'],
];

/** How a stream may be packed or written, but for images. */
const encodings = /^(?:FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL|ASCIIHexDecode|AHx|ASCII85Decode|A85|Crypt)$/;
const images = /^(?:DCTDecode|DCT|JPXDecode|CCITTFaxDecode|CCF|JBIG2Decode)$/;

/**
 * Packed objects begin with pairs of numbers, after comments or without. Readers find them by a table and need no word in the dictionary
 * that says what they are, so the content is what counts.
 */
const beginsLikeObjects = (text: string): boolean =>
  /^(?:[\s\0]|%[^\r\n]*[\r\n])*(?:%[^\r\n]*$|\d+(?:[\s\0]|%[^\r\n]*[\r\n])+\d+(?![\d.]))/.test(text);

/** Piece by piece, each once. */
async function* chunksOf(file: PdfFile, begin: number, end: number): AsyncGenerator<Buffer> {
  for (let at = begin; at < end;) {
    const next = Math.min(end, (Math.floor(at / pieceBytes) + 1) * pieceBytes);
    yield await file.read(at, next - at);
    at = next;
  }
}

const checkRaw = async (file: PdfFile, begin: number, end: number): Promise<void> => {
  let carry = '';
  for await (const chunk of chunksOf(file, begin, end)) {
    const text = spelledOut(carry + chunk.toString('latin1'));
    for (const [pattern, reason] of forbiddenAnywhere) if (pattern.test(text)) throw new ContentRefused(reason);
    carry = text.slice(-256);
  }
};

interface Budget {
  packed: number;
  unpacked: number;
}

const spend = (budget: Budget, own: Budget): void => {
  for (const { packed, unpacked } of [
    own,
    { packed: budget.packed + own.packed, unpacked: budget.unpacked + own.unpacked },
  ])
    if (unpacked > limits.unpacked && unpacked > packed * limits.ratio) throw new ContentRefused('too_large_unpacked');
  if (budget.unpacked + own.unpacked > limits.total) throw new ContentRefused('too_large_unpacked');
};

/** Unpacks a stream to see how much it is, and what it says where it holds objects. */
const inflateStream = async (
  file: PdfFile,
  begin: number,
  length: number,
  budget: Budget,
  objects: boolean,
): Promise<void> => {
  const inflate = createInflate();
  const own = { packed: length, unpacked: 0 };
  let looking = objects ? true : undefined;
  let stopped = false;
  const feed = async (): Promise<void> => {
    for await (const chunk of chunksOf(file, begin, begin + length)) {
      if (stopped) return;
      if (!inflate.write(chunk))
        await new Promise<void>((resolve) => {
          inflate.once('drain', resolve);
          inflate.once('close', resolve);
        });
    }
    if (!stopped) inflate.end();
  };
  const feeding = feed();
  feeding.catch((error: unknown) => inflate.destroy(error as Error));
  let carry = '';
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      own.unpacked += chunk.length;
      spend(budget, own);
      if (looking === false) continue;
      const text = carry + chunk.toString('latin1');
      if (/[^\s\0]/.test(text)) looking ??= beginsLikeObjects(text);
      if (looking === true) checkText(text);
      carry = text.slice(-256);
    }
  } catch (error) {
    if (error instanceof ContentRefused) throw error;
    // Readers show what they can of a broken stream; objects that nobody can look at are refused.
    if (objects || !/^Z_|ERR_STREAM_PREMATURE_CLOSE/.test(String((error as NodeJS.ErrnoException).code)))
      throw new ContentRefused('broken');
  } finally {
    stopped = true;
    inflate.destroy();
    await feeding.catch(() => undefined);
  }
  budget.packed += own.packed;
  budget.unpacked += own.unpacked;
};

/** The first place of `word` at or after `from`, or undefined. */
const find = async (file: PdfFile, word: string, from: number): Promise<number | undefined> => {
  for (let at = from; at < file.length; at += pieceBytes - word.length) {
    const found = (await file.read(at, pieceBytes)).indexOf(word, 0, 'latin1');
    if (found !== -1) return at + found;
  }
  return undefined;
};

/** Where the data of a stream end: by its length if that is right, else at the next `endstream`. */
const endOfStream = async (file: PdfFile, begin: number, dictionary: string): Promise<number> => {
  const said = /\/Length\s+(\d{1,10})(?!\s+\d+\s+R)/.exec(dictionary)?.[1];
  if (said !== undefined) {
    const end = begin + Number(said);
    if (/^\s{0,4}endstream/.test((await file.read(end, 16)).toString('latin1'))) return end;
  }
  return (await find(file, 'endstream', begin)) ?? file.length;
};

/** The filters of every dictionary in a text. */
const filtersIn = (text: string): string[][] =>
  [...text.matchAll(/\/(?:Filter|F)\s*(?:\[([^[\]]*)\]|(\/\w+))/g)].map(([, list, one]) =>
    [...(list ?? one ?? '').matchAll(/\/(\w+)/g)].map(([, name]) => name ?? ''),
  );

const packing = /^(?:FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL)$/;
const flate = /^(?:FlateDecode|Fl)$/;

/** What was written between the end of a stream and the beginning of the next one, in which its dictionary is the last thing. */
interface Between {
  /** Names of encodings that stand there. */
  readonly encodings: Set<string>;
  /** Whether packed objects may follow. */
  objects: boolean;
}

const look = (between: Between, text: string): void => {
  const plain = spelledOut(text);
  for (const name of filtersIn(plain).flat()) if (encodings.test(name)) between.encodings.add(name);
  // Where a filter stands in another object nobody knows what is looked at.
  if (/\/Filter\s*(?:\[\s*)?\d/.test(plain)) throw new ContentRefused('encrypted');
  if (/\/(?:ObjStm|First)(?!\w)/.test(plain)) between.objects = true;
};

/** RFC 1950, 2.2. */
const isZlib = (head: Buffer): boolean =>
  head.length === 2 && ((head[0] ?? 0) & 0x0f) === 8 && head.readUInt16BE(0) % 31 === 0;

const lookIntoStream = async (
  file: PdfFile,
  {
    begin,
    end,
    dictionary,
    between,
  }: {
    readonly begin: number;
    readonly end: number;
    readonly dictionary: string;
    readonly between: Between;
  },
  budget: Budget,
): Promise<void> => {
  await checkRaw(file, begin, end);
  const [filters = []] = filtersIn(dictionary);
  // A dictionary that says another thing to its reader than to us: by a string that looks like its beginning.
  for (const name of between.encodings) if (!filters.includes(name)) throw new ContentRefused('broken');
  // Packed twice is how a small file becomes a large one; nobody needs it.
  if (filters.filter((name) => packing.test(name)).length > 1) throw new ContentRefused('too_large_unpacked');
  const objects = /\/ObjStm(?!\w)/.test(dictionary);
  const onlyFlate = filters.length === 1 && flate.test(filters[0] ?? '');
  const image = filters.some((name) => images.test(name));
  if (filters.length > 0 && !onlyFlate && !image && (objects || between.objects)) throw new ContentRefused('encrypted');
  if (onlyFlate || (filters.length === 0 && isZlib(await file.read(begin, Math.min(2, end - begin)))))
    await inflateStream(file, begin, end - begin, budget, objects);
  else if (filters.length === 0) {
    let carry = '';
    let looking = objects ? true : undefined;
    for await (const chunk of chunksOf(file, begin, end)) {
      const text = carry + chunk.toString('latin1');
      if (/[^\s\0]/.test(text)) looking ??= beginsLikeObjects(text);
      if (looking === true) checkText(text);
      if (looking === false) break;
      carry = text.slice(-256);
    }
  }
};

/**
 * Looks through a PDF: no script, nothing that starts or sends anything, no file in the file, no encryption that would hide
 * these, and no stream that unpacks to far more than it is. What stands in content streams and images only shows.
 *
 * @throws ContentRefused
 */
export const inspectPdf = async (file: PdfFile): Promise<void> => {
  const budget: Budget = { packed: 0, unpacked: 0 };
  const nothing = (): Between => ({ encodings: new Set(), objects: false });
  let between = nothing();
  let before = '';
  let at = 0;
  for (let streams = 0; at < file.length;) {
    const text = before + (await file.read(at, pieceBytes)).toString('latin1');
    const base = at - before.length;
    const keyword = /(?<!end)stream(\r\n|\n|\r)/g;
    keyword.lastIndex = Math.max(0, before.length - 8);
    const found = keyword.exec(text);
    const cut = found === null ? text.length : found.index;
    const passed = text.slice(0, cut);
    checkText(passed);
    look(between, passed);
    if (found === null) {
      at = base + text.length;
      before = text.slice(-lookBack);
      continue;
    }
    streams += 1;
    if (streams > limits.streams) throw new ContentRefused('broken');
    const last = passed.slice(-lookBack);
    if (!/\bobj\b/.test(last) && passed.length >= lookBack) throw new ContentRefused('broken');
    const dictionary = spelledOut(last.replace(/^.*\bobj\b/s, ''));
    const begin = base + found.index + found[0].length;
    const end = await endOfStream(file, begin, dictionary);
    await lookIntoStream(file, { begin, end, dictionary, between }, budget);
    at = end;
    before = '';
    between = nothing();
  }
};
