import type { Level } from '../../../assurance/levels.ts';
import { createSlices } from '../../../config/slices.ts';
import { searchTerms } from '../letters/search-terms.ts';
import type { Mailbox } from '../records/mailboxes.ts';
import type { SearchEntries } from '../records/search-entries.ts';
import { openSearchIndex, type SearchIndex } from './search-index.ts';

/** Full-text search of one citizen's own letters. */
export interface MailboxSearch {
  /** Ids of the letters that have every word, newest first; letters above the present level are found by their sender only. */
  find(subject: string, mailbox: Mailbox, present: Level, text: string): Promise<readonly string[]>;
  /** Drops what is open of a citizen: at logout, or when her mailbox is gone. */
  forget(subject: string): void;
  /** What all open indexes take of memory, about. */
  bytes(): number;
}

export interface SearchLimits {
  /** All open indexes together. The one that is asked just now is kept in any case. */
  readonly bytes: number;
  /** ms after which an index that nobody asks is dropped. */
  readonly idle: number;
}

interface Open {
  readonly index: Promise<SearchIndex>;
  /** Changes are applied one request after the other. */
  turn: Promise<unknown>;
  usedAt: number;
  bytes: number;
}

const batch = 500;
/** So many letters make saving the index cheaper than reading them again at the next opening. */
const worthSaving = 200;
const mostWords = 8;

/**
 * Indexes are opened when somebody searches, from their last snapshot and what has come since. They hold words of letters in the
 * clear, so they live in memory alone, as short as helps, and are sealed by the mailbox's key when they are saved.
 */
export const createMailboxSearch = (
  entries: SearchEntries,
  limits: SearchLimits = { bytes: 64 * 1024 * 1024, idle: 10 * 60_000 },
): MailboxSearch => {
  /** The one asked last comes last. */
  const opened = new Map<string, Open>();
  let sweeping: NodeJS.Timeout | undefined;

  const sweep = (): void => {
    const now = Date.now();
    for (const [subject, { usedAt }] of opened) if (now - usedAt > limits.idle) opened.delete(subject);
    if (opened.size > 0) return;
    clearInterval(sweeping);
    sweeping = undefined;
  };

  const makeRoom = (asked: string): void => {
    let total = [...opened.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [subject, { bytes }] of opened) {
      if (total <= limits.bytes) return;
      if (subject === asked) continue;
      opened.delete(subject);
      total -= bytes;
    }
  };

  const read = async (mailbox: Mailbox): Promise<SearchIndex> => {
    const saved = await entries.snapshot(mailbox);
    return openSearchIndex(saved?.index);
  };

  /** Brings an index up to date. */
  const follow = async (mailbox: Mailbox, index: SearchIndex): Promise<void> => {
    const pause = createSlices();
    let read = 0;
    for (;;) {
      const { version, changes } = await entries.since(mailbox, index.version, batch);
      if (changes.length > 0) index.apply(version, changes);
      read += changes.length;
      if (changes.length < batch) break;
      await pause();
    }
    if (read >= worthSaving) await entries.saveSnapshot(mailbox, index.version, index.save());
  };

  const open = (subject: string, mailbox: Mailbox): Open => {
    sweep();
    const known = opened.get(subject);
    const entry = known ?? { index: read(mailbox), turn: Promise.resolve(), usedAt: 0, bytes: 0 };
    entry.usedAt = Date.now();
    opened.delete(subject);
    opened.set(subject, entry);
    sweeping ??= setInterval(sweep, limits.idle).unref();
    return entry;
  };

  return {
    async find(subject, mailbox, present, text) {
      const words = searchTerms(text).slice(0, mostWords);
      if (words.length === 0) return [];
      const entry = open(subject, mailbox);
      const found = entry.turn.then(async () => {
        const index = await entry.index;
        await follow(mailbox, index);
        entry.bytes = index.bytes;
        return index.find(words, present);
      });
      entry.turn = found.catch(() => {});
      try {
        const ids = await found;
        makeRoom(subject);
        return ids;
      } catch (error) {
        // What could not be read is read anew next time.
        if (opened.get(subject) === entry) opened.delete(subject);
        throw error;
      }
    },
    forget(subject) {
      opened.delete(subject);
    },
    bytes: () => [...opened.values()].reduce((sum, { bytes }) => sum + bytes, 0),
  };
};
