import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createAuthenticator } from '../support/authenticator.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { useCard } from '../support/journey.ts';
import {
  addPasskey,
  addTotp,
  linkCard,
  makeCodes,
  newcomer,
  openAccount,
  proceed,
  wrongCode,
  type Totp,
  keepAll,
} from '../support/means.ts';
import { operate, poll } from '../support/operate.ts';
import { startServices, type Service, type Services } from './service.ts';

const loa = (level: string): string => `http://eidas.europa.eu/LoA/${level}`;
const basic = 'urn:bayern-id:acr:basic';
const [substantial, high] = ['substantial', 'high'].map(loa) as [string, string];
const halfMinute = 30_000;

let app: TestApp;
let services: Services;
let service: Service;
let strict: Service;
let number = 0;
/** An account with an app and codes, of its own for each test. */
let who: { login: string; password: string };
let totp: Totp & { readonly used: string };
let codes: readonly string[];
beforeAll(async () => {
  app = await startTestApp({
    set: {
      ID__GUARD__NAME__FAILURES: '5',
      ID__GUARD__NAME__FIRST_WAIT: '900',
      ID__GUARD__NAME__WINDOW: '900',
      ID__GUARD__ADDRESS__FAILURES: '10000',
    },
  });
  services = await startServices(app);
  service = await services.add({ clientId: 'factors', file: { scope: 'openid profile' } });
  strict = await services.add({ clientId: 'factors-high', file: { scope: 'openid', minimum_level: 'high' } });
});
afterAll(async () => {
  await services.close();
  await app.stop();
});
beforeEach(async () => {
  number += 1;
  who = await newcomer(app, `person-${number}`);
  const person = createPerson();
  totp = await addTotp(app, who, person);
  codes = await makeCodes(app, {}, person);
  // The code of the set-up is used up; the next one is there now.
  shiftClock(halfMinute);
});
afterEach(() => resetClock());

const isIn = (page: Page): boolean => page.url.href.startsWith(service.redirectUri);
const endings = (page: Page): string[] =>
  formsOf(page).map(({ action }) => new URL(action).pathname.split('/').at(-1) ?? '');
const accountOf = async (login: string): Promise<string> => (await app.citizen(login))?.account.id ?? '';

/** What was journalled of the account, of this type; by time, so also across a moved clock. */
const journalled = async (type: string): Promise<Record<string, unknown>[]> => {
  const { journal, stores } = app.app.id ?? {};
  await journal?.settled();
  const rows = await stores?.records.query
    .selectFrom('audit_events')
    .select('detail')
    .where('type', '=', type)
    .where('account_id', '=', await accountOf(who.login))
    .orderBy('id')
    .execute();
  return (rows ?? []).map(({ detail }) => JSON.parse(detail) as Record<string, unknown>);
};

/** The page that asks for the code. */
const half = async (person: Person = createPerson(), of: Service = service, ask = {}): Promise<Page> =>
  person.submit(await of.ask(person, ask), '/passwort', who);

/** One after the other: what is to meet is the second half. */
const halves = async (count: number): Promise<{ readonly person: Person; readonly page: Page }[]> => {
  const asked: { readonly person: Person; readonly page: Page }[] = [];
  for (let nth = 0; nth < count; nth++) {
    const person = createPerson();
    asked.push({ person, page: await half(person) });
  }
  return asked;
};

