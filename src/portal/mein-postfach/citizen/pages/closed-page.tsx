import type { VNode } from 'preact';
import { Alert, Layout } from '../../../../web/components/index.ts';
import type { PageContext } from '../../../../web/page-context.ts';
import type { PostfachMessages } from '../i18n/messages.ts';

/** The mailbox of a deleted account: nobody gets it again. */
export const closedPage = (page: PageContext, t: PostfachMessages): VNode => (
  <Layout page={page} title={t.closed.title} error>
    <Alert tone="danger" title={t.closed.title}>
      <p class="kern-body">{t.closed.what}</p>
      <p class="kern-body">{t.closed.todo}</p>
    </Alert>
  </Layout>
);
