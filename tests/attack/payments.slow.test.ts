import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { catalogues } from '../../src/portal/bezahlsystem/citizen/i18n/messages.ts';
import { mostTries } from '../../src/portal/bezahlsystem/orders/checks.ts';
import { berlinDay } from '../../src/portal/bezahlsystem/orders/statement.ts';
import { paymentSandboxSecrets } from '../../src/secrets.ts';
import { signedHeaders } from '../../src/simulators/payment-provider/callbacks.ts';
import {
  refreshOf,
  startBezahlsystem,
  type BezahlWorld,
  type Information,
  type TestService,
} from '../support/bezahlsystem.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, max } from '../support/journey.ts';
import { atProvider } from '../support/payer.ts';
import { goOn } from './service.ts';

const t = catalogues.de;
let world: BezahlWorld;
let amt: TestService;
let other: TestService;
let secret: Buffer;

beforeAll(async () => {
  world = await startBezahlsystem();
  amt = await world.service('amt');
  other = await world.service('anderes');
  secret = paymentSandboxSecrets(join(world.app.data, 'data', 'secrets')).callbackSecret;
});
afterEach(() => resetClock());
afterAll(() => world.stop());

const post = (request: unknown, service = amt) =>
  service.call('POST', `/api/paymenttransaction/${service.place}`, request);

/** The sound request with one member as it stands in `text`. */
const raw = (member: string, text: string): string =>
  JSON.stringify({ ...amt.request(), [member]: '@' }).replace('"@"', text);

const bookings = async ({ transactionId }: Information): Promise<number> => {
  const { body } = await amt.call('GET', `/api/statements/${amt.place}/${berlinDay(Date.now())}`);
  return (body['rows'] as { transactionId: string }[]).filter((row) => row.transactionId === transactionId).length;
};

const attemptOf = async ({ transactionId }: Information): Promise<string> => {
  const attempt = await world.bezahlsystem.records.attempts.latest(transactionId);
  if (!attempt) throw new Error('nobody tried to pay');
  return attempt.id;
};

/** A call-back as the provider would send it. */
const callback = async (
  payment: Record<string, unknown>,
  change: { readonly key?: Buffer; readonly at?: number; readonly id?: string } = {},
): Promise<{ readonly body: string; readonly headers: Record<string, string> }> => {
  const body = JSON.stringify({ type: 'payment.paid', payment });
  const { key = secret, at = Date.now(), id = randomUUID() } = change;
  return { body, headers: signedHeaders(key, { id, at, body }) };
};
const send = (headers: Record<string, string>, body: string, method = 'POST'): Promise<Response> =>
  fetch(`${world.app.bezahlsystem}/api/callbacks/sandbox`, {
    method,
    headers,
    ...(method === 'GET' ? {} : { body }),
  });

const paidWord = (reference: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  reference,
  id: 'p1',
  state: 'paid',
  amount: 1300,
  currency: 'EUR',
  ...more,
});

/** With an attempt that can still be paid. */
const begun = async (): Promise<{ readonly made: Information; readonly page: string; readonly attempt: string }> => {
  const made = await amt.create();
  const page = await world.choose(createPerson(), made);
  return { made, page, attempt: await attemptOf(made) };
};

