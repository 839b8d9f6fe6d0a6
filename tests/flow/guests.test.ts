import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, useCard } from '../support/journey.ts';
import { goOn, startServices, type Service, type Services, type Tokens } from '../attack/service.ts';

/** An Online-Ausweis without an account, where the service's file allows it: nothing stays. */
let app: TestApp;
let services: Services;
let open: Service;
let closed: Service;
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  const file = { grant_types: ['authorization_code', 'refresh_token'], scope: 'openid profile offline_access' };
  open = await services.add({ clientId: 'offen', file: { ...file, guests: true } });
  closed = await services.add({ clientId: 'nur-konten', file });
});
afterAll(async () => {
  resetClock();
  await services.close();
  await app.stop();
});

let person: Person;
beforeEach(() => {
  person = createPerson();
});

const assign = async (service: Service, card: string, params: Record<string, string> = {}): Promise<Page> =>
  useCard(app, person, await service.ask(person, { scope: 'openid profile', ...params }), card);
const asGuest = async (card: string, params: Record<string, string> = {}): Promise<Tokens> => {
  let page = await person.submit(await assign(open, card, params), '/zuordnen', { answer: 'guest' });
  if (page.body.includes('/freigabe')) page = await person.submit(page, '/freigabe', { decision: 'release' });
  return open.redeem(page);
};
const userinfo = async ({ access_token: token }: Tokens): Promise<Response> =>
  fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
const accounts = async (): Promise<number> =>
  (await app.app.id?.stores.records.query.selectFrom('accounts').select('id').execute())?.length ?? 0;

test('the service gets the level and the data, and the next time somebody else', async () => {
  const before = await accounts();
  const first = await asGuest('titel');
  expect(first.claims.acr).toBe('http://eidas.europa.eu/LoA/high');
  expect(await (await userinfo(first)).json()).toMatchObject({ sub: first.claims.sub, given_name: 'THEODORA MARIA' });
  person = createPerson();
  const second = await asGuest('titel');
  expect(second.claims.sub).not.toBe(first.claims.sub);
  expect(await accounts()).toBe(before);
  expect(await app.app.id?.stores.records.query.selectFrom('consents').selectAll().execute()).toEqual([]);
});

test('the choice is there where the file says so, and nowhere else', async () => {
  expect(textOf(await assign(open, 'titel'))).toContain('Ohne Konto weiter');
  person = createPerson();
  const page = await assign(closed, 'titel');
  expect(textOf(page)).not.toContain('Ohne Konto weiter');
  expect((await person.submit(page, '/zuordnen', { answer: 'guest' })).status).toBe(422);
});

describe('a guest of one service is', () => {
  test('nobody at another, in Mein Konto, or in a silent login there', async () => {
    await asGuest('titel');
    expect(closed.answer(await closed.ask(person, { prompt: 'none' }))['error']).toBe('login_required');
    expect(open.answer(await open.ask(person, { prompt: 'none' }))['code']).toBeDefined();
    expect((await person.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
    const page = await closed.ask(person, { prompt: 'select_account' });
    expect(textOf(page)).not.toMatch(/theodora/i);
  });

  test('given no refresh token', async () => {
    const tokens = await asGuest('titel', { scope: 'openid profile offline_access', prompt: 'login consent' });
    expect([tokens.status, tokens.refresh_token]).toEqual([200, '']);
  });

  test('gone within the hour, with everything issued', async () => {
    const tokens = await asGuest('titel');
    try {
      shiftClock(61 * 60_000);
      expect((await userinfo(tokens)).status).toBe(401);
      expect(open.answer(await open.ask(person, { prompt: 'none' }))['error']).toBe('login_required');
    } finally {
      resetClock();
    }
  });

  test('never the account that logs in next in the same browser', async () => {
    const guest = await asGuest('titel');
    const page = await goOn(app, person, await closed.ask(person), { login: erika });
    const tokens = await closed.redeem(page);
    expect(tokens.claims.acr).toBe('urn:bayern-id:acr:basic');
    expect((await userinfo(guest)).status).toBe(401);
    expect((await app.citizen('erika'))?.card).toBeUndefined();
  });

  test('asked for the same card again when the level has gone, and is then a new guest', async () => {
    const first = await asGuest('titel');
    try {
      shiftClock(6 * 60_000);
      const again = await asGuest('titel', { acr_values: 'http://eidas.europa.eu/LoA/high' });
      expect(again.claims.acr).toBe('http://eidas.europa.eu/LoA/high');
      expect(again.claims.sub).not.toBe(first.claims.sub);
    } finally {
      resetClock();
    }
  });
});

test('whose card belongs to an account is logged in to it, as everywhere', async () => {
  const made = await person.submit(await assign(closed, 'zeichen'), '/zuordnen', { answer: 'new' });
  expect(made.status).toBe(200);
  person = createPerson();
  const page = await useCard(app, person, await open.ask(person), 'zeichen');
  expect(textOf(page)).not.toContain('Ohne Konto weiter');
});
