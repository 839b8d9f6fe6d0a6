import type { VNode } from 'preact';
import { Actions, ButtonLink, Card, Layout, ReferenceId } from '../components/index.ts';
import type { HttpError } from '../http-error.ts';
import type { PageContext } from '../page-context.ts';

/** What happened, what to do, the reference id, and a way on. */
export const errorPage = (error: HttpError, page: PageContext): VNode => {
  const t = page.common;
  const { title, what, todo } = t.errors[error.code];
  return (
    <Layout page={page} title={title} error>
      <Card>
        <p class="kern-body">{what}</p>
        <p class="kern-body">{error.retryAfter === undefined ? todo : t.retryIn({ seconds: error.retryAfter })}</p>
        <Actions>
          <ButtonLink href="/">{t.toStart}</ButtonLink>
          <ButtonLink href="/hilfe" weight="tertiary">
            {t.toHelp}
          </ButtonLink>
        </Actions>
        <ReferenceId page={page} id={page.referenceId} />
      </Card>
    </Layout>
  );
};
