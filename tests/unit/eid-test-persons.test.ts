import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadTestPersons } from '../../src/simulators/test-persons.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eid-persons-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shipped = readFileSync('config/test-persons.yaml', 'utf8');
const own = `  - id: eigene
    title: Eigene Person
    purpose: { de: Zum Ausprobieren, en: To try things out }
    card_key: eigene-1
    document_type: ID
    date_of_expiry: 2039-01-31
    given_names: EIGENE
    family_names: PERSON
    date_of_birth: '19800101'
`;
const load = (card: string) => {
  const file = join(folder, 'test-persons.yaml');
  writeFileSync(file, shipped.replace('\naccounts:', `${card}\naccounts:`));
  return loadTestPersons(file);
};

test('a tester adds a card of her own by copying one', () => {
  expect(load(own).cards.find(({ id }) => id === 'eigene')).toMatchObject({
    title: 'Eigene Person',
    sector_key: 'new',
  });
});

test.each([
  ['an unknown key', own.replace('title:', 'titel:'), /titel/],
  ['a malformed date', own.replace('2039-01-31', '31.1.2039'), /YYYY-MM-DD/],
  ['the secret of another card', own.replace('eigene-1', 'erika-1'), /card_key/],
  ['the name of another card', own.replace('id: eigene', 'id: erika'), /same id/],
])('%s is refused in words that name it', (_title, card, words) => {
  expect(() => load(card)).toThrow(words);
});
