import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  CallbackRefused,
  PaymentProviderUnavailable,
  type PaymentOrder,
  type PaymentProvider,
  type RefundOrder,
} from '../../src/portal/bezahlsystem/providers/provider.ts';

/** A provider with the other side of it. */
export interface ProviderWorld {
  readonly provider: PaymentProvider;
  readonly returnUrl: string;
  readonly callbackUrl: string;
  /** What somebody does at the provider's page. */
  pays(page: string): Promise<void>;
  cancels(page: string): Promise<void>;
  /** From now on nobody answers. */
  goesDown(): Promise<void>;
  stop(): Promise<void>;
}

/** What not every provider has. */
export interface Offers {
  readonly cancel: boolean;
  readonly refunds: boolean;
}

/** A sound payment of 13 euros in two items. */
export const orderAt = (
  world: Pick<ProviderWorld, 'returnUrl' | 'callbackUrl'>,
  own: Partial<PaymentOrder> = {},
): PaymentOrder => {
  const now = Date.now();
  return {
    attemptId: randomUUID(),
    orderId: randomUUID(),
    amount: 1300,
    currency: 'EUR',
    purpose: 'Fuehrungszeugnis 4711',
    reference: 'KZ-2026-4711',
    items: [
      {
        id: '1',
        description: 'Führungszeugnis',
        taxRate: '0',
        quantity: 1,
        totalNet: 1190,
        totalTax: 0,
        singleNet: 1190,
        singleTax: 0,
      },
      {
        id: '2',
        description: 'Versand',
        taxRate: '19',
        quantity: 1,
        totalNet: 92,
        totalTax: 18,
        singleNet: 92,
        singleTax: 18,
      },
    ],
    payee: { name: 'Bundesamt für Justiz', address: ['53094 Bonn'], accountReference: '1' },
    requestor: { isOrganization: false, name: 'Mustermann', firstName: 'Erika' },
    method: 'CREDITCARD',
    locale: 'de',
    begunAt: now,
    returnUrl: world.returnUrl,
    callbackUrl: world.callbackUrl,
    payableUntil: now + 30 * 60_000,
    ...own,
  };
};

