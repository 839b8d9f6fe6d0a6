import type { VNode } from 'preact';
import { Alert, Card, EmptyState, Icon, Layout, LevelExplanation, TextLink } from '../../../web/components/index.ts';
import { listPath, type ListQuery } from '../paths.ts';
import type { Place } from '../places/places.ts';
import { nearness } from '../services/catalogue.ts';
import { letterOf, type Listing, type ServiceGroup } from '../services/listing.ts';
import type { Frame } from './frame.ts';
import { Notes } from './notes.tsx';
import { SearchForm } from './search-form.tsx';
import { ServiceRows } from './service-rows.tsx';
import { Situations } from './situations.tsx';

export interface ListView extends Listing {
  readonly query: ListQuery;
  readonly place: Place | undefined;
  /** A place was typed that nobody knows. */
  readonly unknownPlace: boolean;
  /** When nothing was found: what is spelt alike. */
  readonly similar?: readonly string[];
  /** When nothing was found: how many there are without the place. */
  readonly elsewhere?: number;
}

interface Parts {
  readonly view: ListView;
  readonly frame: Frame;
}

/** Above so many entries a list without search shows one letter at a time. */
const mostAtOnce = 200;

const withId = ({ query, place }: ListView): ListQuery => ({ ...query, place: place?.id ?? '' });