describe('what a browser may change', () => {
  test('PA-01: amount, currency, purpose and payee in a form count for nothing', async () => {
    const made = await amt.create();
    const person = createPerson();
    const page = await person.visit(made.transactionRedirectUrl ?? '');
    const next = await person.submit(page, new URL(made.transactionRedirectUrl ?? '').pathname, {
      method: 'CREDITCARD',
      amount: '1',
      grosAmount: '0.01',
      currency: 'VND',
      purpose: 'Geschenk',
      payee: 'Mallory',
    });
    const shown = textOf(await createPerson().visit(refreshOf(next)));
    expect(shown).toContain('13,00');
    expect(shown).toContain('Stadt Musterstadt');
    expect(shown).not.toContain('Mallory');
    await atProvider.pays(refreshOf(next), 'success');
    await world.settle();
    expect((await amt.read(made.transactionId)).status).toBe('PAYED');
    const { body } = await amt.call('GET', `/api/statements/${amt.place}/${berlinDay(Date.now())}`);
    expect(body['rows']).toContainEqual(expect.objectContaining({ transactionId: made.transactionId, amount: 13 }));
  });

  test.each([
    '-13',
    '0',
    '0.001',
    '13.001',
    '1e309',
    '1e1',
    '-0',
    '"13"',
    '"13,00"',
    '13,00',
    'NaN',
    '1000000',
    '999999.01',
    '0x0d',
    '013',
  ])('PA-02: grosAmount %s', async (text) => {
    const { status, body } = await amt.call('POST', `/api/paymenttransaction/${amt.place}`, undefined, {
      raw: raw('grosAmount', text),
    });
    expect([status, body['code']]).toEqual([400, 'VALIDATION_ERROR']);
  });

  test('PA-02: decimals are exact: 0.10 + 0.20 is 0.30, and no cent more', async () => {
    const item = (id: string, net: number) => ({
      id,
      description: 'Kopie',
      taxRate: 0,
      quantity: 1,
      totalNetAmount: net,
      totalTaxAmount: 0,
      singleNetAmount: net,
      singleTaxAmount: 0,
    });
    const items = [item('1', 0.1), item('2', 0.2)];
    expect((await post(amt.request({ grosAmount: 0.3, items }))).status).toBe(200);
    const wrong = await post(amt.request({ grosAmount: 0.31, items }));
    expect([wrong.status, wrong.body['code']]).toEqual([400, 'CALCULATION_ERROR']);
    const exact = await amt.call('POST', `/api/paymenttransaction/${amt.place}`, undefined, {
      raw: raw('grosAmount', '13.000000'),
    });
    expect(exact.status).toBe(200);
    // Tax of each single one is rounded; the sum of the roundings may be in the total, not more.
    const taxed = (total: number) => [
      {
        ...item('1', 0.05),
        quantity: 3,
        totalNetAmount: 0.15,
        taxRate: 19,
        singleTaxAmount: 0.01,
        totalTaxAmount: total,
      },
    ];
    expect((await post(amt.request({ grosAmount: 0.18, items: taxed(0.03) }))).status).toBe(200);
    expect((await post(amt.request({ grosAmount: 0.35, items: taxed(0.2) }))).body['code']).toBe('CALCULATION_ERROR');
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['another currency', { currency: 'USD' }, 'VALIDATION_ERROR'],
    ['a purpose of 28 characters', { purpose: 'x'.repeat(28) }, 'VALIDATION_ERROR'],
    ['a purpose with other characters', { purpose: '=1+1' }, 'VALIDATION_ERROR'],
    ['a description that is too long', { description: 'x'.repeat(251) }, 'VALIDATION_ERROR'],
    ['no items', { items: [] }, 'VALIDATION_ERROR'],
    ['a member that nobody knows', { amount: 1 }, 'VALIDATION_ERROR'],
    ['a way back to somebody else', { redirectUrl: 'https://mallory.example/' }, 'VALIDATION_ERROR'],
    ['a way back with another host behind @', { redirectUrl: 'http://localhost@mallory.example/' }, 'VALIDATION_ERROR'],
    ['a way back that is a script', { redirectUrl: 'javascript:alert(1)' }, 'VALIDATION_ERROR'],
    ['a way back without scheme', { redirectUrl: '//mallory.example/' }, 'VALIDATION_ERROR'],
    ['a blank purpose', { purpose: ' \n ' }, 'VALIDATION_ERROR'],
    ['a description that turns the writing round', { description: 'Geb\u202ehr' }, 'VALIDATION_ERROR'],
  ])('a request is refused that has %s', async (_, change, code) => {
    const { status, body } = await post(amt.request(change));
    expect([status, body['code']]).toEqual([400, code]);
  });

  test('a request is refused whose way back is no web address, though it has our origin', async () => {
    const { status, body } = await post(amt.request({ redirectUrl: `blob:${amt.returnUrl}` }));
    expect([status, body['code']]).toEqual([400, 'VALIDATION_ERROR']);
  });

  test('what an item is called cannot show another text than there is', async () => {
    const [item] = amt.request()['items'] as Record<string, unknown>[];
    const { status, body } = await post(amt.request({ items: [{ ...item, description: '\u202e00,1' }] }));
    expect([status, body['code']]).toEqual([400, 'VALIDATION_ERROR']);
  });

  test('a purpose of several lines is one where citizens read it', async () => {
    const made = await amt.create({ purpose: ' Hund\n  2026 ' });
    expect(textOf(await createPerson().visit(made.transactionRedirectUrl ?? ''))).toContain('Hund 2026');
    const view = await world.bezahlsystem.payments.view(made.transactionRedirectUrl?.split('/').pop() ?? '');
    expect(view?.purpose).toBe('Hund 2026');
  });

  test('no member gets lost without a word: __proto__ is refused, constructor is none that is there', async () => {
    const [item] = amt.request()['items'] as Record<string, unknown>[];
    const { status, body } = await amt.call('POST', `/api/paymenttransaction/${amt.place}`, undefined, {
      raw: JSON.stringify(amt.request({ items: [{ ...item, bookingData: '@' }] })).replace('"@"', '{"__proto__":"1"}'),
    });
    expect([status, body['code']]).toEqual([400, 'VALIDATION_ERROR']);
    const kasse = await world.service('kasse2', { endPoint: { booking_data: ['constructor'] } });
    const missing = await post(kasse.request({ items: [{ ...item, bookingData: { a: '1' } }] }), kasse);
    expect(missing.body['code']).toBe('BOOKING_DATA_MISSING');
  });

  test('an end point gets what it needs for its books, or nothing', async () => {
    const kasse = await world.service('kasse', { endPoint: { booking_data: ['haushaltsstelle'] } });
    const missing = await post(kasse.request(), kasse);
    expect([missing.status, missing.body['code']]).toEqual([400, 'BOOKING_DATA_MISSING']);
    const [item] = kasse.request()['items'] as Record<string, unknown>[];
    const items = [{ ...item, bookingData: { haushaltsstelle: '0.1' } }];
    expect((await post(kasse.request({ items }), kasse)).status).toBe(200);
  });
});

