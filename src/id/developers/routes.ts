import type { Router } from '@koa/router';
import type { Level } from '../../assurance/levels.ts';
import { HttpError } from '../../web/http-error.ts';
import { messages, pageContext } from '../../web/page-context.ts';
import { renderPage } from '../../web/render.ts';
import { DevelopersPage, type TestPeople } from './pages/DevelopersPage.tsx';
import { DiscoveryPage } from './pages/DiscoveryPage.tsx';
import { QuickStartPage } from './pages/QuickStartPage.tsx';
import { loadQuickStarts } from './quick-starts.ts';
import { developerTexts } from './texts/index.ts';

export interface DeveloperRoutes {
  readonly issuer: string;
  readonly means: { readonly password: Level; readonly eid: Level };
  /** The running provider's own discovery document. */
  readonly metadata: () => Readonly<Record<string, unknown>>;
  /** Start page of the playground, where there is one. */
  readonly playground: () => string | undefined;
  /** Whether mails are shown instead of sent. */
  readonly showsMails: boolean;
  /** Test environment only. */
  readonly people?: TestPeople;
}

/** /entwickler and what belongs to it, open to everybody in every environment. */
export const addDeveloperRoutes = (router: Router, parts: DeveloperRoutes): void => {
  const { issuer, means, people, showsMails } = parts;
  const quickStarts = loadQuickStarts();
  router.get('/entwickler', (ctx) => {
    const playground = parts.playground();
    const view = {
      issuer,
      document: `${issuer}/.well-known/openid-configuration`,
      quickStarts,
      means,
      showsMails,
      ...(people === undefined ? {} : { people }),
      ...(playground === undefined ? {} : { playground }),
    };
    renderPage(ctx, DevelopersPage({ view, page: pageContext(ctx), t: messages(ctx, developerTexts) }));
  });
  router.get('/entwickler/discovery', (ctx) => {
    const view = { metadata: parts.metadata() };
    renderPage(ctx, DiscoveryPage({ view, page: pageContext(ctx), t: messages(ctx, developerTexts) }));
  });
  router.get('/entwickler/schnellstart/:language', (ctx) => {
    const start = quickStarts.starts.find(({ language }) => language === ctx.params['language']);
    if (start === undefined) throw new HttpError('not_found');
    const view = { start, others: quickStarts.starts.filter((other) => other !== start), issuer };
    renderPage(ctx, QuickStartPage({ view, page: pageContext(ctx), t: messages(ctx, developerTexts) }));
  });
};
