import type Router from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../../web/http-error.ts';
import { localeOf } from '../../../web/page-context.ts';
import { sendFile } from '../../../web/send-file.ts';
import type { Session } from '../../relying-party/session.ts';
import { confirmationPdf } from '../letters/confirmation-pdf.ts';
import { letterTexts } from '../letters/texts.ts';
import { sentListPage, sentPage } from '../pages/sent-pages.tsx';
import type { Application } from '../records/applications.ts';
import { idOf, type Desk } from './desk.ts';
import { paths } from './paths.ts';

/** What was sent; another person's is not there. */
export const addSentRoutes = (router: Router, desk: Desk): void => {
  const { records, settings } = desk;
  const { mein_postfach_origin: postfach } = settings;

  const own =
    (act: (ctx: Context, application: Application) => Promise<void> | void) =>
    async (ctx: Context, session: Session): Promise<void> => {
      const application = await records.applications.sentById(session.sub, idOf(ctx));
      if (application === undefined) throw new HttpError('not_found', { reason: 'application' });
      await act(ctx, application);
    };

  const showAll = async (ctx: Context, session: Session): Promise<void> => {
    const applications = await records.applications.sentOf(session.sub);
    desk.show(ctx, (frame) => sentListPage({ applications }, frame));
  };

  const showOne = own((ctx, application) => {
    const linked = application.content.postfach !== undefined && postfach !== undefined;
    const view = { application, ...(linked ? { postfach: `${postfach}/postfach` } : {}) };
    desk.show(ctx, (frame) => sentPage(view, frame));
  });

  const confirmation = own(async (ctx, application) => {
    const locale = localeOf(ctx);
    const pdf = await confirmationPdf(application, await records.documents.of(application.id), locale);
    const name = `${letterTexts[locale].file}-${application.reference ?? ''}.pdf`;
    sendFile(ctx, { name, type: 'application/pdf', length: pdf.length }, pdf);
  });

  router.get(paths.sent, desk.proved(showAll));
  router.get(`${paths.sent}/:id`, desk.proved(showOne));
  router.get(`${paths.sent}/:id/bestaetigung.pdf`, desk.proved(confirmation));
};
