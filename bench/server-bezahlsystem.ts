import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { PaymentProvider } from '../src/portal/bezahlsystem/providers/provider.ts';
import { runChild } from './child.ts';
import { createIssuer, issuer } from './issuer.ts';
import { product, type Task } from './world.ts';

const { createBezahlsystem } =
  await product<typeof import('../src/portal/bezahlsystem/app.ts')>('portal/bezahlsystem/app.js');
const { createOriginatorLoader } = await product<typeof import('../src/portal/bezahlsystem/originators.ts')>(
  'portal/bezahlsystem/originators.js',
);
const { bezahlsystemSettings } = await product<typeof import('../src/portal/bezahlsystem/settings.ts')>(
  'portal/bezahlsystem/settings.js',
);
const { newKassenzeichen } = await product<typeof import('../src/portal/bezahlsystem/orders/kassenzeichen.ts')>(
  'portal/bezahlsystem/orders/kassenzeichen.js',
);
const { CallbackRefused } = await product<typeof import('../src/portal/bezahlsystem/providers/provider.ts')>(
  'portal/bezahlsystem/providers/provider.js',
);
type Tables = import('../src/portal/bezahlsystem/records/tables.ts').BezahlTables;
const { openStores } = await product<typeof import('../src/storage/open.ts')>('storage/open.js');
const { listen } = await product<typeof import('../src/web/server.ts')>('web/server.js');
const { createMetrics } = await product<typeof import('../src/web/metrics.ts')>('web/metrics.js');
const { createOutbound } = await product<typeof import('../src/web/outbound.ts')>('web/outbound.js');
const { createLog } = await product<typeof import('../src/web/log.ts')>('web/log.js');

/** A provider that costs nothing: what the real one costs is its own affair. */
const provider: PaymentProvider = {
  name: 'messung',
  methods: ['CREDITCARD'],
  pageOrigins: ['https://bank.example'],
  takesRequestor: false,
  begin: async ({ attemptId }) => ({ providerReference: attemptId, redirectUrl: `https://bank.example/${attemptId}` }),
  ask: async ({ attemptId, amount, currency }) => ({ attemptId, state: 'open', amount, currency }),
  cancel: async ({ attemptId }) => ({ attemptId, state: 'cancelled' }),
  refund: async () => 'done',
  check: async () => {},
  readCallback: ({ body }) => {
    const { attemptId } = JSON.parse(body.toString()) as { attemptId?: string };
    if (attemptId === undefined) return Promise.reject(new CallbackRefused('body'));
    const payment = { attemptId, state: 'paid', amount: 1300, currency: 'EUR' } as const;
    return Promise.resolve({ eventId: attemptId, attemptId, payment });
  },
};

await runChild(async ({ folder, port }: Task) => {
  const originators = join(folder, 'originators');
  mkdirSync(originators, { recursive: true });
  const file = {
    originator: 'messung',
    authority: 'bayern',
    name: 'Messung',
    client_ids: ['messung'],
    redirect_origins: ['https://dienst.example'],
    requests_per_minute: 1_000_000,
    end_points: [
      { id: 'amt', payee: { name: 'Amt', address: ['Weg 1'], account_reference: 'K' }, provider: provider.name },
    ],
  };
  writeFileSync(join(originators, 'messung.yaml'), JSON.stringify(file));
  const { fetch, token } = await createIssuer();
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const dpop = await generateKeyPair('ES256', { extractable: true });
  const key = randomBytes(32);
  const stores = await openStores<Tables>({ directory: join(folder, 'data'), part: 'bezahlsystem', masterKey: key });
  const log = createLog({ least: 'warn' });
  const origin = `http://localhost:${port}`;
  const bezahlsystem = await createBezahlsystem({
    settings: bezahlsystemSettings.parse({ origin, port }),
    stores,
    keys: { client: { ...(await exportJWK(privateKey)), kid: 'c' }, csrf: randomBytes(32), part: key },
    issuer,
    log,
    environment: 'test',
    fetch,
    metrics: createMetrics(),
    outbound: createOutbound({ allowSpecialUse: true }),
    originators: createOriginatorLoader({
      directory: originators,
      variables: {},
      providers: [provider.name],
      production: false,
    }),
    providers: new Map([[provider.name, provider]]),
  });
  const listening = await listen({
    name: 'bezahlsystem',
    ...bezahlsystem.listener,
    handler: bezahlsystem.handler,
    log,
  });
  const { records, payments } = bezahlsystem;
  return {
    async token() {
      const bound = await calculateJwkThumbprint(await exportJWK(dpop.publicKey));
      return JSON.stringify({
        token: await token(`${origin}/api`, 'payments:create payments:read', bound),
        key: await exportJWK(dpop.privateKey),
      });
    },
    async pay() {
      const pageId = randomBytes(32).toString('base64url');
      const made = await records.orders.create({
        id: randomUUID(),
        pageId,
        originatorId: 'messung',
        endPointId: 'amt',
        requestId: randomUUID(),
        amount: 1300,
        currency: 'EUR',
        reference: newKassenzeichen({ prefix: 'M', digits: 14 }),
        content: {
          requestTimestamp: '2026-01-01T00:00:00Z',
          purpose: 'Messung',
          items: [],
          payee: { name: 'Amt', address: ['Weg 1'], accountReference: 'K' },
          redirectUrl: 'https://dienst.example/',
        },
        createdAt: Date.now(),
        payableUntil: Date.now() + 3600_000,
        canonical: pageId,
      });
      if (made.outcome !== 'created') throw new Error('the fee was not made');
      const result = await payments.pay(pageId, { method: 'CREDITCARD', locale: 'de' });
      if (result?.kind !== 'redirect') throw new Error(`paying was answered ${result?.kind}`);
      const attemptId = result.url.slice(result.url.lastIndexOf('/') + 1);
      const payment = { attemptId, state: 'paid', amount: 1300, currency: 'EUR' } as const;
      await records.callbacks.store(provider.name, { eventId: attemptId, attemptId, payment }, Date.now());
      const { attemptId: id, ...word } = payment;
      const at = Date.now();
      const from = { provider: provider.name, at, overdueSince: at - 600_000, callback: attemptId };
      if ((await records.words.apply(id, word, from)).kind !== 'paid') throw new Error('the fee was not paid');
    },
    async close() {
      await listening.close(0);
      await bezahlsystem.close();
      await stores.close();
    },
  };
});
