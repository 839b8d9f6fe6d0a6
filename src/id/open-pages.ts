import type { Router } from '@koa/router';
import { addPostRoutes } from '../mail/post/routes.ts';
import { localeOf, messages, pageContext } from '../web/page-context.ts';
import { mountCommonPages } from '../web/pages/mount.tsx';
import type { Environment } from '../web/parts.ts';
import { renderPage } from '../web/render.ts';
import { localText } from './clients/client.ts';
import type { ClientFile } from './clients/schema.ts';
import { addDeveloperRoutes, type DeveloperRoutes } from './developers/routes.ts';
import { developerTexts } from './developers/texts/index.ts';
import { flowTexts } from './interaction/texts/index.ts';
import type { createMailing } from './mail/mailing.ts';
import type { Oidc } from './oidc/oidc.ts';
import { StartPage } from './start-page.tsx';
import { idStories } from './stories.ts';

/** The client id of the playground; its file is there on developers' machines alone. */
const playgroundClient = 'spielwiese';

export interface OpenPageParts extends Pick<DeveloperRoutes, 'issuer' | 'means' | 'people'> {
  readonly environment: Environment;
  readonly provider: Pick<Oidc, 'clients' | 'metadata'>;
  readonly mailing: Pick<ReturnType<typeof createMailing>, 'postBox' | 'contentOf'>;
}

/** What everybody may read: the start page, help and legal pages, and those for developers. */
export const addOpenPages = (router: Router, parts: OpenPageParts): void => {
  const { issuer, environment, means, provider, mailing, people } = parts;
  /** Where a service begins: with a login right away, if its file says how to start one (OpenID Connect Core 4). */
  const start = ({ initiate_login_uri: login, client_uri: page }: ClientFile): string | undefined => {
    if (login === undefined) return page;
    const address = new URL(login);
    address.searchParams.set('iss', issuer);
    if (page !== undefined) address.searchParams.set('target_link_uri', page);
    return address.href;
  };
  router.get('/', (ctx) => {
    const services = [...provider.clients().clients.values()].flatMap(({ file }) =>
      file.client_id === playgroundClient || start(file) === undefined
        ? []
        : [{ name: localText(file.client_name, localeOf(ctx)), href: start(file) ?? '' }],
    );
    renderPage(ctx, StartPage({ view: { services }, page: pageContext(ctx), t: messages(ctx, flowTexts) }));
  });
  mountCommonPages(router, { environment, stories: idStories });
  addDeveloperRoutes(router, {
    issuer,
    means,
    metadata: () => provider.metadata(),
    playground: () => provider.clients().clients.get(playgroundClient)?.file.client_uri,
    showsMails: mailing.postBox !== undefined,
    ...(people ? { people } : {}),
  });
  if (mailing.postBox)
    addPostRoutes(router, {
      postBox: mailing.postBox,
      contentOf: mailing.contentOf,
      overview: (locale) => ({ href: '/entwickler', label: developerTexts[locale].toOverview }),
    });
};