export const paymentProviderSuite = (title: string, start: () => Promise<ProviderWorld>, offers: Offers): void => {
  describe(title, () => {
    let world: ProviderWorld;
    let provider: PaymentProvider;
    beforeEach(async () => {
      world = await start();
      provider = world.provider;
    });
    afterEach(() => world.stop());

    const order = (own: Partial<PaymentOrder> = {}): PaymentOrder => orderAt(world, own);
    /** Begins a payment, with what was told about it written down. */
    const begun = async (own: Partial<PaymentOrder> = {}) => {
      const payment = order(own);
      const { providerReference, redirectUrl } = await provider.begin(payment);
      return { payment: { ...payment, providerReference }, page: redirectUrl };
    };
    const refundOf = (payment: PaymentOrder, amount: number): RefundOrder => ({
      refundId: randomUUID(),
      attemptId: payment.attemptId,
      orderId: payment.orderId,
      amount,
      currency: 'EUR',
      ...(payment.providerReference === undefined ? {} : { providerReference: payment.providerReference }),
    });

    test('names its methods, and origins as browsers write them', () => {
      expect(provider.methods.length).toBeGreaterThan(0);
      expect(provider.pageOrigins).toEqual(provider.pageOrigins.map((origin) => new URL(origin).origin));
    });

    test('begins a payment at a page of its own, and the same one again', async () => {
      const { payment, page } = await begun();
      expect(provider.pageOrigins).toContain(new URL(page).origin);
      expect(await provider.begin(payment)).toEqual({
        providerReference: payment.providerReference,
        redirectUrl: page,
      });
      expect(await provider.ask(payment)).toMatchObject({ attemptId: payment.attemptId, state: 'open' });
    });

    test('twenty at once are one payment', async () => {
      const payment = order();
      const begins = await Promise.all(Array.from({ length: 20 }, () => provider.begin(payment)));
      expect(new Set(begins.map(({ providerReference }) => providerReference)).size).toBe(1);
    });

    test('says paid with amount and currency once it is paid, and never anything else after that', async () => {
      const { payment, page } = await begun({ amount: 1300 });
      await world.pays(page);
      const paid = { attemptId: payment.attemptId, state: 'paid', amount: 1300, currency: 'EUR' };
      expect(await provider.ask(payment)).toMatchObject(paid);
      expect(await provider.cancel(payment)).toMatchObject(paid);
      expect(await provider.ask(payment)).toMatchObject(paid);
    });

    test('finds the payment when its reference was lost with the process', async () => {
      const { payment, page } = await begun();
      await world.pays(page);
      const { providerReference: _, ...forgotten } = payment;
      expect(await provider.ask(forgotten)).toMatchObject({
        state: 'paid',
        providerReference: payment.providerReference,
      });
    });

    test('what is cancelled at its page is cancelled, and cannot be paid after that', async () => {
      const { payment, page } = await begun();
      await world.cancels(page);
      expect(await provider.ask(payment)).toMatchObject({ state: 'cancelled' });
      await world.pays(page).catch(() => undefined);
      expect(await provider.ask(payment)).toMatchObject({ state: 'cancelled' });
    });

    test(
      offers.cancel
        ? 'ends a payment that nobody has paid; it cannot be paid after that'
        : 'says of a payment that it cannot end how it stands',
      async () => {
        const { payment, page } = await begun();
        expect((await provider.cancel(payment)).state).toBe(offers.cancel ? 'cancelled' : 'open');
        await world.pays(page).catch(() => undefined);
        expect((await provider.ask(payment)).state).toBe(offers.cancel ? 'cancelled' : 'paid');
      },
    );

    test('other content under the same id makes no second payment and changes none', async () => {
      const { payment, page } = await begun({ amount: 1300 });
      const [item, more] = payment.items;
      const items = item && more ? [{ ...item, totalNet: 1, singleNet: 1 }, more] : [];
      await expect(provider.begin({ ...payment, amount: 111, items })).rejects.toThrow(PaymentProviderUnavailable);
      await world.pays(page);
      expect(await provider.ask(payment)).toMatchObject({ state: 'paid', amount: 1300 });
    });

    test('knows nothing of a payment that was never begun', async () => {
      expect(await provider.ask(order({ providerReference: randomUUID() }))).toMatchObject({ state: 'unknown' });
    });

    test(offers.refunds ? 'pays back once, and not more than was paid' : 'leaves paying back to a person', async () => {
      const { payment, page } = await begun();
      await world.pays(page);
      const refund = refundOf(payment, 1000);
      const wanted = offers.refunds ? 'done' : 'manual';
      expect(await provider.refund(refund)).toBe(wanted);
      expect(await provider.refund(refund)).toBe(wanted);
      expect(await provider.refund(refundOf(payment, 301))).toBe(offers.refunds ? 'refused' : 'manual');
      expect(await provider.refund(refundOf(payment, 300))).toBe(wanted);
    });

    test('says that it is there, and is unavailable in every call when it is not', async () => {
      await expect(provider.check()).resolves.toBeUndefined();
      const { payment } = await begun();
      await world.goesDown();
      const calls = [
        () => provider.check(),
        () => provider.begin(order()),
        () => provider.ask(payment),
        () => provider.cancel(payment),
        ...(offers.refunds ? [() => provider.refund(refundOf(payment, 1))] : []),
      ];
      for (const call of calls) await expect(call()).rejects.toThrow(PaymentProviderUnavailable);
    });

    test('takes no call-back that it has not signed', async () => {
      const body = Buffer.from('{"payment":{"reference":"x","id":"y","state":"paid"}}');
      const request = { method: 'POST', headers: {}, body, receivedAt: Date.now() };
      await expect(provider.readCallback(request)).rejects.toThrow(CallbackRefused);
      await expect(provider.readCallback({ ...request, method: 'GET' })).rejects.toThrow(CallbackRefused);
    });
  });
};
