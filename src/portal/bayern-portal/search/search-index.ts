import { compareTexts } from '../../../web/i18n/format.ts';
import { locales, type Locale } from '../../../web/i18n/shape.ts';
import type { Service } from '../services/catalogue.ts';
import { createVocabulary, type Vocabulary } from './vocabulary.ts';
import { mistakes } from './typos.ts';
import { fold, queryStems, stem, textStems, wordsOf } from './words.ts';

export interface Hit {
  readonly service: Service;
  readonly score: number;
  /** Some word of the query is one of the service's title or everyday words, nearly at least; else it is a guess. */
  readonly sure: boolean;
}

export interface SearchIndex {
  /** Services that fit what was typed, the best first. Words of the other language count as well, when they are spelt right. */
  find(text: string, locale: Locale): Hit[];
  /** Titles and everyday words that are spelt nearly like what was typed, for somebody who found nothing. */
  similar(text: string, locale: Locale): string[];
}

/** Characters of what is typed that are looked at, and words of it. */
export const longestQuery = 120;
const mostWords = 8;

/** What a word counts where it stands. What people say is as good as what offices say. */
const weights = { title: 6, words: 5, authority: 2.5, summary: 1.5, documents: 0.5 } as const;

/** From this weight on a word says what the service is. */
const telling = weights.words;
/** From this quality on a match is what was typed: one mistake, or the larger part of a compound. */
const meant = 0.52;

/** Hits with less than this share of the best one's score are no help. */
const leastShare = 0.2;
/** Services that say all words of the query beat those that say one of them very well. */
const completeness = 1.5;

const textsOf = (service: Service, locale: Locale): readonly (readonly [keyof typeof weights, readonly string[]])[] => [
  ['title', [service.title[locale]]],
  ['words', service.words[locale]],
  ['authority', [service.authority.name[locale]]],
  ['summary', [service.summary[locale]]],
  ['documents', service.documents[locale]],
];

const vocabularyOf = (services: readonly Service[], locale: Locale): Vocabulary =>
  createVocabulary(
    services.map((service) => {
      const best = new Map<string, number>();
      for (const [field, list] of textsOf(service, locale))
        for (const one of list.flatMap((text) => textStems(text, locale)))
          best.set(one, Math.max(best.get(one) ?? 0, weights[field]));
      return best;
    }),
  );

interface Found {
  score: number;
  sure: boolean;
  readonly typed: Set<number>;
}

/**
 * An index in memory, one half for each language. It knows stems, parts of compounds in both directions
 * (Führerscheinverlust, Ausweis for Personalausweis), words that are still being typed, and up to two mistakes a word.
 */
export const createSearchIndex = (services: readonly Service[]): SearchIndex => {
  const vocabularies = Object.fromEntries(locales.map((locale) => [locale, vocabularyOf(services, locale)])) as Record<
    Locale,
    Vocabulary
  >;

  const findIn = (text: string, locale: Locale, how: 'tolerant' | 'exact'): Map<number, Found> => {
    const vocabulary = vocabularies[locale];
    const found = new Map<number, Found>();
    const matches = queryStems(text, locale, mostWords).map((typed) => vocabulary.match(typed, how));
    matches.forEach((match, number) => {
      const best = new Map<number, { score: number; sure: boolean }>();
      for (const [word, fit] of match)
        for (const { service, weight, rarity } of vocabulary.postings(word)) {
          const before = best.get(service) ?? { score: 0, sure: false };
          const sure = before.sure || (fit >= meant && weight >= telling);
          best.set(service, { score: Math.max(before.score, fit * weight * rarity), sure });
        }
      for (const [service, { score, sure }] of best) {
        const hit = found.get(service) ?? { score: 0, sure: false, typed: new Set() };
        hit.score += score;
        hit.sure ||= sure;
        hit.typed.add(number);
        found.set(service, hit);
      }
    });
    for (const hit of found.values()) hit.score *= (hit.typed.size / Math.max(1, matches.length)) ** completeness;
    return found;
  };

  const merged = (one: Map<number, Found>, other: Map<number, Found>): Map<number, Found> => {
    for (const [service, hit] of other) {
      const before = one.get(service);
      if (!before || before.score < hit.score) one.set(service, { ...hit, sure: hit.sure || before?.sure === true });
    }
    return one;
  };

  const find: SearchIndex['find'] = (typed, locale) => {
    const text = typed.slice(0, longestQuery);
    const other = locales.find((one) => one !== locale) ?? locale;
    let found = merged(findIn(text, locale, 'tolerant'), findIn(text, other, 'exact'));
    if (found.size === 0) found = findIn(text, other, 'tolerant');
    const hits = [...found].flatMap(([number, { score, sure }]): Hit[] => {
      const service = services[number];
      return service ? [{ service, score, sure }] : [];
    });
    const compare = compareTexts(locale);
    hits.sort((a, b) => b.score - a.score || compare(a.service.title[locale], b.service.title[locale]));
    const least = (hits[0]?.score ?? 0) * leastShare;
    return hits.filter(({ score }) => score >= least);
  };

  const similar: SearchIndex['similar'] = (typed, locale) => {
    const words = wordsOf(typed.slice(0, longestQuery)).filter((word) => word.length >= 4);
    const near = new Map<string, { readonly text: string; readonly wrong: number }>();
    for (const service of services)
      for (const text of [service.title[locale], ...service.words[locale]])
        for (const word of wordsOf(text))
          for (const one of words) {
            const wrong = mistakes(stem(one, locale), stem(word, locale), Math.min(3, Math.floor(one.length / 2)));
            if (wrong === undefined || word.length < 4) continue;
            const before = near.get(fold(text));
            if (before === undefined || wrong < before.wrong) near.set(fold(text), { text, wrong });
          }
    return [...near.values()]
      .sort((a, b) => a.wrong - b.wrong || a.text.length - b.text.length || a.text.localeCompare(b.text, locale))
      .slice(0, 4)
      .map(({ text }) => text);
  };

  return { find, similar };
};
