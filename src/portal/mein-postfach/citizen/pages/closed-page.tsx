import type { VNode } from 'preact';
import { Alert, Layout } from '../../../../web/components/index.ts';
import type { PageContext } from '../../../../web/page-context.ts';
import type { PostfachMessages } from '../i18n/messages.ts';

/** The mailbox of an account that was deleted, or joined to another one: nobody gets it again. */
export const closedPage = (page: PageContext, words: PostfachMessages['closed']['purged' | 'moved']): VNode => (
  <Layout page={page} title={words.title} error>
    <Alert tone="danger" title={words.title}>
      <p class="kern-body">{words.what}</p>
      <p class="kern-body">{words.todo}</p>
    </Alert>
  </Layout>
);
