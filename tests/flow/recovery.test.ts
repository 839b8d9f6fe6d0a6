import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newTotpSecret, timeStep, totpCode } from '../../src/id/authentication/totp/codes.ts';
import { canonicalWrittenCode, newWrittenCode } from '../../src/id/authentication/written-code.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { useCard } from '../support/journey.ts';
import { mailTo, post } from '../support/post.ts';
import { goodPassword, registers } from '../support/registration.ts';

/** A forgotten password, over HTTP. */
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
  person = createPerson();
  email = `vergessen-${++count}@post.test`;
  const owner = createPerson();
  await registers(app, owner, await owner.visit(`${app.portal}/login`), { email });
  // One mail a minute.
  shiftClock(61_000);
  await app.events();
});

/** Services are told of the end of a session whenever the outbox comes to it. */
const happened = async (): Promise<string[]> =>
  (await app.events()).map(({ type }) => type).filter((type) => type !== 'logout.told');
const asks = async (typed = email, who: Person = person): Promise<Page> =>
  who.submit(await who.visit(`${app.issuer}/passwort-vergessen`), '/passwort-vergessen', { login: typed });
const linkOf = async (typed = email): Promise<string> => {
  await asks(typed);
  return (await mailTo(app, email)).link ?? '';
};
const logsIn = async (password: string): Promise<Page> => {
  const somebody = createPerson();
  return somebody.submit(await somebody.visit(`${app.portal}/login`), '/passwort', { login: email, password });
};
const isIn = (page: Page): boolean => page.url.origin === app.portal;
const citizen = async () => {
  const found = await app.citizen(email);
  if (!found) throw new Error('there is no account');
  return found;
};
const credentials = () => {
  const found = app.app.id?.credentials;
  if (!found) throw new Error('Bayern-ID does not run');
  return found;
};

test('from the login page by a mail to a new password, and on with the login that waits', async () => {
  const login = await person.visit(`${app.portal}/login`);
  const form = await person.follow(login, '/passwort-vergessen');
  const sent = await person.submit(form, '/passwort-vergessen', { login: email });
  expect(textOf(sent)).toContain('Sehen Sie in Ihr E-Mail-Postfach');
  const { link = '', type } = await mailTo(app, email);
  expect(type).toBe('password_reset');
  expect(link).toMatch(new RegExp(`^${app.issuer}/passwort-vergessen/[\\w-]{43}$`));
  const page = await person.visit(link);
  expect(page.url.href).toBe(`${app.issuer}/passwort-vergessen/neu`);
  const done = await person.submit(page, '/passwort-vergessen/neu', { password: newPassword });
  expect(textOf(done)).toContain('Ihr Passwort ist geändert');
  const again = await person.follow(done, '/anmelden/');
  expect(isIn(await person.submit(again, '/passwort', { login: email, password: newPassword }))).toBe(true);
  expect((await logsIn(goodPassword)).status).toBe(422);
  expect((await mailTo(app, email)).type).toBe('password_changed');
  expect(await happened()).toEqual([
    'recovery.requested',
    'session.ended',
    'password.changed',
    'login.succeeded',
    'data.released',
    'login.failed',
  ]);
});

test('by the user name as well; the mail goes to the address of the account', async () => {
  const { account } = await citizen();
  await app.app.id?.accounts.setLoginName(account, 'vergesslich', []);
  expect(await linkOf('Vergesslich')).toContain('/passwort-vergessen/');
});

test('a password that is not good enough says why, and the link stays good', async () => {
  const page = await person.visit(await linkOf());
  for (const [password, words] of [
    ['', 'Geben Sie ein Passwort ein'],
    ['zu kurz', 'zu kurz'],
    ['passwordpassword', 'Listen'],
    [`${email} ist meins`, 'Ihren Namen'],
  ] as const) {
    const refused = await person.submit(page, '/passwort-vergessen/neu', { password });
    expect([refused.status, textOf(refused)]).toEqual([422, expect.stringContaining(words)]);
  }
  expect(textOf(await person.submit(page, '/passwort-vergessen/neu', { password: newPassword }))).toContain('geändert');
});

test('a link is good for half an hour', async () => {
  const link = await linkOf();
  const page = await person.visit(link);
  shiftClock(31 * 60_000);
  expect((await person.visit(link)).status).toBe(410);
  expect((await person.submit(page, '/passwort-vergessen/neu', { password: newPassword })).status).toBe(410);
});