describe('call-backs', () => {
  test.each<[string, (body: string, headers: Record<string, string>, attempt: string) => Promise<Response>]>([
    ['without a MAC', (body, headers) => send({ ...headers, 'webhook-signature': '' }, body)],
    [
      'by another key',
      async (_, __, attempt) => {
        const forged = await callback(paidWord(attempt), { key: Buffer.alloc(32, 1) });
        return send(forged.headers, forged.body);
      },
    ],
    [
      'of long ago',
      async (_, __, attempt) => {
        const old = await callback(paidWord(attempt), { at: Date.now() - 3600_000 });
        return send(old.headers, old.body);
      },
    ],
    [
      'for another order than was signed',
      (body, headers) => send(headers, body.replace(/"reference":"[^"]+"/, `"reference":"${randomUUID()}"`)),
    ],
    ['with another amount than was signed', (body, headers) => send(headers, body.replace('1300', '1'))],
    ['by GET', (_, headers) => send(headers, '', 'GET')],
  ])('PA-03: one %s is refused and changes nothing', async (_, forge) => {
    const { made, attempt } = await begun();
    const { body, headers } = await callback(paidWord(attempt));
    const answer = await forge(body, headers, attempt);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    await world.bezahlsystem.settled();
    expect((await amt.read(made.transactionId)).status).toBe('INITIAL');
    expect(await bookings(made)).toBe(0);
  });

  test.each([
    ['another amount', { amount: 1 }],
    ['another currency', { currency: 'USD' }],
    ['no amount', { amount: undefined }],
  ])('PA-03: the provider’s own word with %s is an alarm, never a payment', async (_, change) => {
    const { made, attempt } = await begun();
    const { body, headers } = await callback(paidWord(attempt, change));
    expect((await send(headers, body)).status).toBe(200);
    await world.bezahlsystem.settled();
    expect((await amt.read(made.transactionId)).status).toBe('INITIAL');
    expect(world.app.log.some((line) => line.includes('payment_alarm') && line.includes(attempt))).toBe(true);
    expect(await bookings(made)).toBe(0);
    // Nobody pays again before a person has looked.
    const page = await createPerson().visit(`${made.transactionRedirectUrl}`);
    expect(textOf(page)).not.toContain('CREDITCARD');
  });

  test('of a number of a card in the provider’s own word nobody gets more than the end, nor what cannot be seen', async () => {
    const { made, attempt } = await begun();
    const { body, headers } = await callback(
      paidWord(attempt, { methodDetail: 'VISA 4111 1111-11111234\u0000\u202e<b>' }),
    );
    expect((await send(headers, body)).status).toBe(200);
    await world.bezahlsystem.settled();
    expect(await amt.read(made.transactionId)).toMatchObject({
      status: 'PAYED',
      paymentMethodDetail: 'VISA …1234  <b>',
    });
    const page = await createPerson().visit(`${made.transactionRedirectUrl}/ergebnis`);
    expect(page.body).toContain('&lt;b>');
    expect([page.body, ...world.app.log].join()).not.toMatch(/4111/);
  });

  test('a word about a payment that there is not changes nothing', async () => {
    const { body, headers } = await callback(paidWord(randomUUID()));
    expect((await send(headers, body)).status).toBe(200);
    await world.bezahlsystem.settled();
  });

  test('PA-04: twenty times at once, and again later, it is booked once', async () => {
    const { made, attempt } = await begun();
    const before = amt.notices.length;
    const { body, headers } = await callback(paidWord(attempt));
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(headers, body)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const second = await callback(paidWord(attempt));
    await send(second.headers, second.body);
    await world.bezahlsystem.settled();
    expect((await amt.read(made.transactionId)).status).toBe('PAYED');
    expect(await bookings(made)).toBe(1);
    await amt.notified(before + 1);
    await world.bezahlsystem.runJobs();
    expect(amt.notices.filter((notice) => notice['transactionId'] === made.transactionId)).toHaveLength(1);
  });

  test.each([
    ['call-back before the way back', 'success', true],
    ['way back before the call-back', 'lateCallback', false],
    ['way back without a call-back', 'noCallback', false],
    ['two call-backs', 'doubleCallback', true],
  ] as const)('PA-05: %s: the same in the end', async (_, card, first) => {
    const made = await amt.create();
    const back = await atProvider.pays(await world.choose(createPerson(), made), card);
    if (first) await world.settle();
    await createPerson().visit(back);
    await world.settle();
    expect((await amt.read(made.transactionId)).status).toBe('PAYED');
    expect(await bookings(made)).toBe(1);
  });
});

describe('who pays', () => {
  test('PA-06: double click, back button and two tabs pay once', async () => {
    const made = await amt.create();
    const tabs = [createPerson(), createPerson()];
    const pages = await Promise.all([...tabs, ...tabs].map((tab) => world.choose(tab, made)));
    expect(new Set(pages).size).toBe(1);
    await Promise.all(pages.slice(0, 2).map((page) => atProvider.pays(page, 'success').catch(() => '')));
    await world.settle();
    expect(await bookings(made)).toBe(1);
    // Back in the browser, and pressed again.
    const [tab = createPerson()] = tabs;
    const again = await tab.visit(made.transactionRedirectUrl ?? '');
    expect(textOf(again)).toContain(made.transactionReference);
    await expect(world.choose(tab, made)).rejects.toThrow();
    expect(await bookings(made)).toBe(1);
    const attempts = await world.bezahlsystem.records.attempts.latest(made.transactionId);
    expect(attempts?.state).toBe('paid');
  });

  test('PA-06: paying and cancelling at once ends as one of both, with the money where it belongs', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { made, page } = await begun();
      const stopping = createPerson();
      const stop = await stopping.visit(`${made.transactionRedirectUrl}/abbrechen`);
      await Promise.all([atProvider.pays(page, 'success').catch(() => ''), stopping.submit(stop, '/abbrechen')]);
      await world.settle();
      const { status } = await amt.read(made.transactionId);
      expect(['PAYED', 'CANCELED']).toContain(status);
      expect(await bookings(made)).toBe(status === 'PAYED' ? 1 : 0);
    }
  });

  test('PA-06: what is paid to an order that has ended goes back by itself, and stands in the statement', async () => {
    const { made, attempt } = await begun();
    const stopping = createPerson();
    await stopping.submit(await stopping.visit(`${made.transactionRedirectUrl}/abbrechen`), '/abbrechen');
    expect((await amt.read(made.transactionId)).status).toBe('CANCELED');
    // The provider says that it was paid after all.
    const { body, headers } = await callback(paidWord(attempt));
    await send(headers, body);
    await world.bezahlsystem.settled();
    expect((await amt.read(made.transactionId)).status).toBe('CANCELED');
    const refunds = await world.bezahlsystem.records.refunds.ofOrder(made.transactionId);
    expect(refunds).toMatchObject([{ amount: 1300, reason: 'surplus' }]);
    expect(await bookings(made)).toBe(1);
    // Whoever looks is not told that nothing was taken.
    const page = textOf(await stopping.visit(`${made.transactionRedirectUrl}/ergebnis`));
    expect(page).toContain(t.refunds.surplus);
    expect(page).not.toContain('nichts abgebucht');
  });

  const loggedIn = async (person: Person, login: { login: string; password: string }) =>
    goOn(world.app, person, await person.visit(`${world.app.bezahlsystem}/meine-zahlungen`), { login });

  test('PA-07: nobody sees another one’s order or receipt', async () => {
    const made = await amt.create();
    const owner = createPerson();
    await loggedIn(owner, erika);
    await world.pays(made, 'success', owner);
    const mine = `${world.app.bezahlsystem}/meine-zahlungen/${made.transactionId}`;
    expect((await owner.visit(mine)).status).toBe(200);
    expect((await owner.visit(`${mine}/beleg.pdf`)).status).toBe(200);

    const stranger = createPerson();
    await loggedIn(stranger, max);
    expect((await stranger.visit(mine)).status).toBe(404);
    expect((await stranger.visit(`${mine}/beleg.pdf`)).status).toBe(404);
    expect(textOf(await stranger.visit(`${world.app.bezahlsystem}/meine-zahlungen`))).not.toContain('4711');
    const guess = `${world.app.bezahlsystem}/bezahlen/${'A'.repeat(43)}`;
    for (const path of [
      guess,
      `${guess}/ergebnis`,
      `${guess}/beleg.pdf`,
      `${world.app.bezahlsystem}/bezahlen/${made.transactionId}`,
    ])
      expect((await stranger.visit(path)).status).toBe(404);

    const read = (service: TestService, place: string) =>
      service.call('GET', `/api/paymenttransaction/${place}/${made.transactionId}`);
    expect((await read(other, other.place)).status).toBe(404);
    expect((await read(other, amt.place)).body['code']).toBe('FORBIDDEN');
    expect((await read(amt, 'amt/anderswo')).body['code']).toBe('NO_VALID_ORIGINATOR_OR_ENDPOINT');
    expect((await read(amt, 'niemand/amt')).body['code']).toBe('NO_VALID_ORIGINATOR_OR_ENDPOINT');
  });

  test('PA-08: the address of success, opened by hand, grants nothing', async () => {
    const made = await amt.create();
    const page = await createPerson().visit(`${made.transactionRedirectUrl}/ergebnis`);
    expect(page.url.pathname).not.toContain('ergebnis');
    await world.choose(createPerson(), made);
    await createPerson().visit(`${made.transactionRedirectUrl}/ergebnis?status=PAYED`);
    expect((await amt.read(made.transactionId)).status).toBe('INITIAL');
    expect((await createPerson().visit(`${made.transactionRedirectUrl}/beleg.pdf`)).status).toBe(404);
  });
});