describe('LA-15: half a login', () => {
  test('gives neither a code nor a page of the account, and nothing is told of it', async () => {
    const person = createPerson();
    const page = await half(person);
    expect(endings(page)).toEqual(expect.arrayContaining(['code', 'zurueck', 'abbrechen']));
    expect((await person.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
    expect(service.answer(await service.ask(person, { prompt: 'none' }))['error']).toBe('login_required');
    const before = (await journalled('login.succeeded')).length;
    await half();
    expect(await journalled('login.succeeded')).toHaveLength(before);
    const stopped = createPerson();
    expect(service.answer(await stopped.submit(await half(stopped), '/abbrechen'))['error']).toBe('access_denied');
    // The library's own way on: it has no login to take over.
    const uid = page.url.pathname.split('/')[2] ?? '';
    const resumed = await person.visit(`${app.issuer}/auth/${uid}`);
    expect(isIn(resumed) && service.answer(resumed)['code'] !== undefined).toBe(false);
  });

  test('SE-13: the steps behind it are not served', async () => {
    const person = createPerson();
    const page = await half(person, strict);
    const { csrf = '' } = formsOf(page)[0]?.fields ?? {};
    for (const [path, fields] of [
      ['passwort', who],
      ['passkey', { answer: '{}' }],
      ['ausweis-hinzufuegen', { answer: 'add' }],
      ['freigabe', { decision: 'release' }],
      ['zuordnen', { answer: 'new' }],
    ] as const)
      expect([
        path,
        (await person.visit(`${page.url.href.split('?')[0]}/${path}`, { form: { csrf, ...fields } })).status,
      ]).toEqual([path, 400]);
  });

  test('is void once the account has moved on', async () => {
    const person = createPerson();
    const page = await half(person);
    await app.app.id?.citizens.act(await accountOf(who.login), { kind: 'logout', reason: 'Test', operator: 'test' });
    const again = await person.submit(page, '/code', { code: totp.code() });
    expect(endings(again)).toContain('passwort');
    expect((await journalled('login.failed')).at(-1)).toMatchObject({ method: 'totp', reason: 'locked' });
  });

  test('LA-16: passwords are switched off meanwhile: the code is not looked at', async () => {
    const person = createPerson();
    const page = await half(person);
    await operate(app, 'switch', 'off', 'method', 'password');
    await poll(app);
    try {
      const back = await person.submit(page, '/code', { code: totp.code() });
      expect([back.status, textOf(back)]).toEqual([200, expect.stringContaining('mit Passwort geht zurzeit nicht')]);
    } finally {
      await app.app.id?.stores.records.query.deleteFrom('switches').execute();
      await poll(app);
    }
  });

  test('and a card: the card alone decides', async () => {
    const person = createPerson();
    const page = await half(person);
    const { csrf = '' } = formsOf(page)[0]?.fields ?? {};
    const begun = await person.visit(`${page.url.href}/eid`, { form: { csrf } });
    expect(begun.url.pathname).toMatch(/\/eid$/);
    const flow = await person.visit(page.url.href);
    expect(endings(flow)).toContain('passwort');
  });
});

describe('a code of the app', () => {
  test('is good for one login, also in another browser, and so is every earlier one', async () => {
    // Both count now, whichever moment of their half minutes this is.
    const [earlier, code] = [totp.code(0), totp.code(1)];
    expect(isIn(await (async (person) => person.submit(await half(person), '/code', { code }))(createPerson()))).toBe(
      true,
    );
    for (const replayed of [code, earlier]) {
      const person = createPerson();
      const page = await person.submit(await half(person), '/code', { code: replayed });
      expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining('schon benutzt')]);
    }
    expect(await journalled('login.failed')).toEqual([
      { method: 'totp', reason: 'used_code' },
      { method: 'totp', reason: 'used_code' },
    ]);
  });

  test('20 at once in 20 browsers: one gets in', async () => {
    const asked = await halves(20);
    const code = totp.code();
    const pages = await Promise.all(asked.map(({ person, page }) => person.submit(page, '/code', { code })));
    expect(pages.filter(isIn)).toHaveLength(1);
  });

  test.each([
    ['one minute old', -2],
    ['of the minute to come', 3],
  ])('%s is wrong', async (_title, steps) => {
    const person = createPerson();
    const page = await person.submit(await half(person), '/code', { code: totp.code(steps) });
    expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining('Der Code stimmt nicht')]);
  });

  test.each([
    ['nothing', '  ', 'Geben Sie den Code aus Ihrer App ein'],
    ['letters', 'abcdef', 'Der Code stimmt nicht'],
    ['many digits', '1'.repeat(5000), 'Der Code stimmt nicht'],
  ])('%s', async (_title, code, words) => {
    const person = createPerson();
    const page = await person.submit(await half(person), '/code', { code });
    expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining(words)]);
  });

  test('guessing ends after the limit, with the right code too, and does not lock the password', async () => {
    const person = createPerson();
    let page = await half(person);
    for (let guess = 0; guess < 5; guess++) {
      page = await person.submit(page, '/code', { code: wrongCode(totp.secret) });
      expect(textOf(page)).toContain('Der Code stimmt nicht');
    }
    for (const _ of [1, 2]) {
      page = await person.submit(page, '/code', { code: totp.code() });
      expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining('Es gab zu viele Versuche')]);
    }
    // A refusal without a look at the code uses none up, and a flood of them is one event.
    const reasons = (await journalled('login.failed')).map(({ reason }) => reason);
    expect(reasons).toEqual([...Array.from({ length: 5 }, () => 'wrong_code'), 'throttled']);
    // The recovery codes have a bucket of their own; beginning anew or waiting for another page helps nobody.
    const other = createPerson();
    expect(textOf(await other.submit(await half(other), '/code', { code: totp.code() }))).toContain('Es gab zu viele');
    const recovery = createPerson();
    const form = await recovery.follow(await half(recovery), 'mit=');
    expect(isIn(await recovery.submit(form, '/code', { code: codes[0] ?? '' }))).toBe(true);
  });

  test('PW-09: whoever does not know the password cannot exhaust it', async () => {
    for (let guess = 0; guess < 8; guess++) {
      const person = createPerson();
      const login = await service.ask(person);
      await person.submit(login, '/passwort', { login: who.login, password: 'falsch geraten' });
      const { csrf = '' } = formsOf(login)[0]?.fields ?? {};
      expect((await person.visit(`${login.url.href}/code`, { form: { csrf, code: '000000' } })).status).toBe(400);
    }
    expect((await journalled('login.failed')).filter(({ method }) => method !== 'password')).toEqual([]);
  });
});

