import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newTotpSecret } from '../../src/id/authentication/totp/codes.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { useCard } from '../support/journey.ts';
import { mailTo, post } from '../support/post.ts';
import { goodPassword, registers } from '../support/registration.ts';

const newPassword = 'anker-wolke-fenster-brot';
let app: TestApp;
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
  // Windows of their own: the limits forget by time alone.
  shiftClock(86_401_000);
  email = `opfer-${++count}@post.test`;
  const owner = createPerson();
  await registers(app, owner, await owner.visit(`${app.portal}/login`), { email });
  shiftClock(61_000);
  await app.events();
});

const resets = async (to = email): Promise<string[]> =>
  (await post(app, to)).filter(({ type }) => type === 'password_reset').map(({ link = '' }) => link);
const asks = async (login: string, person: Person = createPerson(), headers = {}): Promise<Page> => {
  const form = await person.visit(`${app.issuer}/passwort-vergessen`);
  const csrf = /name="csrf" value="([^"]+)"/.exec(form.body)?.[1] ?? '';
  return person.visit(`${app.issuer}/passwort-vergessen`, { form: { login, csrf }, headers });
};
const link = async (): Promise<string> => {
  await asks(email);
  const [newest = ''] = await resets();
  return newest;
};
const account = async () => {
  const citizen = await app.citizen(email);
  if (!citizen) throw new Error('there is no account');
  return citizen;
};
const logsIn = async (login: string, password: string, person = createPerson()): Promise<boolean> => {
  const page = await person.submit(await person.visit(`${app.portal}/login`), '/passwort', { login, password });
  return page.url.origin === app.portal;
};
const id = () => {
  const found = app.app.id;
  if (!found) throw new Error('Bayern-ID does not run');
  return found;
};

const bare = (page: Page): string => page.body.replaceAll(/name="csrf" value="[^"]+"/g, 'CSRF');
const headersOf = ({ headers }: Page): string[] => [...headers].filter(([name]) => name !== 'date').map(String);

describe('PW-01, PW-03: the same answer for everybody', () => {
  test('known, by another spelling, unknown, locked, without an address, asked for too often', async () => {
    const { account: locked } = await account();
    const lockedEmail = email;
    await id().citizens.act(locked.id, { kind: 'lock', reason: 'Test', operator: 'test' });
    email = `opfer-${++count}@post.test`;
    const owner = createPerson();
    await registers(app, owner, await owner.visit(`${app.portal}/login`), { email });
    shiftClock(61_000);
    await app.events();
    await id().citizens.create({ loginName: 'ohne-adresse', passwordHash: 'hash', self: {}, ceiling: 'basic' }, []);
    const names = [email, email.toUpperCase(), 'nobody', 'nobody@post.test', lockedEmail, 'ohne-adresse', email];
    const answers = [];
    for (const name of names) answers.push(await asks(name));
    const [first, ...others] = answers.map((page) => [page.status, page.url.pathname, headersOf(page), bare(page)]);
    for (const other of others) expect(other).toEqual(first);
    expect(await resets()).toHaveLength(1);
    expect(await resets(lockedEmail)).toEqual([]);
    expect(await resets('nobody@post.test')).toEqual([]);
    expect((await id().citizens.find(locked.id))?.account).toMatchObject({ state: 'locked' });
    expect((await app.events()).map(({ type }) => type)).toEqual(['recovery.requested']);
  });

  test('PW-02: the answer is there before anybody looks', async () => {
    const { citizens } = id();
    const findByLoginName = citizens.findByLoginName.bind(citizens);
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    Object.assign(citizens, {
      async findByLoginName(typed: string) {
        await held;
        return findByLoginName(typed);
      },
    });
    expect((await asks(email)).url.pathname).toBe('/passwort-vergessen/gesendet');
    Object.assign(citizens, { findByLoginName });
    release();
    expect(await resets()).toHaveLength(1);
  });

  test('RG-07: at most three mails in an hour, whatever name of the account is typed', async () => {
    await id().accounts.setLoginName((await account()).account, `opfer.${count}`, []);
    for (let i = 0; i < 6; i++) {
      await asks(i % 2 === 0 ? email : `opfer.${count}`);
      shiftClock(61_000);
    }
    // One of the three was the code of the registration.
    expect(await resets()).toHaveLength(2);
  });
});

