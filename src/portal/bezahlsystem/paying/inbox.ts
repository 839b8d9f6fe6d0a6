import { PaymentProviderUnavailable, type Callback } from '../providers/provider.ts';
import type { StoredCallback } from '../records/callbacks.ts';
import type { Asking } from './asking.ts';
import { each } from './each.ts';
import type { PayingParts } from './parts.ts';

export interface Inbox {
  /** Keeps a call-back; it may be answered then. */
  take(provider: string, callback: Callback, receivedAt: number): Promise<void>;
  /** Applies what is there and was not applied: after each call-back, and again and again after faults. */
  work(): Promise<void>;
  /** Waits for what is under way. */
  settled(): Promise<void>;
}

const batch = 100;

export const createInbox = ({ records }: PayingParts, asking: Asking): Inbox => {
  let running: Promise<void> | undefined;
  let again = false;

  const applyOne = async ({ provider, eventId, attemptId, payment }: StoredCallback): Promise<void> => {
    if (payment) {
      await asking.apply(provider, payment, eventId);
      return;
    }
    // It only says that something changed: the provider's word is asked for.
    const attempt = await records.attempts.find(attemptId);
    const order = attempt && (await records.orders.byId(attempt.orderId));
    try {
      if (attempt && order && attempt.provider === provider) await asking.ask(order, attempt, 'ask');
    } catch (error) {
      if (error instanceof PaymentProviderUnavailable) return;
      throw error;
    }
    await records.callbacks.markApplied(provider, eventId, Date.now());
  };

  /** All that wait, also beyond those that cannot be applied now: a provider that is away holds up no other. */
  const once = async (after?: StoredCallback): Promise<void> => {
    const waiting = await records.callbacks.waiting(batch, after);
    const rest = waiting.length < batch ? undefined : waiting.at(-1);
    await each([() => each(waiting, applyOne), ...(rest === undefined ? [] : [() => once(rest)])], (part) => part());
  };

  const work = async (): Promise<void> => {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await once();
      } while (again);
    })().finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    async take(provider, callback, receivedAt) {
      await records.callbacks.store(provider, callback, receivedAt);
    },
    work,
    async settled() {
      await running;
    },
  };
};
