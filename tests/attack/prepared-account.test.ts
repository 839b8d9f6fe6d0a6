import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import type { Authenticator } from '../support/authenticator.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { useCard } from '../support/journey.ts';
import {
  addPasskey,
  addTotp,
  keepAll,
  makeCodes,
  newcomer,
  openAccount,
  proceed,
  type Access,
} from '../support/means.ts';
import { mailTo, post } from '../support/post.ts';

/**
 * MG-03: somebody had a hand in an account before its owner proves whose it is. Whatever the owner has not proved goes by
 * that proof, and the owner reads what.
 */
let app: TestApp;
let count = 0;
/** The owner's own way in. */
let owner: Access & { login: string; password: string };
let email: string;
/** The attacker's browser, and what was added in it. */
let attacker: Person;
let planted: Authenticator;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());
afterEach(() => resetClock());

const id = () => {
  if (!app.app.id) throw new Error('Bayern-ID does not run');
  return app.app.id;
};
const account = async () => {
  const found = await app.citizen(owner.login);
  if (!found) throw new Error('there is no account');
  return found;
};
const kinds = async (): Promise<string[]> =>
  (await id().credentials.credentialsOf((await account()).account.id)).map(({ kind }) => kind).sort();
const halfMinute = 31_000;

beforeEach(async () => {
  owner = await newcomer(app, `vorbereitet-${++count}`);
  email = `${owner.login}@post.test`;
  await id().accounts.setEmail((await account()).account, email, []);
  attacker = createPerson();
});

/** The attacker knew the password for a while: a passkey waits for its day. */
const prepare = async (): Promise<void> => {
  planted = await addPasskey(app, owner, undefined, attacker);
};
const isIn = async (access: Access): Promise<boolean> => {
  const person = createPerson();
  const page = await proceed(app, person, await person.visit(`${app.portal}/login`), access);
  return page.url.origin === app.portal;
};
const loggedIn = async (person: Person): Promise<boolean> =>
  (await person.visit(`${app.issuer}/konto`)).url.pathname === '/konto';

describe('a card is added', () => {
  const cards = ['erika', 'max', 'titel', 'zeichen', 'ohne-anschrift', 'smart-eid'];
  let card: string;
  /** The owner, at the page that asks whether the card is to be added. */
  const question = async (person: Person, access: Access): Promise<Page> => {
    await openAccount(app, person, '/konto', access);
    return useCard(app, person, await person.visit(`${app.issuer}/konto/zugaenge/ausweis/neu`), card);
  };
  beforeEach(() => {
    card = cards[count % cards.length] ?? 'erika';
  });

  const withApp = async (): Promise<Access> => {
    const totp = await addTotp(app, owner);
    shiftClock(halfMinute);
    return { ...owner, totp };
  };

  test('MG-03: passkey and recovery codes of somebody else are listed, and go; so do that one’s sessions', async () => {
    const access = await withApp();
    planted = await addPasskey(app, access, undefined, attacker);
    const codes = await makeCodes(app, access, attacker);
    expect(codes).toHaveLength(10);
    shiftClock(halfMinute);
    const person = createPerson();
    const page = await question(person, access);
    expect(textOf(page)).toMatch(
      /Damit kommt man auch in Ihr Konto\..*Passkey „Mein Telefon“, seit .*Wiederherstellungscodes, seit/,
    );
    expect(textOf(page)).not.toContain('Authenticator-App, seit');
    expect(await loggedIn(attacker)).toBe(true);
    await app.events();
    const done = await person.submit(page, '/ausweis-hinzufuegen', { answer: 'add' });
    expect(done.url.pathname).toBe('/konto/zugaenge/ausweis');
    const events = (await app.events()).map((event) =>
      'method' in event ? `${event.type} ${event.method}` : event.type,
    );
    expect(events).toEqual(
      expect.arrayContaining(['card.linked', 'credential.removed passkey', 'credential.removed recovery_codes']),
    );
    expect(await kinds()).toEqual(['password', 'totp']);
    expect(await loggedIn(attacker)).toBe(false);
    expect(await isIn({ passkey: planted })).toBe(false);
    expect(await loggedIn(person)).toBe(true);
    const mails = (await post(app, email)).filter(({ text }) => text.includes('der Online-Ausweis'));
    expect(mails.map(({ text }) => text)).toEqual([
      expect.stringMatching(/was nicht bestätigt war: ein Passkey und Wiederherstellungscodes\./),
    ]);
  });

  test('what the owner says is hers stays, and is confirmed by nothing', async () => {
    const access = await withApp();
    planted = await addPasskey(app, access, undefined, attacker);
    shiftClock(halfMinute);
    const person = createPerson();
    const page = await question(person, access);
    await person.submit(page, '/ausweis-hinzufuegen', { answer: 'add', ...keepAll(page) });
    const all = await id().credentials.credentialsOf((await account()).account.id);
    expect(Object.fromEntries(all.map(({ kind, ceiling }) => [kind, ceiling]))).toEqual({
      password: 'high',
      totp: 'high',
      passkey: 'basic',
    });
    expect(await isIn({ passkey: planted })).toBe(true);
    expect(await loggedIn(attacker)).toBe(true);
  });

  test('one that came while the owner was reading goes as well', async () => {
    const access = await withApp();
    const person = createPerson();
    const page = await question(person, access);
    expect(textOf(page)).not.toContain('Damit kommt man auch in Ihr Konto');
    const { account: now } = await account();
    await id().credentials.addCredential(now, { kind: 'recovery_codes', codes: ['x'], ceiling: 'basic' }, []);
    await person.submit(page, '/ausweis-hinzufuegen', { answer: 'add' });
    expect(await kinds()).toEqual(['password', 'totp']);
  });

  test('MG-03, RG-09: an address that waits for its code in the attacker’s session is void', async () => {
    const form = await openAccount(app, attacker, '/konto/zugaenge/e-mail', owner);
    const second = `zweite-${count}@post.test`;
    const code = await attacker.submit(form, '/konto/zugaenge/e-mail', { email: second });
    const { code: sent = '' } = await mailTo(app, second);
    const person = createPerson();
    await person.submit(await question(person, owner), '/ausweis-hinzufuegen', { answer: 'add' });
    expect((await account()).card).toBeDefined();
    const action = formsOf(code).find(({ action: to }) => to.endsWith('/e-mail/code'));
    await attacker.visit(action?.action ?? '', { form: { ...action?.fields, code: sent } });
    expect((await account()).email).toBe(email);
  });

  test('a new card: a transfer code that was made before is void', async () => {
    card = 'erika';
    const person = createPerson();
    await person.submit(await question(person, owner), '/ausweis-hinzufuegen', { answer: 'add' });
    const { account: now } = await account();
    await id().citizens.setTransferCode(now, 'vorbereitet', Date.now() + 86_400_000, []);
    shiftClock(2000);
    card = 'erika-neu';
    const page = await useCard(app, person, await person.visit(`${app.issuer}/konto/zugaenge/ausweis/neu`), card);
    await person.submit(page, '/ausweis-hinzufuegen', { answer: 'add' });
    expect(await id().citizens.findByTransferCode('vorbereitet')).toBeUndefined();
    expect(await id().citizens.transferCodeOf(now.id)).toBeUndefined();
  });
});

