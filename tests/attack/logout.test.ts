import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, loginAtPortal, max } from '../support/journey.ts';
import { goOn, startServices, type Service, type Services } from './service.ts';

let app: TestApp;
let services: Services;
let service: Service;
const afterLogout = 'http://127.0.0.1:9/abgemeldet';
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  service = await services.add({ clientId: 'leaving', file: { post_logout_redirect_uris: [afterLogout] } });
});
afterAll(async () => {
  await services.close();
  await app.stop();
});

const end = (query: Readonly<Record<string, string>> = {}): string =>
  `${app.issuer}/session/end?${new URLSearchParams(query).toString()}`;

const confirm = async (person: Person, question: Page, fields: Readonly<Record<string, string>>): Promise<Page> => {
  const form = formsOf(question).find(({ action }) => action.endsWith('/session/end/confirm'));
  if (!form) throw new Error(`no question but ${question.url.href}`);
  const { logout: _yes, ...hidden } = form.fields;
  return person.visit(form.action, { form: { ...hidden, ...fields }, until: (url) => url.port === '9' });
};

const isLoggedIn = async (person: Person): Promise<boolean> =>
  service.answer(await service.ask(person, { prompt: 'none' }))['code'] !== undefined;

const told = async (): Promise<string[]> => {
  await app.outboxEmpty();
  return (await app.events()).flatMap((event) => (event.type === 'logout.told' ? [event.clientId ?? ''] : []));
};

let person: Person;
let idToken: string;
beforeEach(async () => {
  person = createPerson();
  idToken = (await service.redeem(await goOn(app, person, await service.ask(person), { login: erika }))).id_token;
  await told();
});

describe('LO-01, LO-02, LO-06: where one may be sent afterwards', () => {
  test.each([
    `${afterLogout}/`,
    `${afterLogout}?x=1`,
    `${afterLogout}#x`,
    afterLogout.replace('127.0.0.1', 'localhost'),
    afterLogout.replace('127.0.0.1', '127.0.0.1@evil.example'),
    'https://evil.example/',
    'javascript:alert(1)',
  ])('%s is not registered: a page, no redirect', async (uri) => {
    const page = await person.visit(end({ id_token_hint: idToken, post_logout_redirect_uri: uri }));
    expect([page.status, page.url.origin]).toEqual([400, app.issuer]);
    expect(await isLoggedIn(person)).toBe(true);
  });

  test('without a hint the address is dropped, and the page is ours', async () => {
    const done = await confirm(person, await person.visit(end({ post_logout_redirect_uri: afterLogout })), {
      logout: 'yes',
    });
    expect(done.url.href).toBe(`${app.issuer}/session/end/success`);
    expect(textOf(done)).toContain('Sie sind abgemeldet');
  });

  test('state goes to the registered address, encoded', async () => {
    const state = 'a&b=c#d';
    const question = await person.visit(end({ id_token_hint: idToken, post_logout_redirect_uri: afterLogout, state }));
    const done = await confirm(person, question, { logout: 'yes' });
    const target = new URL(done.trail.at(-1) ?? '');
    expect(`${target.origin}${target.pathname}`).toBe(afterLogout);
    expect(Object.fromEntries(target.searchParams)).toEqual({ state });
  });
});

test('a request by POST (RP-Initiated Logout 2) is the same request: it asks, and leads on as by GET', async () => {
  const form = { id_token_hint: idToken, post_logout_redirect_uri: afterLogout, state: 's' };
  const question = await person.visit(`${app.issuer}/session/end`, { form });
  expect([question.status, question.trail.at(-1)]).toEqual([200, end(form)]);
  expect(await isLoggedIn(person)).toBe(true);
  const done = await confirm(person, question, { logout: 'yes' });
  expect(done.trail.at(-1)).toBe(`${afterLogout}?state=s`);
  const long = await person.visit(`${app.issuer}/session/end`, { form: { ...form, x: 'y'.repeat(9000) } });
  expect(long.status).toBe(413);
});

describe('LO-03, LO-04: nobody is logged out by an image or a foreign form', () => {
  test('asking is not doing', async () => {
    await person.visit(end({ id_token_hint: idToken }));
    expect(await isLoggedIn(person)).toBe(true);
  });

  test('a confirmation without its token, with a wrong one, or with that of somebody else', async () => {
    const other = createPerson();
    service.answer(await goOn(app, other, await service.ask(other), { login: max }));
    const theirs = formsOf(await other.visit(end())).find(({ action }) => action.endsWith('/confirm'))?.fields['xsrf'];
    await person.visit(end());
    for (const fields of [{}, { xsrf: 'x' }, { xsrf: theirs ?? '' }]) {
      const page = await person.visit(`${app.issuer}/session/end/confirm`, { form: { ...fields, logout: 'yes' } });
      expect(page.status).toBe(400);
      expect(textOf(page)).toContain('Die Abmeldung hat nicht geklappt');
      expect(page.headers.getSetCookie().join()).not.toContain('logged-out');
    }
    expect(await isLoggedIn(person)).toBe(true);
    expect(await told()).toEqual([]);
  });
});

