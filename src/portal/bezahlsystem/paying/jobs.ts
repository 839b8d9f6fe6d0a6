import type { PolledTask } from '../../../web/polling.ts';
import type { Metrics } from '../../../web/metrics.ts';
import { isAlive, isEnded } from '../orders/states.ts';
import { PaymentProviderUnavailable } from '../providers/provider.ts';
import type { StoredAttempt } from '../records/attempts.ts';
import type { DueRefund } from '../records/refunds.ts';
import type { Asking } from './asking.ts';
import { lastCheck, nextCheck } from '../orders/checks.ts';
import { each } from './each.ts';
import type { Inbox } from './inbox.ts';
import type { PayingParts } from './parts.ts';

/** How many rows are looked at together. */
const batch = 100;
const day = 86_400_000;

/**
 * What is done again and again, on every node: providers are asked about payments of which they told nothing, orders whose time is over
 * end, money goes back. Each step may be done twice.
 */
export const paymentJobs = (parts: PayingParts, asking: Asking, inbox: Inbox, metrics: Metrics): PolledTask[] => {
  const { records, settings, alarm, wake } = parts;
  const doubt = metrics.gauge('attempts_in_doubt', 'Payments whose provider says what does not fit the order.');

  const askAbout = async (attempt: StoredAttempt): Promise<void> => {
    const claimed = await records.attempts.claimCheck(attempt, (checks) =>
      isAlive(attempt.state) ? nextCheck(Date.now(), checks) : lastCheck(Date.now(), checks),
    );
    const order = claimed ? await records.orders.byId(attempt.orderId) : undefined;
    if (!order) return;
    // Nobody may pay any more what has ended or is over.
    const over = !isAlive(attempt.state) || isEnded(order.status) || order.payableUntil <= Date.now();
    try {
      await asking.ask(order, attempt, over ? 'cancel' : 'ask');
    } catch (error) {
      if (!(error instanceof PaymentProviderUnavailable)) throw error;
    }
  };

  const reconcile = async (): Promise<void> => {
    try {
      await each(await records.attempts.due(Date.now(), batch), askAbout);
    } finally {
      doubt.set((await records.attempts.inDoubt()).length);
    }
  };

  const expire = async (): Promise<void> => {
    const now = Date.now();
    for (;;) {
      const ids = await records.words.overdue(now, batch);
      let ended = 0;
      for (const id of ids)
        if (await records.words.end(id, { status: 'FAILED', detail: 'expired', at: Date.now() })) ended += 1;
      if (ended > 0) wake();
      if (ids.length < batch || ended === 0) return;
    }
  };

  const sendBack = async (one: DueRefund): Promise<void> => {
    if (!(await records.refunds.claimCheck(one.id, (checks) => nextCheck(Date.now(), checks)))) return;
    try {
      const answer = await asking.providerOf(one).refund({
        refundId: one.id,
        attemptId: one.attemptId,
        orderId: one.orderId,
        amount: one.amount,
        currency: 'EUR',
        ...(one.providerReference === undefined ? {} : { providerReference: one.providerReference }),
      });
      if (await records.refunds.answer(one.id, answer, Date.now())) wake();
      if (answer === 'manual' || (answer === 'refused' && one.reason === 'surplus')) alarm(`refund_${answer}`, one.id);
    } catch (error) {
      if (!(error instanceof PaymentProviderUnavailable)) throw error;
    }
  };

  const purge = async (): Promise<void> => {
    const now = Date.now();
    while ((await records.orders.purge(now - settings.retention.content * day, batch)) === batch);
    await records.callbacks.purge(now - settings.retention.callbacks * day);
  };

  return [
    () => each([() => inbox.work(), reconcile, expire], (step) => step()),
    async () => each(await records.refunds.due(Date.now(), batch), sendBack),
    purge,
  ];
};
