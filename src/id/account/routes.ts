import type { Router } from '@koa/router';
import { seeOther } from '../../web/see-other.ts';
import { joinPath, wishIn } from '../interaction/join-tickets.ts';
import { ownCallback, ownClientId } from '../oidc/own-client.ts';
import { addActivityRoutes } from './activity-routes.ts';
import { addCardRoutes } from './card-routes.ts';
import { addDataRoutes } from './data-routes.ts';
import { addDeletionRoutes } from './deletion-routes.ts';
import { addEmailRoutes } from './email-routes.ts';
import { returnPath } from './entry.ts';
import { addExportRoutes } from './export-routes.ts';
import { addHomeRoutes } from './home-routes.ts';
import { addLoginNameRoutes } from './login-name-routes.ts';
import { addJoinRoutes } from './join-routes.ts';
import { addMeansRoutes } from './means-routes.ts';
import { addNotMeRoutes } from './not-me-routes.ts';
import { EndedPage } from './pages/EndedPage.tsx';
import { showKonto } from './pages/konto-frame.tsx';
import type { AccountRouteParts, LoginDataParts } from './parts.ts';
import { addPasswordRoutes } from './password-routes.ts';
import { addPreferenceRoutes } from './preference-routes.ts';
import { addServiceRoutes } from './service-routes.ts';
import { addSessionRoutes } from './session-routes.ts';

/** Password, e-mail address, user name. */
const addLoginDataRoutes = (router: Router, parts: LoginDataParts): void => {
  addPasswordRoutes(router, parts);
  addEmailRoutes(router, parts);
  addLoginNameRoutes(router, parts);
};

/** /konto: Mein Konto. Each group of pages has a file of its own, which is added here. */
export const addAccountRoutes = (router: Router, parts: AccountRouteParts): void => {
  const { entry } = parts;
  addHomeRoutes(router, parts);
  addDataRoutes(router, parts);
  addSessionRoutes(router, parts);
  addServiceRoutes(router, parts);
  addActivityRoutes(router, parts);
  addPreferenceRoutes(router, parts);
  addNotMeRoutes(router, parts);
  addExportRoutes(router, parts);
  addDeletionRoutes(router, parts);
  addCardRoutes(router, parts);
  addMeansRoutes(router, parts);
  addJoinRoutes(router, parts);
  addLoginDataRoutes(router, parts.loginData);

  /** Registering without a service that asks for it: for Mein Konto. */
  router.get('/registrieren', (ctx) => entry.logIn(ctx, '/konto', 'create'));

  /** Our own client's callback. Who is logged in is read from the session; the code is thrown away. */
  router.get(ownCallback, (ctx) => {
    const { error, state } = ctx.query;
    // Whoever does not prove a second account after all is where the joining began.
    if (error !== undefined && wishIn(state) !== undefined) return seeOther(ctx, joinPath);
    if (error !== undefined) return showKonto(ctx, EndedPage, {}, 403);
    return seeOther(ctx, returnPath(state));
  });

  router.post('/konto/abmelden', async (ctx) => {
    const posted = await entry.posted(ctx, '/konto');
    if (posted) seeOther(ctx, `/session/end?client_id=${ownClientId}`);
  });
};
