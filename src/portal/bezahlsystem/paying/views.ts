import type { Order } from '../orders/order.ts';
import { endPointOf, type Originator } from '../originators.ts';
import type { MyPayment, OrderView, ViewState } from '../payments.ts';
import type { StoredAttempt } from '../records/attempts.ts';
import type { StoredRefund } from '../records/refunds.ts';
import { isAlive } from '../orders/states.ts';
import type { PayingParts } from './parts.ts';

/** @param unanswered whether the provider was asked and did not answer. */
const stateOf = (order: Order, attempt: StoredAttempt | undefined, unanswered: boolean): ViewState => {
  switch (order.status) {
    case 'PAYED':
      return 'paid';
    case 'CANCELED':
      return 'cancelled';
    case 'FAILED':
      return order.statusDetail === 'expired' ? 'expired' : 'failed';
    case 'INITIAL':
      if (attempt !== undefined && isAlive(attempt.state)) {
        const sure = attempt.state === 'begun' || attempt.state === 'redirected';
        return sure && !unanswered && Date.now() < order.payableUntil ? 'open' : 'checking';
      }
      return Date.now() < order.payableUntil ? 'open' : 'expired';
  }
};

const attemptView = (attempt: StoredAttempt): NonNullable<OrderView['attempt']> => {
  const { method, state } = attempt;
  const failure =
    state === 'cancelled' ? 'cancelled' : (attempt.failure ?? (state === 'expired' ? 'expired' : undefined));
  return {
    method,
    continuable: state === 'begun' || state === 'redirected',
    ...(failure === undefined || isAlive(state) ? {} : { failure }),
  };
};

const passedOn = ({ content: { requestor } }: Order): OrderView['dataPassedOn'] => {
  if (requestor === undefined) return [];
  const named = [requestor.name, requestor.firstName, requestor.organizationName].some((part) => part !== undefined);
  return [...(named ? (['name'] as const) : []), ...(requestor.address === undefined ? [] : (['address'] as const))];
};

/** The standard lets it have line breaks and any number of blanks. */
const shownPurpose = ({ content }: Order): string => content.purpose.trim().replaceAll(/\s+/g, ' ');

/** As its file says; of a file that is gone, the payee. */
const serviceNameOf = (originator: Originator | undefined, { content: { payee } }: Order): OrderView['serviceName'] =>
  originator?.name ?? { de: payee.name, en: payee.name };

export const orderView = (
  { originators, providers }: Pick<PayingParts, 'originators' | 'providers'>,
  order: Order,
  attempt: StoredAttempt | undefined,
  refunds: readonly StoredRefund[],
  unanswered = false,
): OrderView => {
  const originator = originators().all.get(order.originatorId);
  const endPoint = endPointOf(originator, order.endPointId);
  const provider = endPoint && providers.get(endPoint.provider);
  const { payee, description, items, redirectUrl } = order.content;
  return {
    pageId: order.pageId,
    id: order.id,
    state: stateOf(order, attempt, unanswered),
    payee,
    purpose: shownPurpose(order),
    ...(description === undefined ? {} : { description }),
    items,
    amount: order.amount,
    currency: order.currency,
    reference: order.reference,
    methods: provider?.methods ?? [],
    ...(attempt === undefined ? {} : { attempt: attemptView(attempt) }),
    createdAt: order.createdAt,
    payableUntil: order.payableUntil,
    ...(order.status === 'PAYED' && order.endedAt !== undefined ? { paidAt: order.endedAt } : {}),
    ...(order.method === undefined ? {} : { method: order.method }),
    ...(order.methodDetail === undefined ? {} : { methodDetail: order.methodDetail }),
    // What a service asked back and the provider refused is between those two: it can be asked for again.
    refunds: refunds
      .filter(({ reason, state }) => reason === 'surplus' || state !== 'refused')
      .map(({ amount, state, reason, createdAt, endedAt }) => ({
        amount,
        state,
        at: endedAt ?? createdAt,
        surplus: reason === 'surplus',
      })),
    returnUrl: redirectUrl,
    serviceName: serviceNameOf(originator, order),
    dataPassedOn: provider?.takesRequestor === true ? passedOn(order) : [],
  };
};

export const myPayment = (
  { originators }: Pick<PayingParts, 'originators'>,
  order: Order,
  attempt: StoredAttempt | undefined,
): MyPayment => ({
  id: order.id,
  serviceName: serviceNameOf(originators().all.get(order.originatorId), order),
  state: stateOf(order, attempt, false),
  payee: order.content.payee,
  purpose: shownPurpose(order),
  amount: order.amount,
  currency: order.currency,
  createdAt: order.createdAt,
  payableUntil: order.payableUntil,
  ...(order.status === 'PAYED' && order.endedAt !== undefined ? { paidAt: order.endedAt } : {}),
});
