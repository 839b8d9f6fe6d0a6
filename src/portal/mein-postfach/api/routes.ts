import type Router from '@koa/router';
import { leaveBody } from './body.ts';
import { addCitizenApiRoutes } from './citizen-routes.ts';
import type { ApiParts } from './context.ts';
import { addLetterRoutes } from './letter-routes.ts';
import { openApi } from './openapi.ts';
import { answerProblems, Problem } from './problems.ts';
import { addReplyRoutes } from './reply-routes.ts';
import { addStatusRoutes } from './status-routes.ts';

/** Senders' API. Every answer below /api is of the API's own form, the one for an unknown address too. */
export const addApiRoutes = (router: Router, parts: ApiParts, issuer: string): void => {
  router.use('/api', leaveBody(parts.settings), answerProblems);
  const description = openApi(parts.settings, issuer);
  router.get('/api/openapi.json', (ctx) => {
    ctx.body = description;
  });
  router.get('/api/jwks.json', async (ctx) => {
    ctx.body = await parts.signing.jwks();
  });
  addLetterRoutes(router, parts);
  addStatusRoutes(router, parts);
  addReplyRoutes(router, parts);
  addCitizenApiRoutes(router, parts);
};

/** To come after all routes below /api. */
export const endApiRoutes = (router: Router): void => {
  router.all('/api/{*rest}', () => {
    throw new Problem('not_found');
  });
};
