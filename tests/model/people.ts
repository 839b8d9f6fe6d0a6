import { createAuthenticator, type Authenticator } from '../support/authenticator.ts';
import type { ReadCard } from '../../src/id/identity/repository.ts';
import type { Plastic } from './oracle.ts';

const day = 86_400_000;

/** When every story begins. */
export const beginning = Date.UTC(2026, 10, 23, 9);

interface Person {
  readonly given: string;
  readonly family: string;
  readonly born: string;
}

const anna: Person = { given: 'ANNA', family: 'ADAM', born: '1980-01-02' };
const bert: Person = { given: 'BERT', family: 'BAUM', born: '1990-03-04' };

interface CardFacts extends Plastic {
  readonly person: Person;
}

/** Anna has a card and its successor, which counts for less, as a Smart-eID does; one of hers ends within the story. */
const cards: readonly CardFacts[] = [
  { name: 'anna-1', owner: 0, person: anna, assured: 3, validUntil: beginning + 20 * day },
  { name: 'anna-2', owner: 0, person: anna, assured: 2, validUntil: beginning + 900 * day },
  { name: 'bert-1', owner: 1, person: bert, assured: 3, validUntil: beginning + 900 * day },
];

export const plastic: ReadonlyMap<string, Plastic> = new Map(cards.map((card) => [card.name, card]));

const levels = ['basic', 'low', 'substantial', 'high'] as const;

/**
 * What the eID-Server says of a card: `anna-1/0`. While the provider's sector key changes, it comes with two pseudonyms,
 * in either order: `anna-1/1`, `anna-1/2`.
 */
export const readCard = (text: string): ReadCard => {
  const [name = '', phase = '0'] = text.split('/');
  const index = cards.findIndex((one) => one.name === name);
  const card = cards[index];
  if (!card) throw new Error(`there is no card ${name}`);
  const { person } = card;
  const id = (sector: number): string => `${index + 1}${sector}`.repeat(32);
  const attribute = <Value>(value: Value) => ({ value, source: 'card', level: 'high', at: beginning }) as const;
  return {
    restrictedId: id(phase === '1' ? 1 : 0),
    ...(phase === '0' ? {} : { restrictedId2: id(phase === '1' ? 0 : 1) }),
    documentType: 'ID',
    validUntil: card.validUntil,
    assured: levels[Math.max(0, card.assured)] ?? 'high',
    asked: ['given_name', 'family_name', 'birthdate'],
    attributes: {
      given_name: attribute(person.given),
      family_name: attribute(person.family),
      birthdate: attribute(person.born),
    },
  };
};

/** Each human has two mailboxes, and so may have two accounts. */
export const mailboxOf = (human: number, which: number): string =>
  `${human === 0 ? 'anna' : 'bert'}-${which}@post.test`;

/** Made once: keys cost time, and in every story they begin unknown. */
export const authenticators: readonly (readonly Authenticator[])[] = [0, 1].map((human) =>
  [0, 1, 2].map((index) => createAuthenticator({ synced: index !== 1, counts: human === 1 && index === 2 })),
);
