import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Pdf from 'pdfkit';
import { createSlices } from '../../config/slices.ts';
import type { Locale } from '../i18n/shape.ts';

/** What stands on paper, from top to bottom. `label` is the bold line over the `line`s that belong to it. */
export type PaperBlock =
  | { readonly kind: 'h1' | 'h2' | 'label' | 'line' | 'note' | 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] };

export interface Paper {
  readonly locale: Locale;
  readonly title: string;
  /** Who made it: stands at the foot of each page and in the file's properties. */
  readonly brand: string;
  /** The foot of each page. */
  readonly pageOf: (p: { readonly page: number; readonly of: number }) => string;
  readonly blocks: readonly PaperBlock[];
}

/**
 * Fira Sans comes in files by script. Names on German documents may need any of them, and letters with marks that only
 * DejaVu Sans has (DIN 91379), so each letter is set, with its marks, from the first file that has all of it.
 */
const scripts = [
  'latin',
  'latin-ext',
  'vietnamese',
  'greek',
  'greek-ext',
  'cyrillic',
  'cyrillic-ext',
  'dejavu',
] as const;
type Script = (typeof scripts)[number];
const weights = { regular: 400, bold: 600 } as const;
type Weight = keyof typeof weights;

const fileOf = (script: Script, weight: Weight): string =>
  script === 'dejavu'
    ? `@fontsource/dejavu-sans/files/dejavu-sans-latin-${weight === 'bold' ? 700 : 400}-normal.woff`
    : `@fontsource/fira-sans/files/fira-sans-${script}-${weights[weight]}-normal.woff`;

const fontName = (script: Script, weight: Weight): string => `${script} ${weight}`;

const files = createRequire(import.meta.url);
const fonts = new Map<string, Buffer>();
const fontOf = (script: Script, weight: Weight): Buffer => {
  const name = fontName(script, weight);
  const known = fonts.get(name);
  if (known) return known;
  const read = readFileSync(files.resolve(fileOf(script, weight)));
  fonts.set(name, read);
  return read;
};

/** Letters with their marks, as people count them. */
const letters = new Intl.Segmenter('de', { granularity: 'grapheme' });

