import type Router from '@koa/router';
import type { Context } from 'koa';
import { sendFile } from '../../../web/send-file.ts';
import { localeOf } from '../../../web/page-context.ts';
import { seeOther } from '../../../web/see-other.ts';
import { webState } from '../../../web/state.ts';
import { paymentMethods } from '../orders/order.ts';
import type { OrderView, Payer, Payments } from '../payments.ts';
import { idOf, type Desk } from './desk.ts';
import { catalogues } from './i18n/messages.ts';
import { leavingPage, payPage, stopPage, type PayView } from './pages/pay-page.tsx';
import { resultPage } from './pages/result-page.tsx';
import { payPath, resultPath } from './paths.ts';
import { receiptPdf } from './receipt-pdf.ts';

/** In the address of the result: the provider did not end the payment. */
const notStoppedMark = 'nicht-beendet';

/** Answers with the receipt, in the language of the page. */
export const sendReceipt = async (ctx: Context, view: OrderView): Promise<void> => {
  const locale = localeOf(ctx);
  const pdf = await receiptPdf(view, locale);
  const name = `${catalogues[locale].receipt.file({ reference: view.reference })}.pdf`;
  sendFile(ctx, { name, type: 'application/pdf', length: pdf.length }, pdf);
};

/**
 * Paying one order. Whoever has the address may, without a login; every step may come twice, from two tabs or by going back, and
 * looks at the stored order first.
 */
export const addPayRoutes = (router: Router, desk: Desk): void => {
  const { payments, relyingParty } = desk;

  const payerOf = async (ctx: Context): Promise<{ readonly payer?: Payer }> => {
    const session = await relyingParty.session(ctx);
    if (session === undefined) return {};
    const { postfach } = session.claims;
    return { payer: { sub: session.sub, ...(typeof postfach === 'string' ? { postfach } : {}) } };
  };

  /** The order of the address as it stands after `step`, or the page that says that there is none. */
  const withOrder = async (
    ctx: Context,
    step: keyof Pick<Payments, 'view' | 'look' | 'cancel'>,
    act: (view: OrderView) => Promise<void> | void,
  ): Promise<void> => {
    const view = await payments[step](idOf(ctx));
    return view === undefined ? desk.gone(ctx) : act(view);
  };

  const showPay = (ctx: Context, pay: PayView, status?: number): Promise<void> => {
    const { pageId } = pay.view;
    webState(ctx).returnPath = payPath(pageId);
    return desk.show(ctx, pageId, (frame) => payPage(pay, frame), status);
  };

  const open = (ctx: Context): Promise<void> =>
    withOrder(ctx, 'view', async (view) => {
      const { payer } = await payerOf(ctx);
      if (payer !== undefined) await payments.recognise(view.pageId, payer);
      return view.state === 'open' ? showPay(ctx, { view }) : seeOther(ctx, resultPath(view.pageId));
    });

  const pay = async (ctx: Context): Promise<void> => {
    const pageId = idOf(ctx);
    const form = await desk.readForm(ctx, pageId);
    const method = paymentMethods.find((known) => known === form.get('method'));
    if (method === undefined)
      return withOrder(ctx, 'view', (view) => showPay(ctx, { view, problem: 'methodMissing' }, 422));
    const result = await payments.pay(pageId, { method, locale: localeOf(ctx), ...(await payerOf(ctx)) });
    switch (result?.kind) {
      case 'redirect': {
        // Not by 303: browsers hold every further redirect of a form to `form-action`, and where a provider leads on to is not ours to know.
        const url = new URL(result.url).href;
        webState(ctx).returnPath = payPath(pageId);
        ctx.set('refresh', `0;url=${url}`);
        return desk.show(ctx, pageId, (frame) => leavingPage({ url }, frame));
      }
      case 'checking':
      case 'ended':
        return seeOther(ctx, resultPath(pageId));
      case 'refused':
      case 'too_often':
      case 'unavailable': {
        const problem = result.kind === 'too_often' ? 'tooOften' : result.kind;
        if (problem === 'unavailable') ctx.set('retry-after', '60');
        return withOrder(ctx, 'view', (view) => showPay(ctx, { view, problem }, problem === 'unavailable' ? 503 : 422));
      }
      case undefined:
        return desk.gone(ctx);
    }
  };

  const result = (ctx: Context): Promise<void> =>
    withOrder(ctx, 'look', async (view) => {
      // Nothing was tried yet: somebody has opened the address by hand.
      if (view.state === 'open' && view.attempt === undefined) return seeOther(ctx, payPath(view.pageId));
      const session = await relyingParty.session(ctx);
      const mine = session !== undefined && (await payments.mineOne(session.sub, view.id)) !== undefined;
      const notStopped = ctx.query[notStoppedMark] === '1';
      return desk.show(ctx, view.pageId, (frame) => resultPage({ view, mine, now: Date.now(), notStopped }, frame));
    });

  const askStop = (ctx: Context): Promise<void> =>
    withOrder(ctx, 'view', (view) => {
      const canEnd = view.state === 'open' || view.state === 'checking';
      return canEnd
        ? desk.show(ctx, view.pageId, (frame) => stopPage({ view }, frame))
        : seeOther(ctx, resultPath(view.pageId));
    });

  const stop = async (ctx: Context): Promise<void> => {
    const pageId = idOf(ctx);
    await desk.readForm(ctx, pageId);
    return withOrder(ctx, 'cancel', ({ state }) => {
      const stopped = state !== 'open' && state !== 'checking';
      return seeOther(ctx, `${resultPath(pageId)}${stopped ? '' : `?${notStoppedMark}=1`}`);
    });
  };

  const receipt = (ctx: Context): Promise<void> =>
    withOrder(ctx, 'view', (view) => (view.state === 'paid' ? sendReceipt(ctx, view) : desk.gone(ctx)));

  router.get('/bezahlen/:id', relyingParty.recognise(), open);
  router.post('/bezahlen/:id', pay);
  router.get('/bezahlen/:id/ergebnis', result);
  router.get('/bezahlen/:id/abbrechen', askStop);
  router.post('/bezahlen/:id/abbrechen', stop);
  router.get('/bezahlen/:id/beleg.pdf', receipt);
};
