import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isKassenzeichen } from '../../src/portal/bezahlsystem/orders/kassenzeichen.ts';
import { berlinDay } from '../../src/portal/bezahlsystem/orders/statement.ts';
import { startBezahlsystem, type BezahlWorld, type TestService } from '../support/bezahlsystem.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { atProvider } from '../support/payer.ts';

let world: BezahlWorld;
let amt: TestService;

beforeAll(async () => {
  world = await startBezahlsystem();
  amt = await world.service('standesamt');
});
afterAll(() => world.stop());

const create = (request: Record<string, unknown>) => amt.call('POST', `/api/paymenttransaction/${amt.place}`, request);

describe('a fee', () => {
  test('is asked for, paid at the provider’s page, and both sides know it', async () => {
    const made = await amt.create();
    expect(made).toMatchObject({
      status: 'INITIAL',
      transactionUrl: `${world.app.bezahlsystem}/api/paymenttransaction/standesamt/amt/${made.transactionId}`,
      transactionRedirectUrl: expect.stringMatching(/\/bezahlen\/[\w-]{43}$/),
    });
    expect(isKassenzeichen(made.transactionReference)).toBe(true);

    const page = await world.pays(made, 'success');
    expect(textOf(page)).toContain(made.transactionReference);
    const paid = await amt.read(made.transactionId);
    expect(paid).toMatchObject({ status: 'PAYED', paymentMethod: 'CREDITCARD' });
    expect(paid).not.toHaveProperty('transactionRedirectUrl');

    const [notice] = await amt.notified(1);
    expect(notice).toMatchObject({
      event: 'payment_ended',
      originatorId: 'standesamt',
      endPointId: 'amt',
      transactionId: made.transactionId,
      transactionReference: made.transactionReference,
      status: 'PAYED',
    });
    const { text } = await amt.call('GET', `/api/paymenttransaction/${amt.place}/${made.transactionId}`);
    expect(text).toContain('"grosAmount":13.00');
  });

  test('that comes again is the same; with other content it is refused', async () => {
    const request = amt.request();
    const first = await create(request);
    const again = await create({ ...request, requestTimestamp: new Date(0).toISOString() });
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body['paymentInformation']).toEqual(first.body['paymentInformation']);
    const other = await create({ ...request, purpose: 'Anderes' });
    expect([other.status, other.body['code']]).toEqual([409, 'PAYMENT_EXISTS']);
  });

  test('that comes ten times at once is one', async () => {
    const request = amt.request();
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(request)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body['paymentInformation']))).size).toBe(1);
  });

  test('is not paid by a card that is declined, and then by another', async () => {
    const made = await amt.create();
    const person = createPerson();
    await world.pays(made, 'declined', person);
    expect((await amt.read(made.transactionId)).status).toBe('INITIAL');
    await world.pays(made, 'success', person);
    expect((await amt.read(made.transactionId)).status).toBe('PAYED');
  });

  test('is cancelled by the citizen, and the service is told', async () => {
    const before = amt.notices.length;
    const made = await amt.create();
    const person = createPerson();
    const stop = await person.visit(`${made.transactionRedirectUrl}/abbrechen`);
    await person.submit(stop, '/abbrechen');
    expect(await amt.read(made.transactionId)).toMatchObject({ status: 'CANCELED', statusDetail: 'canceled_by_payer' });
    const notices = await amt.notified(before + 1);
    expect(notices.at(-1)).toMatchObject({ transactionId: made.transactionId, status: 'CANCELED' });
  });

  test('whose provider never told is found out by asking', async () => {
    const made = await amt.create();
    const back = await atProvider.pays(await world.choose(createPerson(), made), 'noCallback');
    await world.settle();
    expect((await amt.read(made.transactionId)).status).toBe('INITIAL');
    // She comes back: the way proves nothing, but the provider is asked.
    await createPerson().visit(back);
    expect((await amt.read(made.transactionId)).status).toBe('PAYED');
  });
});

describe('bookkeeping', () => {
  test('money goes back in parts, never more than was paid, and the statement adds up', async () => {
    const kasse = await world.service('kasse');
    const [one, two] = [await kasse.create(), await kasse.create()];
    await world.pays(one, 'success');
    await world.pays(two, 'success');
    const refund = (requestId: string, amount: number) =>
      kasse.call('POST', `/api/paymenttransaction/kasse/amt/${one.transactionId}/refunds`, {
        requestId,
        amount,
        currency: 'EUR',
      });
    const first = await refund('r-1', 3.05);
    expect([first.status, first.text.includes('"amount":3.05')]).toEqual([200, true]);
    const again = await refund('r-1', 3.05);
    expect(again.body['refundId']).toBe(first.body['refundId']);
    expect((await refund('r-1', 3)).body['code']).toBe('PAYMENT_EXISTS');
    expect((await refund('r-2', 9.96)).body['code']).toBe('REFUND_TOO_HIGH');
    expect((await refund('r-3', 9.95)).status).toBe(200);
    await world.bezahlsystem.runJobs();
    const { body: refunds } = await kasse.call('GET', `/api/paymenttransaction/kasse/amt/${one.transactionId}/refunds`);
    expect(refunds['refunds']).toMatchObject([{ state: 'done' }, { state: 'done' }]);

    const day = berlinDay(Date.now());
    const { body } = await kasse.call('GET', `/api/statements/kasse/amt/${day}`);
    expect(body).toMatchObject({ closed: false, payments: 26, refunds: -13, total: 13 });
    expect((body['rows'] as unknown[]).length).toBe(4);
    const csv = await kasse.call('GET', `/api/statements/kasse/amt/${day}`, undefined, {
      headers: { accept: 'text/csv' },
    });
    expect(csv.headers.get('content-type')).toContain('text/csv');
    const lines = csv.text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toMatch(/,total,.*,13\.00,EUR$/);
    expect(lines.filter((line) => line.includes(one.transactionReference))).toHaveLength(3);
  });

  test('the status says whether fees can be paid', async () => {
    expect((await amt.call('GET', '/api/status/standesamt/amt')).body).toEqual({ status: 'OK' });
    expect((await amt.call('GET', '/api/status/standesamt/anderes')).status).toBe(403);
  });
});
