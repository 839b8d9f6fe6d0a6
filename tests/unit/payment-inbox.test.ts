import { expect, test } from '@jest/globals';
import type { Asking } from '../../src/portal/bezahlsystem/paying/asking.ts';
import { createInbox } from '../../src/portal/bezahlsystem/paying/inbox.ts';
import type { PayingParts } from '../../src/portal/bezahlsystem/paying/parts.ts';
import { PaymentProviderUnavailable } from '../../src/portal/bezahlsystem/providers/provider.ts';
import type { StoredCallback } from '../../src/portal/bezahlsystem/records/callbacks.ts';

const callback = (number: number, own: Partial<StoredCallback> = {}): StoredCallback => ({
  provider: 'sandbox',
  eventId: String(number).padStart(4, '0'),
  attemptId: `attempt ${number}`,
  receivedAt: Math.floor(number / 3),
  payment: { attemptId: `attempt ${number}`, state: 'paid', amount: 1, currency: 'EUR' },
  ...own,
});

/** An inbox with call-backs that wait, over a store that gives them as the real one does. */
const inboxOf = (waiting: readonly StoredCallback[], apply: (attemptId: string) => void) => {
  const applied: string[] = [];
  const records = {
    callbacks: {
      waiting: (limit: number, after?: StoredCallback) => {
        const from = after === undefined ? 0 : waiting.findIndex(({ eventId }) => eventId === after.eventId) + 1;
        return Promise.resolve(
          waiting
            .slice(from)
            .filter((one) => !applied.includes(one.attemptId))
            .slice(0, limit),
        );
      },
      markApplied: () => Promise.resolve(),
    },
    attempts: { find: (id: string) => Promise.resolve({ id, orderId: 'order', provider: 'away' }) },
    orders: { byId: () => Promise.resolve({ id: 'order' }) },
  };
  const asking = {
    apply: (_provider: string, { attemptId }: { readonly attemptId: string }) =>
      Promise.resolve().then(() => {
        apply(attemptId);
        applied.push(attemptId);
      }),
    ask: () => Promise.reject(new PaymentProviderUnavailable('no_answer')),
  };
  const inbox = createInbox({ records } as unknown as PayingParts, asking as unknown as Asking);
  return { inbox, applied };
};

test('a call-back that cannot be applied keeps none of the others from being applied, and is told', async () => {
  const all = [callback(1), callback(2), callback(3)];
  const { inbox, applied } = inboxOf(all, (attemptId) => {
    if (attemptId === 'attempt 2') throw new Error('a byte that the store does not take');
  });
  await expect(inbox.work()).rejects.toThrow('a byte');
  expect(applied).toEqual(['attempt 1', 'attempt 3']);
});

test('a provider that is away holds up its own call-backs only, however many they are', async () => {
  const { payment: _, ...bare } = callback(0);
  const waiting = Array.from({ length: 250 }, (_, i) => ({ ...bare, eventId: callback(i).eventId, provider: 'away' }));
  const all = [...waiting, callback(999)];
  const { inbox, applied } = inboxOf(all, () => {});
  await inbox.work();
  expect(applied).toEqual(['attempt 999']);
});
