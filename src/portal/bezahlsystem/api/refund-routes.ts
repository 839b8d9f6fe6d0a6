import type Router from '@koa/router';
import { refundBody } from './bodies.ts';
import { askingOf, parameterOf, readJson, serviceWith, type ApiParts } from './context.ts';
import { parseRefundRequest } from './payment-request.ts';
import { Problem } from './problems.ts';
import { transactionOf } from './transaction-routes.ts';

export const addRefundRoutes = (router: Router, parts: ApiParts): void => {
  const { records } = parts;
  const path = '/api/paymenttransaction/:originator/:endPoint/:transaction/refunds';

  router.post(path, serviceWith(parts, 'payments:create', { counted: true }), async (ctx) => {
    const order = await transactionOf(parts, askingOf(ctx), parameterOf(ctx, 'transaction'));
    const { requestId, amount } = parseRefundRequest(await readJson(ctx));
    const outcome = await records.refunds.request(order.id, { requestId, amount, at: Date.now() });
    switch (outcome.kind) {
      case 'other':
        throw new Problem('PAYMENT_EXISTS', { detail: 'requestId: another refund has it already' });
      case 'not_paid':
        throw new Problem('NOT_PAYED', { detail: `the transaction is ${order.status}` });
      case 'too_much':
        throw new Problem('REFUND_TOO_HIGH', { detail: 'all refunds together exceed what was paid' });
      case 'made':
        parts.hurry();
    }
    ctx.body = refundBody(outcome.refund);
  });

  router.get(path, serviceWith(parts, 'payments:read'), async (ctx) => {
    const order = await transactionOf(parts, askingOf(ctx), parameterOf(ctx, 'transaction'));
    ctx.body = { refunds: (await records.refunds.ofOrder(order.id)).map(refundBody) };
  });

  router.get(`${path}/:refund`, serviceWith(parts, 'payments:read'), async (ctx) => {
    const order = await transactionOf(parts, askingOf(ctx), parameterOf(ctx, 'transaction'));
    const refund = await records.refunds.find(order.id, parameterOf(ctx, 'refund'));
    if (!refund) throw new Problem('UNSPECIFIED', { status: 404, detail: 'there is no such refund' });
    ctx.body = refundBody(refund);
  });
};
