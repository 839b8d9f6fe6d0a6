import type Router from '@koa/router';
import type { RelyingParty } from '../../relying-party/relying-party.ts';
import { createDesk, type CitizenDeps } from './desk.ts';
import { addMineRoutes } from './mine-routes.ts';
import { homePage } from './pages/mine-pages.tsx';
import { addPayRoutes } from './pay-routes.ts';

/** Everything that citizens see of the Bezahlsystem. */
export const addCitizenRoutes = (router: Router, relyingParty: RelyingParty, deps: CitizenDeps): void => {
  const desk = createDesk(relyingParty, deps);
  router.get('/', (ctx) => desk.show(ctx, '', homePage));
  addPayRoutes(router, desk);
  addMineRoutes(router, desk);
};