test('a question that another tab has asked anew leads to itself, and who is logged out already is told so', async () => {
  const asked = createPerson();
  service.answer(await goOn(app, asked, await service.ask(asked), { login: max }));
  const earlier = await asked.visit(end());
  const later = await asked.visit(end());
  const stale = await confirm(asked, earlier, { logout: 'yes' });
  expect(stale.body).toContain('href="/session/end"');
  expect(await isLoggedIn(asked)).toBe(true);
  const asksAgain = await asked.visit(end());
  expect(textOf(await confirm(asked, asksAgain, { logout: 'yes' }))).toContain('Sie sind abgemeldet');
  expect((await confirm(asked, later, { logout: 'yes' })).body).toContain('href="/session/end"');
  expect(textOf(await asked.visit(end()))).toContain('Sie sind abgemeldet');
});

describe('LO-05, JO-01, JO-04: hints that are none', () => {
  const unsigned = (): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()) as object;
    return `${part({ alg: 'none' })}.${part(claims)}.`;
  };
  test.each<[string, () => Promise<string> | string]>([
    ['nonsense', () => 'x'],
    ['unsigned', unsigned],
    ['a changed signature', () => `${idToken.slice(0, -6)}AAAAAA`],
    ['an access token', async () => (await service.redeem(await service.ask(person, { prompt: 'none' }))).access_token],
  ])('%s', async (_title, hint) => {
    const page = await person.visit(end({ id_token_hint: await hint() }));
    expect(page.status).toBe(400);
    expect(await isLoggedIn(person)).toBe(true);
  });
});

describe('what the answer to the question does', () => {
  test('LO-07: yes ends it: no session, no silent login, no refresh', async () => {
    const done = await confirm(person, await person.visit(end({ id_token_hint: idToken })), { logout: 'yes' });
    expect(textOf(done)).toContain('Sie sind abgemeldet');
    expect(service.answer(await service.ask(person, { prompt: 'none' }))['error']).toBe('login_required');
  });

  test('LO-08: a logout that came without its cookies leaves the next person a session of her own', async () => {
    const before = new Map(person.cookies);
    await createPerson().visit(end({ id_token_hint: idToken }));
    const asked = await service.ask(person, { prompt: 'login' });
    const next = await service.redeem(await goOn(app, person, asked, { login: max }));
    expect(decodeJwt(next.id_token).sub).not.toBe(decodeJwt(idToken).sub);
    const session = 'id-session /';
    expect(person.cookies.get(session)?.value).not.toBe(before.get(session)?.value);
    const earlier = createPerson();
    for (const [key, cookie] of before) earlier.cookies.set(key, cookie);
    expect(service.answer(await service.ask(earlier, { prompt: 'none' }))['error']).toBe('login_required');
  });

  test('no keeps the session, its level and the other services', async () => {
    await person.visit(`${app.portal}/login`);
    await app.events();
    const done = await confirm(person, await person.visit(end({ id_token_hint: idToken })), {});
    expect(textOf(done)).not.toContain('Sie sind abgemeldet');
    expect(await isLoggedIn(person)).toBe(true);
    expect((await app.events()).map(({ type }) => type)).not.toContain('session.ended');
  });

  test('nobody logged in: the page at once, without one that submits itself', async () => {
    const stranger = createPerson();
    const page = await stranger.visit(end());
    expect([page.status, page.url.pathname]).toEqual([200, '/session/end/success']);
    expect(textOf(page)).toContain('Sie sind abgemeldet');
    const sent = await stranger.visit(
      end({ id_token_hint: idToken, post_logout_redirect_uri: afterLogout, state: 'x' }),
      { until: (url) => url.port === '9' },
    );
    expect(sent.trail.at(-1)).toBe(`${afterLogout}?state=x`);
  });

  test('LO-10: each session of each person is told, whoever was told before', async () => {
    const people = [createPerson(), createPerson()];
    for (const [index, one] of people.entries()) {
      await loginAtPortal(app, one, index === 0 ? erika : max);
      await told();
      await confirm(one, await one.visit(end()), { logout: 'yes' });
      expect(await told()).toEqual(['bayern-portal']);
    }
  });
});
