import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { goOn, type Service, type Tokens } from '../attack/service.ts';
import { contractOf } from '../support/api-contract.ts';
import { startBezahlsystem, type BezahlWorld, type Information, type TestService } from '../support/bezahlsystem.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, loginAtPortal, max } from '../support/journey.ts';

let world: BezahlWorld;
let amt: TestService;
let caller: Service;
let audience: string;

beforeAll(async () => {
  world = await startBezahlsystem();
  audience = `${world.app.bezahlsystem}/api`;
  amt = await world.service('standesamt');
  caller = await world.services.add({
    clientId: 'leser',
    by: 'private_key_jwt',
    file: {
      scope: 'openid postfach',
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      resources: { [audience]: ['payments:overview', 'payments:read'] },
    },
  });
});
afterEach(() => resetClock());
afterAll(() => world.stop());

const loginAtCaller = async (who: typeof max, params: Record<string, string>): Promise<Tokens> => {
  const person = createPerson();
  return caller.redeem(await goOn(world.app, person, await caller.ask(person, params), { login: who }));
};

/** A token for the API in somebody's name. */
const tokenOf = async (who: typeof max, scope = 'payments:overview'): Promise<string> => {
  const { refresh_token: refresh } = await loginAtCaller(who, { scope: `openid ${scope}`, resource: audience });
  const fields = { grant_type: 'refresh_token', refresh_token: refresh, resource: audience };
  return (await caller.tokens(fields)).access_token;
};

/** The handle of somebody's mailbox, which all services of the authority know. */
const handleOf = async (who: typeof max): Promise<string> => {
  const { access_token: token } = await loginAtCaller(who, { scope: 'openid postfach' });
  const answer = await fetch(`${world.app.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
  return String(((await answer.json()) as Record<string, unknown>)['postfach']);
};

const path = '/api/citizen/payments/open';
const read = async (token: string) => {
  const response = await fetch(`${world.app.bezahlsystem}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const body = (await response.json()) as { readonly payments?: readonly Record<string, unknown>[] };
  const type = response.headers.get('content-type') ?? '';
  (await contractOf(world.app.bezahlsystem)).answer('GET', path, response.status, type, body);
  return { status: response.status, body, headers: response.headers };
};

const forMailbox = (postfach: string): Promise<Information> => amt.create({ requestor: { postfach } });
const opens = (person: Person, { transactionRedirectUrl = '' }: Information) => person.visit(transactionRedirectUrl);

describe('what is not paid yet', () => {
  test('is hers once she opens the bill that a service made for her mailbox; paid, it is gone', async () => {
    const person = createPerson();
    expect(textOf(await loginAtPortal(world.app, person, max))).toContain('Keine offenen Zahlungen.');
    const fee = await forMailbox(await handleOf(max));
    await opens(person, fee);
    const token = await tokenOf(max);
    const { status, body, headers } = await read(token);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body.payments).toEqual([
      {
        id: fee.transactionId,
        state: 'open',
        service: { de: 'Dienst standesamt', en: 'Dienst standesamt' },
        purpose: 'Fuehrungszeugnis 4711',
        payee: 'Stadt Musterstadt',
        amount: 13,
        currency: 'EUR',
        payableUntil: expect.stringMatching(/^\d{4}-.*Z$/),
        address: `${world.app.bezahlsystem}/meine-zahlungen/${fee.transactionId}`,
      },
    ]);
    const portal = textOf(await person.visit(world.app.portal));
    expect(portal).toContain('13,00 € an Stadt Musterstadt');
    expect(textOf(await person.visit(String(body.payments?.[0]?.['address'])))).toContain('Zur Zahlung');

    await world.pays(fee, 'success', person);
    expect((await read(token)).body.payments).toEqual([]);
  });

  test('is nobody’s who has only got its address', async () => {
    const hers = await forMailbox(await handleOf(erika));
    const nobodys = await amt.create();
    const person = createPerson();
    await loginAtPortal(world.app, person, max);
    expect(textOf(await opens(person, hers))).toContain('Stadt Musterstadt');
    await opens(person, nobodys);
    expect((await read(await tokenOf(max))).body.payments).toEqual([]);
    const page = await person.visit(`${world.app.bezahlsystem}/meine-zahlungen/${hers.transactionId}`);
    expect(page.status).toBe(404);
  });

  test('is hers without a mailbox once she has begun to pay, and gone when its time is over', async () => {
    const fee = await amt.create();
    const person = createPerson();
    await loginAtPortal(world.app, person, erika);
    await opens(person, fee);
    await world.choose(person, fee);
    expect((await read(await tokenOf(erika))).body.payments).toMatchObject([{ id: fee.transactionId }]);
    const seen = await forMailbox(await handleOf(erika));
    await opens(person, seen);
    shiftClock(25 * 3_600_000);
    const all = (await read(await tokenOf(erika))).body.payments ?? [];
    // What she has begun may still be on its way.
    expect(all.filter(({ id, state }) => state !== 'checking' || id === seen.transactionId)).toEqual([]);
  });
});

test('the API takes a citizen’s own token for it alone', async () => {
  const token = await tokenOf(max);
  expect(decodeJwt(token)).toMatchObject({
    aud: audience,
    scope: 'payments:overview',
    sub: (await world.app.subjects('max'))['bayern/bezahlsystem'],
  });
  const own = await caller.tokens({
    grant_type: 'client_credentials',
    scope: 'payments:overview',
    resource: audience,
  });
  expect(own.status).toBe(200);
  const refused = await read(own.access_token);
  expect(refused.status).toBe(401);
  expect(refused.headers.get('www-authenticate')).toContain('insufficient_user_authentication');
  const wrongScope = await tokenOf(max, 'payments:read');
  const statuses = await Promise.all(
    ['', 'nonsense', `${token}x`, wrongScope].map(async (one) => (await read(one)).status),
  );
  expect(statuses).toEqual([401, 401, 401, 403]);
  const service = await amt.call('GET', path, undefined, { token, scheme: 'Bearer' });
  expect(service.status).toBe(200);
  const asCitizen = await amt.call('GET', `/api/status/${amt.place}`, undefined, { token, scheme: 'Bearer' });
  expect(asCitizen.status).toBe(401);
});
