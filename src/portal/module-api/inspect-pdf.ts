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

/** What stands between streams is kept so far back: a stream's dictionary is not longer. */
const lookBack = 4096;

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
];

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
      if (!objects) continue;
      const text = carry + chunk.toString('latin1');
      checkText(text);
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

const filtersOf = (dictionary: string): string[] => {
  const [, list, one] = /\/(?:Filter|F)\s*(?:\[([^\]]*)\]|\/([\w]+))/.exec(dictionary) ?? [];
  return [...(list ?? (one === undefined ? '' : `/${one}`)).matchAll(/\/(\w+)/g)].map(([, name]) => name ?? '');
};

const packing = /^(?:FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL)$/;
const flate = /^(?:FlateDecode|Fl)$/;

const lookIntoStream = async (
  file: PdfFile,
  begin: number,
  end: number,
  dictionary: string,
  budget: Budget,
): Promise<void> => {
  await checkRaw(file, begin, end);
  const filters = filtersOf(dictionary);
  // Packed twice is how a small file becomes a large one; nobody needs it.
  if (filters.filter((name) => packing.test(name)).length > 1) throw new ContentRefused('too_large_unpacked');
  const objects = /\/ObjStm(?!\w)/.test(dictionary);
  if (objects && filters.length > 0 && !(filters.length === 1 && flate.test(filters[0] ?? '')))
    throw new ContentRefused('encrypted');
  if (filters.length === 1 && flate.test(filters[0] ?? ''))
    await inflateStream(file, begin, end - begin, budget, objects);
  else if (objects) {
    let carry = '';
    for await (const chunk of chunksOf(file, begin, end)) {
      carry += chunk.toString('latin1');
      checkText(carry);
      carry = carry.slice(-256);
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
  let before = '';
  let at = 0;
  for (let streams = 0; at < file.length;) {
    const text = before + (await file.read(at, pieceBytes)).toString('latin1');
    const base = at - before.length;
    const keyword = /(?<!end)stream(\r\n|\n|\r)/g;
    keyword.lastIndex = Math.max(0, before.length - 8);
    const found = keyword.exec(text);
    const cut = found === null ? text.length : found.index;
    checkText(text.slice(0, cut));
    if (found === null) {
      at = base + text.length;
      before = text.slice(-lookBack);
      continue;
    }
    streams += 1;
    if (streams > limits.streams) throw new ContentRefused('broken');
    const dictionary = spelledOut(text.slice(Math.max(0, cut - lookBack), cut).replace(/^.*\bobj\b/s, ''));
    const begin = base + found.index + found[0].length;
    const end = await endOfStream(file, begin, dictionary);
    await lookIntoStream(file, begin, end, dictionary, budget);
    at = end;
    before = '';
  }
};