describe('a password is reset by mail', () => {
  const newPassword = 'birnbaum-wolke-schlitten-sieben';
  const reset = async (person: Person, code?: string): Promise<Page> => {
    const asked = await person.visit(`${app.issuer}/passwort-vergessen`);
    await person.submit(asked, '/passwort-vergessen', { login: email });
    const { link = '' } = await mailTo(app, email);
    let page = await person.visit(link);
    if (code !== undefined) page = await person.submit(page, '/passwort-vergessen/code', { code });
    return person.submit(page, '/passwort-vergessen/neu', { password: newPassword });
  };

  test('MG-03: a passkey that nobody has confirmed goes, and the page says so', async () => {
    await prepare();
    const done = await reset(createPerson());
    expect(textOf(done)).toMatch(/Ihr Passwort ist geändert.*Das haben wir dabei entfernt.*Passkey „Mein Telefon“/);
    expect(await kinds()).toEqual(['password']);
    expect(await loggedIn(attacker)).toBe(false);
    expect(await isIn({ passkey: planted })).toBe(false);
    expect(await isIn({ login: owner.login, password: newPassword })).toBe(true);
    const mail = (await post(app, email)).find(({ type }) => type === 'password_changed');
    expect(mail?.text).toContain('was nicht bestätigt war: ein Passkey.');
  });

  test('RG-06: the second factor stays; recovery codes that were not shown go', async () => {
    const totp = await addTotp(app, owner);
    shiftClock(halfMinute);
    await makeCodes(app, { ...owner, totp }, attacker);
    shiftClock(halfMinute);
    const done = await reset(createPerson(), totp.code());
    expect(textOf(done)).toMatch(/Das haben wir dabei entfernt.*Wiederherstellungscodes/);
    expect(await kinds()).toEqual(['password', 'totp']);
  });

  test('a recovery code that was shown keeps its set', async () => {
    const totp = await addTotp(app, owner);
    shiftClock(halfMinute);
    const [code = ''] = await makeCodes(app, { ...owner, totp });
    const done = await reset(createPerson(), code);
    expect(textOf(done)).not.toContain('entfernt');
    expect(await kinds()).toEqual(['password', 'recovery_codes', 'totp']);
  });

  test('what was confirmed with the card stays', async () => {
    const { account: now } = await account();
    const passkey = { credentialId: `k-${count}`, publicKey: 'k', transports: [], synced: true, name: 'Meiner' };
    await id().credentials.addCredential(now, { kind: 'passkey', passkey, counter: 0, ceiling: 'substantial' }, []);
    const done = await reset(createPerson());
    expect(textOf(done)).not.toContain('entfernt');
    expect(await kinds()).toEqual(['passkey', 'password']);
  });
});
