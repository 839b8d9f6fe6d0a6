import { allowedMistakes, mistakes } from './typos.ts';

/** How well known words fit a typed one, from 0 to 1. */
export type Match = ReadonlyMap<string, number>;

export interface Posting {
  readonly service: number;
  /** What the word counts there. */
  readonly weight: number;
  /** A word that only few services say tells them apart. */
  readonly rarity: number;
}

export interface Vocabulary {
  /** @param how exact: as it is spelt, endings aside. */
  match(typed: string, how: 'tolerant' | 'exact'): Match;
  postings(word: string): readonly Posting[];
}

const quality = { same: 1, begins: 0.6, part: 0.6, mistakes: [1, 0.75, 0.5] } as const;

/** A part of a compound has at least so many letters: Ausweis in Personalausweis, not rein in Führerschein. */
const leastPart = 4;
const leastBeginning = 3;

/** How well a known word fits a typed one that is another; 0 when it does not. */
const fit = (typed: string, word: string): number => {
  if (typed.length >= leastBeginning && word.startsWith(typed)) return quality.begins;
  if (typed.length >= leastPart && word.endsWith(typed)) return quality.part;
  // The more of a typed compound is known, the likelier it is meant.
  if (word.length >= leastPart && (typed.startsWith(word) || typed.endsWith(word)))
    return Math.min(0.8, quality.part * (word.length / typed.length) + 0.2);
  const most = /\d/.test(typed) ? 0 : Math.min(allowedMistakes(typed.length), allowedMistakes(word.length));
  const wrong = most === 0 ? undefined : mistakes(typed, word, most);
  return wrong === undefined ? 0 : (quality.mistakes[wrong] ?? 0);
};

/** @param said what each service says: stems with their weights. */
export const createVocabulary = (said: readonly ReadonlyMap<string, number>[]): Vocabulary => {
  const services = new Map<string, { readonly service: number; readonly weight: number }[]>();
  said.forEach((words, service) => {
    for (const [word, weight] of words) {
      const list = services.get(word) ?? [];
      list.push({ service, weight });
      services.set(word, list);
    }
  });
  const postings = new Map<string, readonly Posting[]>();
  for (const [word, list] of services) {
    const rarity = Math.log(1 + said.length / list.length);
    postings.set(
      word,
      list.map((posting) => ({ ...posting, rarity })),
    );
  }
  const words = [...postings.keys()];

  return {
    match(typed, how) {
      const found = new Map<string, number>();
      if (postings.has(typed)) found.set(typed, quality.same);
      if (how === 'exact') return found;
      // What is spelt right is meant: a neighbour by a mistake would only be noise beside it.
      const spelt = found.size > 0;
      for (const word of words) {
        if (word === typed) continue;
        const value = fit(typed, word);
        const mistaken = value === quality.mistakes[1] || value === quality.mistakes[2];
        if (value > 0 && !(spelt && mistaken)) found.set(word, value);
      }
      return found;
    },
    postings: (word) => postings.get(word) ?? [],
  };
};
