import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { berlinDay } from '../../src/portal/bezahlsystem/orders/statement.ts';
import { startBezahlsystem, type BezahlWorld, type Information, type TestService } from '../support/bezahlsystem.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { operate } from '../support/operate.ts';

let world: BezahlWorld;
let amt: TestService;

beforeAll(async () => {
  world = await startBezahlsystem();
  amt = await world.service('amt');
});
afterAll(() => world.stop());

const payments = (...args: readonly string[]) => operate(world.app, 'payments', ...args);

interface Doubt {
  readonly made: Information;
  readonly attempt: string;
}

/** The provider says that another sum was paid. */
const wrongSum = async (): Promise<Doubt> => {
  const made = await amt.create();
  await world.pays(made, 'wrongAmount');
  const attempt = await world.bezahlsystem.records.attempts.latest(made.transactionId);
  return { made, attempt: attempt?.id ?? '' };
};

/** The provider does not know the payment that it gave a page for. */
const unknown = async (): Promise<Doubt> => {
  const { records } = world.bezahlsystem;
  const made = await amt.create();
  await world.choose(createPerson(), made);
  const { id = '' } = (await records.attempts.latest(made.transactionId)) ?? {};
  const at = Date.now();
  await records.words.apply(id, { state: 'unknown' }, { provider: 'sandbox', at, overdueSince: 0 });
  return { made, attempt: id };
};

const booked = async ({ transactionId }: Information): Promise<number[]> => {
  const { body } = await amt.call('GET', `/api/statements/${amt.place}/${berlinDay(Date.now())}`);
  return (body['rows'] as { transactionId: string; amount: number }[])
    .filter((row) => row.transactionId === transactionId)
    .map(({ amount }) => amount);
};
const statusOf = async ({ transactionId }: Information): Promise<string> => (await amt.read(transactionId)).status;

test('what is in doubt is listed, with all that is needed to find it at the provider', async () => {
  const { made, attempt } = await wrongSum();
  const { output, code } = await payments('in-doubt');
  expect(code).toBe(0);
  for (const part of [attempt, 'amt/amt', made.transactionReference, '13.00 EUR', 'sandbox', 'pay_'])
    expect(output).toContain(part);
  const rows = JSON.parse((await payments('in-doubt', '--format', 'json')).output) as Record<string, string>[];
  expect(rows).toContainEqual(expect.objectContaining({ attempt, kassenzeichen: made.transactionReference }));
});

test('nothing is called paid that the provider knows otherwise, nor with another sum than the order’s', async () => {
  const { made, attempt } = await wrongSum();
  for (const amount of ['13.00', '12.99']) {
    const { code, output } = await payments('settle', attempt, 'paid', '--amount', amount, '--reason', 'x');
    expect(code).toBe(1);
    expect(output).toContain('the provider says: paid 12.99 EUR');
    expect(output).toContain('nothing was changed');
  }
  expect([await statusOf(made), await booked(made)]).toEqual(['INITIAL', []]);
});

test('what was sent back at the provider ends as not paid: the citizen may pay again, and nothing is booked', async () => {
  const { made, attempt } = await wrongSum();
  const { code, output } = await payments('settle', attempt, 'not-paid', '--reason', '12,99 sent back, ticket 4711');
  expect([code, output]).toEqual([0, expect.stringContaining('settled as not paid')]);
  expect([await statusOf(made), await booked(made)]).toEqual(['INITIAL', []]);
  expect((await payments('in-doubt')).output).not.toContain(attempt);
  const journal = (await payments('settled')).output;
  for (const part of [attempt, 'not_paid', 'paid 12.99 EUR', '12,99 sent back, ticket 4711'])
    expect(journal).toContain(part);
  await world.pays(made, 'success');
  expect([await statusOf(made), await booked(made)]).toEqual(['PAYED', [13]]);
});

test('a word of the provider that fits by now counts before the operator’s', async () => {
  const { made, attempt } = await unknown();
  // The simulator knows it after all, as open.
  const followed = await payments('settle', attempt, 'paid', '--amount', '13', '--reason', 'seen');
  expect([followed.code, followed.output]).toEqual([0, expect.stringContaining('the payment is redirected')]);
  expect(await booked(made)).toEqual([]);
});

test('nothing that has ended changes; what there is not is said', async () => {
  const { made, attempt } = await wrongSum();
  await payments('settle', attempt, 'not-paid', '--reason', 'sent back');
  const again = await payments('settle', attempt, 'paid', '--amount', '13.00', '--reason', 'x');
  expect([again.code, again.output]).toEqual([1, 'not in doubt: the payment is failed']);
  expect([await statusOf(made), await booked(made)]).toEqual(['INITIAL', []]);
  expect(await payments('look', 'nothing')).toEqual({ code: 1, output: 'there is no such payment' });
  for (const args of [
    ['settle', attempt, 'paid', '--reason', 'x'],
    ['settle', attempt, 'paid', '--amount', '13,00', '--reason', 'x'],
    ['settle', attempt, 'not-paid'],
    ['settle', attempt, 'not-paid', '--reason', ' '],
    ['settle', attempt, 'perhaps', '--reason', 'x'],
  ])
    await expect(payments(...args)).rejects.toThrow('bayern-id payments');
});

// The last one: the provider does not come back.
test('while the provider is away, what an operator has seen counts: paid once, the service told, the books right', async () => {
  const paid = await unknown();
  const late = await unknown();
  const pages = createPerson();
  await world.app.app.paymentSimulator?.close();
  const before = amt.notices.length;
  const settle = () => payments('settle', paid.attempt, 'paid', '--amount', '13.00', '--reason', 'seen in the portal');
  expect((await payments('look', paid.attempt)).output).toContain('no answer');
  const outcomes = await Promise.all([settle(), settle(), settle()]);
  expect(outcomes.filter(({ code }) => code === 0)).toHaveLength(1);
  expect([await statusOf(paid.made), await booked(paid.made)]).toEqual(['PAYED', [13]]);
  world.bezahlsystem.wake();
  const notices = await amt.notified(before + 1);
  expect(notices.at(-1)).toMatchObject({ transactionId: paid.made.transactionId, status: 'PAYED' });
  expect(textOf(await pages.visit(`${late.made.transactionRedirectUrl}/ergebnis`))).toContain('wird geprüft');
  const journal = (await payments('settled', '--format', 'json')).output;
  expect(JSON.parse(journal)).toContainEqual(
    expect.objectContaining({ attempt: paid.attempt, as: 'paid', reason: 'seen in the portal' }),
  );
});
