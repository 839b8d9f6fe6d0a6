import type { Service } from './services/catalogue.ts';
import { situations, type Situation } from './services/service-file.ts';

/** What a list of services is narrowed down to. */
export interface ListQuery {
  /** What was typed. */
  readonly search: string;
  /** What was typed as the place, or a place's id. */
  readonly place: string;
  readonly situation: Situation | undefined;
  /** First letter of the title, A to Z or #. */
  readonly letter: string | undefined;
}

/** How life situations are called in addresses. */
const slugs: Readonly<Record<Situation, string>> = {
  moving: 'wohnen',
  family: 'familie',
  education: 'bildung',
  work: 'arbeit',
  mobility: 'fahrzeug',
  documents: 'ausweis',
  money: 'geld',
  building: 'bauen',
  everyday: 'alltag',
  ageing: 'alter',
};

const one = (query: URLSearchParams, name: string): string => (query.get(name) ?? '').trim().slice(0, 120);

/** What an address asks for; anything that is not understood counts as not said. */
export const readListQuery = (querystring: string): ListQuery => {
  const query = new URLSearchParams(querystring);
  const slug = one(query, 'anlass');
  const letter = one(query, 'buchstabe').toUpperCase();
  return {
    search: one(query, 'suche').replaceAll(/\s+/g, ' '),
    place: one(query, 'ort'),
    situation: situations.find((situation) => slugs[situation] === slug),
    letter: /^[A-Z#]$/.test(letter) ? letter : undefined,
  };
};

/** The address of a list, what is empty left out. */
export const listPath = (query: Partial<ListQuery> = {}): string => {
  const parameters = new URLSearchParams();
  if (query.search) parameters.set('suche', query.search);
  if (query.situation) parameters.set('anlass', slugs[query.situation]);
  if (query.letter) parameters.set('buchstabe', query.letter);
  if (query.place) parameters.set('ort', query.place);
  const text = parameters.toString();
  return text === '' ? '/leistungen' : `/leistungen?${text}`;
};

const withPlace = (path: string, place: string | undefined): string =>
  place === undefined ? path : `${path}?ort=${encodeURIComponent(place)}`;

export const servicePath = ({ id }: Pick<Service, 'id'>, place?: string): string =>
  withPlace(`/leistungen/${id}`, place);

export const authorityPath = (id: string, place?: string): string => withPlace(`/behoerden/${id}`, place);

export const situationSlug = (situation: Situation): string => slugs[situation];
