import type { ComponentChildren, VNode } from 'preact';
import type { PageContext } from '../page-context.ts';
import { Icon } from './icon.tsx';

export type Tone = 'info' | 'success' | 'warning' | 'danger';

/** A note that stands out. `announce` reads it out at once; leave it away for what was there when the page came. */
export const Alert = (props: { tone: Tone; title: string; announce?: boolean; children?: ComponentChildren }) => (
  <div class={`kern-alert kern-alert--${props.tone} bid-alert`} role={props.announce === true ? 'alert' : undefined}>
    <div class="kern-alert__header">
      <Icon name={props.tone} />
      <p class="kern-title">{props.title}</p>
    </div>
    {props.children === undefined ? null : <div class="kern-alert__body">{props.children}</div>}
  </div>
);

/** What went wrong with a form, on top of the page; takes the focus, and each entry leads to its field. */
export const ErrorSummary = (props: {
  title: string;
  errors: readonly { readonly message: string; readonly field?: string }[];
}) => (
  <div
    class="kern-alert kern-alert--danger bid-alert bid-summary"
    role="alert"
    tabIndex={-1}
    autofocus
    aria-labelledby="fehler-titel"
  >
    <div class="kern-alert__header">
      <Icon name="danger" />
      <p class="kern-title" id="fehler-titel">
        {props.title}
      </p>
    </div>
    <div class="kern-alert__body">
      <ul class="bid-plainlist">
        {props.errors.map((error) => (
          <li key={error.message}>
            {error.field === undefined ? (
              error.message
            ) : (
              <a class="kern-link" href={`#${error.field}`}>
                {error.message}
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  </div>
);

/** What a Layout shows of a form that was refused. */
export interface Refusal {
  readonly error?: true;
  readonly summary?: VNode;
}

/** A form that was refused for one reason, which `field` can put right; nothing without a message. */
export const refusal = (
  page: PageContext,
  message: string | undefined,
  field?: string,
  title: string = page.common.errorSummary,
): Refusal =>
  message === undefined
    ? {}
    : {
        error: true,
        summary: <ErrorSummary title={title} errors={[{ message, ...(field === undefined ? {} : { field }) }]} />,
      };