describe('refunds and faults', () => {
  test('PA-09: no refund of what was not paid, none twice, and all together never above the amount', async () => {
    const made = await amt.create();
    const path = `/api/paymenttransaction/${amt.place}/${made.transactionId}/refunds`;
    const refund = (requestId: string, amount: unknown) =>
      amt.call('POST', path, { requestId, amount, currency: 'EUR' });
    expect((await refund('a', 1)).body['code']).toBe('NOT_PAYED');
    await world.pays(made, 'success');
    for (const wrong of [0, -1, 0.001, '1']) expect((await refund('b', wrong)).status).toBe(400);
    expect((await refund('c', 13.01)).body['code']).toBe('REFUND_TOO_HIGH');
    const many = await Promise.all(Array.from({ length: 8 }, (_, i) => refund(`d${i}`, 3)));
    expect(many.filter(({ status }) => status === 200)).toHaveLength(4);
    const twice = await Promise.all(Array.from({ length: 5 }, () => refund('e', 1)));
    expect(new Set(twice.map(({ body }) => body['refundId'])).size).toBe(1);
    await world.bezahlsystem.runJobs();
    const { body } = await amt.call('GET', path);
    expect((body['refunds'] as { state: string }[]).map(({ state }) => state)).toEqual(
      Array.from({ length: 5 }, () => 'done'),
    );
    expect((await other.call('POST', path, { requestId: 'f', amount: 1, currency: 'EUR' })).status).toBe(403);
  });

  test('PA-10: paid at the provider while nobody was there to hear it: found out, once', async () => {
    const { made, page } = await begun();
    await atProvider.pays(page, 'noCallback');
    await world.settle();
    expect((await amt.read(made.transactionId)).status).toBe('INITIAL');
    shiftClock(60_000);
    await world.bezahlsystem.runJobs();
    await world.bezahlsystem.runJobs();
    expect((await amt.read(made.transactionId)).status).toBe('PAYED');
    expect(await bookings(made)).toBe(1);
  });

  test('nobody tries cards without end: after thirty tries the fee cannot be paid here', async () => {
    const made = await amt.create();
    const person = createPerson();
    for (let tried = 0; tried < mostTries; tried += 1) {
      await atProvider.pays(await world.choose(person, made), 'declined');
      await world.settle();
    }
    const page = await person.visit(made.transactionRedirectUrl ?? '');
    const refused = await person.submit(page, page.url.pathname, { method: 'CREDITCARD' });
    expect(refused.status).toBe(422);
    expect(textOf(refused)).toContain(t.pay.tooOften.title);
    expect(formsOf(refused).some(({ fields }) => 'method' in fields)).toBe(false);
  });

  test('a fee that nobody pays ends as FAILED, and cannot be paid any more', async () => {
    const { made, page } = await begun();
    shiftClock(25 * 3600_000);
    await world.bezahlsystem.runJobs();
    expect(await amt.read(made.transactionId)).toMatchObject({ status: 'FAILED', statusDetail: 'expired' });
    await atProvider.pays(page, 'success').catch(() => '');
    await world.settle();
    expect((await amt.read(made.transactionId)).status).toBe('FAILED');
  });
});

