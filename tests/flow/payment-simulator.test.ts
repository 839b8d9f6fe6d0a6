import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createSandbox } from '../../src/portal/bezahlsystem/providers/sandbox.ts';
import {
  CallbackRefused,
  type CallbackRequest,
  type PaymentProvider,
} from '../../src/portal/bezahlsystem/providers/provider.ts';
import { replayWindow } from '../../src/portal/bezahlsystem/providers/callback.ts';
import { cardIds, type CardId } from '../../src/simulators/payment-provider/cards.ts';
import { createPaymentSimulator, type PaymentSimulator } from '../../src/simulators/payment-provider/simulator.ts';
import { createOutbound } from '../../src/web/outbound.ts';
import { orderAt } from '../contract/payment-provider.suite.ts';
import { catchCallbacks, type CallbackCatcher } from '../support/callback-catcher.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { freePort } from '../support/free-port.ts';
import { atProvider } from '../support/payer.ts';

const callbackSecret = Buffer.alloc(32, 9);
const apiKey = 'key of the shop';

let shop: CallbackCatcher;
let simulator: PaymentSimulator;
let provider: PaymentProvider;
let origin: string;
let directory: string;

const start = async (port: number): Promise<void> => {
  simulator = createPaymentSimulator({
    port,
    apiKey,
    callbackSecret,
    shopOrigins: [shop.origin],
    directory,
    delay: 60_000,
  });
  origin = (await simulator.start()).origin;
  const outbound = createOutbound({ allowSpecialUse: true });
  provider = createSandbox({ name: 'sandbox', origin, apiKey, callbackSecrets: [callbackSecret], outbound });
};

const open = async (): Promise<void> => {
  directory = mkdtempSync(join(tmpdir(), 'bayern-id-payment-'));
  shop = await catchCallbacks();
  await start(await freePort());
};
const close = async (): Promise<void> => {
  resetClock();
  await simulator.close();
  await shop.stop();
  rmSync(directory, { recursive: true, force: true });
};

const begin = async () => {
  const order = orderAt({ returnUrl: `${shop.origin}/ergebnis`, callbackUrl: `${shop.origin}/rueckmeldung` });
  const { redirectUrl, providerReference } = await provider.begin(order);
  return { order: { ...order, providerReference }, page: redirectUrl };
};

/** Pays and lets everything happen that is to happen. */
const paid = async (card: CardId, code?: string) => {
  const { order, page } = await begin();
  const leads = await atProvider.pays(page, card, code);
  const before = (await provider.ask(order)).state;
  await simulator.settle();
  return { order, page, leads, before, after: await provider.ask(order), told: shop.caught };
};

