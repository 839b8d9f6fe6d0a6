import type { VNode } from 'preact';
import { Actions, ButtonLink, Card, ConfirmForm, Layout, ReferenceId } from '../../../web/components/index.ts';
import type { PageContext } from '../../../web/page-context.ts';
import type { Failure } from '../answer.ts';
import type { RelyingPartyMessages } from '../i18n/messages.ts';

export interface FailureView {
  readonly failure: Failure;
  /** Where a new attempt begins; a path of ours. */
  readonly retry: string;
  /** For the logout button where another person's session is in the way. */
  readonly csrf?: string | undefined;
}

/** A login that did not come about: what is known, what to do, and a way on. */
export const failurePage = (view: FailureView, page: PageContext, t: RelyingPartyMessages): VNode => {
  const { title, what, todo } = t.failures[view.failure];
  const again = view.failure === 'loginRequired' || view.failure === 'loggedOut' ? t.signIn : t.again;
  // Who has ended it knows: that is no error, and nothing to be looked up.
  const ended = view.failure === 'ended';
  return (
    <Layout page={page} title={title} error={!ended}>
      <Card>
        <p class="kern-body">{what}</p>
        <p class="kern-body">{todo}</p>
        <Actions>
          {view.failure === 'otherPerson' && view.csrf !== undefined ? (
            <ConfirmForm action="/abmelden" csrf={view.csrf} label={t.logOut} weight="secondary" />
          ) : (
            <ButtonLink href={view.retry}>{again}</ButtonLink>
          )}
          <ButtonLink href="/" weight="tertiary">
            {t.toStart}
          </ButtonLink>
        </Actions>
        {ended ? null : <ReferenceId page={page} id={page.referenceId} />}
      </Card>
    </Layout>
  );
};
