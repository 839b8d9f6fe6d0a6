import { Actions, Button, Checkbox, Icon, Select, TextLink } from '../../../../web/components/index.ts';
import type { LetterSender } from '../../letters/letter.ts';
import { addressOf, isFiltered, longestSearch, periods, type InboxQuery } from '../inbox-query.ts';
import { folderNames, folderPath, paths } from '../paths.ts';
import type { Frame } from './frame.tsx';

export interface FilterChoices {
  readonly senders: readonly LetterSender[];
  /** Calendar years, the latest first. */
  readonly years: readonly number[];
  readonly applications: readonly { readonly id: string; readonly name: string }[];
}

/** The search of the whole mailbox. */
export const SearchForm = ({ query, frame }: { query: InboxQuery; frame: Frame }) => {
  const words = frame.t.list;
  return (
    <search>
      <form class="bid-search" method="get" action={paths.inbox}>
        <div class="kern-form-input">
          <label class="kern-label" for="suche">
            {words.search}
          </label>
          <p class="kern-hint" id="suche-hinweis">
            {words.searchHint}
          </p>
          <div class="bid-search__row">
            <input
              class="kern-form-input__input"
              id="suche"
              name="suche"
              type="search"
              maxlength={longestSearch}
              value={query.search}
              autocomplete="off"
              aria-describedby="suche-hinweis"
            />
            <Button weight="secondary" icon="search">
              {words.searchButton}
            </Button>
          </div>
        </div>
      </form>
    </search>
  );
};

/** Which letters of a folder are shown. */
export const FilterForm = ({ query, frame, choices }: { query: InboxQuery; frame: Frame; choices: FilterChoices }) => {
  const words = frame.t.list;
  const active = isFiltered(query);
  return (
    <details class="bid-details" open={active}>
      <summary>{active ? words.filterActive : words.filter}</summary>
      <form class="bid-form bid-details__body bid-filterform" method="get" action={paths.inbox}>
        {query.folder === 'inbox' ? null : <input type="hidden" name="ordner" value={folderNames[query.folder]} />}
        <Select
          name="absender"
          label={words.sender}
          value={query.sender ?? ''}
          options={[
            { value: '', label: words.anySender },
            ...choices.senders.map(({ id, name }) => ({ value: id, label: name[frame.page.locale] })),
          ]}
        />
        <Select
          name="zeitraum"
          label={words.period}
          value={query.period ?? ''}
          options={[
            { value: '', label: words.periods.any },
            ...periods.map((period) => ({ value: period, label: words.periods[period] })),
            ...choices.years.map((year) => ({ value: String(year), label: String(year) })),
          ]}
        />
        {choices.applications.length === 0 ? null : (
          <Select
            name="vorgang"
            label={words.application}
            value={query.application ?? ''}
            options={[
              { value: '', label: words.anyApplication },
              ...choices.applications.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        )}
        <Checkbox name="ungelesen" label={words.unreadOnly} checked={query.unread} />
        <Checkbox name="wichtig" label={words.flaggedOnly} checked={query.flagged} />
        <Actions>
          <Button weight="secondary">{words.apply}</Button>
          {active ? <TextLink href={folderPath(query.folder)}>{words.reset}</TextLink> : null}
        </Actions>
      </form>
    </details>
  );
};

/** Ways to the other pages of a list. */
export const Pager = ({ query, frame, next }: { query: InboxQuery; frame: Frame; next?: Partial<InboxQuery> }) => {
  const { after: _, ...first } = query;
  const later = query.after !== undefined || query.page > 1;
  if (!later && next === undefined) return null;
  return (
    <nav class="bid-pager" aria-label={frame.t.list.letters}>
      {later ? (
        <a class="bid-navlink" href={addressOf({ ...first, page: 1 })}>
          <Icon name="arrow-back" />
          {frame.t.list.newer}
        </a>
      ) : null}
      {next === undefined ? null : (
        <a class="bid-navlink" href={addressOf({ ...query, ...next })}>
          {frame.t.list.older}
          <Icon name="arrow-forward" />
        </a>
      )}
    </nav>
  );
};