describe('tokens', () => {
  test('only such as are bound to a key, with its proof, for this API and this scope', async () => {
    const made = await amt.create();
    const path = `/api/paymenttransaction/${amt.place}/${made.transactionId}`;
    const resource = `${world.app.bezahlsystem}/api`;
    const { access_token: unbound } = await amt.service.tokens({
      grant_type: 'client_credentials',
      scope: 'payments:read',
      resource,
    });
    expect((await amt.call('GET', path, undefined, { token: unbound, scheme: 'Bearer' })).status).toBe(401);
    const bound = await amt.token();
    expect((await amt.call('GET', path, undefined, { token: bound, scheme: 'Bearer' })).status).toBe(401);
    for (const claims of [{ htm: 'POST' }, { htu: `${world.app.postfach}${path}` }, { iat: 1 }, { ath: 'x' }])
      expect((await amt.call('GET', path, undefined, { proof: claims })).status).toBe(401);
    const jti = randomUUID();
    expect((await amt.call('GET', path, undefined, { proof: { jti } })).status).toBe(200);
    expect((await amt.call('GET', path, undefined, { proof: { jti } })).status).toBe(401);
    const reader = await amt.token('payments:read');
    expect((await amt.call('GET', path, undefined, { token: reader })).status).toBe(200);
    const refused = await amt.call('POST', `/api/paymenttransaction/${amt.place}`, amt.request(), { token: reader });
    expect([refused.status, refused.body['code']]).toEqual([403, 'FORBIDDEN']);
    expect((await post(amt.request(), amt)).status).toBe(200);
    expect((await other.call('POST', `/api/paymenttransaction/${amt.place}`, amt.request())).status).toBe(403);
  });
});

// The last one: the provider does not come back.
describe('while the provider is away', () => {
  test('who was at its page is not told that nothing was taken; who was not, is', async () => {
    const [{ made, page }, untouched] = [await begun(), await amt.create()];
    const person = createPerson();
    const bill = await person.visit(made.transactionRedirectUrl ?? '');
    const other = await person.visit(untouched.transactionRedirectUrl ?? '');
    await atProvider.pays(page, 'noCallback');
    await world.app.app.paymentSimulator?.close();
    const result = await person.submit(bill, bill.url.pathname, { method: 'CREDITCARD' });
    expect(result.url.pathname).toMatch(/\/ergebnis$/);
    expect(textOf(result)).toContain(t.checking.title);
    expect(textOf(result)).not.toContain('nichts abgebucht');
    const unavailable = await person.submit(other, other.url.pathname, { method: 'CREDITCARD' });
    expect([unavailable.status, textOf(unavailable).includes(t.pay.unavailable.title)]).toEqual([503, true]);
  });
});
