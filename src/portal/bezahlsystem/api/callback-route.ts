import type Router from '@koa/router';
import { readBody } from '../../../web/forms.ts';
import { errorFields } from '../../../web/log.ts';
import { webState } from '../../../web/state.ts';
import { CallbackRefused } from '../providers/provider.ts';
import { parameterOf, type ApiParts } from './context.ts';
import { Problem } from './problems.ts';

const largest = 64 * 1024;

/** Where providers tell what became of a payment. Checked by its signature, stored, answered, then applied. */
export const addCallbackRoute = (router: Router, { providers, inbox }: ApiParts): void => {
  router.all('/api/callbacks/:provider', async (ctx) => {
    const provider = providers.get(parameterOf(ctx, 'provider'));
    if (!provider) throw new Problem('UNSPECIFIED', { status: 404 });
    const { log, noteService } = webState(ctx);
    const receivedAt = Date.now();
    const { method, headers } = ctx.req;
    const body = await readBody(ctx, largest);
    try {
      const callback = await provider.readCallback({ method: method ?? '', headers, body, receivedAt });
      noteService();
      await inbox.take(provider.name, callback, receivedAt);
    } catch (error) {
      if (!(error instanceof CallbackRefused)) throw error;
      log.warn('callback_refused', { reason: error.message, kind: provider.name });
      throw new Problem('UNSPECIFIED', { status: 400, detail: 'the call-back was not accepted' });
    }
    ctx.body = {};
    inbox.work().catch((error: unknown) => log.error('callback_not_applied', errorFields(error)));
  });
};
