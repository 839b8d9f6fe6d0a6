import type { Router } from '@koa/router';
import { localeOf } from '../../web/page-context.ts';
import { dangerousActAge } from './entry.ts';
import { showKonto } from './pages/konto-frame.tsx';
import { SessionsPage, type SessionsView } from './pages/SessionsPage.tsx';
import type { AccountRouteParts } from './parts.ts';
import { paths } from './paths.ts';
import { seeOther } from '../../web/see-other.ts';
import { serviceName } from './service-names.ts';

/** What a page says after a form was done, by the query that leads to it. */
const outcomes: Readonly<Record<string, NonNullable<SessionsView['done']>>> = {
  einzeln: 'ended',
  alle: 'endedOthers',
  weg: 'gone',
};

/** To throw others out takes a recent login, of whatever level: it takes nothing from the account (attacks.md SE-12). */
const recent = { level: 'basic', maxAge: dangerousActAge } as const;

/** /konto/sitzungen */
export const addSessionRoutes = (
  router: Router,
  { entry, sessions, clients, visitors }: Pick<AccountRouteParts, 'entry' | 'sessions' | 'clients' | 'visitors'>,
): void => {
  router.get(paths.sessions, async (ctx) => {
    const visitor = await entry.open(ctx);
    if (!visitor) return;
    const open = await sessions.open(visitor);
    const outcome = ctx.query['beendet'];
    const done = typeof outcome === 'string' && Object.hasOwn(outcomes, outcome) ? outcomes[outcome] : undefined;
    showKonto(ctx, SessionsPage, {
      sessions: open.map((session) => ({
        ...session,
        services: session.services.map((clientId) => serviceName(clients(), clientId, localeOf(ctx))),
      })),
      csrf: entry.csrf(visitor),
      now: Date.now(),
      ...(done === undefined ? {} : { done }),
    });
  });

  router.post(`${paths.sessions}/beenden`, async (ctx) => {
    const posted = await entry.posted(ctx, paths.sessions, recent);
    if (!posted) return;
    const ended = await sessions.end(posted.visitor, posted.form.get('id'));
    seeOther(ctx, `${paths.sessions}?beendet=${ended ? 'einzeln' : 'weg'}`);
  });

  router.post(`${paths.sessions}/alle-anderen`, async (ctx) => {
    const posted = await entry.posted(ctx, paths.sessions, recent);
    if (!posted) return;
    await sessions.endOthers(posted.visitor);
    await visitors.renew(ctx);
    seeOther(ctx, `${paths.sessions}?beendet=alle`);
  });
};
