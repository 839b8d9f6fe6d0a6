import type { ComponentChildren } from 'preact';

/** Pairs of a name and a value. */
export const DataList = (props: {
  items: readonly { readonly label: string; readonly value: ComponentChildren; readonly note?: ComponentChildren }[];
}) => (
  <dl class="bid-data">
    {props.items.map((item) => (
      <div class="bid-data__row" key={item.label}>
        <dt>{item.label}</dt>
        <dd>
          <span class="bid-data__value">{item.value}</span>
          {item.note === undefined ? null : <span class="bid-data__note">{item.note}</span>}
        </dd>
      </div>
    ))}
  </dl>
);

/** What to do, one thing after the other. */
export const Steps = (props: { items: readonly ComponentChildren[] }) => (
  <ol class="bid-steps">
    {props.items.map((item, index) => (
      <li key={index}>
        <div>{item}</div>
      </li>
    ))}
  </ol>
);

/** Things to have at hand, ticked off by sight. */
export const Checklist = (props: { items: readonly ComponentChildren[] }) => (
  <ul class="bid-checklist">
    {props.items.map((item, index) => (
      <li key={index}>
        <span class="kern-icon kern-icon--check" aria-hidden="true" />
        <span>{item}</span>
      </li>
    ))}
  </ul>
);

/** Opens and closes without script. */
export const Details = (props: { summary: string; children: ComponentChildren; open?: boolean }) => (
  <details class="bid-details" open={props.open}>
    <summary>{props.summary}</summary>
    <div class="bid-details__body">{props.children}</div>
  </details>
);

/** Nothing there yet, and what to do about it. */
export const EmptyState = (props: { title: string; children?: ComponentChildren }) => (
  <div class="bid-empty">
    <p class="kern-title">{props.title}</p>
    {props.children}
  </div>
);