describe('links', () => {
  test.each([
    ['Host behind no proxy', { 'x-forwarded-host': 'evil.example' }],
    ['Forwarded', { forwarded: 'host=evil.example;proto=https' }],
    ['X-Original-Host', { 'x-original-host': 'evil.example', 'x-host': 'evil.example' }],
    ['X-Forwarded-Proto', { 'x-forwarded-proto': 'javascript', 'x-forwarded-prefix': '//evil.example' }],
  ])('RG-01: %s does not get into the link', async (_title, headers) => {
    await asks(email, createPerson(), headers);
    expect((await resets())[0]).toMatch(new RegExp(`^${app.issuer}/passwort-vergessen/[\\w-]{43}$`));
  });

  test('RG-02: used twice', async () => {
    const once = await link();
    const person = createPerson();
    const page = await person.visit(once);
    await person.submit(page, '/passwort-vergessen/neu', { password: newPassword });
    const again = createPerson();
    expect((await again.visit(once)).status).toBe(410);
    const late = await person.submit(page, '/passwort-vergessen/neu', { password: `${newPassword}-x` });
    expect(late.status).toBe(410);
    expect(await logsIn(email, newPassword)).toBe(true);
  });

  test('RG-02: after an hour, and after a second request', async () => {
    const first = await link();
    const person = createPerson();
    const page = await person.visit(first);
    shiftClock(61_000);
    const second = await link();
    expect(second).not.toBe(first);
    expect((await createPerson().visit(first)).status).toBe(410);
    expect((await person.submit(page, '/passwort-vergessen/neu', { password: newPassword })).status).toBe(410);
    shiftClock(3600_000);
    expect((await createPerson().visit(second)).status).toBe(410);
    expect(await logsIn(email, goodPassword)).toBe(true);
  });

  test('RG-02: twenty uses at once set one password', async () => {
    const once = await link();
    const people = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const person = createPerson();
        return { person, page: await person.visit(once) };
      }),
    );
    const answers = await Promise.all(
      people.map(({ person, page }, i) =>
        person.submit(page, '/passwort-vergessen/neu', { password: `${newPassword}-${i}` }),
      ),
    );
    expect(answers.filter(({ status }) => status >= 500 && status !== 503)).toEqual([]);
    expect(answers.filter((page) => textOf(page).includes('Ihr Passwort ist geändert'))).toHaveLength(1);
    const events = (await app.events()).filter(({ type }) => type === 'password.changed');
    expect(events).toHaveLength(1);
  });

  test('RG-02: a scanner that opens it, also by HEAD, uses nothing up', async () => {
    const once = await link();
    for (const method of ['HEAD', 'GET', 'HEAD', 'GET']) await fetch(once, { method, redirect: 'follow' });
    const person = createPerson();
    const page = await person.submit(await person.visit(once), '/passwort-vergessen/neu', { password: newPassword });
    expect(textOf(page)).toContain('Ihr Passwort ist geändert');
  });

  test('RG-03: what belongs to one link does not go with another', async () => {
    const theirs = await link();
    const mine = `opfer-${++count}@post.test`;
    const attacker = createPerson();
    await registers(app, attacker, await attacker.visit(`${app.portal}/login`), { email: mine });
    shiftClock(61_000);
    await asks(mine);
    const own = await attacker.visit((await resets(mine))[0] ?? '');
    const victim = createPerson();
    await victim.visit(theirs);
    // The attacker's form with the victim's browser, and the other way round.
    const form = /name="csrf" value="([^"]+)"/.exec(own.body)?.[1] ?? '';
    const forged = await victim.visit(`${app.issuer}/passwort-vergessen/neu`, {
      form: { csrf: form, password: newPassword },
    });
    expect(forged.status).toBe(403);
    expect(await logsIn(email, goodPassword)).toBe(true);
    expect(await logsIn(mine, goodPassword)).toBe(true);
  });

  test('RG-04: 256 random bits, of which the stores keep no trace; anything else is no link', async () => {
    const once = await link();
    const token = once.split('/').at(-1) ?? '';
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const rows = await id().stores.records.query.selectFrom('outbox').selectAll().execute();
    expect(rows.map((row) => Buffer.from(JSON.stringify(row)).includes(token))).not.toContain(true);
    for (const other of [token.slice(0, -1), `${token}A`, 'A'.repeat(43), token.toLowerCase()]) {
      const page = await createPerson().visit(`${app.issuer}/passwort-vergessen/${other}`);
      expect([404, 410]).toContain(page.status);
    }
    expect((await createPerson().visit(once)).status).toBe(200);
  });

  test('RG-05: the token leaves the address at once, and stands in no header and no log', async () => {
    const once = await link();
    const token = once.split('/').at(-1) ?? '';
    const person = createPerson();
    const page = await person.visit(once);
    expect(page.url.pathname).toBe('/passwort-vergessen/neu');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.body).not.toContain(token);
    await person.submit(page, '/passwort-vergessen/neu', { password: newPassword });
    expect(JSON.stringify([app.log, await app.events()])).not.toContain(token);
  });
});

