import type Router from '@koa/router';
import type { RelyingParty } from '../../relying-party/relying-party.ts';
import { seeOther } from '../../../web/see-other.ts';
import { addApplicationRoutes } from './application-routes.ts';
import { addAttachmentRoutes } from './attachment-routes.ts';
import { createDesk, type CitizenDeps } from './desk.ts';
import { addInboxRoutes } from './inbox-routes.ts';
import { addLetterRoutes } from './letter-routes.ts';
import { paths } from './paths.ts';
import { addReplyRoutes } from './reply-routes.ts';
import { addSettingsRoutes } from './settings-routes.ts';

/** Everything that citizens see of their mailbox. */
export const addCitizenRoutes = (router: Router, relyingParty: RelyingParty, deps: CitizenDeps): void => {
  const desk = createDesk(relyingParty, deps);
  router.get('/', (ctx) => seeOther(ctx, paths.inbox));
  addInboxRoutes(router, desk);
  // Before letters, whose addresses begin in the same way.
  addSettingsRoutes(router, desk);
  addLetterRoutes(router, desk);
  addAttachmentRoutes(router, desk);
  addReplyRoutes(router, desk);
  addApplicationRoutes(router, desk);
};
