import type { Router } from '@koa/router';
import { localeOf } from '../../web/page-context.ts';
import { activityGroups, type ActivityGroup } from '../audit/view.ts';
import { activityRow } from './activity-words.ts';
import { ActivitiesPage } from './pages/ActivitiesPage.tsx';
import { showKonto } from './pages/konto-frame.tsx';
import type { AccountRouteParts } from './parts.ts';
import { paths } from './paths.ts';
import { authorityName, serviceName } from './service-names.ts';

/** Events on one page. */
const perPage = 25;

/** /konto/aktivitaet */
export const addActivityRoutes = (
  router: Router,
  { entry, citizens, activities, clients }: Pick<AccountRouteParts, 'entry' | 'citizens' | 'activities' | 'clients'>,
): void => {
  router.get(paths.activities, async (ctx) => {
    const visitor = await entry.open(ctx);
    if (!visitor) return;
    const { id } = visitor.citizen.account;
    const locale = localeOf(ctx);
    const { art, vor } = ctx.query;
    const group = typeof art === 'string' && Object.hasOwn(activityGroups, art) ? (art as ActivityGroup) : undefined;
    const before = typeof vor === 'string' ? vor : undefined;
    const page = await activities.page(id, {
      limit: perPage,
      ...(group ? { group } : {}),
      ...(before === undefined ? {} : { before }),
    });
    const acts = await citizens.actsOn(id);
    const wording = {
      locale,
      serviceName: (clientId: string) => serviceName(clients(), clientId, locale),
      authorityName: (authority: string) => authorityName(clients(), authority, locale),
      reasons: new Map(acts.map((act) => [act.id, act.reason])),
    };
    showKonto(ctx, ActivitiesPage, {
      rows: page.activities.map((activity) => activityRow(activity, wording)),
      later: before !== undefined,
      ...(group ? { group } : {}),
      ...(page.next === undefined ? {} : { next: page.next }),
    });
  });
};
