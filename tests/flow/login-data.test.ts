import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { useCard } from '../support/journey.ts';
import { addTotp, makeCodes } from '../support/means.ts';
import { mailTo, post } from '../support/post.ts';
import { goodPassword, registers } from '../support/registration.ts';

/** Password, e-mail address and user name in Mein Konto. */
const newPassword = 'anker-wolke-fenster-brot';
let app: TestApp;
let person: Person;
let email: string;
let count = 0;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  resetClock();
  await app.stop();
});
beforeEach(async () => {
  // One mail a minute.
  shiftClock(61_000);
  person = createPerson();
  email = `konto-${++count}@post.test`;
  await registers(app, person, await person.visit(`${app.portal}/login`), { email });
  await app.events();
});

const at = (path: string): string => `${app.issuer}/konto/zugaenge/${path}`;
const happened = async (): Promise<string[]> =>
  (await app.events()).map(({ type }) => type).filter((type) => !['logout.told', 'data.released'].includes(type));
const logsIn = async (login: string, password: string, who = createPerson()): Promise<Page> =>
  who.submit(await who.visit(`${app.portal}/login`), '/passwort', { login, password });
const isIn = (page: Page): boolean => page.url.origin === app.portal;

describe('password', () => {
  test('another one: asks for the old one, ends all other sessions, and this one goes on', async () => {
    const elsewhere = createPerson();
    await logsIn(email, goodPassword, elsewhere);
    await app.events();
    const page = await person.visit(at('passwort'));
    const done = await person.submit(page, '/passwort', { current: goodPassword, password: newPassword });
    expect(textOf(done)).toContain('Ihr Passwort ist gespeichert');
    expect(textOf(await person.visit(`${app.issuer}/konto`))).toContain('Mein Konto');
    expect((await elsewhere.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
    expect(isIn(await logsIn(email, goodPassword))).toBe(false);
    expect(isIn(await logsIn(email, newPassword))).toBe(true);
    expect((await mailTo(app, email)).type).toBe('password_changed');
    expect((await happened()).slice(0, 3).toSorted()).toEqual(['password.changed', 'session.ended', 'session.ended']);
  });

  test('the old one wrong or missing, the new one bad: nothing is changed', async () => {
    let page = await person.visit(at('passwort'));
    for (const [current, password, words] of [
      ['', newPassword, 'Geben Sie Ihr bisheriges Passwort ein'],
      ['not this one', newPassword, 'bisherige Passwort stimmt nicht'],
      [goodPassword, 'kurz', 'zu kurz'],
      [goodPassword, 'nora-turm-laterne', 'Ihren Namen'],
    ] as const) {
      page = await person.submit(page, '/passwort', { current, password });
      expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining(words)]);
    }
    expect(isIn(await logsIn(email, goodPassword))).toBe(true);
  });

  test('whoever came in by a recovery code, without the app, changes it by the old one as well', async () => {
    const access = { login: email, password: goodPassword };
    await addTotp(app, access, person);
    const [code = ''] = await makeCodes(app, access, person);
    const paper = createPerson();
    const asked = await paper.submit(await paper.visit(at('passwort')), '/passwort', access);
    const page = await paper.submit(await paper.follow(asked, 'mit=wiederherstellung'), '/code', { code });
    const wrong = await paper.submit(page, '/passwort', { current: 'not this one', password: newPassword });
    expect([wrong.status, textOf(wrong)]).toEqual([422, expect.stringContaining('bisherige Passwort stimmt nicht')]);
    const done = await paper.submit(wrong, '/passwort', { current: goodPassword, password: newPassword });
    expect(textOf(done)).toContain('Ihr Passwort ist gespeichert');
  });

  test('a login older than ten minutes is asked for anew, and comes back here', async () => {
    shiftClock(11 * 60_000);
    const login = await person.visit(at('passwort'));
    expect(login.url.pathname).toMatch(/^\/anmelden\//);
    const back = await person.submit(login, '/passwort', { login: email, password: goodPassword });
    expect(back.url.href).toBe(at('passwort'));
  });

  test('a first one for an account by card needs a name to go with it, and no old one', async () => {
    const owner = createPerson();
    const assign = await useCard(app, owner, await owner.visit(`${app.portal}/login`), 'zeichen');
    await owner.submit(assign, '/zuordnen', { answer: 'new' });
    const without = await owner.visit(at('passwort'));
    expect(textOf(without)).toContain('Zuerst brauchen Sie einen Namen');
    const name = await owner.visit(at('benutzername'));
    expect(textOf(await owner.submit(name, '/benutzername', { name: 'zoe.lin' }))).toContain('gespeichert');
    const page = await owner.visit(at('passwort'));
    expect(page.body).not.toContain('name="current"');
    expect(textOf(await owner.submit(page, '/passwort', { password: newPassword }))).toContain('gespeichert');
    expect(isIn(await logsIn('zoe.lin', newPassword))).toBe(true);
    // It is still the card's login that goes on.
    expect(textOf(await owner.visit(`${app.issuer}/konto`))).toContain('hoch');
  });
});

describe('e-mail address', () => {
  const other = (): string => `anders-${count}@post.test`;

  test('counts once its code was typed in; both addresses are told', async () => {
    const form = await person.visit(at('e-mail'));
    expect(textOf(form)).toContain(email);
    const code = await person.submit(form, '/e-mail', { email: other() });
    expect(textOf(code)).toContain(other());
    expect((await app.citizen(email))?.email).toBe(email);
    const mail = await mailTo(app, other());
    expect(mail.type).toBe('email_change_code');
    const done = await person.submit(code, '/e-mail/code', { code: mail.code ?? '' });
    expect(textOf(done)).toContain('Ihre E-Mail-Adresse ist geändert');
    expect(isIn(await logsIn(other(), goodPassword))).toBe(true);
    expect(isIn(await logsIn(email, goodPassword))).toBe(false);
    expect((await mailTo(app, email)).type).toBe('email_changed');
    expect((await app.citizen(other()))?.self.email?.value).toBe(other());
    expect((await happened())[0]).toBe('email.changed');
  });

  test('RG-08: the old address takes it back within three days: everybody is out, and a new password is next', async () => {
    const code = await person.submit(await person.visit(at('e-mail')), '/e-mail', { email: other() });
    await person.submit(code, '/e-mail/code', { code: (await mailTo(app, other())).code ?? '' });
    const { denyLink = '' } = await mailTo(app, email);
    shiftClock(71 * 3600_000);
    await logsIn(other(), goodPassword, person);
    const owner = createPerson();
    const page = await owner.visit(denyLink);
    expect((await app.citizen(other()))?.email).toBe(other());
    const done = await owner.submit(page, new URL(denyLink).pathname);
    expect(textOf(done)).toContain('Ihre bisherige Adresse gilt wieder');
    expect((await app.citizen(email))?.email).toBe(email);
    expect(await app.citizen(other())).toBeUndefined();
    expect((await person.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
    expect((await owner.follow(done, '/passwort-vergessen')).status).toBe(200);
    expect((await owner.submit(page, new URL(denyLink).pathname)).status).toBe(410);
  });

  test('after three days it stays', async () => {
    const code = await person.submit(await person.visit(at('e-mail')), '/e-mail', { email: other() });
    await person.submit(code, '/e-mail/code', { code: (await mailTo(app, other())).code ?? '' });
    const { denyLink = '' } = await mailTo(app, email);
    shiftClock(72 * 3600_000 + 1000);
    expect((await person.visit(denyLink)).status).toBe(410);
  });

  test('wrong codes, none, another address, another code', async () => {
    let page = await person.submit(await person.visit(at('e-mail')), '/e-mail', { email: other() });
    const { code: first = '' } = await mailTo(app, other());
    for (const [typed, words] of [
      ['', 'Geben Sie den Code'],
      [first === '000000' ? '000001' : '000000', 'stimmt nicht'],
    ] as const) {
      page = await person.submit(page, '/e-mail/code', { code: typed });
      expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining(words)]);
    }
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const soon = await person.submit(page, '/e-mail/neuer-code');
    expect([soon.status, textOf(soon)]).toEqual([422, expect.stringContaining('Warten Sie')]);
    const typedAgain = await person.visit(at('e-mail'), { form: { csrf, email: other() } });
    expect([typedAgain.status, textOf(typedAgain)]).toEqual([422, expect.stringContaining('Warten Sie')]);
    shiftClock(61_000);
    page = await person.submit(page, '/e-mail/neuer-code');
    expect(textOf(page)).toContain('Wir haben Ihnen einen neuen Code geschickt');
    const { code: second } = await mailTo(app, other());
    expect(second).not.toBe(first);
    const back = await person.submit(page, '/e-mail/andere-adresse');
    expect(back.body).toContain('name="email"');
    expect((await person.visit(at('e-mail/code'), { form: { csrf, code: first } })).body).toContain('name="email"');
    expect((await app.citizen(email))?.email).toBe(email);
  });

  test('nothing, no address, the same one', async () => {
    let page = await person.visit(at('e-mail'));
    for (const [typed, words] of [
      ['', 'Geben Sie die neue'],
      ['keine', 'keine E-Mail-Adresse'],
      [email.toUpperCase(), 'bisherige Adresse'],
    ] as const) {
      page = await person.submit(page, '/e-mail', { email: typed });
      expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining(words)]);
    }
  });

  test('one that is somebody’s reads the same, and its owner is told by mail', async () => {
    const somebody = createPerson();
    const theirs = `fremd-${count}@post.test`;
    await registers(app, somebody, await somebody.visit(`${app.portal}/login`), { email: theirs });
    shiftClock(61_000);
    const free = await person.submit(await person.visit(at('e-mail')), '/e-mail', { email: other() });
    const back = await person.submit(free, '/e-mail/andere-adresse');
    const taken = await person.submit(back, '/e-mail', { email: theirs });
    const bare = (page: Page, address: string): string =>
      page.body.replaceAll(address, 'ADDRESS').replaceAll(/name="csrf" value="[^"]+"/g, 'CSRF');
    expect(bare(taken, theirs)).toBe(bare(free, other()));
    expect((await mailTo(app, theirs)).type).toBe('registration_known');
  });

  test('RG-09: an address that waits is void in another session, and once the password is another one', async () => {
    const page = await person.submit(await person.visit(at('e-mail')), '/e-mail', { email: other() });
    const { code = '' } = await mailTo(app, other());
    const elsewhere = createPerson();
    await logsIn(email, goodPassword, elsewhere);
    const form = await elsewhere.visit(at('e-mail'));
    const csrf = /name="csrf" value="([^"]+)"/.exec(form.body)?.[1] ?? '';
    await elsewhere.visit(at('e-mail/code'), { form: { csrf, code } });
    expect((await app.citizen(email))?.email).toBe(email);
    const change = await person.visit(at('passwort'));
    await person.submit(change, '/passwort', { current: goodPassword, password: newPassword });
    await person.submit(page, '/e-mail/code', { code });
    expect((await app.citizen(email))?.email).toBe(email);
  });
});