describe('cards of the payment simulator', () => {
  beforeEach(open);
  afterEach(close);
  const rows: readonly (readonly [CardId, { before: string; after: string; calls: number; code?: string }])[] = [
    ['success', { before: 'paid', after: 'paid', calls: 1 }],
    ['threeDSecure', { before: 'paid', after: 'paid', calls: 1, code: '123456' }],
    ['declined', { before: 'failed', after: 'failed', calls: 1 }],
    ['slow', { before: 'pending', after: 'paid', calls: 1 }],
    ['timeout', { before: 'pending', after: 'expired', calls: 1 }],
    ['lateCallback', { before: 'paid', after: 'paid', calls: 1 }],
    ['doubleCallback', { before: 'paid', after: 'paid', calls: 2 }],
    ['noCallback', { before: 'paid', after: 'paid', calls: 0 }],
    ['wrongAmount', { before: 'paid', after: 'paid', calls: 1 }],
  ];
  test('each is tried', () => expect(rows.map(([card]) => card)).toEqual([...cardIds]));

  test.each(rows)('%s: %j', async (card, wanted) => {
    const { leads, order, before, after, told } = await paid(card, wanted.code);
    expect(before).toBe(wanted.before);
    expect(after).toMatchObject({ state: wanted.after, amount: card === 'wrongAmount' ? 1299 : 1300, currency: 'EUR' });
    expect(leads.startsWith(wanted.before === 'pending' ? origin : order.returnUrl)).toBe(true);
    expect(told).toHaveLength(wanted.calls);
    const read = await Promise.all(told.map((request) => provider.readCallback(request)));
    expect(new Set(read.map(({ eventId }) => eventId)).size).toBe(Math.min(wanted.calls, 1));
    for (const { payment } of read) expect(payment).toEqual(after);
  });

  test('a late call-back is not sent before its time, and then it is', async () => {
    const { order, page } = await begin();
    await atProvider.pays(page, 'lateCallback');
    expect((await provider.ask(order)).state).toBe('paid');
    expect(shop.caught).toHaveLength(0);
    await simulator.settle();
    expect(shop.caught).toHaveLength(1);
  });

  test('three wrong codes end the payment; one leaves two', async () => {
    const { order, page } = await begin();
    await atProvider.pays(page, 'threeDSecure', '000000');
    expect((await provider.ask(order)).state).toBe('open');
    await atProvider.pays(page, 'threeDSecure', '000000');
    await atProvider.pays(page, 'threeDSecure', '000000');
    expect(await provider.ask(order)).toMatchObject({ state: 'failed', failure: 'authentication' });
  });

  test('a code is taken with the blanks that it was pasted with', async () => {
    const { order, page } = await begin();
    await atProvider.pays(page, 'threeDSecure', ' 123 456 ');
    expect((await provider.ask(order)).state).toBe('paid');
  });

  test('what nobody pays in time has expired', async () => {
    const { order, page } = await begin();
    shiftClock(31 * 60_000);
    expect(await provider.ask(order)).toMatchObject({ state: 'expired' });
    await expect(atProvider.pays(page, 'success')).rejects.toThrow('no form');
  });

  test('two tabs pay once', async () => {
    const { order, page } = await begin();
    await Promise.all([atProvider.pays(page, 'success'), atProvider.pays(page, 'success')]);
    await simulator.settle();
    expect(shop.caught).toHaveLength(1);
    expect(await provider.ask(order)).toMatchObject({ state: 'paid' });
  });
});

describe('the payment simulator', () => {
  beforeEach(open);
  afterEach(close);
  test('keeps payments and call-backs over a restart', async () => {
    const { order, page } = await begin();
    await atProvider.pays(page, 'lateCallback');
    await simulator.close();
    await start(Number(new URL(origin).port));
    expect(await provider.ask(order)).toMatchObject({ state: 'paid' });
    await simulator.settle();
    expect(shop.caught).toHaveLength(1);
  });

  test('sends a call-back again when the shop does not take it, with the same id', async () => {
    shop.answer = 503;
    const { order, page } = await begin();
    await atProvider.pays(page, 'success');
    await simulator.settle();
    shop.answer = 200;
    await simulator.settle();
    const tries = shop.caught.length;
    expect(tries).toBeGreaterThanOrEqual(2);
    await simulator.settle();
    expect(shop.caught).toHaveLength(tries);
    const read = await Promise.all(shop.caught.map((request) => provider.readCallback(request)));
    expect(new Set(read.map(({ attemptId }) => attemptId))).toEqual(new Set([order.attemptId]));
    expect(new Set(read.map(({ eventId }) => eventId)).size).toBe(1);
  });

  test('leads nowhere but to the shop, and tells nobody without its key', async () => {
    const { order } = await begin();
    const put = (body: object, key = apiKey): Promise<Response> =>
      fetch(`${origin}/v1/payments/other`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
      });
    const sound = {
      amount: 1,
      currency: 'EUR',
      payee: 'Amt',
      purpose: 'Gebühr',
      returnUrl: order.returnUrl,
      callbackUrl: order.callbackUrl,
      expiresAt: new Date(order.payableUntil).toISOString(),
    };
    expect((await put(sound, 'guessed')).status).toBe(401);
    expect((await put({ ...sound, returnUrl: 'https://elsewhere.example/' })).status).toBe(400);
    expect((await put({ ...sound, callbackUrl: 'http://127.0.0.1:1/' })).status).toBe(400);
    for (const amount of [0, -1, 0.5, '1', 1e300]) expect((await put({ ...sound, amount })).status).toBe(400);
    expect((await put(sound)).status).toBe(200);
    expect((await fetch(`${origin}/v1/payments/${order.attemptId}`)).status).toBe(401);
  });

  test('a payment that was cancelled before it was begun is never begun', async () => {
    const order = orderAt({ returnUrl: `${shop.origin}/e`, callbackUrl: `${shop.origin}/r` });
    expect((await provider.cancel(order)).state).toBe('cancelled');
    await expect(provider.begin(order)).rejects.toThrow('cancelled');
  });

  test('may be ended twice', async () => {
    await simulator.close();
    await expect(simulator.close()).resolves.toBeUndefined();
  });

  test('is refused in production', () => {
    const { NODE_ENV } = process.env;
    process.env['NODE_ENV'] = 'production';
    try {
      expect(() => createPaymentSimulator({ apiKey, callbackSecret, shopOrigins: [] })).toThrow(/production/);
    } finally {
      process.env['NODE_ENV'] = NODE_ENV;
    }
  });
});

