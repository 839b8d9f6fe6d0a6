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
  linkCard,
  makeCodes,
  newcomer,
  openAccount,
  proceed,
  type Access,
} from '../support/means.ts';
import { mailTo, post } from '../support/post.ts';
import { startServices, type Service, type Services } from './service.ts';

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
afterAll(() => {
  // Mails are read in the order of their times, so the clock goes on from test to test.
  resetClock();
  return app.stop();
});

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

/** A card belongs to one account at a time. */
afterEach(async () => {
  const { account: now, card } = await account();
  if (card) await id().citizens.unlinkCard(now, []);
});
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
  /** The owner, at the page that asks whether the card is to be added. */
  const question = async (person: Person, access: Access, card = 'erika'): Promise<Page> => {
    await openAccount(app, person, '/konto', access);
    return useCard(app, person, await person.visit(`${app.issuer}/konto/zugaenge/ausweis/neu`), card);
  };

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
    const written = await app.events();
    const events = written.map((event) => ('method' in event ? `${event.type} ${event.method}` : event.type));
    // Nobody else has logged in here, though the owner's session goes on in another epoch.
    expect(written.filter((event) => event.type === 'session.ended' && event.by === 'switch')).toEqual([]);
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

  test('MG-03, RG-09: an address that waits for its code is void, also in the very session', async () => {
    const second = `zweite-${count}@post.test`;
    const person = createPerson();
    const waiting: { readonly browser: Person; readonly page: Page }[] = [];
    for (const browser of [attacker, person]) {
      const form = await openAccount(app, browser, '/konto/zugaenge/e-mail', owner);
      waiting.push({ browser, page: await browser.submit(form, '/konto/zugaenge/e-mail', { email: second }) });
      shiftClock(61_000);
    }
    const sent = (await post(app, second)).map(({ code = '' }) => code);
    await person.submit(await question(person, owner), '/ausweis-hinzufuegen', { answer: 'add' });
    expect((await account()).card).toBeDefined();
    for (const { browser, page } of waiting) {
      const code = formsOf(page).find(({ action: to }) => to.endsWith('/e-mail/code'));
      for (const typed of sent) await browser.visit(code?.action ?? '', { form: { ...code?.fields, code: typed } });
    }
    expect((await account()).email).toBe(email);
  });

  test('a new card: a transfer code that was made before is void', async () => {
    const person = createPerson();
    await person.submit(await question(person, owner), '/ausweis-hinzufuegen', { answer: 'add' });
    const { account: now } = await account();
    await id().citizens.setTransferCode(now, 'vorbereitet', Date.now() + 86_400_000, []);
    shiftClock(2000);
    const page = await question(person, owner, 'erika-neu');
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

describe('a password of the lowest ceiling, in an account that has a card', () => {
  const basic = 'urn:bayern-id:acr:basic';
  const low = 'http://eidas.europa.eu/LoA/low';
  const substantial = 'http://eidas.europa.eu/LoA/substantial';
  const high = 'http://eidas.europa.eu/LoA/high';

  let services: Services;
  let service: Service;
  const card = 'erika';
  beforeAll(async () => {
    services = await startServices(app);
    service = await services.add({ clientId: 'bestaetigt' });
  });
  afterAll(() => services.close());

  /** A card's account with another password, as a reset by mail sets it. */
  beforeEach(async () => {
    await linkCard(app, owner, card);
    const hash = await id().hashing.hash(owner.password);
    await id().credentials.setPassword((await account()).account, { hash, ceiling: 'basic' }, []);
    await app.events();
  });

  const acr = async (access: Access, person: Person = createPerson()): Promise<unknown> =>
    (await service.redeem(await proceed(app, person, await service.ask(person), access))).claims.acr;
  const confirmed = async () => (await app.events()).filter(({ type }) => type === 'credential.confirmed');

  test('MG-18: used before the card in one session it is confirmed, which the page says and the journal keeps', async () => {
    const person = createPerson();
    expect(await acr(owner, person)).toBe(basic);
    const page = await service.ask(person, { acr_values: high });
    expect(textOf(page)).toContain('Mit Ihrem Passwort erreichen Sie danach das Vertrauensniveau „niedrig“.');
    const done = await useCard(app, person, page, card);
    expect((await service.redeem(done)).claims.acr).toBe(high);
    const { id: accountId } = (await account()).account;
    expect(await confirmed()).toEqual([
      { type: 'credential.confirmed', method: 'password', level: 'high', clientId: 'bestaetigt', accountId },
    ]);
    expect(textOf(await person.visit(`${app.issuer}/konto/aktivitaet`))).toContain(
      'Passwort mit dem Online-Ausweis bestätigt',
    );
    expect(await acr(owner)).toBe(low);
    // The earlier login in this browser counts for more as well, when the card's has run out.
    shiftClock(31 * 60_000);
    expect((await service.redeem(await service.ask(person))).claims.acr).toBe(low);
    // Once is enough.
    const again = await service.ask(person, { acr_values: high });
    expect(textOf(again)).not.toContain('Ihr Ausweis bestätigt auch');
    await useCard(app, person, again, card);
    expect(await confirmed()).toEqual([]);
  });

  test('MG-18: the card in another browser confirms nothing', async () => {
    const thief = createPerson();
    expect(await acr(owner, thief)).toBe(basic);
    const person = createPerson();
    const page = await useCard(app, person, await service.ask(person, { acr_values: high }), card);
    expect((await service.redeem(page)).claims.acr).toBe(high);
    expect(await confirmed()).toEqual([]);
    expect(await acr(owner)).toBe(basic);
    expect(await acr(owner, thief)).toBe(basic);
  });

  test('MG-18: a login that is used up is none of the session any more', async () => {
    const person = createPerson();
    expect(await acr(owner, person)).toBe(basic);
    shiftClock(61 * 60_000);
    const page = await service.ask(person, { acr_values: high });
    await useCard(app, person, page, card);
    expect(await confirmed()).toEqual([]);
    expect(await acr(owner)).toBe(basic);
  });

  test('MG-18: of password and app only what is below it is lifted', async () => {
    const totp = await addTotp(app, { card });
    const all = await id().credentials.credentialsOf((await account()).account.id);
    // Made with the card, so only the password is below it.
    expect(all.map(({ kind, ceiling }) => [kind, ceiling])).toEqual([
      ['password', 'basic'],
      ['totp', 'high'],
    ]);
    shiftClock(31_000);
    const person = createPerson();
    expect(await acr({ ...owner, totp }, person)).toBe(basic);
    await app.events();
    await useCard(app, person, await service.ask(person, { acr_values: high }), card);
    expect((await confirmed()).map((event) => 'method' in event && event.method)).toEqual(['password']);
    shiftClock(31_000);
    expect(await acr({ ...owner, totp })).toBe(substantial);
  });
});
