import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { erikaAtFuehrungszeugnis, loginAtPortal, max, useCard } from '../support/journey.ts';
import { operate } from '../support/operate.ts';
import { goOn, startServices, type Service, type Services, type Tokens } from './service.ts';

let app: TestApp;
let services: Services;
let service: Service;
const reason = 'Ihre Karte wurde bei uns als gestohlen gemeldet.';

beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  service = await services.add({
    clientId: 'operated',
    file: {
      scope: 'openid profile offline_access',
      grant_types: ['authorization_code', 'refresh_token'],
    },
  });
  await erikaAtFuehrungszeugnis(app);
});
afterAll(async () => {
  await services.close();
  await app.stop();
});

const accountOf = async (login: string): Promise<string> => (await app.citizen(login))?.account.id ?? '';
const acts = async (login: string): Promise<unknown> => app.app.id?.citizens.actsOn(await accountOf(login));

/** Everything that goes on of one login: what was issued, what is in flight, the session. */
const begin = async (): Promise<{ person: Person; tokens: Tokens; alive: () => Promise<Record<string, unknown>> }> => {
  const person = createPerson();
  const ask = { scope: 'openid offline_access', prompt: 'login consent' };
  const tokens = await service.redeem(await goOn(app, person, await service.ask(person, ask), { login: max }));
  const pending = await service.ask(person);
  const bound = await service.redeem(await service.ask(person));
  const active = async (token: string): Promise<unknown> =>
    ((await (await service.post('/token/introspection', { token })).json()) as { active: unknown }).active;
  const userinfo = async (token: string): Promise<number> =>
    (await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${token}` } })).status;
  return {
    person,
    tokens,
    alive: async () => ({
      userinfo: [await userinfo(tokens.access_token), await userinfo(bound.access_token)],
      introspection: [await active(tokens.access_token), await active(tokens.refresh_token)],
      refresh: (await service.tokens({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })).status,
      redemption: (await service.redeem(pending)).status,
      session: service.answer(await service.ask(person, { prompt: 'none' }))['error'] ?? 'code',
    }),
  };
};
const dead = {
  userinfo: [401, 401],
  introspection: [false, false],
  refresh: 400,
  redemption: 400,
  session: 'login_required',
};
const living = { userinfo: [200, 200], introspection: [true, true], refresh: 200, redemption: 200, session: 'code' };

beforeEach(async () => {
  await app.events();
});
afterEach(async () => {
  for (const login of ['max', 'erika']) await operate(app, 'citizen', 'unlock', login, '--reason', 'aufgeräumt');
});

describe('RF-09, SE-14: bayern-id citizen', () => {
  test('the test can tell: nobody did anything', async () => {
    expect(await (await begin()).alive()).toEqual(living);
  });

  test.each(['lock', 'logout'])('%s ends everything that was issued, at once', async (verb) => {
    const { alive } = await begin();
    const since = performance.now();
    expect((await operate(app, 'citizen', verb, 'max', '--reason', reason)).code).toBe(0);
    expect(await alive()).toEqual(dead);
    expect(performance.now() - since).toBeLessThan(5000);
  });

  test('lock: no way in, with the words of a wrong password; unlock: in again, and nothing old lives', async () => {
    const { alive } = await begin();
    await operate(app, 'citizen', 'lock', 'max', '--reason', reason);
    const person = createPerson();
    const locked = await goOn(app, person, await service.ask(person), { login: max });
    const wrong = await goOn(app, person, await service.ask(person), { login: { ...max, password: 'falsch-falsch' } });
    const words = (page: typeof locked): string => textOf(page).replace(/Fehlernummer.*/, '');
    expect([locked.status, words(locked)]).toEqual([wrong.status, words(wrong)]);
    expect(textOf(locked)).not.toContain('gesperrt');
    await operate(app, 'citizen', 'unlock', 'max', '--reason', 'Die Karte ist wieder da.');
    expect(service.answer(await goOn(app, person, locked, { login: max }))['code']).toBeDefined();
    expect(await alive()).toEqual(dead);
  });

  test('logout leaves the way in open', async () => {
    await operate(app, 'citizen', 'logout', 'max', '--reason', reason);
    const person = createPerson();
    expect(service.answer(await goOn(app, person, await service.ask(person), { login: max }))['code']).toBeDefined();
  });

  test('a card opens no locked account', async () => {
    await operate(app, 'citizen', 'lock', 'erika', '--reason', reason);
    const person = createPerson();
    const page = await useCard(app, person, await person.visit(`${app.portal}/login`), 'erika');
    expect([page.status, textOf(page)]).toEqual([
      403,
      expect.stringContaining('Mit diesem Ausweis können Sie sich nicht anmelden'),
    ]);
    expect((await app.events()).map(({ type }) => type)).toContain('card.refused');
    expect((await person.visit(app.portal)).url.href).not.toContain('konto');
  });

  test('locked between the password and the end of a step-up: nothing is linked', async () => {
    const person = createPerson();
    await loginAtPortal(app, person, max);
    const link = await useCard(app, person, await person.visit(`${app.fz}/fuehrungszeugnis/daten`), 'max');
    expect(link.body).toContain('/ausweis-hinzufuegen');
    await operate(app, 'citizen', 'lock', 'max', '--reason', reason);
    expect((await person.submit(link, '/ausweis-hinzufuegen', { answer: 'add' })).status).toBe(400);
    expect((await app.citizen('max'))?.card).toBeUndefined();
  });

  test('sets no credential', async () => {
    const row = async (): Promise<unknown> => app.app.id?.citizens.passwordOf(await accountOf('max'));
    const before = await row();
    for (const verb of ['lock', 'unlock', 'logout']) await operate(app, 'citizen', verb, 'max', '--reason', reason);
    expect(await row()).toEqual(before);
  });

  test('removes what is void from the store as well', async () => {
    const { person } = await begin();
    const artifacts = app.app.id?.stores.artifacts;
    const uid = (await app.app.id?.sessions.ofAccount(await accountOf('max')))?.[0]?.session_uid ?? '';
    const kept = async (): Promise<unknown[]> => [
      await artifacts?.findByAlias('Session', uid),
      await artifacts?.find('Evidence', uid),
    ];
    expect(await kept()).not.toContain(undefined);
    await operate(app, 'citizen', 'logout', 'max', '--reason', reason);
    expect(await kept()).toEqual([undefined, undefined]);
    expect(service.answer(await service.ask(person, { prompt: 'none' }))['error']).toBe('login_required');
  });
});

describe('the reason', () => {
  test('is kept for the citizen, sealed, and stands in the journal with who did it', async () => {
    const id = await accountOf('max');
    await operate(app, 'citizen', 'lock', id, '--reason', `  ${reason} `);
    expect(await acts('max')).toEqual(
      expect.arrayContaining([{ id: expect.any(String), kind: 'lock', reason, at: expect.any(Number) }]),
    );
    const event = { ...(await app.events()).find(({ type }) => type === 'account.locked') } as Record<string, unknown>;
    expect(event).toMatchObject({ accountId: id, operator: expect.stringMatching(/./) as unknown });
    expect(JSON.stringify(event)).not.toContain('gestohlen');
    expect(String(event['reason']).length).toBeGreaterThan(reason.length);
    const folder = join(app.data, 'data');
    const files = readdirSync(folder).filter((name) => name.includes('.sqlite'));
    for (const file of files) expect(readFileSync(join(folder, file)).includes('gestohlen')).toBe(false);
    expect(app.log.join('\n')).not.toContain('gestohlen');
  });

  test.each([
    ['none', ['lock', 'max']],
    ['an empty one', ['lock', 'max', '--reason', '  ']],
    ['one without an end', ['lock', 'max', '--reason', 'x'.repeat(1001)]],
    ['nobody', ['lock', '--reason', reason]],
    ['two', ['lock', 'max', 'erika', '--reason', reason]],
    ['another deed', ['password', 'max', '--reason', reason]],
    ['another option', ['lock', 'max', '--reason', reason, '--password', 'x']],
  ])('%s: refused, and nothing is done', async (_title, args) => {
    const before = await acts('max');
    await expect(operate(app, 'citizen', ...args)).rejects.toThrow('bayern-id citizen');
    expect([await acts('max'), (await app.citizen('max'))?.account.state]).toEqual([before, 'active']);
  });

  test('nobody of that name, and what is so already', async () => {
    expect(await operate(app, 'citizen', 'lock', 'niemand', '--reason', reason)).toEqual({
      code: 1,
      output: 'there is no such account',
    });
    const unlocked = await operate(app, 'citizen', 'unlock', 'max', '--reason', reason);
    expect([unlocked.code, unlocked.output]).toEqual([1, expect.stringContaining('unlocked already')]);
    const { account } = (await app.citizen('max')) ?? {};
    await operate(app, 'citizen', 'lock', 'max', '--reason', reason);
    expect((await operate(app, 'citizen', 'lock', 'max', '--reason', reason)).code).toBe(1);
    expect((await app.citizen('max'))?.account.epoch).toBe((account?.epoch ?? 0) + 1);
  });
});

test('RF-10, decision 7: a session that is begun after the epoch was raised is no business of the old ones', async () => {
  const first = await begin();
  await operate(app, 'citizen', 'logout', 'max', '--reason', reason);
  const again = await goOn(app, first.person, await service.ask(first.person), { login: max });
  const fresh = await service.redeem(again);
  expect(fresh.status).toBe(200);
  expect(
    (await service.tokens({ grant_type: 'refresh_token', refresh_token: first.tokens.refresh_token })).status,
  ).toBe(400);
  expect(fresh.claims.sub).toBe(first.tokens.claims.sub);
});
