import { levels, type Level } from '../../../assurance/levels.ts';
import { mayRead } from '../letters/reading.ts';
import type { SearchChange, SearchTerms } from '../records/search-entries.ts';

/** The words of one mailbox's letters in memory: which letters have a word that begins so. */
export interface SearchIndex {
  /** Of the entries that are in it. */
  readonly version: number;
  /** About what it takes of memory. */
  readonly bytes: number;
  apply(version: number, changes: readonly SearchChange[]): void;
  /**
   * Ids of the letters that have every word, newest first. A word counts as a beginning. Letters above the present level
   * match by their sender only.
   *
   * @param words as letters/search-terms.ts makes them
   */
  find(words: readonly string[], present: Level): string[];
  /** Its content in a form of its own, for `openSearchIndex`. */
  save(): Buffer;
}

/**
 * Terms in order, and of each the letters that have it, in one array: `postings[starts[n]]` up to `starts[n + 1]` are those of
 * term n. A posting is twice the number of the letter, plus one when the term is of its sender.
 */
interface Base {
  readonly terms: readonly string[];
  readonly starts: Uint32Array;
  readonly postings: Uint32Array;
  /** Letters that are in it. */
  readonly letters: number;
}

interface Saved {
  readonly format: 1;
  readonly version: number;
  readonly terms: string;
  readonly ids: readonly string[];
  readonly times: readonly number[];
  readonly levels: readonly number[];
  readonly gone: readonly number[];
  readonly letters: number;
}

const emptyBase: Base = { terms: [], starts: new Uint32Array(1), postings: new Uint32Array(0), letters: 0 };
/** So many new letters are looked through one by one before they are put in order with the others. */
const mostRecent = 500;
const bytesPerLetter = 120;
const bytesPerTerm = 60;

