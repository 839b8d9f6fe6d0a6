import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, useCard } from '../support/journey.ts';
import { mailTo, post } from '../support/post.ts';
import { asksForCode, confirmsAddress, goodPassword, registers } from '../support/registration.ts';

/** A new account, over HTTP. */
let app: TestApp;
let person: Person;
let count = 0;
/** Nobody's address yet. */
const newAddress = (): string => `neu-${++count}@post.test`;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  resetClock();
  await app.stop();
});
beforeEach(async () => {
  person = createPerson();
  await app.events();
});

const login = (who: Person = person): Promise<Page> => who.visit(`${app.portal}/login`);
const base = (page: Page): string => `${app.issuer}${/^\/anmelden\/[^/]+/.exec(page.url.pathname)?.[0] ?? ''}`;
const happened = async (): Promise<string[]> => (await app.events()).map(({ type }) => type);
const create = (who: Person = person, more = {}): Promise<Page> => {
  const query = new URLSearchParams({
    client_id: 'mein-konto',
    redirect_uri: `${app.issuer}/konto/angemeldet`,
    response_type: 'code',
    scope: 'openid',
    prompt: 'create',
    code_challenge: 'A'.repeat(43),
    code_challenge_method: 'S256',
    ...more,
  });
  return who.visit(`${app.issuer}/auth?${query.toString()}`);
};

