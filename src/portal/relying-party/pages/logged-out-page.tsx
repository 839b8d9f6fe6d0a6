import type { VNode } from 'preact';
import { Actions, Alert, ButtonLink, Card, Layout, TextLink } from '../../../web/components/index.ts';
import type { PageContext } from '../../../web/page-context.ts';
import type { RelyingPartyMessages } from '../i18n/messages.ts';

export interface LoggedOutView {
  readonly state:
    /** The provider could not be asked. */
    | 'onlyHere'
    /** Nobody is logged in; nothing else is known. */
    | 'here'
    /** The address was opened while somebody is logged in. */
    | 'loggedIn';
  readonly issuer: string;
}

export const loggedOutPage = (view: LoggedOutView, page: PageContext, t: RelyingPartyMessages): VNode => {
  const words = t.loggedOut;
  const service = page.common.parts[page.part].name;
  const loggedIn = view.state === 'loggedIn';
  return (
    <Layout page={page} title={loggedIn ? words.stillTitle : words.title}>
      <Card>
        <p class="kern-body">{loggedIn ? words.still : words.here({ service })}</p>
        {view.state === 'onlyHere' ? (
          <Alert tone="warning" title={words.onlyHereTitle}>
            <p class="kern-body">{words.onlyHere}</p>
            <TextLink href={view.issuer}>{words.toProvider}</TextLink>
          </Alert>
        ) : null}
        {loggedIn ? null : <p class="kern-body">{words.sharedDevice}</p>}
        <Actions>
          <ButtonLink href="/">{t.toStart}</ButtonLink>
        </Actions>
      </Card>
    </Layout>
  );
};
