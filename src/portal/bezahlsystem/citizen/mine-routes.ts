import type Router from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../../web/http-error.ts';
import type { OrderView } from '../payments.ts';
import { idOf, type Desk } from './desk.ts';
import { minePage, myPaymentPage } from './pages/mine-pages.tsx';
import { minePath } from './paths.ts';
import { sendReceipt } from './pay-routes.ts';

/** Payments on one page. */
const pageSize = 20;

const before = (ctx: Context): number | undefined => {
  const text = new URLSearchParams(ctx.querystring).get('vor') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
};

/** What somebody paid while logged in; another person's is not there. */
export const addMineRoutes = (router: Router, desk: Desk): void => {
  const { payments, relyingParty } = desk;

  const showAll = async (ctx: Context): Promise<void> => {
    const session = await relyingParty.session(ctx);
    if (session === undefined) return;
    const from = before(ctx);
    const found = await payments.mine(session.sub, {
      limit: pageSize + 1,
      ...(from === undefined ? {} : { before: from }),
    });
    const shown = found.slice(0, pageSize);
    const last = found.length > pageSize ? shown.at(-1)?.createdAt : undefined;
    const view = { payments: shown, later: from !== undefined, ...(last === undefined ? {} : { older: last }) };
    await desk.show(ctx, minePath, (frame) => minePage(view, frame));
  };

  const own =
    (act: (ctx: Context, view: OrderView) => Promise<void>) =>
    async (ctx: Context): Promise<void> => {
      const session = await relyingParty.session(ctx);
      const view = session === undefined ? undefined : await payments.mineOne(session.sub, idOf(ctx));
      if (view === undefined) throw new HttpError('not_found', { reason: 'payment' });
      await act(ctx, view);
    };

  const login = relyingParty.requireLevel('basic');
  router.get(minePath, login, showAll);
  router.get(
    `${minePath}/:id`,
    login,
    own((ctx, view) => desk.show(ctx, minePath, (frame) => myPaymentPage({ view }, frame))),
  );
  router.get(
    `${minePath}/:id/beleg.pdf`,
    login,
    own((ctx, view) => {
      if (view.state !== 'paid') throw new HttpError('not_found', { reason: 'receipt' });
      return sendReceipt(ctx, view);
    }),
  );
};
