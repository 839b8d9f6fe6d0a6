import { z } from 'zod';
import type { Outbound } from '../../../web/outbound.ts';
import { webOrigin } from '../../../web/safe-path.ts';
import { centsOf, jsonAmount, rawJson } from '../orders/money.ts';
import { paymentMethods, type Cents, type OrderItem, type PaymentMethod } from '../orders/order.ts';
import type { Access } from './access.ts';
import { askProvider, providerRemark, understood, type ProviderAnswer } from './answers.ts';
import {
  CallbackRefused,
  PaymentProviderUnavailable,
  PaymentRefused,
  type PaymentOrder,
  type PaymentProvider,
  type ProviderPayment,
  type ProviderState,
} from './provider.ts';

export interface ForwardingOptions {
  readonly name: string;
  /** Address of the other service's API, up to `/paymenttransaction`. */
  readonly api: string;
  /** How the other service knows us. */
  readonly originatorId: string;
  readonly endPointId: string;
  /** Origins of its pages. */
  readonly pageOrigins: readonly string[];
  /** What can be chosen there; the other service asks again at its own page. */
  readonly methods: readonly PaymentMethod[];
  /** Shows our certificate where the service wants mutual TLS. */
  readonly outbound: Outbound;
  /** Tokens by client credentials, where the service wants them. */
  readonly access?: Access;
}

/** Many programs write members that they do not know as null. What is said beside the state must not keep the state from being read. */
const transaction = z.object({
  paymentInformation: z.object({
    transactionId: z.string().regex(/^[\w-]{1,36}$/),
    transactionRedirectUrl: z.url().nullish(),
    status: z.enum(['INITIAL', 'PAYED', 'FAILED', 'CANCELED']),
    paymentMethod: z.enum(paymentMethods).nullish().catch('OTHER'),
    paymentMethodDetail: providerRemark,
  }),
  /** What we asked for, as the service has kept it. */
  paymentRequest: z.object({ grosAmount: z.number().nullish(), currency: z.string().nullish() }).nullish(),
});
type Transaction = z.output<typeof transaction>;

/** @throws PaymentProviderUnavailable for fractions of a cent. */
const readCents = (amount: number): Cents => {
  const cents = centsOf(String(amount));
  if (cents === undefined) throw new PaymentProviderUnavailable('fraction_of_a_cent');
  return cents;
};

const itemOf = (item: OrderItem): object => ({
  id: item.id,
  ...(item.reference === undefined ? {} : { reference: item.reference }),
  description: item.description,
  taxRate: rawJson(item.taxRate),
  quantity: item.quantity,
  totalNetAmount: jsonAmount(item.totalNet),
  totalTaxAmount: jsonAmount(item.totalTax),
  singleNetAmount: jsonAmount(item.singleNet),
  singleTaxAmount: jsonAmount(item.singleTax),
  ...(item.bookingData === undefined ? {} : { bookingData: item.bookingData }),
});

/** The same bytes for the same attempt, so that the service gives the same transaction when it is sent again. */
const requestOf = (order: PaymentOrder): string =>
  JSON.stringify({
    requestId: order.attemptId,
    requestTimestamp: new Date(order.begunAt).toISOString(),
    currency: order.currency,
    grosAmount: jsonAmount(order.amount),
    purpose: order.purpose,
    ...(order.description === undefined ? {} : { description: order.description }),
    redirectUrl: order.returnUrl,
    items: order.items.map(itemOf),
    ...(order.requestor === undefined ? {} : { requestor: order.requestor }),
  });

const states: Readonly<Record<Exclude<Transaction['paymentInformation']['status'], 'INITIAL'>, ProviderState>> = {
  PAYED: 'paid',
  FAILED: 'failed',
  CANCELED: 'cancelled',
};

/** The service cannot say that the citizen has done all: INITIAL with a page is what can still be paid there. */
const stateOf = ({ status, transactionRedirectUrl: page }: Transaction['paymentInformation']): ProviderState =>
  status === 'INITIAL' ? (typeof page === 'string' ? 'open' : 'pending') : states[status];