test('an account with a second factor asks for it first: a code of the app, or a recovery code', async () => {
  const { account } = await citizen();
  const secret = newTotpSecret();
  const code = newWrittenCode();
  await credentials().addCredential(account, { kind: 'totp', secret, ceiling: 'basic' }, []);
  await credentials().addCredential(
    account,
    { kind: 'recovery_codes', codes: [canonicalWrittenCode(code) ?? ''], ceiling: 'basic' },
    [],
  );
  const link = await linkOf();
  let page = await person.visit(link);
  expect(textOf(page)).toContain('Zeigen Sie, dass Sie es sind');
  for (const [typed, words] of [
    ['', 'Geben Sie den Code ein'],
    ['000000', 'stimmt nicht'],
  ] as const) {
    page = await person.submit(page, '/passwort-vergessen/code', { code: typed });
    expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining(words)]);
  }
  const right = totpCode(secret, timeStep(Date.now()));
  const choose = await person.submit(page, '/passwort-vergessen/code', { code: right });
  expect(textOf(choose)).toContain('Mindestens 12 Zeichen');
  // Shown in this browser, and so in no other one that has the mail.
  const other = createPerson();
  const stillAsked = await other.visit(link);
  expect(textOf(stillAsked)).toContain('Zeigen Sie, dass Sie es sind');
  expect((await other.submit(stillAsked, '/passwort-vergessen/code', { code: right })).status).toBe(422);
  const byPaper = await other.submit(stillAsked, '/passwort-vergessen/code', { code });
  expect(textOf(byPaper)).toContain('Neues Passwort');
  expect((await mailTo(app, email)).type).toBe('recovery_code_used');
  // Twelve characters are enough beside a second factor, which stays.
  expect(textOf(await other.submit(byPaper, '/passwort-vergessen/neu', { password: 'wolke-brot-xy' }))).toContain(
    'geändert',
  );
  expect(await credentials().totpOf(account.id)).toBeDefined();
});

describe('an account with a card', () => {
  const linked = async (card: string): Promise<void> => {
    const { account } = await citizen();
    const owner = createPerson();
    const page = await owner.submit(await owner.visit(`${app.fz}/fuehrungszeugnis/daten`), '/eid');
    expect(page.status).toBe(200);
    const id = app.app.id;
    const who = createPerson();
    const assign = await useCard(app, who, await who.visit(`${app.portal}/login`), card);
    const login = await who.submit(assign, '/zuordnen', { answer: 'existing' });
    const link = await who.submit(login, '/passwort', { login: email, password: goodPassword });
    await who.submit(link, '/ausweis-hinzufuegen', { answer: 'add' });
    expect((await id?.citizens.find(account.id))?.card).toBeDefined();
    await app.events();
  };

  test('asks for it first; with it the new password counts for what a card says', async () => {
    await linked('zeichen');
    const page = await person.visit(await linkOf());
    expect(textOf(page)).toContain('Zeigen Sie, dass Sie es sind');
    expect(page.body).not.toContain('name="code"');
    const login = await person.submit(page, '/passwort-vergessen/ausweis');
    expect(login.url.pathname).toMatch(/^\/anmelden\//);
    const choose = await useCard(app, person, login, 'zeichen');
    expect(choose.url.pathname).toBe('/passwort-vergessen/neu');
    const done = await person.submit(choose, '/passwort-vergessen/neu', { password: newPassword });
    expect(textOf(done)).toContain('geändert');
    expect((await person.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
    const portal = await logsIn(newPassword);
    expect(textOf(portal)).toContain('niedrig');
  });

  test('another person’s card proves nothing', async () => {
    await linked('titel');
    const page = await person.visit(await linkOf());
    const login = await person.submit(page, '/passwort-vergessen/ausweis');
    let back = await useCard(app, person, login, 'smart-eid');
    if (back.body.includes('/zuordnen')) back = await person.submit(back, '/zuordnen', { answer: 'new' });
    const at = await person.visit(`${app.issuer}/passwort-vergessen/neu`);
    expect(textOf(at)).toContain('Zeigen Sie, dass Sie es sind');
    expect(textOf(at)).not.toContain('Neues Passwort setzen');
  });
});

test('forms: nothing typed, and a form that is not ours', async () => {
  const empty = await asks('  ');
  expect([empty.status, textOf(empty)]).toEqual([422, expect.stringContaining('Geben Sie Ihre E-Mail-Adresse')]);
  const forged = await person.visit(`${app.issuer}/passwort-vergessen`, { form: { login: email, csrf: 'x' } });
  expect(forged.status).toBe(403);
  expect((await post(app, email)).filter(({ type }) => type === 'password_reset')).toEqual([]);
});
