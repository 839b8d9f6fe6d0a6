import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, max, useCard } from '../support/journey.ts';
import { goOn, startServices, type Service, type Services } from './service.ts';

let app: TestApp;
let services: Services;
let number = 0;
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  const other = await services.add({ clientId: 'linking', file: { minimum_level: 'high' } });
  const person = createPerson();
  other.answer(await goOn(app, person, await other.ask(person), { login: max, card: 'max' }));
});
afterAll(async () => {
  await services.close();
  await app.stop();
});

/** A service that nobody has allowed anything yet. */
const asking = (file: Readonly<Record<string, unknown>> = {}): Promise<Service> =>
  services.add({
    clientId: `asking-${++number}`,
    file: { consent: 'ask', legal_basis: null, scope: 'openid profile email address', ...file },
  });

const userinfo = async (service: Service, page: Page): Promise<Record<string, unknown>> => {
  const { access_token: token } = await service.redeem(page);
  const answer = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
};

const isConsent = (page: Page): boolean => page.body.includes('/freigabe"');
const release = (person: Person, page: Page, optional?: string): Promise<Page> =>
  person.submit(page, '/freigabe', { decision: 'release', ...(optional === undefined ? {} : { optional }) });

const voluntary = JSON.stringify({ userinfo: { email: null, family_name: { essential: true } } });

describe('what was asked, and what was answered', () => {
  let service: Service;
  let person: Person;
  beforeEach(async () => {
    service = await asking();
    person = createPerson();
  });

  test('CO-01: a scope that is new is asked, what was answered is not', async () => {
    const first = await goOn(app, person, await service.ask(person, { scope: 'openid profile' }), { login: erika });
    service.answer(first);
    const second = await service.ask(person, { scope: 'openid profile email' });
    expect(isConsent(second)).toBe(true);
    expect(textOf(second)).toContain('erika.mustermann@');
    expect(textOf(second)).not.toContain('Geburtsdatum');
    service.answer(await release(person, second));
    expect(isConsent(await service.ask(person, { scope: 'openid profile email' }))).toBe(false);
  });

  test('what is optional is off until it is ticked, and the answer holds', async () => {
    const page = await person.submit(
      await service.ask(person, { scope: 'openid', claims: voluntary }),
      '/passwort',
      erika,
    );
    const info = await userinfo(service, await release(person, page));
    expect(info).toMatchObject({ family_name: 'Mustermann' });
    expect(info).not.toHaveProperty('email');
    const again = await service.ask(person, { scope: 'openid', claims: voluntary });
    expect(isConsent(again)).toBe(false);
    expect(await userinfo(service, again)).not.toHaveProperty('email');
  });

  test('asked once more (prompt=consent), the newer answer counts: no longer ticked is no longer released', async () => {
    const page = await person.submit(
      await service.ask(person, { scope: 'openid', claims: voluntary }),
      '/passwort',
      erika,
    );
    expect(await userinfo(service, await release(person, page, 'email'))).toHaveProperty('email');
    const again = await service.ask(person, { scope: 'openid', claims: voluntary, prompt: 'consent' });
    expect(isConsent(again)).toBe(true);
    expect(await userinfo(service, await release(person, again))).not.toHaveProperty('email');
    const third = await service.ask(person, { scope: 'openid', claims: voluntary });
    expect(await userinfo(service, third)).not.toHaveProperty('email');
    const fourth = await service.ask(person, { scope: 'openid', claims: voluntary, prompt: 'consent' });
    expect(await userinfo(service, await release(person, fourth, 'email'))).toHaveProperty('email');
  });

  test('CO-02: the form cannot name more than was asked, nor another service', async () => {
    const page = await person.submit(await service.ask(person, { scope: 'openid profile' }), '/passwort', erika);
    const form = { decision: 'release', optional: 'email', scope: 'openid email', client_id: 'bayern-portal' };
    const done = await person.submit(page, '/freigabe', form);
    expect(service.answer(done)['code']).toEqual(expect.any(String));
    expect(await userinfo(service, done)).not.toHaveProperty('email');
  });

  test('CO-03: without a page nothing is released that was not', async () => {
    service.answer(await goOn(app, person, await service.ask(person, { scope: 'openid profile' }), { login: erika }));
    const none = await service.ask(person, { scope: 'openid profile email', prompt: 'none' });
    expect(service.answer(none)['error']).toBe('consent_required');
    expect(service.answer(await service.ask(person, { scope: 'openid profile', prompt: 'none' }))['code']).toEqual(
      expect.any(String),
    );
  });

  test('CO-04: what one person allowed does not hold for the next on the same browser', async () => {
    service.answer(await goOn(app, person, await service.ask(person, { scope: 'openid profile' }), { login: erika }));
    const login = await service.ask(person, { scope: 'openid profile', prompt: 'login' });
    expect(isConsent(await person.submit(login, '/passwort', max))).toBe(true);
  });

  test('CO-08: the claims parameter widens nothing', async () => {
    const claims = JSON.stringify({ userinfo: { phone_number: { essential: true }, community_id: null } });
    const done = await goOn(app, person, await service.ask(person, { scope: 'openid', claims }), { login: erika });
    expect(Object.keys(await userinfo(service, done))).toEqual(['sub']);
  });

  test('CO-09: the page names the host, which nobody can forge', async () => {
    const page = await person.submit(await service.ask(person, { scope: 'openid profile' }), '/passwort', erika);
    expect(textOf(page)).toContain(new URL(service.redirectUri).host);
  });

  test('refused: the service gets an error, nothing is written down as allowed', async () => {
    const page = await person.submit(await service.ask(person, { scope: 'openid profile' }), '/passwort', erika);
    const done = await person.submit(page, '/freigabe', { decision: 'refuse' });
    expect(service.answer(done)['error']).toBe('access_denied');
    expect(isConsent(await service.ask(person, { scope: 'openid profile' }))).toBe(true);
  });

  test('the journal names what was released, not what was asked for', async () => {
    await app.events();
    const claims = JSON.stringify({ userinfo: { phone_number: null, email: null, family_name: { essential: true } } });
    const page = await person.submit(await service.ask(person, { scope: 'openid', claims }), '/passwort', erika);
    await userinfo(service, await release(person, page));
    const released = (await app.events()).filter(({ type }) => type === 'data.released');
    expect(released).toEqual([expect.objectContaining({ clientId: service.clientId, claims: ['family_name'] })]);
  });
});

