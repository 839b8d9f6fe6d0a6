import { timingSafeEqual, createHash } from 'node:crypto';
import type Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { readBody } from '../../web/forms.ts';
import { BankRefused, describePayment, type Bank, type Refusal } from './bank.ts';
import type { Payment, PaymentOrder } from './payment.ts';

const reference = /^[\w-]{1,64}$/;
const largestBody = 16 * 1024;

const beginRequest = z.strictObject({
  /** Cents. */
  amount: z.int().min(1).max(99_999_999),
  currency: z.literal('EUR'),
  payee: z.string().min(1).max(200),
  purpose: z.string().min(1).max(200),
  returnUrl: z.url().max(2000),
  callbackUrl: z.url().max(2000),
  expiresAt: z.iso.datetime(),
  locale: z.enum(['de', 'en']).optional(),
});

const refundRequest = z.strictObject({ amount: z.int().min(1).max(99_999_999), currency: z.literal('EUR') });

const statusOf: Readonly<Record<Refusal, number>> = {
  UNKNOWN_PAYMENT: 404,
  REFERENCE_IN_USE: 409,
  NOT_PAID: 409,
  AMOUNT_EXCEEDED: 422,
};

/** Ends a request with a status and a word for it. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const answer = (ctx: Context, status: number, body: object): void => {
  ctx.status = status;
  ctx.type = 'application/json';
  ctx.set('cache-control', 'no-store');
  ctx.body = JSON.stringify(body);
};

const read = async <Shape>(ctx: Context, shape: z.ZodType<Shape>): Promise<Shape> => {
  const text = (await readBody(ctx, largestBody)).toString('utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Refused(400, 'INVALID_JSON');
  }
  const found = shape.safeParse(parsed);
  if (!found.success) throw new Refused(400, 'INVALID_REQUEST');
  return found.data;
};

const named = (ctx: Context, name: string): string => {
  const value = (ctx as Context & { params: Record<string, string | undefined> }).params[name] ?? '';
  if (!reference.test(value)) throw new Refused(400, 'INVALID_REFERENCE');
  return value;
};

export interface ApiOptions {
  readonly bank: Bank;
  /** By which the shop shows that it is the shop. */
  readonly apiKey: string;
  /** Where the shop's pages and its address for call-backs may be: no other is ever asked or led to. */
  readonly shopOrigins: readonly string[];
  readonly pageOf: (payment: Payment) => string;
}

/**
 * The API for the shop: begin, ask, cancel and refund, each by the shop's own reference, so that every request may be sent
 * again when its answer was lost.
 */
export const addApiRoutes = (router: Router, { bank, apiKey, shopOrigins, pageOf }: ApiOptions): void => {
  const key = digest(`Bearer ${apiKey}`);

  const view = (payment: Payment): object => ({
    ...describePayment(payment),
    ...(payment.order === undefined ? {} : { payUrl: pageOf(payment) }),
  });

  const guarded =
    (act: (ctx: Context) => Promise<Payment> | Payment) =>
    async (ctx: Context): Promise<void> => {
      try {
        if (!timingSafeEqual(digest(ctx.get('authorization')), key)) throw new Refused(401, 'UNAUTHORIZED');
        answer(ctx, 200, view(await act(ctx)));
      } catch (error) {
        if (error instanceof Refused) answer(ctx, error.status, { error: error.code });
        else if (error instanceof BankRefused) answer(ctx, statusOf[error.refusal], { error: error.refusal });
        else throw error;
      }
    };

  const begin = async (ctx: Context): Promise<Payment> => {
    const wanted = await read(ctx, beginRequest);
    if ([wanted.returnUrl, wanted.callbackUrl].some((url) => !shopOrigins.includes(new URL(url).origin)))
      throw new Refused(400, 'FOREIGN_ADDRESS');
    const { locale, expiresAt, ...rest } = wanted;
    const order: PaymentOrder = {
      ...rest,
      expiresAt: Date.parse(expiresAt),
      ...(locale === undefined ? {} : { locale }),
    };
    return bank.begin(named(ctx, 'reference'), order);
  };

  const refund = async (ctx: Context): Promise<Payment> => {
    const { amount } = await read(ctx, refundRequest);
    return bank.refund(named(ctx, 'reference'), named(ctx, 'refund'), amount);
  };

  router.put('/v1/payments/:reference', guarded(begin));
  router.get(
    '/v1/payments/:reference',
    guarded((ctx) => bank.ask(named(ctx, 'reference'))),
  );
  router.post(
    '/v1/payments/:reference/cancel',
    guarded((ctx) => bank.cancel(named(ctx, 'reference'))),
  );
  router.put('/v1/payments/:reference/refunds/:refund', guarded(refund));
};