/** Where the terms begin that are not before `word`. */
const firstFrom = (terms: readonly string[], word: string): number => {
  let low = 0;
  let high = terms.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((terms[middle] ?? '') < word) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Puts the terms of letters that came later among those that are in order; both lists are gone through once. */
const merge = (base: Base, recent: readonly Pick<SearchTerms, 'sender' | 'text'>[]): Base => {
  const added = new Map<string, number[]>();
  const add = (term: string, posting: number): void => {
    const postings = added.get(term);
    if (postings === undefined) added.set(term, [posting]);
    else postings.push(posting);
  };
  recent.forEach(({ sender, text }, n) => {
    const letter = base.letters + n;
    for (const term of sender) add(term, letter * 2 + 1);
    for (const term of text) add(term, letter * 2);
  });
  const fresh = [...added.keys()].sort();
  let count = base.postings.length;
  for (const postings of added.values()) count += postings.length;
  const terms: string[] = [];
  const starts: number[] = [0];
  const postings = new Uint32Array(count);
  let end = 0;
  let i = 0;
  let j = 0;
  while (i < base.terms.length || j < fresh.length) {
    const old = base.terms[i];
    const next = fresh[j];
    const term = next === undefined || (old !== undefined && old <= next) ? (old ?? '') : next;
    if (old === term) {
      const range = base.postings.subarray(base.starts[i], base.starts[i + 1]);
      postings.set(range, end);
      end += range.length;
      i += 1;
    }
    if (next === term) {
      const more = added.get(term) ?? [];
      postings.set(more, end);
      end += more.length;
      j += 1;
    }
    terms.push(term);
    starts.push(end);
  }
  return { terms, starts: Uint32Array.from(starts), postings, letters: base.letters + recent.length };
};

const read = (saved: Buffer): { readonly head: Saved; readonly base: Base } | undefined => {
  const length = saved.readUInt32LE(0);
  const head = JSON.parse(saved.toString('utf8', 4, 4 + length)) as Saved;
  if (head.format !== 1) return undefined;
  const terms = head.terms === '' ? [] : head.terms.split(' ');
  // A copy, since typed arrays must begin at a multiple of four.
  const numbers = new Uint32Array(new Uint8Array(saved.subarray(4 + length)).buffer);
  return {
    head,
    base: {
      terms,
      starts: numbers.subarray(0, terms.length + 1),
      postings: numbers.subarray(terms.length + 1),
      letters: head.letters,
    },
  };
};

/** @param saved what `save` gave; without it, or when it is of another form, the index begins empty at version 0. */
export const openSearchIndex = (saved?: Buffer): SearchIndex => {
  const known = saved && read(saved);
  let base = known?.base ?? emptyBase;
  let version = known?.head.version ?? 0;
  const ids = [...(known?.head.ids ?? [])];
  const times = [...(known?.head.times ?? [])];
  const needs = [...(known?.head.levels ?? [])];
  const gone = new Set(known?.head.gone);
  const numbers = new Map(ids.map((id, n) => [id, n]));
  let recent: Pick<SearchTerms, 'sender' | 'text'>[] = [];

  const settle = (): void => {
    if (recent.length === 0) return;
    base = merge(base, recent);
    recent = [];
  };

  const bytes = (): number =>
    base.postings.byteLength +
    base.terms.length * bytesPerTerm +
    ids.length * bytesPerLetter +
    recent.reduce((sum, { sender, text }) => sum + (sender.length + text.length) * bytesPerTerm, 0);

  return {
    get version() {
      return version;
    },
    get bytes() {
      return bytes();
    },
    apply(to, changes) {
      for (const { letterId, terms } of changes) {
        const n = numbers.get(letterId);
        if (terms === undefined) {
          if (n !== undefined) gone.add(n);
        } else if (n === undefined) {
          numbers.set(letterId, ids.length);
          ids.push(letterId);
          times.push(terms.providedAt);
          needs.push(levels.indexOf(terms.level));
          recent.push({ sender: terms.sender, text: terms.text });
        }
      }
      version = to;
      if (recent.length > mostRecent) settle();
    },
    find(words, present) {
      if (words.length === 0) return [];
      const readable = levels.map((level) => mayRead(level, present));
      const open = Uint8Array.from(needs, (need) => (readable[need] === true ? 1 : 0));
      /** How many of the words a letter has, as long as none was missed. */
      const matched = new Uint8Array(ids.length);
      const { terms, starts, postings } = base;
      words.forEach((word, turn) => {
        const first = firstFrom(terms, word);
        let last = first;
        while (terms[last]?.startsWith(word) === true) last += 1;
        // Terms that begin alike stand together, and so do their postings.
        const end = starts[last] ?? 0;
        for (let p = starts[first] ?? end; p < end; p += 1) {
          const posting = postings[p] as number;
          const n = posting >>> 1;
          if (matched[n] === turn && ((posting & 1) | (open[n] as number)) === 1) matched[n] = turn + 1;
        }
        recent.forEach(({ sender, text }, place) => {
          const n = base.letters + place;
          const has = (term: string): boolean => term.startsWith(word);
          if (matched[n] === turn && (sender.some(has) || (open[n] === 1 && text.some(has)))) matched[n] = turn + 1;
        });
      });
      const found: number[] = [];
      for (let n = matched.length - 1; n >= 0; n -= 1) if (matched[n] === words.length && !gone.has(n)) found.push(n);
      // They came in the order of their times, as a rule: then there is nothing to do.
      const time = (n: number | undefined): number => times[n ?? -1] ?? 0;
      if (found.some((n, i) => i > 0 && time(found[i - 1]) < time(n))) found.sort((a, b) => time(b) - time(a) || b - a);
      return found.map((n) => ids[n] ?? '');
    },
    save() {
      settle();
      const head: Saved = {
        format: 1,
        version,
        terms: base.terms.join(' '),
        ids,
        times,
        levels: needs,
        gone: [...gone],
        letters: base.letters,
      };
      const text = Buffer.from(JSON.stringify(head), 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32LE(text.length);
      const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array): Buffer =>
        Buffer.from(buffer, byteOffset, byteLength);
      return Buffer.concat([length, text, bytesOf(base.starts), bytesOf(base.postings)]);
    },
  };
};
