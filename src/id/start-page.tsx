import type { VNode } from 'preact';
import { Card, Layout, TextLink } from '../web/components/index.ts';
import type { PageContext } from '../web/page-context.ts';
import { safeHref } from '../web/safe-path.ts';
import type { FlowMessages } from './interaction/texts/index.ts';

export interface StartView {
  /** Services that have a start page of their own, under the names of their files. */
  readonly services: readonly { readonly name: string; readonly href: string }[];
}

/** Who comes to Bayern-ID's own address is told what it is, and where to begin: nobody logs in here for nothing. */
export const StartPage = ({ view, page, t }: { view: StartView; page: PageContext; t: FlowMessages }): VNode => (
  <Layout page={page} title={t.start.title}>
    <p class="bid-lead">{t.start.lead}</p>
    <Card id="dienste" heading={t.start.servicesTitle}>
      <p class="kern-body">{t.start.services}</p>
      <ul class="bid-links">
        {view.services.flatMap(({ name, href }) => {
          const safe = safeHref(href);
          return safe === undefined
            ? []
            : [
                <li key={safe}>
                  <TextLink href={safe}>{name}</TextLink>
                </li>,
              ];
        })}
      </ul>
    </Card>
    <ul class="bid-links">
      <li>
        {t.login.noAccount} <TextLink href="/registrieren">{t.login.register}</TextLink>
      </li>
      <li>
        <TextLink href="/hilfe/online-ausweis">{t.whatIsEid}</TextLink>
      </li>
    </ul>
  </Layout>
);