describe('user name', () => {
  test('is chosen, logs in beside the address, and can go again', async () => {
    const page = await person.visit(at('benutzername'));
    const done = await person.submit(page, '/benutzername', { name: `Nora.${count}` });
    expect(textOf(done)).toContain('Ihr Benutzername ist gespeichert');
    expect(isIn(await logsIn(`nora.${count}`, goodPassword))).toBe(true);
    expect(isIn(await logsIn(email, goodPassword))).toBe(true);
    const gone = await person.submit(done, '/benutzername/entfernen');
    expect(textOf(gone)).toContain('entfernt');
    expect(isIn(await logsIn(`nora.${count}`, goodPassword))).toBe(false);
    expect((await happened()).filter((type) => type === 'login_name.changed')).toHaveLength(2);
  });

  test.each([
    ['', 'Geben Sie einen Benutzernamen ein'],
    ['no', '3 bis 60 Zeichen'],
    ['no ra', '3 bis 60 Zeichen'],
    ['nora@post.test', '3 bis 60 Zeichen'],
    ['ｎｏｒａ＠post', '3 bis 60 Zeichen'],
    ['ERIKA', 'gibt es schon'],
  ])('%p is none', async (name, words) => {
    const page = await person.submit(await person.visit(at('benutzername')), '/benutzername', { name });
    expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining(words)]);
  });

  test('names cannot be tried without end', async () => {
    let page = await person.visit(at('benutzername'));
    for (let i = 0; i < 31 && !textOf(page).includes('zu viele Versuche'); i++)
      page = await person.submit(page, '/benutzername', { name: 'erika' });
    expect(textOf(page)).toContain('zu viele Versuche');
    shiftClock(601_000);
  });
});

test('SE-05: none of it without a token of this session', async () => {
  for (const [path, form] of [
    ['passwort', { current: goodPassword, password: newPassword }],
    ['e-mail', { email: 'x@post.test' }],
    ['e-mail/code', { code: '123456' }],
    ['e-mail/andere-adresse', {}],
    ['e-mail/neuer-code', {}],
    ['benutzername', { name: 'nora.neu' }],
    ['benutzername/entfernen', {}],
  ] as const)
    for (const csrf of ['', 'x'])
      expect([path, (await person.visit(at(path), { form: { ...form, csrf } })).status]).toEqual([path, 403]);
  expect((await post(app, 'x@post.test')).length).toBe(0);
});
