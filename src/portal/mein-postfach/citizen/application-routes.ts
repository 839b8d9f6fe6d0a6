import type Router from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../../web/http-error.ts';
import { idOf, type Desk, type Visit } from './desk.ts';
import { applicationPage, applicationsPage } from './pages/applications-pages.tsx';
import { paths } from './paths.ts';

const mostApplications = 200;
const mostLetters = 100;

export const addApplicationRoutes = (router: Router, desk: Desk): void => {
  const { records } = desk.deps;

  const showAll = async (ctx: Context, visit: Visit): Promise<void> => {
    const applications = await records.applications.list(visit.mailbox, visit.present, mostApplications);
    await desk.show(ctx, visit, (frame) => applicationsPage({ applications }, frame));
  };

  const showOne = async (ctx: Context, visit: Visit): Promise<void> => {
    const { mailbox, present } = visit;
    const application = await records.applications.find(mailbox, present, idOf(ctx));
    if (application === undefined) throw new HttpError('not_found', { reason: 'application' });
    const { latest } = application;
    if (latest.locked) return desk.stepUp(ctx, latest.level);
    const of = { authority: application.sender.authority, applicationId: application.applicationId };
    const [inbox, archive] = await Promise.all(
      (['inbox', 'archive'] as const).map((folder) =>
        records.letters.list(mailbox, present, { folder, application: of, limit: mostLetters }),
      ),
    );
    const letters = [...(inbox?.letters ?? []), ...(archive?.letters ?? [])].sort(
      (a, b) => b.providedAt - a.providedAt,
    );
    await desk.show(ctx, visit, (frame) =>
      applicationPage({ application: { ...application, latest }, letters }, frame),
    );
  };

  router.get(paths.applications, desk.atMailbox(showAll));
  router.get('/vorgaenge/:id', desk.atMailbox(showOne));
};
