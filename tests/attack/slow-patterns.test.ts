import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { startServices, type Service, type Services } from './service.ts';

let app: TestApp;
let services: Services;
let plain: Service;
beforeAll(async () => {
  app = await startTestApp({ set: { ID__GUARD__ADDRESS__FAILURES: '100000' } });
  services = await startServices(app);
  plain = await services.add({ clientId: 'slow-patterns', by: 'none' });
});
afterAll(async () => {
  await services.close();
  await app.stop();
});

/**
 * CPU of this process for one request, in seconds. A pattern that loses itself in texts of this length takes minutes; a
 * second is far more than any honest answer takes on the slowest machine.
 */
const costs = async (ask: () => Promise<Page>): Promise<{ readonly calm: boolean; readonly quick: boolean }> => {
  const before = process.cpuUsage();
  const { status } = await ask();
  const { user, system } = process.cpuUsage(before);
  return { calm: status < 500, quick: (user + system) / 1e6 < 1 };
};
const fine = { calm: true, quick: true };

/** What makes a pattern try the same text in many ways: repetition, and an end that does not fit. */
const shapes = [' ', 'a', 'a.', 'a@b.', '@', '-', '%2', '/', '../', '\\', '&', '#', 'ä', ',', ';q=0.', 'de-'];
const corpus = (length: number): string[] => shapes.map((text) => `${text.repeat(length / text.length)}!`);

describe('DS-04: texts on which a pattern could lose itself', () => {
  const each = async (length: number, ask: (text: string) => Promise<Page>): Promise<void> => {
    for (const text of corpus(length))
      expect([text.slice(0, 8), await costs(() => ask(text))]).toEqual([text.slice(0, 8), fine]);
  };

  test('user name and password of a login', async () => {
    const person = createPerson();
    const page = await plain.ask(person);
    await each(9_000, (text) => person.submit(page, '/passwort', { login: text, password: text }));
  });

  test('e-mail address, where an account is made and where a password was forgotten', async () => {
    const person = createPerson();
    const create = await person.submit(await plain.ask(person, { prompt: 'create' }), '/registrieren');
    await each(9_000, (text) => person.submit(create, '/registrieren/e-mail', { email: text }));
    const forgotten = await person.visit(`${app.issuer}/passwort-vergessen`);
    await each(9_000, (text) => person.submit(forgotten, '/passwort-vergessen', { login: text }));
  });

  test.each([
    'redirect_uri',
    'ui_locales',
    'login_hint',
    'acr_values',
    'scope',
    'state',
    'id_token_hint',
    'claims',
    'prompt',
  ])('%s of a request', async (name) => {
    const person = createPerson();
    await each(3_000, (text) => plain.ask(person, { [name]: text }));
  });

  test('language: by the browser, and by the switch with its way back', async () => {
    const person = createPerson();
    const header = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, 'a');
    await each(9_000, (text) => person.visit(`${app.issuer}/hilfe`, { headers: { 'accept-language': header(text) } }));
    await each(3_000, (text) => person.visit(`${app.issuer}/sprache/en?zurueck=${encodeURIComponent(`/${text}`)}`));
  });

  test('paths', async () => {
    const person: Person = createPerson();
    const part = (text: string): string => encodeURI(text).replaceAll(/[?#]/g, '_');
    for (const below of ['', 'anmelden/', 'konto/', 'assets/', 'eid/tctoken/', '.well-known/'])
      await each(3_000, (text) => person.visit(`${app.issuer}/${below}${part(text)}`));
  });
});

describe('DS-08: names that could fall into one place of a table', () => {
  /** Numbers as text are hashed by their value where nothing else is mixed in: these have all lower bits in common. */
  const names = Array.from({ length: 2000 }, (_, i) => String(i * 8192));

  test('as members of a claims parameter', async () => {
    const claims = JSON.stringify({ userinfo: Object.fromEntries(names.slice(0, 600).map((name) => [name, null])) });
    expect(await costs(() => plain.ask(createPerson(), { claims }))).toEqual(fine);
  });

  test('as parameters of an address, as cookies, and as fields of a form', async () => {
    const person = createPerson();
    const some = names.slice(0, 1200);
    expect(await costs(() => person.visit(`${app.issuer}/auth?${some.map((name) => `${name}=`).join('&')}`))).toEqual(
      fine,
    );
    const cookie = some.map((name) => `${name}=a`).join('; ');
    expect(await costs(() => person.visit(`${app.issuer}/hilfe`, { headers: { cookie } }))).toEqual(fine);
    const form = Object.fromEntries(names.map((name) => [name, '']));
    expect(await costs(() => person.visit(`${app.issuer}/token`, { form }))).toEqual(fine);
    const page = await plain.ask(person);
    // Of a form of ours a hundred fields are read.
    expect((await person.submit(page, '/passwort', form)).status).toBe(400);
  });
});
