import { randomUUID } from 'node:crypto';
import { webOrigin } from '../../../web/safe-path.ts';
import type { Order } from '../orders/order.ts';
import { isAlive, isEnded } from '../orders/states.ts';
import { endPointOf } from '../originators.ts';
import type { OrderView, PayResult, Payments } from '../payments.ts';
import { PaymentProviderUnavailable, PaymentRefused } from '../providers/provider.ts';
import type { StoredAttempt } from '../records/attempts.ts';
import type { Asking } from './asking.ts';
import { beginAgainLimit, nextCheck } from '../orders/checks.ts';
import type { PayingParts } from './parts.ts';
import { paymentOrder } from './payment-order.ts';
import { myPayment, orderView } from './views.ts';

type Choice = Parameters<Payments['pay']>[1];

/** How often somebody else may be quicker before we give up on this request. */
const mostTurns = 5;

/** What pages may do with an order. */
export const createPayments = (parts: PayingParts, asking: Asking): Payments => {
  const { records, originators, providers, settings, alarm, wake } = parts;

  /** Undefined for a page whose time is over, too. */
  const orderOfPage = async (pageId: string): Promise<Order | undefined> => {
    const order = await records.orders.ofPage(pageId);
    if (!order) return undefined;
    const { endedAt } = order;
    return endedAt !== undefined && endedAt + settings.lifetimes.result * 1000 <= Date.now() ? undefined : order;
  };

  const viewOf = async (id: string, unanswered = false): Promise<OrderView | undefined> => {
    const order = await records.orders.byId(id);
    if (!order) return undefined;
    const [attempt, refunds] = [await records.attempts.latest(id), await records.refunds.ofOrder(id)];
    return orderView(parts, order, attempt, refunds, unanswered);
  };

  /** Goes to the provider with an attempt that is written down. The same attempt may come here twice: the provider knows it by its id. */
  const begin = async (order: Order, attempt: StoredAttempt): Promise<PayResult | 'again'> => {
    const provider = asking.providerOf(attempt);
    try {
      const page = await provider.begin(paymentOrder(order, attempt, settings.origin));
      if (!provider.pageOrigins.includes(webOrigin(page.redirectUrl) ?? '')) {
        alarm('foreign_page', attempt.id);
        return { kind: 'unavailable' };
      }
      // What was cancelled in another tab meanwhile is not paid here.
      return (await records.attempts.redirected(attempt.id, page))
        ? { kind: 'redirect', url: page.redirectUrl }
        : 'again';
    } catch (error) {
      if (!(error instanceof PaymentRefused)) throw error;
      await records.attempts.refused(attempt.id, 'technical');
      return { kind: 'refused' };
    }
  };

  /** What becomes of an attempt that is under way when somebody wants to pay. */
  const goOn = async (order: Order, attempt: StoredAttempt, { method }: Choice): Promise<PayResult | 'again'> => {
    const sameMethod = attempt.method === method;
    const onlyBegun = attempt.state === 'begun';
    // Later it counts as over once the provider does not know it, so a call that arrives after that must not open it.
    if (onlyBegun && sameMethod && Date.now() - attempt.begunAt < beginAgainLimit) return begin(order, attempt);
    if (attempt.state === 'in_doubt') return { kind: 'checking' };
    await asking.ask(order, attempt, sameMethod && !onlyBegun ? 'ask' : 'cancel');
    const now = await records.attempts.find(attempt.id);
    if (now === undefined || !isAlive(now.state)) return 'again';
    if (now.state === 'redirected' && sameMethod && now.redirectUrl !== undefined)
      return { kind: 'redirect', url: now.redirectUrl };
    return { kind: 'checking' };
  };

  const start = async (order: Order, { method, locale }: Choice): Promise<PayResult | 'again'> => {
    const name = endPointOf(originators().all.get(order.originatorId), order.endPointId)?.provider;
    const provider = name === undefined ? undefined : providers.get(name);
    if (!provider?.methods.includes(method)) return { kind: 'refused' };
    const at = Date.now();
    const attempt = { id: randomUUID(), orderId: order.id, provider: provider.name, method, locale };
    const outcome = await records.attempts.begin({ ...attempt, at, checkAt: nextCheck(at, 0) });
    if (outcome === 'alive') return 'again';
    if (outcome !== 'begun') return { kind: outcome };
    return begin(order, { ...attempt, state: 'begun', begunAt: at, updatedAt: at });
  };

  const turn = async (id: string, choice: Choice): Promise<PayResult | 'again'> => {
    const order = await records.orders.byId(id);
    if (!order || isEnded(order.status)) return { kind: 'ended' };
    const attempt = await records.attempts.alive(id);
    if (attempt) return goOn(order, attempt, choice);
    return order.payableUntil <= Date.now() ? { kind: 'ended' } : start(order, choice);
  };

  return {
    async view(pageId) {
      const order = await orderOfPage(pageId);
      return order && viewOf(order.id);
    },

    async look(pageId) {
      const order = await orderOfPage(pageId);
      if (!order) return undefined;
      const attempt = isEnded(order.status) ? undefined : await records.attempts.alive(order.id);
      if (!attempt) return viewOf(order.id);
      try {
        await asking.ask(order, attempt, 'ask');
        return await viewOf(order.id);
      } catch (error) {
        if (!(error instanceof PaymentProviderUnavailable)) throw error;
        return viewOf(order.id, true);
      }
    },

    async pay(pageId, choice) {
      const order = await orderOfPage(pageId);
      if (!order) return undefined;
      if (choice.payer && !isEnded(order.status)) await records.orders.setPayer(order.id, choice.payer);
      try {
        for (let turns = 0; turns < mostTurns; turns += 1) {
          const result = await turn(order.id, choice);
          if (result !== 'again') return result;
        }
      } catch (error) {
        if (!(error instanceof PaymentProviderUnavailable)) throw error;
        const attempt = await records.attempts.alive(order.id);
        // Whoever was led to the provider's page may have paid there.
        if (attempt === undefined || attempt.state === 'begun') return { kind: 'unavailable' };
      }
      return { kind: 'checking' };
    },

    async cancel(pageId) {
      const order = await orderOfPage(pageId);
      if (!order) return undefined;
      if (isEnded(order.status)) return viewOf(order.id);
      const attempt = await records.attempts.alive(order.id);
      let unanswered = false;
      if (attempt)
        try {
          await asking.ask(order, attempt, 'cancel');
        } catch (error) {
          if (!(error instanceof PaymentProviderUnavailable)) throw error;
          unanswered = true;
        }
      // Refuses by itself while an attempt is alive.
      const ended = await records.words.end(order.id, {
        status: 'CANCELED',
        detail: 'canceled_by_payer',
        at: Date.now(),
      });
      if (ended) wake();
      return viewOf(order.id, unanswered);
    },

    async recognise(pageId, payer) {
      const order = await orderOfPage(pageId);
      if (!order || isEnded(order.status) || payer.postfach === undefined) return;
      if (order.content.postfach === payer.postfach) await records.orders.setPayer(order.id, payer);
    },

    async mine(sub, page = { limit: 50 }) {
      const orders = await records.orders.ofPayer(sub, page);
      return Promise.all(orders.map(async (order) => myPayment(parts, order, await records.attempts.latest(order.id))));
    },

    async openOf(sub, limit) {
      const orders = await records.orders.openOfPayer(sub, limit);
      const all = await Promise.all(
        orders.map(async (order) => myPayment(parts, order, await records.attempts.latest(order.id))),
      );
      return all.filter(({ state }) => state === 'open' || state === 'checking');
    },

    async mineOne(sub, id) {
      const order = await records.orders.ofPayerById(sub, id);
      return order && viewOf(order.id);
    },
  };
};
