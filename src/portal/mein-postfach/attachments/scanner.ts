import { ContentRefused, type RefusedContent } from '../../module-api/refused-content.ts';
import type { Form } from './content-type.ts';

/** Looks at a content piece by piece. `push` and `end` throw ContentRefused. */
export interface Scanner {
  push(chunk: Uint8Array): void;
  end(): void;
}

// In two halves, so that no scanner takes this program for the file.
const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/** Longer than anything that is looked for, so that nothing hides at the border of two pieces. */
const overlap = 4096;

type Patterns = readonly (readonly [RegExp, RefusedContent])[];

/**
 * Looks for patterns in a stream of bytes, taken as Latin-1.
 *
 * @param view what the patterns are looked for in, made of the bytes as they are.
 */
const patternScanner = (patterns: Patterns, view: (text: string) => string = (text) => text): Scanner => {
  let carry = '';
  return {
    push(chunk) {
      const text = carry + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
      const seen = view(text);
      for (const [pattern, reason] of patterns) if (pattern.test(seen)) throw new ContentRefused(reason);
      carry = text.slice(-overlap);
    },
    end() {},
  };
};

/** Markup as its parser understands it: one kind of quotes, and letters that are written as numbers (XML 1.0, 4.1). */
const asParsed = (text: string): string =>
  text
    .replaceAll("'", '"')
    .replaceAll(/&#(?:0*(\d{1,3})|x0*([\da-f]{1,2}));/gi, (_, decimal?: string, hex?: string) =>
      String.fromCharCode(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)),
    );

const escaped = (text: string): RegExp => new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));

const virusTest: readonly [RegExp, RefusedContent] = [escaped(eicar), 'virus_test_file'];

