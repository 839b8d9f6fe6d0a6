import type { PageContext } from '../page-context.ts';
import { Badge } from './level-badge.tsx';

export interface ConsentItem {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly source: 'self' | 'card' | 'issued';
  /** Masked until opened. */
  readonly sensitive: boolean;
}

const Value = (props: { item: ConsentItem; reveal: string }) =>
  props.item.sensitive ? (
    <details class="bid-mask">
      <summary>
        {props.reveal}
        <span class="kern-sr-only">: {props.item.label}</span>
      </summary>
      <span class="bid-consent__value">{props.item.value}</span>
    </details>
  ) : (
    <span class="bid-consent__value">{props.item.value}</span>
  );

/**
 * The values that would be released, each with where it comes from. With `choose` every one has a box, off at first,
 * and `choose` is the field's name.
 */
export const ConsentList = (props: {
  page: PageContext;
  reveal: string;
  items: readonly ConsentItem[];
  choose?: string;
}) => (
  <ul class="bid-consent">
    {props.items.map((item) => {
      const id = `${props.choose ?? 'datum'}-${item.name}`;
      return (
        <li key={item.name}>
          <div class="bid-consent__row">
            {props.choose === undefined ? (
              <div>
                <span class="bid-consent__label">{item.label}</span>
                <Value item={item} reveal={props.reveal} />
              </div>
            ) : (
              <div>
                <div class="kern-form-check">
                  <input
                    class="kern-form-check__checkbox"
                    type="checkbox"
                    id={id}
                    name={props.choose}
                    value={item.name}
                  />
                  <label class="kern-label" for={id}>
                    {item.label}
                  </label>
                </div>
                <div class="bid-consent__below">
                  <Value item={item} reveal={props.reveal} />
                </div>
              </div>
            )}
            <Badge tone={item.source === 'card' ? 'success' : 'info'}>{props.page.common.source[item.source]}</Badge>
          </div>
        </li>
      );
    })}
  </ul>
);
