import { describe, expect, test } from '@jest/globals';
import { hasReachedAge, isInvalid, restrictedIdOf } from '../../src/simulators/eid-server/reading.ts';
import { loadTestPersons, testPersonsSchema } from '../../src/simulators/test-persons.ts';

const at = Date.UTC(2026, 10, 23, 12);
const persons = loadTestPersons('config/test-persons.yaml');

test.each([
  ['20081123', 18, true],
  ['20081124', 18, false],
  ['19640812', 18, true],
  ['2008    ', 18, false],
  ['2007    ', 18, true],
  ['200811  ', 18, false],
  ['200810  ', 18, true],
  ['        ', 18, false],
])('born %j, %d years: %s', (dateOfBirth, age, reached) => {
  expect(hasReachedAge(dateOfBirth, age, at)).toBe(reached);
});

describe('the pseudonym', () => {
  test('depends on sector and card, and on nothing else', () => {
    expect(restrictedIdOf('a', 'card')).toBe(restrictedIdOf('a', 'card'));
    expect(restrictedIdOf('a', 'card')).not.toBe(restrictedIdOf('b', 'card'));
    expect(restrictedIdOf('a', 'card')).not.toBe(restrictedIdOf('a', 'card 2'));
    expect(restrictedIdOf('a', 'card')).toMatch(/^[0-9A-F]{64}$/);
  });
});

describe('the test persons', () => {
  test('exactly the expired and the revoked card are invalid today', () => {
    const invalid = persons.cards.filter((card) => isInvalid(card, at)).map(({ id }) => id);
    expect(invalid).toEqual(['abgelaufen', 'gesperrt']);
  });

  test('the minor is one, and the card of each account fits its birth date', () => {
    const born = (id: string): string => persons.cards.find((card) => card.id === id)?.date_of_birth ?? '';
    expect(hasReachedAge(born('minderjaehrig'), 18, at)).toBe(false);
    for (const account of persons.accounts) expect(born(account.login)).toBe(account.birthdate.replaceAll('-', ''));
  });

  test.each([
    ['an unknown key', { ...persons, more: [] }],
    ['two cards with one key', { ...persons, cards: persons.cards.map((card) => ({ ...card, card_key: 'same' })) }],
    [
      'a short password',
      { ...persons, accounts: persons.accounts.map((account) => ({ ...account, password: 'short' })) },
    ],
    ['no card', { ...persons, cards: [] }],
  ])('%s is refused', (_, value) => expect(testPersonsSchema.safeParse(value).success).toBe(false));
});
