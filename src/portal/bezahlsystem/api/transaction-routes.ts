import { randomUUID } from 'node:crypto';
import type Router from '@koa/router';
import type { Order } from '../orders/order.ts';
import { newKassenzeichen } from '../orders/kassenzeichen.ts';
import type { EndPoint, Originator } from '../originators.ts';
import { askingOf, parameterOf, readJson, serviceWith, type ApiParts } from './context.ts';
import { transactionBody } from './bodies.ts';
import { parsePaymentRequest } from './payment-request.ts';
import { Problem } from './problems.ts';

/** How often a Kassenzeichen may be there already. */
const mostReferences = 5;

const create = async (
  { records, settings, pageIds }: ApiParts,
  originator: Originator,
  endPoint: EndPoint,
  raw: Buffer,
): Promise<Order> => {
  const { requestId, amount, content, canonical } = parsePaymentRequest(raw, originator, endPoint);
  for (let tried = 0; tried < mostReferences; tried += 1) {
    const createdAt = Date.now();
    const made = await records.orders.create({
      id: randomUUID(),
      pageId: pageIds.create(),
      originatorId: originator.originator,
      endPointId: endPoint.id,
      requestId,
      amount,
      currency: 'EUR',
      reference: newKassenzeichen(endPoint.kassenzeichen),
      content,
      createdAt,
      payableUntil: createdAt + settings.lifetimes.payable * 1000,
      canonical,
    });
    if (made.outcome === 'created' || made.outcome === 'same') return made.order;
    if (made.outcome === 'other')
      throw new Problem('PAYMENT_EXISTS', { detail: 'requestId: another payment has it already' });
  }
  throw new Error('no Kassenzeichen is free');
};

/** The transaction that the path names. @throws Problem */
export const transactionOf = async (
  { records }: Pick<ApiParts, 'records'>,
  { originator, endPoint }: { readonly originator: Originator; readonly endPoint: EndPoint },
  id: string,
): Promise<Order> => {
  const order = await records.orders.find(originator.originator, endPoint.id, id);
  if (!order) throw new Problem('UNSPECIFIED', { status: 404, detail: 'there is no such transaction' });
  return order;
};

export const addTransactionRoutes = (router: Router, parts: ApiParts): void => {
  const { origin } = parts.settings;
  router.post(
    '/api/paymenttransaction/:originator/:endPoint',
    serviceWith(parts, 'payments:create', { counted: true }),
    async (ctx) => {
      const { originator, endPoint } = askingOf(ctx);
      ctx.body = transactionBody(await create(parts, originator, endPoint, await readJson(ctx)), origin);
    },
  );
  router.get(
    '/api/paymenttransaction/:originator/:endPoint/:transaction',
    serviceWith(parts, 'payments:read'),
    async (ctx) => {
      const order = await transactionOf(parts, askingOf(ctx), parameterOf(ctx, 'transaction'));
      ctx.body = transactionBody(order, origin);
    },
  );
};