const numberOf = (character: string): string =>
  `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;

/** What @types/pdfkit does not know: the font that is set just now. */
interface WithFont {
  readonly _fontFamilies: Record<string, unknown>;
  readonly _font: { readonly font: { hasGlyphForCodePoint(point: number): boolean } };
}

interface Style {
  readonly size: number;
  readonly weight: Weight;
  readonly indent?: number;
  /** Lines of space above it. */
  readonly space?: number;
  /** How many margins must be left on a page for it to begin there: a heading at its foot belongs to the next one. */
  readonly room?: number;
}

const styles = {
  h1: { size: 22, weight: 'bold' },
  h2: { size: 15, weight: 'bold', space: 1, room: 2.5 },
  label: { size: 10.5, weight: 'bold', space: 0.3, room: 2 },
  line: { size: 10.5, weight: 'regular', indent: 12 },
  note: { size: 10.5, weight: 'regular', space: 0.3 },
  text: { size: 11.5, weight: 'regular', space: 0.6 },
  item: { size: 11.5, weight: 'regular', indent: 12, space: 0.3 },
} as const satisfies Record<string, Style>;

/** Points. */
const margin = 56;

/** Characters, more than a SHA-512 has, after which a word gets a blank: the library's time for one word grows with the square of its length. */
const longestWord = 130;

/** Characters that are set in one go, while everybody else waits. */
const longestPiece = 5000;

/** A text without end in pieces, cut at blanks and ends of lines where there are any. */
const inPieces = (text: string): string[] => {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > longestPiece) {
    const end = Math.max(rest.lastIndexOf(' ', longestPiece), rest.lastIndexOf('\n', longestPiece));
    // Not between the halves of a character.
    const cut = end > 0 ? end : longestPiece - (/[\ud800-\udbff]/.test(rest[longestPiece - 1] ?? '') ? 1 : 0);
    pieces.push(rest.slice(0, cut));
    rest = rest.slice(end > 0 ? cut + 1 : cut);
  }
  return [...pieces, rest];
};

/** A tagged PDF (PDF/UA, ISO 14289-1) that can be read without seeing it: with headings, language and a title. */
export const renderPaper = async ({ locale, title, brand, pageOf, blocks }: Paper): Promise<Buffer> => {
  const document = new Pdf({
    size: 'A4',
    margins: { top: margin, left: margin, right: margin, bottom: margin + 16 },
    pdfVersion: '1.7',
    subset: 'PDF/UA' as 'PDF/A-2',
    tagged: true,
    displayTitle: true,
    lang: locale === 'de' ? 'de-DE' : 'en-GB',
    bufferPages: true,
    info: { Title: `${title} – ${brand}`, Author: brand, Creator: brand, Producer: brand },
    font: fontOf('latin', 'regular') as unknown as string,
  });
  // Each further page would begin with it again, in the middle of a text that another file sets.
  delete document.options.font;
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<void>((resolve, reject) => {
    document.on('end', resolve);
    document.on('error', reject);
  });

  const loaded = new Set<string>();
  const set = (script: Script, weight: Weight): void => {
    const name = fontName(script, weight);
    if (!loaded.has(name)) {
      document.registerFont(name, fontOf(script, weight));
      loaded.add(name);
      // The files of one weight share their PostScript name, by which the library would take one for the other.
      const families = (document as unknown as WithFont)._fontFamilies;
      for (const key of Object.keys(families)) if (!loaded.has(key)) Reflect.deleteProperty(families, key);
    }
    document.font(name);
  };
  const known = new Map<string, boolean>();
  const has = (script: Script, weight: Weight, letter: string): boolean => {
    const key = `${script} ${weight} ${letter}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    set(script, weight);
    const { font } = (document as unknown as WithFont)._font;
    const found = Array.from(letter).every((character) => font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0));
    known.set(key, found);
    return found;
  };

  /** Pieces of a text that one file can set. What none has is written as its number: nothing is lost, and no box stands for it. */
  const runsOf = (text: string, weight: Weight): { script: Script; text: string }[] => {
    const runs: { script: Script; text: string }[] = [];
    let unbroken = 0;
    const add = (letter: string): void => {
      const last = runs.at(-1);
      unbroken = /\s/u.test(letter) ? 0 : unbroken + 1;
      if (last && unbroken > longestWord) {
        last.text += ' ';
        unbroken = 1;
      }
      const script = scripts.find((one) => has(one, weight, letter));
      // Files of Fira Sans go on as long as they can; the other typeface sets only what they cannot, and blanks.
      const goesOn = last && (last.script !== 'dejavu' || script === 'dejavu' || letter === ' ');
      if (goesOn && has(last.script, weight, letter)) {
        last.text += letter;
        return;
      }
      if (script !== undefined) runs.push({ script, text: letter });
      else if (Array.from(letter).length > 1) for (const character of letter) add(character);
      else for (const character of numberOf(letter)) add(character);
    };
    const seen = text
      .normalize('NFC')
      .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
      .replaceAll(/[\t\r\u2028\u2029]/gu, ' ');
    for (const { segment } of letters.segment(seen)) add(segment);
    return runs;
  };

  const write = (text: string, { size, weight, indent = 0 }: Style): void => {
    for (const line of text.split('\n')) {
      const runs = runsOf(line === '' ? ' ' : line, weight);
      runs.forEach((run, i) => {
        set(run.script, weight);
        const continued = i < runs.length - 1;
        if (i === 0) document.fontSize(size).text(run.text, margin + indent, document.y, { continued, lineGap: 2 });
        else document.fontSize(size).text(run.text, { continued, lineGap: 2 });
      });
    }
  };

  const root = document.struct('Document');
  document.addStructure(root);
  const begin = ({ space = 0, room = 0 }: Style): void => {
    if (space > 0) document.moveDown(space);
    if (room > 0 && document.y > document.page.height - room * margin) document.addPage();
  };
  const add = (tag: 'H1' | 'H2' | 'P', text: string, style: Style): void => {
    begin(style);
    if (tag === 'H2') document.outline.addItem(text);
    root.add(document.struct(tag, {}, () => write(text, style)));
  };
  /** Other requests get their turn in between. */
  const pause = createSlices();
  const addList = async ({ ordered, items }: Extract<PaperBlock, { kind: 'list' }>): Promise<void> => {
    const list = document.struct('L');
    root.add(list);
    for (const [i, text] of items.entries()) {
      await pause();
      begin(styles.item);
      const body = document.struct('LBody', {}, () => write(`${ordered ? `${i + 1}.` : '–'} ${text}`, styles.item));
      list.add(document.struct('LI', {}, [body]));
    }
    list.end();
  };
  for (const block of blocks) {
    if (block.kind === 'list') await addList(block);
    else
      for (const text of inPieces(block.text)) {
        await pause();
        add(block.kind === 'h1' ? 'H1' : block.kind === 'h2' ? 'H2' : 'P', text, styles[block.kind]);
      }
  }
  root.end();

  const { start, count } = document.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    document.switchToPage(page);
    const { height, margins } = document.page;
    // Below the margin, where pdfkit would begin a new page.
    const { bottom } = margins;
    margins.bottom = 0;
    document.markContent('Artifact', { type: 'Pagination' });
    set('latin', 'regular');
    document.fontSize(9).text(`${brand} · ${pageOf({ page: page - start + 1, of: count })}`, margin, height - margin, {
      lineBreak: false,
    });
    document.endMarkedContent();
    margins.bottom = bottom;
  }
  document.end();
  await done;
  return Buffer.concat(chunks);
};
