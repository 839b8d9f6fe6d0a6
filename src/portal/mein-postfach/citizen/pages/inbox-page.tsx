import type { VNode } from 'preact';
import { Alert, Button, EmptyState, TextLink } from '../../../../web/components/index.ts';
import type { Folder, LetterSummary } from '../../letters/letter.ts';
import { addressOf, isFiltered, type InboxQuery } from '../inbox-query.ts';
import { folderPath, paths } from '../paths.ts';
import { PostfachLayout, type Frame } from './frame.tsx';
import { FilterForm, Pager, SearchForm, type FilterChoices } from './inbox-filter.tsx';
import { LetterRow } from './letter-row.tsx';

/** What can be done with letters of a folder, the most usual first. */
export const folderActions = {
  inbox: ['archivieren', 'papierkorb', 'gelesen', 'ungelesen'],
  archive: ['eingang', 'papierkorb', 'gelesen', 'ungelesen'],
  trash: ['wiederherstellen', 'loeschen'],
} as const satisfies Readonly<Record<Folder, readonly string[]>>;

export type ListAction = (typeof folderActions)[Folder][number];

export type Done = ListAction | 'wichtig' | 'unwichtig' | 'nichtGeloescht';

export interface InboxView {
  readonly query: InboxQuery;
  readonly letters: readonly LetterSummary[];
  /** Of the next page, where there is one. */
  readonly next?: Partial<InboxQuery>;
  /** How many a search has found. */
  readonly found?: number;
  readonly choices: FilterChoices;
  /** Days in the trash. */
  readonly trashDays: number;
  /** ms since the epoch at which a letter in the trash is removed. */
  readonly trashEnds: (letter: LetterSummary) => number | undefined;
  /** What has just been done. */
  readonly done?: Done;
  /** Something should have been done with no letter. */
  readonly noneChosen?: boolean;
}

const Lead = ({ view, frame }: { view: InboxView; frame: Frame }) => {
  const words = frame.t.list;
  const { folder } = view.query;
  return <p class="bid-lead">{folder === 'trash' ? words.lead.trash({ days: view.trashDays }) : words.lead[folder]}</p>;
};

const Empty = ({ view, frame }: { view: InboxView; frame: Frame }) => {
  const { empty } = frame.t.list;
  const kind = view.found === undefined ? (isFiltered(view.query) ? 'filtered' : view.query.folder) : 'search';
  return (
    <EmptyState title={empty[kind].title}>
      <p class="kern-body">{empty[kind].text}</p>
    </EmptyState>
  );
};

const List = ({ view, frame }: { view: InboxView; frame: Frame }) => {
  const words = frame.t.list;
  const { query } = view;
  if (view.found !== undefined)
    return (
      <ul class="bid-rows" aria-label={words.letters}>
        {view.letters.map((letter) => (
          <LetterRow key={letter.id} letter={letter} frame={frame} showFolder />
        ))}
      </ul>
    );
  return (
    <form class="bid-form" method="post" action={paths.inbox}>
      <input type="hidden" name="csrf" value={frame.csrf} />
      <input type="hidden" name="zurueck" value={addressOf(query)} />
      <ul class="bid-rows" aria-label={words.letters}>
        {view.letters.map((letter) => {
          const ends = view.trashEnds(letter);
          return (
            <LetterRow
              key={letter.id}
              letter={letter}
              frame={frame}
              choose
              {...(ends === undefined ? {} : { trashEnds: ends })}
            />
          );
        })}
      </ul>
      <fieldset class="bid-bulk">
        <legend class="bid-bulk__legend">{words.withChosen}</legend>
        <div class="bid-bulk__row">
          {folderActions[query.folder].map((action) => (
            <Button key={action} weight="secondary" name="aktion" value={action}>
              {words.actions[action]}
            </Button>
          ))}
        </div>
      </fieldset>
    </form>
  );
};

/** The letters of a folder, or those that a search has found. */
export const inboxPage = (view: InboxView, frame: Frame): VNode => {
  const words = frame.t.list;
  const { query, found } = view;
  const searched = found !== undefined;
  return (
    <PostfachLayout frame={frame} at={query.folder} title={frame.t.nav.items[query.folder]}>
      {view.done === undefined ? null : <Alert tone="success" title={words.done[view.done]} announce />}
      {view.noneChosen === true ? <Alert tone="warning" title={words.none} announce /> : null}
      {searched ? null : <Lead view={view} frame={frame} />}
      <SearchForm query={query} frame={frame} />
      {searched ? (
        <div class="bid-found">
          <h2 class="kern-heading-medium bid-h2">{words.found({ count: found, words: query.search })}</h2>
          <p class="kern-body bid-muted">{words.foundNote}</p>
          <p class="kern-body">
            <TextLink href={folderPath(query.folder)}>{words.endSearch}</TextLink>
          </p>
        </div>
      ) : (
        <FilterForm query={query} frame={frame} choices={view.choices} />
      )}
      {view.letters.length === 0 ? <Empty view={view} frame={frame} /> : <List view={view} frame={frame} />}
      <Pager query={query} frame={frame} {...(view.next === undefined ? {} : { next: view.next })} />
    </PostfachLayout>
  );
};
