import { afterEach, describe, expect, test } from '@jest/globals';
import { openSearchIndex } from '../../src/portal/mein-postfach/citizen/search-index.ts';
import { createMailboxSearch } from '../../src/portal/mein-postfach/citizen/search.ts';
import { searchTerms } from '../../src/portal/mein-postfach/letters/search-terms.ts';
import type { Mailbox } from '../../src/portal/mein-postfach/records/mailboxes.ts';
import type {
  SearchChange,
  SearchEntries,
  SearchTerms,
} from '../../src/portal/mein-postfach/records/search-entries.ts';
import { resetClock, shiftClock } from '../support/clock.ts';

const minutes = 60_000;
const terms = (sender: string, text: string, own: Partial<SearchTerms> = {}): SearchTerms => ({
  level: 'basic',
  providedAt: 0,
  sender: searchTerms(sender),
  text: searchTerms(text),
  ...own,
});
const change = (letterId: string, of: SearchTerms | undefined): SearchChange => ({ letterId, terms: of });
const search = (index: ReturnType<typeof openSearchIndex>, words: string, level: 'basic' | 'high' = 'basic') =>
  index.find(searchTerms(words), level);

describe('the index of a mailbox', () => {
  test('finds letters by the beginnings of all words, newest first', () => {
    const index = openSearchIndex();
    index.apply(3, [
      change('a', terms('Stadt', 'Gebührenbescheid Müll', { providedAt: 1 })),
      change('b', terms('Stadt', 'Gebuehren für Wasser', { providedAt: 3 })),
      change('c', terms('Kreis', 'Wassergeld', { providedAt: 2 })),
    ]);
    expect(search(index, 'gebühr')).toEqual(['b', 'a']);
    expect(search(index, 'GEBUHR müll')).toEqual(['a']);
    expect(search(index, 'wasser')).toEqual(['b', 'c']);
    expect(search(index, 'stadt wasser')).toEqual(['b']);
    expect(search(index, 'asser')).toEqual([]);
    expect(search(index, '')).toEqual([]);
  });

  test('says nothing of a text above the level, not even by two words of which one is the sender’s', () => {
    const index = openSearchIndex();
    index.apply(1, [change('a', terms('Landratsamt', 'Pfändung', { level: 'high' }))]);
    // New letters are looked through one by one, older ones by their place among the terms.
    for (const one of [index, openSearchIndex(index.save())]) {
      for (const words of ['pfändung', 'p', 'landratsamt pfändung']) expect(search(one, words)).toEqual([]);
      expect(search(one, 'landrat')).toEqual(['a']);
      expect(search(one, 'landrat pfänd', 'high')).toEqual(['a']);
    }
  });

  test('is the same after many letters, after saving, and with what came since', () => {
    const index = openSearchIndex();
    for (let batch = 0; batch < 4; batch += 1)
      index.apply(
        (batch + 1) * 300,
        Array.from({ length: 300 }, (_, i) => {
          const n = batch * 300 + i;
          return change(`l${n}`, terms(`Amt${n % 7}`, `Brief nummer${n} wort${n % 10}`, { providedAt: n }));
        }),
      );
    index.apply(1201, [change('l1199', undefined), change('unbekannt', undefined)]);
    const again = openSearchIndex(index.save());
    for (const one of [index, again]) {
      expect(one.version).toBe(1201);
      expect(search(one, 'nummer7')).toHaveLength(111);
      expect(search(one, 'wort9').slice(0, 2)).toEqual(['l1189', 'l1179']);
      expect(search(one, 'amt3 wort5')).toHaveLength(17);
      expect(search(one, 'nummer1199')).toEqual([]);
      one.apply(1202, [change('neu', terms('Amt3', 'wort5 später', { providedAt: 5000 }))]);
      expect(search(one, 'amt3 wort5')).toHaveLength(18);
      expect(search(one, 'spat')).toEqual(['neu']);
    }
  });
});

describe('indexes in memory', () => {
  afterEach(resetClock);
  const box: Mailbox = { id: 'm', sealer: undefined as never, notices: true };

  /** Entries of one letter for each mailbox, and how often they were read from the beginning. */
  const entriesOf = (): SearchEntries & { readonly opened: string[] } => {
    const opened: string[] = [];
    return {
      opened,
      async since(mailbox, version) {
        if (version === 0) opened.push(mailbox.id);
        return {
          version: 1,
          changes: version === 0 ? [change(`${mailbox.id}-1`, terms('Amt', 'wort '.repeat(9)))] : [],
        };
      },
      snapshot: async () => undefined,
      async saveSnapshot() {},
    };
  };
  const at = (id: string): Mailbox => ({ ...box, id });

  test('stay open while they are asked, and are dropped at logout and when idle', async () => {
    const entries = entriesOf();
    const mailboxes = createMailboxSearch(entries);
    const ask = () => mailboxes.find('erika', at('e'), 'basic', 'wort');
    expect(await Promise.all([ask(), ask()])).toEqual([['e-1'], ['e-1']]);
    await ask();
    expect(entries.opened).toEqual(['e']);
    expect(mailboxes.bytes()).toBeGreaterThan(0);
    mailboxes.forget('erika');
    expect(mailboxes.bytes()).toBe(0);
    await ask();
    expect(entries.opened).toEqual(['e', 'e']);
    shiftClock(9 * minutes);
    await ask();
    shiftClock(9 * minutes);
    await ask();
    expect(entries.opened).toHaveLength(2);
    shiftClock(11 * minutes);
    await mailboxes.find('max', at('m'), 'basic', 'wort');
    await ask();
    expect(entries.opened).toEqual(['e', 'e', 'm', 'e']);
  });

  test('take no more memory than they may: the one asked least lately goes', async () => {
    const entries = entriesOf();
    const one = createMailboxSearch(entries);
    await one.find('x', at('x'), 'basic', 'wort');
    const mailboxes = createMailboxSearch(entries, { bytes: one.bytes() * 2, idle: minutes });
    entries.opened.length = 0;
    for (const who of ['a', 'b', 'a', 'c', 'a', 'b']) await mailboxes.find(who, at(who), 'basic', 'wort');
    expect(entries.opened).toEqual(['a', 'b', 'c', 'b']);
    expect(mailboxes.bytes()).toBeLessThanOrEqual(one.bytes() * 2);
  });

  test('one that could not be read is read anew', async () => {
    const entries = entriesOf();
    let broken = true;
    const mailboxes = createMailboxSearch({
      ...entries,
      since: (...of) => (broken ? Promise.reject(new Error('away')) : entries.since(...of)),
    });
    const ask = () => mailboxes.find('erika', at('e'), 'basic', 'wort');
    await expect(ask()).rejects.toThrow('away');
    broken = false;
    expect(await ask()).toEqual(['e-1']);
  });
});