describe('RG-06: a mail is no means', () => {
  test('the new password counts for basic; what else the account has stays', async () => {
    const { account: before } = await account();
    const secret = newTotpSecret();
    await id().credentials.addCredential(before, { kind: 'totp', secret, ceiling: 'low' }, []);
    const person = createPerson();
    expect(textOf(await person.visit(await link()))).toContain('Zeigen Sie, dass Sie es sind');
    const { credentials } = id();
    const totp = await credentials.totpOf(before.id);
    await credentials.removeCredential(before, totp?.id ?? '', []);
    const page = await person.visit(`${app.issuer}/passwort-vergessen/neu`);
    await person.submit(page, '/passwort-vergessen/neu', { password: newPassword });
    expect((await id().citizens.passwordOf(before.id))?.ceiling).toBe('basic');
  });

  test('RF-10, MG-02: every session of the account is over, whoever has it', async () => {
    const thief = createPerson();
    await logsIn(email, goodPassword, thief);
    expect((await thief.visit(`${app.issuer}/konto`)).url.pathname).toBe('/konto');
    const person = createPerson();
    await person.submit(await person.visit(await link()), '/passwort-vergessen/neu', { password: newPassword });
    expect((await thief.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
    expect((await mailTo(app, email)).type).toBe('password_changed');
  });

  test('MG-04: an address that waits for its code in a thief’s session is void', async () => {
    const thief = createPerson();
    await logsIn(email, goodPassword, thief);
    const other = `dieb-${count}@post.test`;
    const form = await thief.visit(`${app.issuer}/konto/zugaenge/e-mail`);
    const code = await thief.submit(form, '/e-mail', { email: other });
    const { code: sent = '' } = await mailTo(app, other);
    const person = createPerson();
    await person.submit(await person.visit(await link()), '/passwort-vergessen/neu', { password: newPassword });
    await thief.submit(code, '/e-mail/code', { code: sent });
    expect((await account()).email).toBe(email);
  });
});

describe('SE-13: no step is skipped by its address', () => {
  const token = async (person: Person): Promise<string> => {
    const page = await person.visit(`${app.issuer}/passwort-vergessen/neu`);
    return /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
  };

  test('without a link there is nothing to see and nothing to send', async () => {
    const person = createPerson();
    expect((await person.visit(`${app.issuer}/passwort-vergessen/neu`)).status).toBe(410);
    for (const path of ['neu', 'code', 'ausweis']) {
      const form = { password: newPassword, code: '123456', csrf: 'x' };
      const page = await person.visit(`${app.issuer}/passwort-vergessen/${path}`, { form });
      expect([path, page.status]).toEqual([path, 410]);
    }
  });

  test('before the second factor was shown no password can be set', async () => {
    const { account: before } = await account();
    await id().credentials.addCredential(before, { kind: 'totp', secret: newTotpSecret(), ceiling: 'basic' }, []);
    const person = createPerson();
    await person.visit(await link());
    const csrf = await token(person);
    const page = await person.visit(`${app.issuer}/passwort-vergessen/neu`, { form: { csrf, password: newPassword } });
    expect(page.status).toBe(400);
    expect(await logsIn(email, newPassword)).toBe(false);
    const card = await person.visit(`${app.issuer}/passwort-vergessen/ausweis`, { form: { csrf } });
    expect(card.status).toBe(400);
  });

  test('PW-12: codes cannot be tried without end, and the right one is refused then', async () => {
    const { account: before } = await account();
    await id().credentials.addCredential(before, { kind: 'totp', secret: newTotpSecret(), ceiling: 'basic' }, []);
    const person = createPerson();
    let page = await person.visit(await link());
    for (let i = 0; i < 11; i++) page = await person.submit(page, '/passwort-vergessen/code', { code: '000000' });
    expect(textOf(page)).toContain('zu viele Versuche');
  });

  test('an account with a card: a login by password is no card', async () => {
    const owner = createPerson();
    const assign = await useCard(app, owner, await owner.visit(`${app.portal}/login`), 'smart-eid');
    const login = await owner.submit(assign, '/zuordnen', { answer: 'existing' });
    const confirm = await owner.submit(login, '/passwort', { login: email, password: goodPassword });
    await owner.submit(confirm, '/ausweis-hinzufuegen', { answer: 'add' });
    expect((await account()).card).toBeDefined();
    const thief = createPerson();
    await logsIn(email, goodPassword, thief);
    await thief.visit(await link());
    expect(textOf(await thief.visit(`${app.issuer}/passwort-vergessen/neu`))).toContain('Zeigen Sie, dass Sie es sind');
    const csrf = await token(thief);
    const page = await thief.visit(`${app.issuer}/passwort-vergessen/neu`, { form: { csrf, password: newPassword } });
    expect(page.status).toBe(400);
  });

  test('a link from before the account has moved on is void', async () => {
    const once = await link();
    const person = createPerson();
    const page = await person.visit(once);
    await id().citizens.act((await account()).account.id, { kind: 'logout', reason: 'Test', operator: 'test' });
    expect((await person.submit(page, '/passwort-vergessen/neu', { password: newPassword })).status).toBe(410);
    expect(await logsIn(email, goodPassword)).toBe(true);
  });
});
