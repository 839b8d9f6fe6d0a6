import { compareTexts } from '../../../web/i18n/format.ts';
import type { Locale } from '../../../web/i18n/shape.ts';
import type { Place } from '../places/places.ts';
import { fold } from '../search/words.ts';
import { covers, nearness, type Authority, type Catalogue, type Service } from './catalogue.ts';
import type { Situation } from './service-file.ts';

/** The same service, as one or several authorities offer it. */
export interface ServiceGroup {
  /** The first is the one to show. */
  readonly services: readonly [Service, ...Service[]];
}

export interface Wanted {
  readonly search: string;
  readonly place: Place | undefined;
  readonly situation: Situation | undefined;
}

export interface Listing {
  readonly groups: readonly ServiceGroup[];
  /** Only of a search: what may be meant, too. */
  readonly guesses: readonly ServiceGroup[];
}

/** One service of several authorities is one entry, where the first of them stood. */
const grouped = (services: readonly Service[], locale: Locale): ServiceGroup[] => {
  const groups = new Map<string, [Service, ...Service[]]>();
  for (const service of services) {
    const key = `${service.service} ${fold(service.title[locale])}`;
    const known = groups.get(key);
    if (known) known.push(service);
    else groups.set(key, [service]);
  }
  const compare = compareTexts(locale);
  return [...groups.values()].map((list) => {
    const [first, ...more] = list.toSorted(
      (a, b) =>
        nearness(a.authority) - nearness(b.authority) || compare(a.authority.name[locale], b.authority.name[locale]),
    );
    return { services: [first as Service, ...more] };
  });
};

const fits =
  ({ place, situation }: Wanted) =>
  (service: Service): boolean =>
    (place === undefined || covers(service.authority, place)) &&
    (situation === undefined || service.situations.includes(situation));

/** By title, in the order of the language. */
const byTitle = (services: Iterable<Service>, locale: Locale): Service[] => {
  const compare = compareTexts(locale);
  return [...services].sort((a, b) => compare(a.title[locale], b.title[locale]));
};

/** The services that are wanted: the best first where something was typed, else by title. */
export const listServices = (catalogue: Catalogue, wanted: Wanted, locale: Locale): Listing => {
  const fitting = fits(wanted);
  if (wanted.search === '')
    return { groups: grouped(byTitle([...catalogue.all.values()].filter(fitting), locale), locale), guesses: [] };
  const hits = catalogue.index.find(wanted.search, locale).filter(({ service }) => fitting(service));
  const some = (sure: boolean): ServiceGroup[] =>
    grouped(
      hits.filter((hit) => hit.sure === sure).map(({ service }) => service),
      locale,
    );
  return { groups: some(true), guesses: some(false).slice(0, 6) };
};

/** What the start page shows: each service once. */
export const oftenWanted = (catalogue: Catalogue, locale: Locale): readonly ServiceGroup[] => {
  const often = new Set([...catalogue.all.values()].filter((service) => service.often).map(({ service }) => service));
  const all = [...catalogue.all.values()].filter(({ service }) => often.has(service));
  return grouped(byTitle(all, locale), locale);
};

/** What an authority offers. */
export const offersOf = (catalogue: Catalogue, authority: Authority, locale: Locale): readonly Service[] =>
  byTitle(
    [...catalogue.all.values()].filter((service) => service.authority.id === authority.id),
    locale,
  );

/** The letter under which a title stands; # for what begins otherwise. */
export const letterOf = (title: string): string => {
  const first = fold(title).charAt(0).toUpperCase();
  return /[A-Z]/.test(first) ? first : '#';
};
