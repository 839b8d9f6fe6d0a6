import { randomBytes } from 'node:crypto';
import { Router } from '@koa/router';
import type Koa from 'koa';
import type { Context } from 'koa';
import { createWebApp } from '../../web/app.ts';
import { createCsrf } from '../../web/csrf.ts';
import { readForm, type Form } from '../../web/forms.ts';
import { HttpError } from '../../web/http-error.ts';
import type { Log } from '../../web/log.ts';
import { messages, pageContext } from '../../web/page-context.ts';
import { mountCommonPages } from '../../web/pages/mount.tsx';
import { renderPage } from '../../web/render.ts';
import { allowFormAction } from '../../web/security.ts';
import { seeOther } from '../../web/see-other.ts';
import { setUiLocales, webState } from '../../web/state.ts';
import { addApiRoutes } from './api.ts';
import type { Bank } from './bank.ts';
import { isCardId, mostCodeAttempts } from './cards.ts';
import type { Payment, PaymentOrder } from './payment.ts';
import type { PageProps } from './pages/frame.tsx';
import { homePage } from './pages/home-page.tsx';
import { catalogues } from './pages/messages.ts';
import { codePage, endPage, payPage, type PayView } from './pages/pay-pages.tsx';
import { paymentSimulatorStories } from './pages/stories.tsx';

export interface PagesOptions {
  readonly origin: string;
  readonly bank: Bank;
  readonly apiKey: string;
  readonly shopOrigins: readonly string[];
  /** Does and sends all that is planned. */
  readonly settle: () => Promise<void>;
  readonly log: Log;
}

/** A payment that somebody has begun, so that there is a page for it. */
type Begun = Payment & { readonly order: PaymentOrder };

const props = (ctx: Context): PageProps => ({ page: pageContext(ctx), t: messages(ctx, catalogues) });
const shownPayments = 10;
const home = 'home';
const environment = 'development';

/** The API for the shop, and the pages for who pays. A payment's unguessable token stands for her screen; there are no cookies. */
export const createPagesApp = (options: PagesOptions): Koa => {
  const { bank, origin } = options;
  const csrf = createCsrf(randomBytes(32));
  const router = new Router();

  const paymentOf = (ctx: Context): Begun => {
    const payment = bank.onPage(String((ctx['params'] as Record<string, string>)['token']));
    if (payment?.order === undefined) throw new HttpError('not_found', { reason: 'payment' });
    const { order } = payment;
    if (order.locale !== undefined) setUiLocales(ctx, order.locale, payment.createdAt);
    allowFormAction(ctx, order.returnUrl);
    webState(ctx).returnPath = ctx.path;
    return { ...payment, order };
  };
  const postedForm = async (ctx: Context, binding: string): Promise<Form> => {
    const form = await readForm(ctx);
    csrf.check(ctx, form.get('csrf'), binding);
    return form;
  };
  const viewOf = ({ token, order }: Begun): PayView => ({ token, order, csrf: csrf.token(token) });
  const pathOf = ({ token }: Payment): string => `/zahlen/${token}`;

  /** Where who pays goes next: back to the shop once it is decided. */
  const goOn = (ctx: Context, payment: Payment): void =>
    seeOther(
      ctx,
      payment.state === 'open' || payment.state === 'processing' || payment.order === undefined
        ? `${pathOf(payment)}${payment.state === 'open' && payment.card !== undefined ? '/bestaetigen' : ''}`
        : payment.order.returnUrl,
    );

  const showCards = (ctx: Context, payment: Begun, cardMissing: boolean): void => {
    const { state, order } = payment;
    if (state !== 'open') return renderPage(ctx, endPage({ ...props(ctx), order, state }));
    return renderPage(ctx, payPage({ ...props(ctx), ...viewOf(payment), cardMissing }), cardMissing ? 422 : 200);
  };

  const showCode = (ctx: Context, payment: Begun, attemptsLeft: number | undefined): void => {
    if (payment.state !== 'open' || payment.card === undefined) return seeOther(ctx, pathOf(payment));
    const view = { ...props(ctx), ...viewOf(payment), attemptsLeft };
    return renderPage(ctx, codePage(view), attemptsLeft === undefined ? 200 : 422);
  };

  router.get('/', (ctx) => {
    const done = ctx.query['erledigt'] === '1' ? 'settled' : undefined;
    const payments = bank.latest(shownPayments);
    renderPage(ctx, homePage({ ...props(ctx), payments, csrf: csrf.token(home), done }));
  });
  router.post('/erledigen', async (ctx) => {
    await postedForm(ctx, home);
    await options.settle();
    seeOther(ctx, '/?erledigt=1');
  });

  router.get('/zahlen/:token', (ctx) => showCards(ctx, paymentOf(ctx), false));
  router.post('/zahlen/:token', async (ctx) => {
    const payment = paymentOf(ctx);
    const card = (await postedForm(ctx, payment.token)).get('card');
    if (!isCardId(card)) return showCards(ctx, payment, true);
    return goOn(ctx, bank.pay(paymentOf(ctx), card));
  });
  router.get('/zahlen/:token/bestaetigen', (ctx) => showCode(ctx, paymentOf(ctx), undefined));
  router.post('/zahlen/:token/bestaetigen', async (ctx) => {
    const form = await postedForm(ctx, paymentOf(ctx).token);
    const payment = paymentOf(ctx);
    const after = bank.confirm(payment, form.get('code').replaceAll(/\s/g, ''));
    webState(ctx).returnPath = `${pathOf(payment)}/bestaetigen`;
    return after.state === 'open' && after.wrongCodes > 0
      ? showCode(ctx, { ...after, order: payment.order }, mostCodeAttempts - after.wrongCodes)
      : goOn(ctx, after);
  });
  router.post('/zahlen/:token/ablehnen', async (ctx) => {
    await postedForm(ctx, paymentOf(ctx).token);
    return goOn(ctx, bank.confirm(paymentOf(ctx), undefined));
  });
  router.post('/zahlen/:token/abbrechen', async (ctx) => {
    await postedForm(ctx, paymentOf(ctx).token);
    return goOn(ctx, bank.cancel(paymentOf(ctx).reference));
  });

  addApiRoutes(router, {
    bank,
    apiKey: options.apiKey,
    shopOrigins: options.shopOrigins,
    pageOf: (payment) => `${origin}${pathOf(payment)}`,
  });
  mountCommonPages(router, { environment, stories: paymentSimulatorStories });
  const app = createWebApp({
    part: 'payment-simulator',
    origin,
    secureCookies: origin.startsWith('https:'),
    environment,
    log: options.log,
  });
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
};