describe('recovery codes', () => {
  test('20 uses of one at once: one gets in', async () => {
    const asked = await halves(20);
    const fields = { with: 'recovery', code: codes[0] ?? '' };
    const pages = await Promise.all(asked.map(({ person, page }) => person.submit(page, '/code', fields)));
    expect(pages.filter(isIn)).toHaveLength(1);
    expect(await journalled('recovery_code.used')).toMatchObject([{ left: 9 }]);
  });

  test('of another account open nothing', async () => {
    const stranger = await newcomer(app, `fremd-${number}`);
    const person = createPerson();
    await addTotp(app, stranger, person);
    const [theirs = ''] = await makeCodes(app, {}, person);
    const mine = createPerson();
    const page = await mine.submit(await half(mine), '/code', { with: 'recovery', code: theirs });
    expect(page.status).toBe(422);
    // Nor do they count where the app is asked, or the app's code here.
    expect((await mine.submit(page, '/code', { with: 'app', code: codes[0] ?? '' })).status).toBe(422);
    expect((await mine.submit(page, '/code', { with: 'recovery', code: totp.code() })).status).toBe(422);
  });

  test('are stored as nothing that could be typed', async () => {
    const rows = await app.app.id?.stores.records.query.selectFrom('recovery_codes').selectAll().execute();
    const stored = JSON.stringify(rows);
    for (const code of codes) expect(stored).not.toContain(code.replaceAll('-', ''));
    const sealed = await app.app.id?.stores.records.query.selectFrom('credentials').select('sealed').execute();
    expect(JSON.stringify(sealed?.map(({ sealed: box }) => Buffer.from(box).toString('latin1')))).not.toContain(
      totp.secret,
    );
  });
});

