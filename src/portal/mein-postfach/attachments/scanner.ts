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
const overlap = 256;

/** Looks for patterns in a stream of bytes, taken as Latin-1. */
export const patternScanner = (patterns: readonly (readonly [RegExp, RefusedContent])[]): Scanner => {
  let carry = '';
  return {
    push(chunk) {
      const text = carry + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
      for (const [pattern, reason] of patterns) if (pattern.test(text)) throw new ContentRefused(reason);
      carry = text.slice(-overlap);
    },
    end() {},
  };
};

const escaped = (text: string): RegExp => new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));

const virusTest: readonly [RegExp, RefusedContent] = [escaped(eicar), 'virus_test_file'];

/** Entities multiply (billion laughs) and read files; a data file needs none. Encodings that hide markup are refused as text. */
export const documentType: readonly [RegExp, RefusedContent] = [/<!(?:doctype|entity)/i, 'document_type'];

const runs: readonly (readonly [RegExp, RefusedContent])[] = [
  documentType,
  [/<\?xml-stylesheet/i, 'script'],
  [/<(?:[\w-]{1,40}:)?(?:html|svg|script)[\s>/]/i, 'script'],
  [/["']\s*http:\/\/www\.w3\.org\/(?:1999\/xhtml|2000\/svg|1999\/xsl\/transform)/i, 'script'],
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

/** A declared encoding other than UTF-8 would make other characters of the bytes that were looked at. */
const encodingScanner = (): Scanner => {
  let head = '';
  const check = (): void => {
    const declared = /^\ufeff?<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']/i.exec(head)?.[1];
    if (declared !== undefined && !/^(?:utf-8|us-ascii)$/i.test(declared)) throw new ContentRefused('not_text');
  };
  return {
    push(chunk) {
      if (head.length >= overlap) return;
      head += Buffer.from(chunk).subarray(0, overlap).toString('utf8');
      check();
    },
    end: check,
  };
};

/** Elements within elements, at most; a parser that follows them with its stack falls over. */
const deepest = 256;

const depthScanner = (): Scanner => {
  let depth = 0;
  let carry = '';
  return {
    push(chunk) {
      const text = carry + Buffer.from(chunk).toString('latin1');
      let end = 0;
      for (const match of text.matchAll(/<(\/?)[A-Za-z_:\u0080-\u00ff][^<>]*?(\/?)>/g)) {
        end = match.index + match[0].length;
        if (match[1] === '/') depth -= 1;
        else if (match[2] !== '/') depth += 1;
        if (depth > deepest) throw new ContentRefused('broken');
      }
      const open = text.lastIndexOf('<');
      carry = open >= end ? text.slice(open).slice(0, 64 * 1024) : '';
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
    return together([patternScanner([virusTest, ...runs]), textScanner(), encodingScanner(), depthScanner()]);
  return patternScanner([virusTest]);
};

/** The XML parts of an office document: its own drawings are in other namespaces than the web's. */
export const createPartScanner = (): Scanner =>
  together([
    patternScanner([
      virusTest,
      documentType,
      [/macroEnabled/, 'macro'],
      // A template from elsewhere brings its macros along.
      [/attachedTemplate"[^>]*TargetMode="External"|TargetMode="External"[^>]*attachedTemplate"/i, 'macro'],
      [/relationships\/(?:oleObject|package|vbaProject|control)"/i, 'embedded_file'],
      [/<(?:office:script|script:module|office:event-listeners)[\s>]/i, 'macro'],
    ]),
    encodingScanner(),
    depthScanner(),
  ]);
