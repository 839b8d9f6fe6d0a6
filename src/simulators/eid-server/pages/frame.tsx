import type { ComponentChildren } from 'preact';
import { Alert, Layout } from '../../../web/components/index.ts';
import type { PageContext } from '../../../web/page-context.ts';
import type { SimulatorMessages } from './messages.ts';

/** What each of the simulator's pages gets. */
export interface PageProps {
  readonly page: PageContext;
  readonly t: SimulatorMessages;
}

/** Layout with the note that nothing here is real. */
export const Frame = (
  props: PageProps & { title: string; error?: boolean; summary?: ComponentChildren; children: ComponentChildren },
) => (
  <Layout page={props.page} title={props.title} error={props.error === true} summary={props.summary}>
    <Alert tone="info" title={props.t.notice.title}>
      <p class="kern-body">{props.t.notice.text}</p>
    </Alert>
    {props.children}
  </Layout>
);

/** Several answers at once, each a field of its own: `<name>-<value>`. */
export const Checkboxes = (props: {
  name: string;
  legend: string;
  hint: string;
  options: readonly { readonly value: string; readonly label: string; readonly checked: boolean }[];
}) => (
  <fieldset class="kern-fieldset" aria-describedby={`${props.name}-hinweis`}>
    <legend class="kern-label">{props.legend}</legend>
    <p class="kern-hint" id={`${props.name}-hinweis`}>
      {props.hint}
    </p>
    <div class="kern-fieldset__body">
      {props.options.map((option) => (
        <div class="kern-form-check" key={option.value}>
          <input
            class="kern-form-check__checkbox"
            type="checkbox"
            id={`${props.name}-${option.value}`}
            name={`${props.name}-${option.value}`}
            value="ja"
            checked={option.checked}
          />
          <label class="kern-label" for={`${props.name}-${option.value}`}>
            {option.label}
          </label>
        </div>
      ))}
    </div>
  </fieldset>
);
