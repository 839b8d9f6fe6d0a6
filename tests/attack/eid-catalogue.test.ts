import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

/**
 * Group EI of the catalogue of attacks: what is tried, what must come of it, and in which file of tests/attack the row is
 * proved. A row names its tests by their titles, which begin with its id or hold it.
 */
const catalogue: readonly (readonly [id: string, attack: string, expected: string, ...files: string[]])[] = [
  ['EI-01', 'a result used twice: same browser, other browser, other node', 'once', 'relay', 'eid-replay'],
  ['EI-02', 'a return without a transaction that was started; unknown or foreign R', 'refused', 'relay'],
  [
    'EI-03',
    'answer of another eID-Server session; wrong request counter',
    'refused',
    'eid-server-answers',
    'eid-replay',
  ],
  ['EI-04', 'time stamp 3 minutes off and beyond', 'refused beyond', 'eid-signed-messages'],
  [
    'EI-05',
    'signature wrapping in all eight classical forms, and more',
    'refused',
    'eid-signed-messages',
    'eid-fuzz.slow',
  ],
  [
    'EI-06',
    'unsigned; signature stripped; no trust anchor',
    'refused; no start',
    'eid-signed-messages',
    'eid-server-answers',
  ],
  ['EI-07', 'two SignedInfo; comment inside DigestValue or SignedInfo', 'refused', 'eid-signed-messages'],
  ['EI-08', 'another element signed than the one that is read', 'refused', 'eid-signed-messages'],
  ['EI-09', 'comment or CDATA inside an identifier', 'refused', 'eid-signed-messages'],
  [
    'EI-10',
    'duplicate Id, attribute or datum; parsers that disagree',
    'refused',
    'eid-signed-messages',
    'eid-server-answers',
  ],
  [
    'EI-11',
    'DOCTYPE, entities, expansion, depth, 10 MB',
    'refused before parsing',
    'eid-signed-messages',
    'eid-server-answers',
  ],
  ['EI-12', 'duplicate parameter', '400', 'relay'],
  [
    'EI-13',
    'signer self-signed, foreign, expired, of the test PKI',
    'refused',
    'eid-signed-messages',
    'eid-production',
  ],
  ['EI-14', 'padding garbage, low exponent, SHA-1', 'refused', 'eid-signed-messages'],
  ['EI-15', 'ASN.1 bombs', 'an error in less than 100 ms', 'eid-signed-messages'],
  ['EI-16', 'TLS: other server or client certificate, TLS 1.1', 'refused on the connection', 'eid-server-answers'],
  ['EI-17', 'relay: the victim uses the card for the attacker’s login', 'nothing for either; burned', 'relay'],
  ['EI-18', 'return in another browser, or a second time', '4xx, no session', 'relay'],
  ['EI-19', 'guessing T or R; a second fetch of T', '256 bits; once; ten minutes', 'relay'],
  ['EI-20', 'a hostile app catches the link on the phone', 'residual risk: service and purpose are shown', 'eid-page'],
  ['EI-21', 'the client itself fetches the return address', 'no side effect', 'relay'],
  [
    'EI-22',
    'card revoked or expired, or age alone verified',
    'refused; no level, no link',
    'eid-card',
    'eid-server-answers',
  ],
  ['EI-23', 'revocation data not at hand: the server says less than high', 'no high', 'eid-card'],
  ['EI-24', 'incomplete birth date, no given name, titles, DIN 91379', 'stored exactly', 'eid-card'],
  [
    'EI-25',
    'a card of the test PKI in production',
    'refused by the trust anchor',
    'eid-production',
    'eid-server-answers',
  ],
  ['EI-26', 'simulator in production', 'start refused', 'eid-server-answers'],
  ['EI-27', 'return address smuggled in', 'nothing but opaque ids', 'eid-page'],
];

const titlesIn = (file: string): string => readFileSync(`tests/attack/${file}.test.ts`, 'utf8');

describe('group EI: each row has its tests', () => {
  test('the rows are all there', () => {
    expect(catalogue.map(([id]) => id)).toEqual(
      Array.from({ length: 27 }, (_, i) => `EI-${String(i + 1).padStart(2, '0')}`),
    );
  });

  test.each(catalogue)('%s: %s → %s', (id, _attack, _expected, ...files) => {
    expect(files.length).toBeGreaterThan(0);
    const ids = (text: string): boolean =>
      [...text.matchAll(/(?:test|describe)(?:\.each[^\n]*)?\(\s*[`'"]([^\n]*)/g)].some(([, title]) =>
        covers(title ?? '', id),
      );
    for (const file of files)
      expect([file, ids(titlesIn(file)) || rowTitles(titlesIn(file), id)]).toEqual([file, true]);
  });

  test('no test of the group is in another file than the table says', () => {
    const listed = new Set(
      catalogue.flatMap(([, , , ...files]) => files.map((file) => `tests/attack/${file}.test.ts`)),
    );
    const found = globSync('tests/attack/*.test.ts').filter(
      (file) => /['"`]EI-\d\d/.test(readFileSync(file, 'utf8')) && !file.endsWith('eid-catalogue.test.ts'),
    );
    expect(found.filter((file) => !listed.has(file))).toEqual([]);
  });
});

/** `EI-05 to EI-11` covers what lies between. */
function covers(title: string, id: string): boolean {
  const range = /EI-(\d\d) to EI-(\d\d)/.exec(title);
  const number = Number(id.slice(3));
  return title.includes(id) || (range !== null && Number(range[1]) <= number && number <= Number(range[2]));
}

/** Titles in the rows of a table. */
function rowTitles(text: string, id: string): boolean {
  return new RegExp(`(?:\\[|^)\\s*['"\`]${id}`, 'm').test(text);
}
