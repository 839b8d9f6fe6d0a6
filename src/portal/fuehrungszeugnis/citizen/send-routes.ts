import type Router from '@koa/router';
import type { Context } from 'koa';
import { seeOther } from '../../../web/see-other.ts';
import type { Session } from '../../relying-party/session.ts';
import { doneSteps, nextStep, samePerson } from '../application/rules.ts';
import { paymentPage } from '../pages/payment-page.tsx';
import { reviewPage, type ReviewView } from '../pages/review-page.tsx';
import { tasksPage } from '../pages/tasks-page.tsx';
import { verifiedPerson } from '../verified-person.ts';
import type { Desk, DraftHandler } from './desk.ts';
import { paths, sentPath, stepPath } from './paths.ts';
import { changedMark } from './step-routes.ts';

const discardedMark = 'geloescht';

/** The tasks, and the way from the last look to what was sent. */
export const addSendRoutes = (router: Router, desk: Desk): void => {
  const { records, settling, relyingParty, wake } = desk;
  const { applications } = records;

  const showTasks: DraftHandler = async (ctx, { session, application, documents }) => {
    const hasSent = (await applications.sentOf(session.sub)).length > 0;
    const content = application?.content;
    const view = {
      kept: desk.settings.retention.drafts,
      hasSent,
      discarded: ctx.query[discardedMark] !== undefined,
      ...(content === undefined
        ? {}
        : {
            draft: {
              done: doneSteps(content, documents),
              next: nextStep(content, documents),
              paymentFailed: application?.paymentFailure !== undefined,
            },
          }),
    };
    desk.show(ctx, (frame) => tasksPage(view, frame));
  };

  const discard: DraftHandler = async (ctx, { session }) => {
    await relyingParty.readForm(ctx);
    await applications.discard(session.sub);
    return seeOther(ctx, `${paths.tasks}?${discardedMark}=1`);
  };

  /** The card of this login says what the application does; undefined: there is nothing to send. */
  const reviewOf = (
    ctx: Context,
    { session, application, documents }: Parameters<DraftHandler>[1],
  ): ReviewView | undefined => {
    if (application === undefined) {
      seeOther(ctx, paths.tasks);
      return undefined;
    }
    const { id, content, updatedAt, paymentFailure } = application;
    if (content.person !== undefined && !samePerson(content.person, verifiedPerson(session.claims))) {
      seeOther(ctx, `${stepPath('daten')}?${changedMark}=1`);
      return undefined;
    }
    return {
      id,
      content,
      documents,
      next: nextStep(content, documents),
      version: updatedAt,
      paymentFailed: paymentFailure !== undefined,
    };
  };

  const review: DraftHandler = (ctx, draft) => {
    const view = reviewOf(ctx, draft);
    if (view !== undefined) desk.show(ctx, (frame) => reviewPage(view, frame));
  };

  const send: DraftHandler = async (ctx, draft) => {
    const form = await relyingParty.readForm(ctx);
    if (draft.application === undefined) {
      // Pressed twice: what was sent by the first is what the second one shows.
      const sent = await applications.sentById(draft.session.sub, form.get('antrag'));
      if (sent !== undefined) return seeOther(ctx, sentPath(sent.id));
    }
    const view = reviewOf(ctx, draft);
    if (view === undefined || draft.application === undefined) return;
    const here = stepPath('pruefen');
    // Another tab has changed it: she sees first what she sends.
    if (view.next !== 'pruefen' || form.get('stand') !== String(view.version)) return seeOther(ctx, here);
    if (form.get('selbst') !== '1')
      return desk.refuse(ctx, here, (frame) => reviewPage({ ...view, problem: 'self' }, frame));
    const { id, updatedAt, content } = draft.application;
    if (content.fee?.way === 'exempt') {
      if (await applications.file(id, { exempt: { updatedAt } })) wake();
      // Another press has sent it, or another tab has changed it in this moment.
      else if ((await applications.sentById(draft.session.sub, id)) === undefined) return seeOther(ctx, here);
      return seeOther(ctx, sentPath(id));
    }
    await applications.beginPayment(id, { updatedAt });
    return seeOther(ctx, paths.payment);
  };

  /** Where the payment page leads back to, and where an application waits for its payment. What the address says proves nothing. */
  const payment = async (ctx: Context, session: Session): Promise<void> => {
    const application = await applications.openOf(session.sub);
    if (application?.state !== 'paying') {
      const [last] = application === undefined ? await applications.sentOf(session.sub) : [];
      return seeOther(ctx, last === undefined ? stepPath('pruefen') : sentPath(last.id));
    }
    const settled = await settling.settle(application);
    switch (settled.state) {
      case 'filed':
        return seeOther(ctx, sentPath(application.id));
      case 'draft':
        return seeOther(ctx, stepPath('pruefen'));
      case 'payable':
        return desk.show(ctx, (frame) => paymentPage({ payAt: settled.page }, frame));
      case 'unknown':
        ctx.set('retry-after', '30');
        return desk.show(ctx, (frame) => paymentPage({ begun: application.transactionId !== undefined }, frame), 503);
    }
  };

  router.get(paths.tasks, desk.atDraft(showTasks));
  router.get(paths.discard, (ctx) => seeOther(ctx, paths.tasks));
  router.post(paths.discard, desk.atDraft(discard));
  router.get(stepPath('pruefen'), desk.atDraft(review, 'fresh'));
  router.post(stepPath('pruefen'), desk.atDraft(send, 'fresh'));
  router.get(paths.payment, desk.proved(payment));
};
