import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../web/http-error.ts';
import { localeOf } from '../../web/page-context.ts';
import { deletionDelay } from '../identity/lifecycle.ts';
import { ownClientId } from '../oidc/own-client.ts';
import type { Visitor } from '../oidc/visitor.ts';
import { ConfirmDeletionPage, DeletionPage, PlannedDeletionPage } from './pages/DeletionPage.tsx';
import { showKonto } from './pages/konto-frame.tsx';
import type { AccountRouteParts } from './parts.ts';
import { paths } from './paths.ts';
import { seeOther } from '../../web/see-other.ts';
import { serviceName } from './service-names.ts';
import { kontoTexts } from './texts/konto.ts';

const confirmPath = `${paths.deletion}/bestaetigen`;
const plannedPath = `${paths.deletion}/geplant`;

/** Both languages' words count: who changes the language in between means the same. */
const confirms = (typed: string): boolean => {
  const word = typed.trim().toUpperCase();
  const words = Object.values(kontoTexts).map(({ deletion }) => deletion.confirm.word);
  return [...words, 'LOESCHEN'].includes(word);
};

/** /konto/loeschen */
export const addDeletionRoutes = (
  router: Router,
  parts: Pick<
    AccountRouteParts,
    'entry' | 'dangerous' | 'lifecycle' | 'sessions' | 'services' | 'activities' | 'clients' | 'wake'
  >,
): void => {
  const { entry, dangerous, lifecycle, sessions, services, activities, clients, wake } = parts;

  const connected = async (ctx: Context, { citizen: { account } }: Visitor): Promise<readonly string[]> => {
    const released = (await activities.releases(account.id)).map(({ clientId }) => clientId);
    const consented = (await services.consentsOf(account.id)).map(({ clientId }) => clientId);
    return [...new Set([...released, ...consented])]
      .filter((clientId) => clientId !== ownClientId)
      .map((clientId) => serviceName(clients(), clientId, localeOf(ctx)))
      .sort((a, b) => a.localeCompare(b, localeOf(ctx)));
  };

  router.get(paths.deletion, async (ctx) => {
    const visitor = await entry.open(ctx);
    if (visitor) showKonto(ctx, DeletionPage, { services: await connected(ctx, visitor) });
  });

  router.get(confirmPath, async (ctx) => {
    const visitor = await entry.open(ctx, dangerous);
    if (!visitor) return;
    showKonto(ctx, ConfirmDeletionPage, { csrf: entry.csrf(visitor), on: Date.now() + deletionDelay, error: false });
  });

  router.post(paths.deletion, async (ctx) => {
    const posted = await entry.posted(ctx, confirmPath, dangerous);
    if (!posted) return;
    const { visitor, form } = posted;
    const on = Date.now() + deletionDelay;
    if (!confirms(form.get('word'))) {
      showKonto(ctx, ConfirmDeletionPage, { csrf: entry.csrf(visitor), on, error: true }, 422);
      return;
    }
    const { account } = visitor.citizen;
    const plan = (): Promise<'planned' | 'stale'> =>
      lifecycle.planDeletion(account, on, [{ type: 'deletion.planned', at: on }]);
    if (!(await sessions.voiding(account.id, async () => (await plan()) === 'planned')))
      throw new HttpError('conflict', { reason: 'deletion' });
    wake();
    seeOther(ctx, plannedPath);
  });

  router.get(plannedPath, (ctx) => {
    ctx.set('cache-control', 'no-store');
    showKonto(ctx, PlannedDeletionPage, {});
  });
};
