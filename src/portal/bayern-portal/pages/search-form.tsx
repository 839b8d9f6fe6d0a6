import { Button } from '../../../web/components/index.ts';
import { situationSlug, type ListQuery } from '../paths.ts';
import type { Frame } from './frame.ts';

const Input = (props: { name: string; label: string; hint: string; value: string; autocomplete: string }) => (
  <div class="kern-form-input bid-finder__field">
    <label class="kern-label" for={props.name}>
      {props.label}
    </label>
    <p class="kern-hint" id={`${props.name}-hinweis`}>
      {props.hint}
    </p>
    <input
      class="kern-form-input__input"
      id={props.name}
      name={props.name}
      type="text"
      value={props.value === '' ? undefined : props.value}
      maxlength={120}
      autocomplete={props.autocomplete}
      aria-describedby={`${props.name}-hinweis`}
    />
  </div>
);

/** What and where; the address that it leads to can be kept and passed on. */
export const SearchForm = ({
  frame: { t },
  query,
  place,
}: {
  frame: Frame;
  query?: Partial<ListQuery>;
  /** As the place's field shows it. */
  place?: string;
}) => (
  <form class="bid-finder" method="get" action="/leistungen" role="search" aria-label={t.search.heading}>
    {query?.situation === undefined ? null : (
      <input type="hidden" name="anlass" value={situationSlug(query.situation)} />
    )}
    <Input name="suche" label={t.search.label} hint={t.search.hint} value={query?.search ?? ''} autocomplete="off" />
    <Input
      name="ort"
      label={t.search.place}
      hint={t.search.placeHint}
      value={place ?? query?.place ?? ''}
      autocomplete="postal-code"
    />
    <div class="bid-finder__button">
      <Button icon="search">{t.search.button}</Button>
    </div>
  </form>
);
