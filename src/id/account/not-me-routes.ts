import type { Router } from '@koa/router';
import { readForm } from '../../web/forms.ts';
import { webState } from '../../web/state.ts';
import { showKonto } from './pages/konto-frame.tsx';
import { NotMeDonePage, NotMeInvalidPage, NotMePage } from './pages/NotMePage.tsx';
import type { AccountRouteParts } from './parts.ts';
import { otherPaths } from './paths.ts';
import { seeOther } from '../../web/see-other.ts';

const donePath = `${otherPaths.notMe}/erledigt`;

/**
 * /konto/nicht-ich: whoever says so is out, with everybody else. It takes no fresh login and no level: it gives nothing
 * to anybody, and has to be easy when it is needed.
 */
export const addNotMeRoutes = (
  router: Router,
  parts: Pick<AccountRouteParts, 'entry' | 'csrf' | 'lifecycle' | 'sessions' | 'notMe' | 'wake'>,
): void => {
  const { entry, csrf, lifecycle, sessions, notMe, wake } = parts;

  const endEverything = async (accountId: string): Promise<void> => {
    await sessions.voiding(
      accountId,
      async () => (await lifecycle.endEverything(accountId, [{ type: 'not_me' }])) !== undefined,
    );
    wake();
  };

  router.get(otherPaths.notMe, async (ctx) => {
    const visitor = await entry.open(ctx);
    if (visitor) showKonto(ctx, NotMePage, { action: otherPaths.notMe, csrf: entry.csrf(visitor) });
  });

  router.post(otherPaths.notMe, async (ctx) => {
    const posted = await entry.posted(ctx, otherPaths.notMe);
    if (!posted) return;
    await endEverything(posted.visitor.citizen.account.id);
    seeOther(ctx, donePath);
  });

  router.get(donePath, (ctx) => {
    ctx.set('cache-control', 'no-store');
    showKonto(ctx, NotMeDonePage, {});
  });

  /** From a mail: nobody has to be logged in, and a scanner that opens the link does nothing by it. */
  router.get(`${otherPaths.notMe}/:token`, async (ctx) => {
    const token = ctx.params['token'] ?? '';
    ctx.set('cache-control', 'no-store');
    if ((await notMe.find(token)) === undefined) return showKonto(ctx, NotMeInvalidPage, {}, 410);
    const action = `${otherPaths.notMe}/${token}`;
    return showKonto(ctx, NotMePage, { action, csrf: csrf.token(action) });
  });

  router.post(`${otherPaths.notMe}/:token`, async (ctx) => {
    const token = ctx.params['token'] ?? '';
    const action = `${otherPaths.notMe}/${token}`;
    const form = await readForm(ctx);
    webState(ctx).returnPath = action;
    ctx.set('cache-control', 'no-store');
    csrf.check(ctx, form.get('csrf'), action);
    const accountId = await notMe.use(token);
    if (accountId === undefined) return showKonto(ctx, NotMeInvalidPage, {}, 410);
    await endEverything(accountId);
    return seeOther(ctx, donePath);
  });
};
