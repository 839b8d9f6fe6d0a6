import type Koa from 'koa';
import { webState } from '../../web/state.ts';
import { InteractionGone } from '../oidc/door.ts';
import { ErrorPage, show } from './pages/index.ts';

/** A flow that is over, elsewhere or somebody else's, is told on a page of its own: normal life, so a 400 and never a 500. */
export const tellGoneFlows: Koa.Middleware = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof InteractionGone)) throw error;
    show(
      ctx,
      ErrorPage,
      { code: error.why === 'foreign' ? 'flow_foreign' : 'flow_expired', referenceId: webState(ctx).referenceId },
      400,
    );
  }
};