describe('a call-back', () => {
  let good: CallbackRequest;
  beforeAll(async () => {
    await open();
    const { told } = await paid('success');
    [good] = told as [CallbackRequest];
    await close();
  });
  const header = (name: string, value: string | undefined): CallbackRequest => ({
    ...good,
    headers: { ...good.headers, [name]: value },
  });
  const signature = (): string => String(good.headers['webhook-signature']);

  test('is taken as it came, also beside signatures by other keys and a little late', async () => {
    await expect(provider.readCallback(good)).resolves.toMatchObject({ payment: { state: 'paid' } });
    await expect(
      provider.readCallback(header('webhook-signature', `v1,AAAA v1a,AAAA ${signature()}`)),
    ).resolves.toBeDefined();
    await expect(
      provider.readCallback({ ...good, receivedAt: good.receivedAt + replayWindow - 2000 }),
    ).resolves.toBeDefined();
  });

  const forgeries: readonly (readonly [string, () => CallbackRequest])[] = [
    ['without a signature', () => header('webhook-signature', undefined)],
    ['with another one', () => header('webhook-signature', `v1,${Buffer.alloc(32).toString('base64')}`)],
    ['with a shortened one', () => header('webhook-signature', signature().slice(0, -8))],
    ['with that of another version', () => header('webhook-signature', signature().replace('v1,', 'v2,'))],
    ['with another id', () => header('webhook-id', 'evt_other')],
    ['with another time', () => header('webhook-timestamp', String(Number(good.headers['webhook-timestamp']) + 1))],
    ['with a byte changed', () => ({ ...good, body: Buffer.from(good.body.toString().replace('1300', '1301')) })],
    ['with a blank more', () => ({ ...good, body: Buffer.concat([good.body, Buffer.from(' ')]) })],
    ['by GET', () => ({ ...good, method: 'GET' })],
    ['played later', () => ({ ...good, receivedAt: good.receivedAt + replayWindow + 2000 })],
    ['from the future', () => ({ ...good, receivedAt: good.receivedAt - replayWindow - 2000 })],
  ];
  test.each(forgeries)('is refused %s', async (_title, forged) => {
    await expect(provider.readCallback(forged())).rejects.toThrow(CallbackRefused);
  });

  test('is refused when it was signed by an old key', async () => {
    const outbound = createOutbound({ allowSpecialUse: true });
    const rotated = createSandbox({
      name: 'sandbox',
      origin,
      apiKey,
      callbackSecrets: [Buffer.alloc(32, 10)],
      outbound,
    });
    await expect(rotated.readCallback(good)).rejects.toThrow('signature');
  });
});
