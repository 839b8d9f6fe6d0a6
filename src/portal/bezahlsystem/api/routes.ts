import type Router from '@koa/router';
import type { Payments } from '../payments.ts';
import { addCallbackRoute } from './callback-route.ts';
import { addCitizenApiRoutes } from './citizen-routes.ts';
import type { ApiParts } from './context.ts';
import { openApi } from './openapi.ts';
import { answerProblems, Problem } from './problems.ts';
import { addRefundRoutes } from './refund-routes.ts';
import { addStatementRoutes } from './statement-routes.ts';
import { addStatusRoute } from './status-route.ts';
import { addTransactionRoutes } from './transaction-routes.ts';

/** The API for services and other modules. Every answer below /api is of the API's own form, the one for an unknown address too. */
export const addApiRoutes = (
  router: Router,
  parts: ApiParts & { readonly payments: Pick<Payments, 'openOf'> },
  issuer: string,
): void => {
  router.use('/api', answerProblems);
  const description = openApi(parts.settings.origin, issuer);
  router.get('/api/openapi.json', (ctx) => {
    ctx.body = description;
  });
  router.get('/api/jwks.json', async (ctx) => {
    ctx.body = await parts.signing.jwks();
  });
  addTransactionRoutes(router, parts);
  addStatusRoute(router, parts);
  addRefundRoutes(router, parts);
  addStatementRoutes(router, parts);
  addCallbackRoute(router, parts);
  addCitizenApiRoutes(router, parts);
};

/** To come after all routes below /api. */
export const endApiRoutes = (router: Router): void => {
  router.all('/api/{*rest}', () => {
    throw new Problem('UNSPECIFIED', { status: 404 });
  });
};
