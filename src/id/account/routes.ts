import type { Router } from '@koa/router';
import { seeOther } from '../../web/see-other.ts';
import { ownCallback, ownClientId } from '../oidc/own-client.ts';
import { addCardRoutes, type CardRouteParts } from './card-routes.ts';
import { addEmailRoutes, type EmailRouteParts } from './email-routes.ts';
import { addMeansRoutes, type MeansRouteParts } from './means-routes.ts';
import { returnPath, type AccountEntry } from './entry.ts';
import { addLoginNameRoutes, type LoginNameRouteParts } from './login-name-routes.ts';
import { EndedPage } from './pages/EndedPage.tsx';
import { show } from './pages/frame.tsx';
import { HomePage } from './pages/HomePage.tsx';
import { addPasswordRoutes, type PasswordRouteParts } from './password-routes.ts';

/** What the pages about password, e-mail address and user name are made of. */
export type LoginDataParts = PasswordRouteParts & EmailRouteParts & LoginNameRouteParts;

export interface AccountRouteParts extends CardRouteParts, MeansRouteParts {
  readonly entry: AccountEntry;
  readonly loginData: LoginDataParts;
}

/** Password, e-mail address, user name. */
const addLoginDataRoutes = (router: Router, parts: LoginDataParts): void => {
  addPasswordRoutes(router, parts);
  addEmailRoutes(router, parts);
  addLoginNameRoutes(router, parts);
};

/** /konto: Mein Konto. Each group of pages has a file of its own, which is added here. */
export const addAccountRoutes = (router: Router, parts: AccountRouteParts): void => {
  const { entry } = parts;
  addCardRoutes(router, parts);
  addMeansRoutes(router, parts);
  addLoginDataRoutes(router, parts.loginData);
  router.get('/konto', async (ctx) => {
    const visitor = await entry.open(ctx);
    if (visitor) show(ctx, HomePage, { level: visitor.reached.level });
  });

  /** Registering without a service that asks for it: for Mein Konto. */
  router.get('/registrieren', (ctx) => entry.logIn(ctx, '/konto', 'create'));

  /** Our own client's callback. Who is logged in is read from the session; the code is thrown away. */
  router.get(ownCallback, (ctx) => {
    const { error, state } = ctx.query;
    if (error !== undefined) return show(ctx, EndedPage, {}, 403);
    return seeOther(ctx, returnPath(state));
  });

  router.post('/konto/abmelden', async (ctx) => {
    const posted = await entry.posted(ctx, '/konto');
    if (posted) seeOther(ctx, `/session/end?client_id=${ownClientId}`);
  });
};