describe('by e-mail', () => {
  test('from the login page to the service that asked, in four steps', async () => {
    const email = newAddress();
    const start = await person.follow(await login(), '/registrieren');
    expect(textOf(start)).toContain('Konto anlegen');
    const address = await person.submit(start, '/registrieren');
    expect(textOf(address)).toContain('Schritt 1 von 4');
    const code = await person.submit(address, '/registrieren/e-mail', { email });
    expect(textOf(code)).toContain('Schritt 2 von 4');
    expect(textOf(code)).toContain(email);
    const mail = await mailTo(app, email);
    expect([mail.type, mail.service, mail.locale]).toEqual(['registration_code', 'Bayern-Portal', 'de']);
    expect(mail.code).toMatch(/^\d{6}$/);
    const about = await person.submit(code, '/registrieren/code', { code: mail.code ?? '' });
    expect(textOf(about)).toContain('Schritt 3 von 4');
    const choose = await person.submit(about, '/registrieren/angaben', {
      given_name: 'Nora',
      family_name: 'Neu',
      'birthdate-year': '1990',
      locality: 'Hof',
    });
    expect(textOf(choose)).toContain('Schritt 4 von 4');
    const done = await person.submit(choose, '/registrieren/passwort', { password: goodPassword });
    expect(textOf(done)).toContain('Ihr Konto ist angelegt');
    const portal = await person.submit(done, '/registrieren/weiter');
    expect(portal.url.origin).toBe(app.portal);
    expect(textOf(portal)).toContain('Nora Neu');
    expect(textOf(portal)).toContain('Basisregistrierung');
    const citizen = await app.citizen(email);
    expect(citizen?.email).toBe(email);
    expect(citizen?.self).toMatchObject({
      given_name: { value: 'Nora', source: 'self', level: 'basic' },
      birthdate: { value: '1990    ' },
      address: { value: { locality: 'Hof' } },
      email: { value: email },
    });
    expect(citizen?.preferences).toEqual({ locale: 'de' });
    expect(await happened()).toEqual(['account.created', 'login.succeeded', 'data.released']);
  });

  test('afterwards the address is the login name, however it is written', async () => {
    const email = newAddress();
    await registers(app, person, await login(), { email });
    const again = createPerson();
    const page = await again.submit(await login(again), '/passwort', {
      login: ` ${email.toUpperCase()} `,
      password: goodPassword,
    });
    expect(page.url.origin).toBe(app.portal);
  });

  test.each<[string, Readonly<Record<string, string>>, object]>([
    ['a single name', { given_name: '', family_name: 'Suharto' }, { family_name: { value: 'Suharto' } }],
    ['the other single name', { given_name: 'Cher', family_name: '' }, { given_name: { value: 'Cher' } }],
    ['letters of all kinds', { given_name: 'Zoë Żaneta', family_name: 'O’Đức' }, { family_name: { value: 'O’Đức' } }],
    [
      'a whole birth date',
      { 'birthdate-day': '3', 'birthdate-month': '11', 'birthdate-year': '1980' },
      { birthdate: { value: '1980-11-03' } },
    ],
    ['day and month', { 'birthdate-day': '29', 'birthdate-month': '2' }, { birthdate: { value: '    0229' } }],
    ['month and year', { 'birthdate-month': '7', 'birthdate-year': '1950' }, { birthdate: { value: '195007  ' } }],
  ])('odd values are normal: %s', async (_title, fields, self) => {
    const email = newAddress();
    const about = await confirmsAddress(app, person, await login(), email);
    const choose = await person.submit(about, '/registrieren/angaben', { family_name: 'Neu', ...fields });
    await person.submit(choose, '/registrieren/passwort', { password: goodPassword });
    expect((await app.citizen(email))?.self).toMatchObject(self);
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['no name at all', { family_name: '  ' }, 'Geben Sie Ihren Namen ein'],
    ['a name without end', { family_name: 'x'.repeat(121) }, 'zu viele Zeichen'],
    ['markup for a name', { family_name: '<b>Neu</b>' }, 'spitze Klammern'],
    ['a day that is none', { 'birthdate-day': '32' }, 'Tag als Zahl von 1 bis 31'],
    ['a month that is none', { 'birthdate-month': 'Mai' }, 'Monat als Zahl von 1 bis 12'],
    ['a year of two digits', { 'birthdate-year': '80' }, 'Jahr mit vier Ziffern'],
    [
      'a day that was not',
      { 'birthdate-day': '29', 'birthdate-month': '2', 'birthdate-year': '2023' },
      'Diesen Tag gibt es nicht',
    ],
    ['a year to come', { 'birthdate-year': '2999' }, 'in der Zukunft'],
  ])('%s: what to do, and what was typed stands there again', async (_title, fields, words) => {
    const about = await confirmsAddress(app, person, await login(), newAddress());
    const page = await person.submit(about, '/registrieren/angaben', {
      given_name: '',
      family_name: 'Neu',
      locality: 'Hof',
      ...fields,
    });
    expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining(words)]);
    expect(page.body).toContain('value="Hof"');
    expect(page.body).toContain('aria-invalid="true"');
  });

  test('a password is judged by the names that were given before', async () => {
    const about = await confirmsAddress(app, person, await login(), newAddress());
    let page = await person.submit(about, '/registrieren/angaben', { given_name: 'Nepomuk', family_name: 'Neu' });
    for (const [password, words] of [
      ['', 'Geben Sie ein Passwort ein'],
      ['kurz', 'mindestens 15 Zeichen'],
      ['passwordpassword', 'Listen'],
      ['abcabcabcabcabcabc', 'leicht zu erraten'],
      ['nepomuk-turm-laterne', 'Ihren Namen'],
      ['x'.repeat(1025), 'zu lang'],
    ] as const) {
      page = await person.submit(page, '/registrieren/passwort', { password });
      expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining(words)]);
      if (password !== '') expect(page.body).not.toContain(`value="${password}"`);
    }
    expect(textOf(await person.submit(page, '/registrieren/passwort', { password: goodPassword }))).toContain(
      'Ihr Konto ist angelegt',
    );
  });

  test('addresses that are none, or nobody can be written to', async () => {
    const start = await person.follow(await login(), '/registrieren');
    let page = await person.submit(start, '/registrieren');
    const before = (await post(app)).length;
    for (const email of ['', 'neu', 'neu@', '@post.test', 'a b@post.test', 'neu@localhost', 'neu@[127.0.0.1]']) {
      page = await person.submit(page, '/registrieren/e-mail', { email });
      expect([email, page.status]).toEqual([email, 422]);
      expect(textOf(page)).toContain(email === '' ? 'Geben Sie Ihre E-Mail-Adresse ein' : 'keine E-Mail-Adresse');
    }
    expect(await post(app)).toHaveLength(before);
  });

  test('a wrong code, none, one with blanks in it', async () => {
    const email = newAddress();
    let page = await asksForCode(person, await login(), email);
    const { code = '' } = await mailTo(app, email);
    for (const [typed, words] of [
      ['', 'Geben Sie den Code'],
      [code === '000000' ? '000001' : '000000', 'stimmt nicht'],
    ] as const) {
      page = await person.submit(page, '/registrieren/code', { code: typed });
      expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining(words)]);
    }
    page = await person.submit(page, '/registrieren/code', { code: ` ${code.slice(0, 3)} ${code.slice(3)} ` });
    expect(textOf(page)).toContain('Angaben zur Person');
  });

  test('a code is good for half an hour', async () => {
    const email = newAddress();
    const page = await asksForCode(person, await login(), email);
    const { code = '' } = await mailTo(app, email);
    shiftClock(31 * 60_000);
    const late = await person.submit(page, '/registrieren/code', { code });
    expect([late.status, textOf(late)]).toEqual([422, expect.stringContaining('abgelaufen')]);
  });

  test('another code, one minute later; the one before is void', async () => {
    const email = newAddress();
    let page = await asksForCode(person, await login(), email);
    const first = (await mailTo(app, email)).code ?? '';
    page = await person.submit(page, '/registrieren/neuer-code');
    expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining('Warten Sie einige Minuten')]);
    shiftClock(61_000);
    page = await person.submit(page, '/registrieren/neuer-code');
    expect(textOf(page)).toContain('Wir haben Ihnen einen neuen Code geschickt');
    const second = (await mailTo(app, email)).code ?? '';
    if (first !== second) expect((await person.submit(page, '/registrieren/code', { code: first })).status).toBe(422);
    expect(textOf(await person.submit(page, '/registrieren/code', { code: second }))).toContain('Angaben zur Person');
  });

  test('another address: the code of the first one is good for nothing', async () => {
    const [wrong, right] = [newAddress(), newAddress()];
    const page = await asksForCode(person, await login(), wrong);
    const { code: first = '' } = await mailTo(app, wrong);
    const back = await person.submit(page, '/registrieren/andere-adresse');
    expect(back.body).toContain(`value="${wrong}"`);
    const again = await person.submit(back, '/registrieren/e-mail', { email: right });
    const { code: second = '' } = await mailTo(app, right);
    if (first !== second) expect((await person.submit(again, '/registrieren/code', { code: first })).status).toBe(422);
    expect(textOf(await person.submit(again, '/registrieren/code', { code: second }))).toContain('Angaben zur Person');
  });

  test('the link in the mail fills the code in where it was asked for, and shows it elsewhere', async () => {
    const email = newAddress();
    await asksForCode(person, await login(), email);
    const { link = '', code = '' } = await mailTo(app, email);
    const elsewhere = await createPerson().visit(link);
    expect([elsewhere.status, textOf(elsewhere)]).toEqual([200, expect.stringContaining(code)]);
    expect(elsewhere.body).not.toContain('<form method="post"');
    const here = await person.visit(link);
    expect(here.body).toContain(`value="${code}"`);
    expect(textOf(await person.submit(here, '/registrieren/code'))).toContain('Angaben zur Person');
    // Once more, from the open mail: on where the registration stands.
    expect(textOf(await person.visit(link))).toContain('Angaben zur Person');
    expect((await person.visit(link.replace(/\d{6}$/, 'abc'))).status).toBe(404);
  });

  test('a registration in English writes in English', async () => {
    const email = newAddress();
    await person.visit(`${app.issuer}/sprache/en`);
    const page = await asksForCode(person, await login(), email);
    expect(textOf(page)).toContain('Step 2 of 4');
    expect((await mailTo(app, email)).locale).toBe('en');
  });

  test('back to the ways to log in, and back to the service', async () => {
    const start = await person.follow(await login(), '/registrieren');
    const address = await person.submit(start, '/registrieren');
    const ways = await person.submit(address, '/registrieren/ende');
    expect(ways.body).toContain('name="password"');
    const left = await person.submit(
      await person.submit(await person.follow(ways, '/registrieren'), '/registrieren'),
      '/abbrechen',
    );
    expect(left.url.origin).toBe(app.portal);
  });

  test('where more is needed than an account without a card gives, the page says so; the card is asked for after it', async () => {
    const email = newAddress();
    const page = await person.visit(`${app.fz}/fuehrungszeugnis/daten`);
    const start = await person.follow(page, '/registrieren');
    expect(textOf(start)).toContain('verlangt das Vertrauensniveau „hoch“');
    const after = await registers(app, person, start, { email });
    expect(textOf(after)).toContain('Bitte weisen Sie sich aus');
    expect(textOf(after)).toContain('Nora Neu');
  });
});

