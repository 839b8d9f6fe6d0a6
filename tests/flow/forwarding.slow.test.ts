import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { assert, asyncProperty, integer } from 'fast-check';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { createAccess } from '../../src/portal/bezahlsystem/providers/access.ts';
import { createForwarding, type ForwardingOptions } from '../../src/portal/bezahlsystem/providers/forwarding.ts';
import {
  PaymentProviderUnavailable,
  PaymentRefused,
  type PaymentOrder,
} from '../../src/portal/bezahlsystem/providers/provider.ts';
import { ensureDevelopmentPki } from '../../src/simulators/development-pki.ts';
import { createOutbound } from '../../src/web/outbound.ts';
import { orderAt } from '../contract/payment-provider.suite.ts';
import { certificates } from '../support/app.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { startForeignService, type ForeignService } from '../support/xbezahldienste.ts';

const outbound = createOutbound({ allowSpecialUse: true });
const addresses = { returnUrl: 'https://bezahlen.example/ergebnis', callbackUrl: 'https://bezahlen.example/anruf' };

let service: ForeignService;
let key: JWK;
beforeEach(async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  service = await startForeignService({ id: 'wir', key: await exportJWK(publicKey) });
  key = await exportJWK(privateKey);
});
afterEach(async () => {
  resetClock();
  await service.stop();
});

const forwarding = (own: Partial<ForwardingOptions> = {}) =>
  createForwarding({
    name: 'weiterleitung',
    api: service.api,
    originatorId: 'dienst',
    endPointId: 'amt',
    pageOrigins: [service.origin],
    methods: ['OTHER'],
    outbound,
    access: createAccess({
      tokenEndpoint: `${service.origin}/token`,
      issuer: service.origin,
      clientId: 'wir',
      clientKey: key,
      scope: 'payments',
      outbound,
    }),
    ...own,
  });

/** An order of one item. */
const orderOf = (amount: number, own: Partial<PaymentOrder> = {}): PaymentOrder =>
  orderAt(addresses, {
    amount,
    items: [
      {
        id: '1',
        description: 'Gebühr',
        taxRate: '0',
        quantity: 1,
        totalNet: amount,
        totalTax: 0,
        singleNet: amount,
        singleTax: 0,
      },
    ],
    ...own,
  });

describe('forwarding', () => {
  test('keeps a token while it is good, and gets another one when it is over or was taken back', async () => {
    const provider = forwarding();
    await Promise.all([provider.check(), provider.check(), provider.check()]);
    await provider.check();
    expect(service.tokensGiven).toBe(1);
    shiftClock(5 * 60_000);
    await provider.check();
    expect(service.tokensGiven).toBe(2);
    service.revoke();
    await expect(provider.check()).rejects.toThrow(PaymentProviderUnavailable);
    await expect(provider.check()).resolves.toBeUndefined();
  });

  test('writes every amount exactly, as the service reads it', async () => {
    const provider = forwarding();
    await assert(
      asyncProperty(integer({ min: 1, max: 99_999_999 }), async (amount) => {
        const order = orderOf(amount);
        const { providerReference } = await provider.begin(order);
        const raw = service.transactions.get(providerReference)?.raw ?? '';
        const [, written = ''] = /"grosAmount":([\d.]+)/.exec(raw) ?? [];
        const [euros = '', cents = ''] = written.split('.');
        expect(BigInt(euros) * 100n + BigInt(cents.padEnd(2, '0'))).toBe(BigInt(amount));
        expect(await provider.ask({ ...order, providerReference })).toMatchObject({ amount });
      }),
      { numRuns: 60, examples: [[1], [10], [29], [1999], [99_999_999]] },
    );
  });

  test('leads to no page of another origin than the settings name', async () => {
    const provider = forwarding({ pageOrigins: ['https://zahlen.example'] });
    await expect(provider.begin(orderOf(100))).rejects.toThrow('foreign_page');
  });

  test('what the service does not take now it will never take; what it cannot now is open', async () => {
    const provider = forwarding();
    await expect(provider.begin(orderOf(100, { purpose: 'länger als siebenundzwanzig Zeichen' }))).rejects.toThrow(
      PaymentRefused,
    );
    await expect(provider.begin({ ...orderOf(100), amount: 101 })).rejects.toThrow(PaymentRefused);
    expect(service.transactions.size).toBe(0);
  });

  test('reads the state whatever else an answer says, and nothing out of one that is not understood', async () => {
    const order = orderOf(1300, { providerReference: 't-1' });
    const asked = (information: object, more: object = {}) =>
      createForwarding({
        name: 'weiterleitung',
        api: 'https://andere.example/api',
        originatorId: 'dienst',
        endPointId: 'amt',
        pageOrigins: ['https://andere.example'],
        methods: ['OTHER'],
        outbound: () =>
          Promise.resolve(
            Response.json({ paymentInformation: { transactionId: 't-1', status: 'PAYED', ...information }, ...more }),
          ),
      }).ask(order);
    const paid = { state: 'paid', amount: 1300, currency: 'EUR' };
    expect(await asked({ transactionRedirectUrl: null, paymentMethod: null }, { paymentRequest: null })).toMatchObject(
      paid,
    );
    const [method, detail] = ['MONATSRECHNUNG', 'x'.repeat(300)];
    expect(await asked({ paymentMethod: method, paymentMethodDetail: detail })).toMatchObject({
      ...paid,
      method: 'OTHER',
      methodDetail: 'x'.repeat(100),
    });
    expect(await asked({}, { paymentRequest: { grosAmount: 12.99, currency: 'EUR' } })).toMatchObject({ amount: 1299 });
    for (const wrong of [{ status: 'PAID' }, { transactionId: 't-2' }, { status: null }])
      await expect(asked(wrong)).rejects.toThrow(PaymentProviderUnavailable);
    await expect(asked({}, { paymentRequest: { grosAmount: 12.999 } })).rejects.toThrow(PaymentProviderUnavailable);
  });

  test('shows its certificate where the service wants mutual TLS', async () => {
    const pki = await ensureDevelopmentPki(certificates);
    const { localhost, 'eid-client': client } = pki.of;
    const ca = pki.ca.certificate;
    const server = createServer(
      { key: localhost.key, cert: localhost.certificate, ca, requestCert: true, rejectUnauthorized: true },
      (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
    );
    await new Promise<void>((resolve) => server.listen(0, resolve));
    const api = `https://localhost:${(server.address() as AddressInfo).port}`;
    const provider = (outbound: ForwardingOptions['outbound']) =>
      createForwarding({
        api,
        name: 'weiterleitung',
        originatorId: 'dienst',
        endPointId: 'amt',
        pageOrigins: [api],
        methods: ['OTHER'],
        outbound,
      });
    try {
      const clientCertificate = { cert: client.certificate, key: client.key };
      const known = provider(createOutbound({ allowSpecialUse: true, ca, clientCertificate }));
      await expect(known.check()).resolves.toBeUndefined();
      const stranger = provider(createOutbound({ allowSpecialUse: true, ca }));
      await expect(stranger.check()).rejects.toThrow(PaymentProviderUnavailable);
    } finally {
      server.close();
    }
  });
});