/** What the list is narrowed down to, each to be taken away by one link. */
const Filters = ({ view, frame: { t } }: Parts) => {
  const query = withId(view);
  const { situation } = query;
  const chips = [
    ...(view.place === undefined
      ? []
      : [
          {
            text: t.list.place({ place: view.place.name, county: view.place.countyName }),
            without: listPath({ ...query, place: '' }),
          },
        ]),
    ...(situation === undefined
      ? []
      : [{ text: t.situations.names[situation], without: listPath({ ...query, situation: undefined }) }]),
  ];
  return chips.length === 0 ? null : (
    <div class="bid-filters">
      <span>{t.list.narrowed}</span>
      <ul>
        {chips.map(({ text, without }) => (
          <li key={text}>
            <a class="bid-filter" href={without}>
              <span class="kern-sr-only">{t.list.remove({ what: text })}</span>
              <span aria-hidden="true">{text}</span>
              <Icon name="close" />
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
};

const byLetter = (groups: readonly ServiceGroup[], frame: Frame): ReadonlyMap<string, readonly ServiceGroup[]> => {
  const letters = new Map<string, ServiceGroup[]>();
  for (const group of groups) {
    const letter = letterOf(group.services[0].title[frame.page.locale]);
    letters.set(letter, [...(letters.get(letter) ?? []), group]);
  }
  return letters;
};

/** A to Z: links to the sections, or to a page for each letter when there are very many. */
const Alphabet = ({ view, frame }: Parts) => {
  const { t } = frame;
  const letters = byLetter(view.groups, frame);
  const many = view.groups.length > mostAtOnce;
  const chosen = view.query.letter ?? (many ? [...letters.keys()][0] : undefined);
  const shown = [...letters].filter(([letter]) => chosen === undefined || letter === chosen);
  const nameOf = (letter: string): string => t.list.letter({ letter: letter === '#' ? t.list.other : letter });
  const address = (letter: string): string =>
    many || view.query.letter !== undefined
      ? listPath({ ...withId(view), letter })
      : `#${letter === '#' ? 'andere' : letter}`;
  return (
    <>
      <nav aria-label={t.list.letters}>
        <ul class="bid-letters-nav">
          {[...letters.keys()].map((letter) => (
            <li key={letter}>
              <a href={address(letter)} aria-current={letter === chosen ? 'true' : undefined}>
                <span class="kern-sr-only">{nameOf(letter)}</span>
                <span aria-hidden="true">{letter}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {shown.map(([letter, groups]) => (
        <section key={letter} class="bid-section" aria-labelledby={letter === '#' ? 'andere' : letter}>
          <h2 class="kern-heading-medium bid-h2" id={letter === '#' ? 'andere' : letter}>
            {letter === '#' ? t.list.other : letter}
          </h2>
          <ServiceRows frame={frame} groups={groups} place={view.place?.id} label={nameOf(letter)} />
        </section>
      ))}
    </>
  );
};

/** Nothing fits: what to do instead. */
const Nothing = ({ view, frame }: Parts) => {
  const { t } = frame;
  const query = withId(view);
  const { place, similar = [], elsewhere = 0 } = view;
  return (
    <>
      <Card id="nichts">
        <p class="kern-body">{t.nothing.search({ search: query.search })}</p>
        {similar.length === 0 ? null : (
          <div class="bid-result__offers">
            <span>{t.nothing.similar}</span>
            <ul>
              {similar.map((text) => (
                <li key={text}>
                  <TextLink href={listPath({ ...query, search: text })}>{text}</TextLink>
                </li>
              ))}
            </ul>
          </div>
        )}
        {place === undefined || elsewhere === 0 ? null : (
          <p class="kern-body">
            {t.nothing.elsewhere({ place: place.name, count: elsewhere })}{' '}
            <TextLink href={listPath({ ...query, place: '' })}>{t.nothing.elsewhereLink}</TextLink>
          </p>
        )}
        <ul class="bid-list">
          <li>{t.nothing.fewer}</li>
          <li>{t.nothing.phone}</li>
          <li>
            <TextLink href={listPath({ place: query.place })}>{t.all}</TextLink>
          </li>
        </ul>
      </Card>
      <section class="bid-section" aria-labelledby="lebenslagen-titel">
        <h2 class="kern-heading-medium bid-h2" id="lebenslagen-titel">
          {t.nothing.situations}
        </h2>
        <Situations frame={frame} {...(place === undefined ? {} : { place: place.id })} />
      </section>
    </>
  );
};

const Found = ({ view, frame }: Parts) => {
  const { t } = frame;
  const { groups, guesses, place } = view;
  return (
    <>
      {groups.length === 0 ? null : (
        <section class="bid-section" aria-labelledby="treffer">
          <h2 class="kern-heading-medium bid-h2" id="treffer">
            {t.list.countFound({ count: groups.length })}
          </h2>
          <ServiceRows
            frame={frame}
            groups={groups}
            place={place?.id}
            label={t.list.countFound({ count: groups.length })}
          />
        </section>
      )}
      {guesses.length === 0 ? null : (
        <section class="bid-section" aria-labelledby="vielleicht">
          <h2 class="kern-heading-medium bid-h2" id="vielleicht">
            {groups.length === 0 ? t.list.onlyGuesses : t.list.guesses}
          </h2>
          <ServiceRows frame={frame} groups={guesses} place={place?.id} label={t.list.guesses} />
        </section>
      )}
    </>
  );
};

const Content = ({ view, frame }: Parts) => {
  const { t } = frame;
  if (view.query.search !== '')
    return view.groups.length + view.guesses.length === 0 ? (
      <Nothing view={view} frame={frame} />
    ) : (
      <Found view={view} frame={frame} />
    );
  return view.groups.length === 0 ? (
    <EmptyState title={t.nothing.empty}>
      <p class="kern-body">
        <TextLink href={listPath()}>{t.all}</TextLink>
      </p>
    </EmptyState>
  ) : (
    <Alphabet view={view} frame={frame} />
  );
};

const nothingOfTown = ({ place, groups, query }: ListView): boolean =>
  place !== undefined &&
  query.search === '' &&
  !groups.some(({ services }) => services.some(({ authority }) => nearness(authority) === 0));

/** As the place's field takes it again: the postal code makes a name that several places have clear. */
const placeText = (view: ListView): string =>
  view.place === undefined ? view.query.place : `${view.place.postalCodes[0] ?? ''} ${view.place.name}`.trim();

/** Everything that is offered, narrowed down by what was typed, by place and by situation. */
export const listPage = (view: ListView, frame: Frame): VNode => {
  const { t, page } = frame;
  const { query, place } = view;
  const nothing = query.search !== '' && view.groups.length + view.guesses.length === 0;
  const searched = query.search === '' ? t.list.title : t.list.found({ search: query.search });
  return (
    <Layout page={page} title={nothing ? t.nothing.title : searched} wide>
      <section class="bid-hero" aria-label={t.search.heading}>
        <SearchForm frame={frame} query={query} place={placeText(view)} />
      </section>
      {view.unknownPlace ? (
        <Alert tone="warning" title={t.list.unknownPlaceTitle}>
          <p class="kern-body">{t.list.unknownPlace({ place: query.place })}</p>
        </Alert>
      ) : null}
      <Filters view={view} frame={frame} />
      {query.search === '' ? <p class="kern-body bid-lead">{t.list.lead}</p> : null}
      {place === undefined && !nothing && !view.unknownPlace ? (
        <p class="kern-body bid-listnote">{t.list.noPlace}</p>
      ) : null}
      {place !== undefined && nothingOfTown(view) ? (
        <p class="kern-body bid-listnote">{t.list.noneOfTown({ place: place.name })}</p>
      ) : null}
      <Content view={view} frame={frame} />
      <LevelExplanation page={page} />
      <Notes frame={frame} />
    </Layout>
  );
};