describe('prompt=create', () => {
  test('begins with the two ways', async () => {
    const page = await create();
    expect(textOf(page)).toContain('Konto anlegen');
    for (const way of ['Mit E-Mail-Adresse beginnen', 'Mit Online-Ausweis beginnen'])
      expect(textOf(page)).toContain(way);
    const konto = await registers(app, person, page, { email: newAddress() });
    expect(konto.url.pathname).toBe('/konto');
    expect(textOf(konto)).toContain('Nora Neu');
  });

  test('whoever has an account after all logs in', async () => {
    const page = await create();
    const ways = await person.follow(page, '/konto-vorhanden');
    const konto = await person.submit(ways, '/passwort', erika);
    expect(konto.url.pathname).toBe('/konto');
  });

  test('without an interaction: /registrieren begins one', async () => {
    const page = await person.visit(`${app.issuer}/registrieren`);
    expect(page.url.pathname).toMatch(/^\/anmelden\//);
    expect(textOf(page)).toContain('Konto anlegen');
  });
});

describe('by card', () => {
  const byCard = async (card: string): Promise<Page> => {
    const assign = await useCard(app, person, await create(), card);
    return person.submit(assign, '/zuordnen', { answer: 'new' });
  };

  test('the account is there; address and password come on top, confirmed by the same card', async () => {
    const email = newAddress();
    const page = await byCard('zeichen');
    expect(textOf(page)).toContain('E-Mail-Adresse hinzufügen');
    expect(textOf(page)).toContain('ZOË ŻANETA');
    const code = await person.submit(page, '/registrieren/e-mail', { email });
    const sent = (await mailTo(app, email)).code ?? '';
    const choose = await person.submit(code, '/registrieren/code', { code: sent });
    const done = await person.submit(choose, '/registrieren/passwort', { password: goodPassword });
    expect(textOf(done)).toContain('Online-Ausweis');
    const konto = await person.submit(done, '/registrieren/weiter');
    expect([konto.url.pathname, textOf(konto)]).toEqual(['/konto', expect.stringContaining('hoch')]);
    expect((await app.citizen(email))?.card).toBeDefined();
    expect(await happened()).toEqual(
      expect.arrayContaining([
        'account.created',
        'card.linked',
        'email.changed',
        'credential.added',
        'login.succeeded',
      ]),
    );
    const again = createPerson();
    const portal = await again.submit(await login(again), '/passwort', { login: email, password: goodPassword });
    expect(textOf(portal)).toContain('niedrig');
  });

  test('neither is needed', async () => {
    const page = await byCard('titel');
    const done = await person.submit(page, '/registrieren/ohne');
    expect(textOf(done)).toContain('Ihr Konto ist angelegt');
    expect((await person.submit(done, '/registrieren/weiter')).url.pathname).toBe('/konto');
  });

  test('a card that has an account logs in to it', async () => {
    const konto = await useCard(app, person, await create(), 'titel');
    expect(konto.url.pathname).toBe('/konto');
  });

  test('a second try with the card goes on with the registration', async () => {
    const failed = await useCard(app, person, await create(), undefined);
    const page = await useCard(app, person, failed, 'ein-name');
    const made = await person.submit(page, '/zuordnen', { answer: 'new' });
    expect(textOf(made)).toContain('E-Mail-Adresse hinzufügen');
  });

  test('an ended card leads back to the two ways', async () => {
    const failed = await useCard(app, person, await create(), undefined);
    expect(textOf(await person.visit(base(failed)))).toContain('Mit E-Mail-Adresse beginnen');
  });
});