describe('levels', () => {
  test('LA-19: without a card all of it stays at basic', async () => {
    const person = createPerson();
    const page = await proceed(app, person, await service.ask(person), { ...who, totp });
    expect((await service.redeem(page)).claims).toMatchObject({ acr: basic, amr: ['pwd', 'otp', 'mfa'] });
  });

  test('password and code, used when the card comes, are both confirmed: substantial; a recovery code gives low', async () => {
    await linkCard(app, { ...who, totp }, 'erika');
    shiftClock(halfMinute);
    const person = createPerson();
    const page = await proceed(app, person, await service.ask(person, { acr_values: substantial }), { ...who, totp });
    expect((await service.redeem(page)).claims).toMatchObject({ acr: substantial, amr: ['pwd', 'otp', 'mfa'] });

    const other = createPerson();
    const form = await other.follow(await half(other), 'mit=');
    const weak = await service.redeem(await other.submit(form, '/code', { code: codes[1] ?? '' }));
    // The codes were not used when the card came: a combination has the weakest ceiling of its parts.
    expect(weak.claims).toMatchObject({ acr: basic, amr: ['pwd'] });

    // From a weak login up again by what this account has: password and code.
    const stepUp = await service.ask(other, { acr_values: substantial });
    expect(endings(stepUp)).toEqual(expect.arrayContaining(['passwort', 'eid']));
    const wrong = await other.submit(stepUp, '/passwort', { password: 'falsch geraten' });
    expect([wrong.status, textOf(wrong)]).toEqual([422, expect.stringContaining('Das Passwort stimmt nicht')]);
    shiftClock(halfMinute);
    const code = await other.submit(wrong, '/passwort', { password: who.password });
    expect(textOf(code)).toContain('Sicherheitscode eingeben');
    const done = await other.submit(code, '/code', { code: totp.code() });
    expect((await service.redeem(done)).claims).toMatchObject({ acr: substantial, amr: ['pwd', 'otp', 'mfa'] });
    expect(endings(await service.ask(other, { acr_values: high }))).toContain('eid');
  });

  test('MG-18: password and app that were not used when the card came stay where they were', async () => {
    const passkey = await addPasskey(app, { ...who, totp });
    await linkCard(app, { login: who.login, passkey }, 'aufenthaltstitel');
    shiftClock(halfMinute);
    const person = createPerson();
    const page = await proceed(app, person, await service.ask(person), { ...who, totp });
    expect((await service.redeem(page)).claims).toMatchObject({ acr: basic, amr: ['pwd', 'otp', 'mfa'] });
  });

  test('an app that is added with the card reaches what its row says', async () => {
    const weak = await newcomer(app, `schwach-${number}`);
    await linkCard(app, weak, 'titel');
    const strong = createPerson();
    const added = await addTotp(app, { card: 'titel' }, strong);
    shiftClock(halfMinute);
    const person = createPerson();
    const page = await proceed(app, person, await service.ask(person), { ...weak, totp: added });
    expect((await service.redeem(page)).claims.acr).toBe(substantial);
  });

  test('MG-11: with a weak session no strong credential is removed', async () => {
    const rich = await newcomer(app, `reich-${number}`);
    await linkCard(app, rich, 'zeichen');
    const strong = createPerson();
    await addPasskey(app, { card: 'zeichen' }, createAuthenticator(), strong);
    const list = await strong.visit(`${app.issuer}/konto/zugaenge`);
    const id = /\/konto\/zugaenge\/passkey\/([0-9a-f-]{36})/.exec(list.body)?.[1] ?? '';
    const weak = createPerson();
    const mine = await openAccount(app, weak, '/konto/zugaenge', rich);
    const csrf = /name="csrf" value="([^"]+)"/.exec(mine.body)?.[1] ?? '';
    for (const path of [`passkey/${id}/entfernen`, 'app/entfernen', 'codes', 'passkey', 'app']) {
      const page = await weak.visit(`${app.issuer}/konto/zugaenge/${path}`, { form: { csrf, name: 'x' } });
      expect([path, page.url.pathname]).toEqual([path, expect.stringMatching(/^\/anmelden\//)]);
      expect(endings(page)).toContain('eid');
    }
    const { credentials } = app.app.id ?? {};
    expect(await credentials?.passkeysOf(await accountOf(rich.login))).toHaveLength(1);
  });
});

describe('a card is added', () => {
  const asked = async (person: Person, card: string): Promise<Page> =>
    useCard(app, person, await strict.ask(person), card);

  test('the password alone is no proof where an app stands beside it, and the code is asked for', async () => {
    const person = createPerson();
    await proceed(app, person, await service.ask(person), { ...who, totp });
    shiftClock(11 * 60_000);
    const link = await asked(person, 'ohne-anschrift');
    const code = await person.submit(link, '/ausweis-hinzufuegen', { answer: 'add', password: who.password });
    expect(textOf(code)).toContain('Sicherheitscode eingeben');
    expect((await app.citizen(who.login))?.card).toBeUndefined();
    const { csrf = '' } = formsOf(code)[0]?.fields ?? {};
    const skipped = await person.visit(`${link.url.href}/ausweis-hinzufuegen`, { form: { csrf, answer: 'add' } });
    expect(skipped.status).toBe(400);
    const proved = await person.submit(code, '/code', { code: totp.code() });
    expect(endings(proved)).toContain('ausweis-hinzufuegen');
    expect(proved.body).not.toContain('type="password"');
    await person.submit(proved, '/ausweis-hinzufuegen', { answer: 'add', ...keepAll(proved) });
    expect((await app.citizen(who.login))?.card).toBeDefined();
    const { credentials } = app.app.id ?? {};
    const all = await credentials?.credentialsOf(await accountOf(who.login));
    expect(all?.map(({ kind, ceiling }) => [kind, ceiling])).toEqual([
      ['password', 'high'],
      ['totp', 'high'],
      ['recovery_codes', 'basic'],
    ]);
  });

  test('a recovery code is none either', async () => {
    const person = createPerson();
    const form = await person.follow(await half(person), 'mit=');
    await person.submit(form, '/code', { code: codes[0] ?? '' });
    const link = await asked(person, 'ohne-geburtsnamen');
    const refused = await person.submit(link, '/ausweis-hinzufuegen', { answer: 'add' });
    expect(refused.status).toBe(422);
    expect((await app.citizen(who.login))?.card).toBeUndefined();
  });

  test('where a passkey is the strongest, a password is none, and the passkey decides nothing by itself', async () => {
    const mine = await newcomer(app, `mit-passkey-${number}`);
    const passkey = await addPasskey(app, mine);
    const person = createPerson();
    await proceed(app, person, await service.ask(person), mine);
    const link = await asked(person, 'ein-name');
    expect(endings(link)).toContain('passkey');
    expect(endings(link)).not.toContain('ausweis-hinzufuegen');
    const { csrf = '' } = formsOf(link)[0]?.fields ?? {};
    const path = `${link.url.href}/ausweis-hinzufuegen`;
    await person.visit(path, { form: { csrf, answer: 'add', password: mine.password } });
    expect((await app.citizen(mine.login))?.card).toBeUndefined();
    const proved = await person.submit(link, '/passkey', { answer: passkey.answer(link) });
    expect((await app.citizen(mine.login))?.card).toBeUndefined();
    await person.submit(proved, '/ausweis-hinzufuegen', { answer: 'add' });
    expect((await app.citizen(mine.login))?.card).toBeDefined();
    const other = createPerson();
    const page = await proceed(app, other, await service.ask(other), { passkey });
    expect((await service.redeem(page)).claims.acr).toBe(substantial);
  });
});
