import type { ComponentChildren } from 'preact';

/** A white card. With a heading it is a section of the page's outline. */
export const Card = (props: {
  heading?: string;
  id?: string;
  badge?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}) => {
  const label = props.heading === undefined || props.id === undefined ? undefined : `${props.id}-titel`;
  return (
    <section class={`bid-card ${props.class ?? ''}`.trimEnd()} id={props.id} aria-labelledby={label}>
      {props.badge === undefined ? null : <div class="bid-card__badges">{props.badge}</div>}
      {props.heading === undefined ? null : (
        <h2 class="kern-heading-medium bid-h2" id={label}>
          {props.heading}
        </h2>
      )}
      {props.children}
    </section>
  );
};

/**
 * Cards beside each other where there is room. `main`: the first is the wider one; `side`: the third stands beside the
 * first two.
 */
export const CardRow = (props: { children: ComponentChildren; arrange?: 'main' | 'side' }) => (
  <div class={props.arrange === undefined ? 'bid-cards' : `bid-cards bid-cards--${props.arrange}`}>
    {props.children}
  </div>
);