/** Of markup that no program writes, and that would be longer than what is kept between two pieces. */
const endless: Patterns = [
  [/&#x?[\da-f]{32}/i, 'broken'],
  [/<[^ \t\r\n<>]{1000}/, 'broken'],
];

/** Entities multiply (billion laughs) and read files; a data file needs none. */
const documentType: Patterns[number] = [/<!(?:doctype|entity)/i, 'document_type'];

const runs: Patterns = [
  documentType,
  ...endless,
  [/<\?xml-stylesheet/i, 'script'],
  [/<(?:[^ \t\r\n<>/:]*:)?(?:html|svg|script)[ \t\r\n>/]/i, 'script'],
  [
    /"[ \t\r\n]*http:\/\/www\.w3\.org\/(?:1999\/xhtml|2000\/svg|1998\/math|1999\/xsl\/transform|2001\/xinclude)/i,
    'script',
  ],
];

/** UTF-8 without control characters but those of white space. */
const textScanner = (): Scanner => {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  // eslint-disable-next-line no-control-regex
  const control = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/;
  const decode = (chunk: Uint8Array | undefined): void => {
    let text;
    try {
      text = chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new ContentRefused('not_text');
    }
    if (control.test(text)) throw new ContentRefused('not_text');
  };
  return { push: decode, end: () => decode(undefined) };
};

/** Bytes within which a declaration ends. */
const longestDeclaration = 1024;

/** A declared encoding other than UTF-8 would make other characters of the bytes that were looked at. */
const encodingScanner = (): Scanner => {
  let head = '';
  const check = (): void => {
    const [, declaration] = /^(?:\u00ef\u00bb\u00bf)?<\?xml((?:(?!\?>)[^])*)/i.exec(head) ?? [];
    if (declaration === undefined) return;
    if (declaration.length > longestDeclaration) throw new ContentRefused('not_text');
    const declared = /encoding\s*=\s*["']([^"']*)["']/i.exec(declaration)?.[1];
    if (declared !== undefined && !/^(?:utf-8|us-ascii)$/i.test(declared)) throw new ContentRefused('not_text');
  };
  return {
    push(chunk) {
      if (head.length > 2 * longestDeclaration) return;
      head += Buffer.from(chunk)
        .subarray(0, 2 * longestDeclaration)
        .toString('latin1');
      check();
    },
    end: check,
  };
};

/** Elements within elements, at most; a parser that follows them with its stack falls over. */
const deepest = 256;

/** What begins with these ends with those, whatever stands in between. */
const passages: readonly (readonly [string, string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];
const longestBeginning = 9;
/** Where a tag ends, or a value in it begins. */
const mark = /["'>]/g;

const depthScanner = (): Scanner => {
  let depth = 0;
  let carry = '';
  /** What ends where we are: a passage, or a value in quotes; '' within a tag or between two. */
  let until = '';
  let tag: 'opening' | 'closing' | undefined;

  const close = (selfClosed: boolean): void => {
    if (tag === 'closing') depth = Math.max(0, depth - 1);
    else if (!selfClosed) depth += 1;
    if (depth > deepest) throw new ContentRefused('broken');
    tag = undefined;
  };

  /** @returns the place to go on from, or undefined when more must come */
  const step = (text: string, at: number): number | undefined => {
    if (until !== '') {
      const end = text.indexOf(until, at);
      if (end < 0) return undefined;
      const next = end + until.length;
      until = '';
      return next;
    }
    if (tag !== undefined) {
      mark.lastIndex = at;
      const found = mark.exec(text);
      if (!found) return undefined;
      if (found[0] === '>') close(text[found.index - 1] === '/');
      else until = found[0];
      return found.index + 1;
    }
    const begin = text.indexOf('<', at);
    if (begin < 0 || text.length - begin < longestBeginning) return undefined;
    const passage = passages.find(([beginning]) => text.startsWith(beginning, begin));
    if (passage === undefined) tag = text[begin + 1] === '/' ? 'closing' : 'opening';
    else until = passage[1];
    return begin + (passage?.[0].length ?? 1);
  };

  return {
    push(chunk) {
      const text = carry + Buffer.from(chunk).toString('latin1');
      let at = 0;
      for (let next: number | undefined = 0; next !== undefined; next = step(text, at)) at = next;
      // The end of what was looked for may come in two pieces, and so may a beginning.
      carry = text.slice(Math.max(at, text.length - longestBeginning));
    },
    end() {},
  };
};

const together = (scanners: readonly Scanner[]): Scanner => ({
  push(chunk) {
    for (const scanner of scanners) scanner.push(chunk);
  },
  end() {
    for (const scanner of scanners) scanner.end();
  },
});

/** What can be seen while a content passes. */
export const createScanner = (form: Form): Scanner => {
  if (form === 'text') return together([patternScanner([virusTest]), textScanner()]);
  if (form === 'xml')
    return together([
      patternScanner([virusTest]),
      patternScanner(runs, asParsed),
      textScanner(),
      encodingScanner(),
      depthScanner(),
    ]);
  return patternScanner([virusTest]);
};

/** Whether a part of an office document is markup, whatever it is called: by its first bytes, of UTF-16, too. */
export const looksLikeMarkup = (head: Uint8Array): boolean =>
  /^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff|[\s\0])*</.test(Buffer.from(head).toString('latin1'));

/** The markup in an office document: its own drawings are in other namespaces than the web's. */
export const createPartScanner = (): Scanner =>
  together([
    patternScanner([virusTest]),
    patternScanner(
      [
        documentType,
        ...endless,
        [/macroEnabled/i, 'macro'],
        // A template brings its macros along; it always comes from elsewhere.
        [/relationships\/attachedTemplate"/i, 'macro'],
        [/relationships\/(?:oleObject|package|vbaProject|control)"/i, 'embedded_file'],
        [/<(?:[^ \t\r\n<>/:]*:)?(?:script|module|event-listeners)[ \t\r\n>/]/i, 'macro'],
      ],
      asParsed,
    ),
    textScanner(),
    encodingScanner(),
    depthScanner(),
  ]);