const translated = (order: PaymentOrder, { paymentInformation: found, paymentRequest: kept }: Transaction) =>
  ({
    attemptId: order.attemptId,
    state: stateOf(found),
    providerReference: found.transactionId,
    // XBezahldienste 1.0.0 tells no paid sum: a transaction is paid whole, and its request cannot be changed.
    amount: typeof kept?.grosAmount === 'number' ? readCents(kept.grosAmount) : order.amount,
    currency: kept?.currency ?? order.currency,
    ...(found.paymentMethod ? { method: found.paymentMethod } : {}),
    ...(found.paymentMethodDetail ? { methodDetail: found.paymentMethodDetail } : {}),
    ...(found.status === 'FAILED' ? { failure: 'technical' as const } : {}),
  }) satisfies ProviderPayment;

/** Refusals of the content (XBezahldienste 1.0.0): the same request will be refused for ever. */
const refusedForEver: ReadonlySet<number> = new Set([400, 404, 422]);

/**
 * Hands a payment on to another service with the API XBezahldienste 1.0.0, such as ePayBL and GiroCheckout offer. That API
 * has no way to end a payment, none to pay back, and no call-backs: a payment ends at the service's own page or by its own
 * time, money is paid back by a person, and how it stands is asked.
 */
export const createForwarding = (options: ForwardingOptions): PaymentProvider => {
  const { name, outbound, access, pageOrigins, methods } = options;
  const ids = `${encodeURIComponent(options.originatorId)}/${encodeURIComponent(options.endPointId)}`;

  const call = async (method: 'GET' | 'POST', path: string, body?: string): Promise<ProviderAnswer> => {
    const url = `${options.api}/${path}`;
    const answer = await askProvider(outbound, url, {
      method,
      headers: {
        accept: 'application/json, application/problem+json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(await access?.headersFor(method, url)),
      },
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status === 401) access?.forget();
    return answer;
  };

  /** Makes the transaction known, or finds the one that is. Its id is the service's, so that it must be told before it can be asked for. */
  const create = async (order: PaymentOrder): Promise<Transaction> => {
    const answer = await call('POST', `paymenttransaction/${ids}`, requestOf(order));
    if (refusedForEver.has(answer.status)) throw new PaymentRefused('not_taken');
    if (answer.status !== 200 && answer.status !== 201) throw new PaymentProviderUnavailable(`status_${answer.status}`);
    return understood(transaction, answer.body);
  };

  const read = async (order: PaymentOrder): Promise<Transaction | undefined> => {
    const { providerReference: id } = order;
    if (id === undefined) return create(order);
    const answer = await call('GET', `paymenttransaction/${ids}/${encodeURIComponent(id)}`);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw new PaymentProviderUnavailable(`status_${answer.status}`);
    const found = understood(transaction, answer.body);
    if (found.paymentInformation.transactionId !== id) throw new PaymentProviderUnavailable('foreign_transaction');
    return found;
  };

  const ask = async (order: PaymentOrder): Promise<ProviderPayment> => {
    const found = await read(order);
    return found === undefined ? { attemptId: order.attemptId, state: 'unknown' } : translated(order, found);
  };

  return {
    name,
    methods,
    pageOrigins,
    takesRequestor: true,
    async begin(order) {
      const { transactionId, transactionRedirectUrl: page } = (await create(order)).paymentInformation;
      if (typeof page !== 'string') throw new PaymentProviderUnavailable('no_page');
      if (!pageOrigins.includes(webOrigin(page) ?? '')) throw new PaymentProviderUnavailable('foreign_page');
      return { providerReference: transactionId, redirectUrl: page };
    },
    ask,
    cancel: ask,
    refund: () => Promise.resolve('manual'),
    async check() {
      const { status } = await call('GET', `status/${ids}`);
      if (status !== 200) throw new PaymentProviderUnavailable(`status_${status}`);
    },
    readCallback: () => Promise.reject(new CallbackRefused('no_callbacks')),
  };
};
