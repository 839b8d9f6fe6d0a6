import type Router from '@koa/router';
import { messages, pageContext } from '../../../web/page-context.ts';
import { renderPage } from '../../../web/render.ts';
import { seeOther } from '../../../web/see-other.ts';
import type { RelyingParty } from '../../relying-party/relying-party.ts';
import { catalogues } from '../i18n/messages.ts';
import { startPage } from '../pages/start-page.tsx';
import { createDesk, type CitizenDeps } from './desk.ts';
import { addDocumentRoutes } from './document-routes.ts';
import { paths } from './paths.ts';
import { addSendRoutes } from './send-routes.ts';
import { addSentRoutes } from './sent-routes.ts';
import { addStepRoutes } from './step-routes.ts';

/** Everything that applicants see of Führungszeugnis. */
export const addCitizenRoutes = (router: Router, relyingParty: RelyingParty, deps: CitizenDeps): void => {
  const desk = createDesk(relyingParty, deps);
  router.get('/', (ctx) => seeOther(ctx, paths.start));
  router.get(paths.start, (ctx) => {
    renderPage(ctx, startPage({ portal: deps.settings.portal_origin }, pageContext(ctx), messages(ctx, catalogues)));
  });
  addStepRoutes(router, desk);
  addDocumentRoutes(router, desk);
  addSendRoutes(router, desk);
  addSentRoutes(router, desk);
};
