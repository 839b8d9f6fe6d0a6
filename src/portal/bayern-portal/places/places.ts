import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allowedMistakes, mistakes } from '../search/typos.ts';
import { fold } from '../search/words.ts';

/** A place in Bavaria that has postal codes of its own. */
export interface Place {
  /** For addresses: `prien-am-chiemsee-09187`. */
  readonly id: string;
  readonly name: string;
  /** Official key of its county or independent city, five digits. */
  readonly county: string;
  readonly countyName: string;
  readonly postalCodes: readonly string[];
}

export interface Places {
  readonly size: number;
  byId(id: string): Place | undefined;
  /** Spelt exactly so, in that county. */
  named(name: string, county: string): Place | undefined;
  countyName(county: string): string | undefined;
  /**
   * Places that somebody may mean by a name, a beginning of it, a postal code, or both together; mistakes are forgiven
   * where nothing fits as it is. The likeliest come first.
   */
  find(text: string): readonly Place[];
}

/** From dist/ as well as from src/ this is the file in the source tree: tsc copies no data. */
const file = fileURLToPath(new URL('../../../../src/portal/bayern-portal/places/bavaria.tsv', import.meta.url));

const mostFound = 30;

/** Letters and digits with single blanks, so that St. Ingbert, Sankt-Ingbert and "st ingbert" are found alike. */
const plain = (name: string): string =>
  fold(name)
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .replaceAll(/\bst\b/g, 'sankt')
    .trim();

const parse = (text: string): Place[] => {
  const places: Place[] = [];
  let county = { key: '', name: '' };
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [first = '', second = ''] = line.split('\t');
    if (first.startsWith('@')) county = { key: first.slice(1), name: second };
    else
      places.push({
        id: `${plain(first).replaceAll(' ', '-')}-${county.key}`,
        name: first,
        county: county.key,
        countyName: county.name,
        postalCodes: second.split(' '),
      });
  }
  return places;
};

/** @param text lines of bavaria.tsv; by default that file. */
export const loadPlaces = (text: string = readFileSync(file, 'utf8')): Places => {
  const all = parse(text).map((place) => ({ place, name: plain(place.name) }));
  const byId = new Map(all.map(({ place }) => [place.id, place]));
  const counties = new Map(all.map(({ place }) => [place.county, place.countyName]));
  const byCode = new Map<string, Place[]>();
  for (const { place } of all)
    for (const code of place.postalCodes) byCode.set(code, [...(byCode.get(code) ?? []), place]);

  /** Larger places have more postal codes; they are meant more often. */
  const inOrder = (found: readonly Place[]): readonly Place[] =>
    found
      .toSorted((a, b) => b.postalCodes.length - a.postalCodes.length || a.name.localeCompare(b.name, 'de'))
      .slice(0, mostFound);

  const byName = (name: string): readonly Place[] => {
    const pick = (fits: (known: string) => boolean): Place[] =>
      all.filter((one) => fits(one.name)).map(({ place }) => place);
    const exact = pick((known) => known === name);
    if (exact.length > 0) return inOrder(exact);
    const begins = name.length < 2 ? [] : pick((known) => known.startsWith(name) || known.includes(` ${name}`));
    if (begins.length > 0) return inOrder(begins);
    const most = allowedMistakes(name.length);
    const ranked = all.flatMap(({ place, name: known }) => {
      const wrong = mistakes(name, known, most) ?? mistakes(name, known.split(' ')[0] ?? '', most);
      return wrong === undefined || wrong === 0 ? [] : [{ place, wrong }];
    });
    const least = Math.min(...ranked.map(({ wrong }) => wrong));
    return inOrder(ranked.filter(({ wrong }) => wrong === least).map(({ place }) => place));
  };

  return {
    size: all.length,
    byId: (id) => byId.get(id),
    named: (name, county) => all.find(({ place }) => place.name === name && place.county === county)?.place,
    countyName: (county) => counties.get(county),
    find(typed) {
      const text = plain(typed.slice(0, 80));
      const code = /\b\d{5}\b/.exec(text)?.[0];
      const name = text.replaceAll(/\d+/g, '').trim();
      if (code === undefined) return name === '' ? [] : byName(name);
      const here = byCode.get(code) ?? [];
      const named = name === '' ? [] : byName(name);
      const both = here.filter((place) => named.includes(place));
      return both.length > 0 ? both : inOrder(here.length > 0 ? here : named);
    },
  };
};