describe('LA-14: a stolen password yields no identity: what was read from the card goes out from the client’s level on', () => {
  const verified = (over: object = {}): string =>
    JSON.stringify({
      userinfo: {
        verified_claims: {
          verification: { trust_framework: null, assurance_level: null, time: null, ...over },
          claims: { given_name: null, address: { essential: true } },
        },
      },
    });
  const file = { verified_claims: ['given_name', 'address'] };

  test('at low: neither plain nor verified, and the page says what stays hidden', async () => {
    const service = await asking(file);
    const person = createPerson();
    const request = { scope: 'openid profile address', claims: verified() };
    const page = await person.submit(await service.ask(person, request), '/passwort', max);
    expect(textOf(page)).toContain('bleiben verdeckt');
    expect(textOf(page)).toContain('Anschrift');
    expect(page.body).not.toMatch(/WÜRZBURG|BEISPIEL|MAX/);
    const info = await userinfo(service, await release(person, page));
    expect(info).toMatchObject({ name: 'Max Beispiel', birthdate: '1991-03-17' });
    expect(info).not.toHaveProperty('address');
    expect(info).not.toHaveProperty('verified_claims');

    // With the card in the same browser there is something to ask, and it is asked now.
    const other = createPerson();
    const asked = await useCard(app, other, await service.ask(other, request), 'max');
    expect(isConsent(asked)).toBe(true);
    expect(textOf(asked)).not.toContain('bleiben verdeckt');
    const full = await userinfo(service, await release(other, asked, 'verified:given_name'));
    expect(full).toMatchObject({
      name: 'MAX BEISPIEL',
      address: { locality: 'WÜRZBURG' },
      verified_claims: {
        verification: { trust_framework: 'eidas', assurance_level: 'high' },
        claims: { given_name: 'MAX', address: { locality: 'WÜRZBURG' } },
      },
    });
    const { time } = (full['verified_claims'] as { verification: { time: string } }).verification;
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT00:00:00Z$/);
  });

  test('a file may set the level; then a password suffices where it reaches it', async () => {
    const service = await asking({ ...file, verified_claims_minimum: 'low' });
    const person = createPerson();
    const page = await person.submit(
      await service.ask(person, { scope: 'openid', claims: verified() }),
      '/passwort',
      max,
    );
    expect(textOf(page)).not.toContain('bleiben verdeckt');
    expect(await userinfo(service, await release(person, page))).toMatchObject({
      verified_claims: { claims: { address: { locality: 'WÜRZBURG' } } },
    });
  });
});

test('HT-12: what people type, who they are and what their browsers hold stands in no log', async () => {
  const service = await asking({ scope: 'openid profile email address', verified_claims: ['given_name', 'address'] });
  const person = createPerson();
  const wrong = await person.submit(await service.ask(person), '/passwort', {
    login: max.login,
    password: 'falsch-nebel-anker',
  });
  const page = await goOn(app, person, wrong, { login: max });
  const { code = '' } = service.answer(page);
  await userinfo(service, page);
  const texts = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(texts)
        : [];
  const { self, card, email = '' } = (await app.citizen('max')) ?? {};
  const known = [...Object.values(self ?? {}), ...Object.values(card?.attributes ?? {})].flatMap(({ value }) =>
    texts(value),
  );
  const cookies = [...person.cookies.values()].map(({ value }) => value);
  const secrets = [max.password, erika.password, 'falsch-nebel-anker', code, email, ...known, ...cookies];
  const log = app.log.join('');
  expect(known.length).toBeGreaterThan(5);
  expect(cookies.length).toBeGreaterThan(1);
  // A state or a country of two letters stands in every text.
  expect(secrets.filter((secret) => secret.length > 3 && log.includes(secret))).toEqual([]);
});
