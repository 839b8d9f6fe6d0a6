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
    <Alert tone="warning" title={props.t.notice.title}>
      <p class="kern-body">{props.t.notice.text}</p>
    </Alert>
    {props.children}
  </Layout>
);
