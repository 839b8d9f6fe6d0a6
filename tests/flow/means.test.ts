import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createAuthenticator } from '../support/authenticator.ts';
import { createPerson, formsOf, textOf } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import {
  addPasskey,
  addTotp,
  createTotp,
  linkCard,
  makeCodes,
  newcomer,
  openAccount,
  proceed,
  wrongCode,
  type Access,
} from '../support/means.ts';

/** Ways into an account: added, used, renamed and taken away, as a citizen does it. */
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());
afterEach(() => resetClock());

const overview = '/konto/zugaenge';
const halfMinute = 30_000;

const kindsOf = async ({ login }: Access): Promise<string[]> => {
  const id = (await app.citizen(login ?? ''))?.account.id ?? '';
  return ((await app.app.id?.credentials.credentialsOf(id)) ?? []).map(({ kind }) => kind);
};

/** What was journalled of an account, of these types; by time, so also across a moved clock. */
const eventsOf = async ({ login }: Access, type: string): Promise<Record<string, unknown>[]> => {
  const id = (await app.citizen(login ?? ''))?.account.id;
  const { journal, stores } = app.app.id ?? {};
  await journal?.settled();
  const rows = await stores?.records.query
    .selectFrom('audit_events')
    .select('detail')
    .where('type', '=', type)
    .where('account_id', '=', id ?? '')
    .orderBy('id')
    .execute();
  return (rows ?? []).map(({ detail }) => JSON.parse(detail) as Record<string, unknown>);
};

const endings = (page: Page): string[] =>
  formsOf(page).map(({ action }) => new URL(action).pathname.split('/').at(-1) ?? '');

describe('passkeys', () => {
  test('one is made, and logs in by itself, without a user name', async () => {
    const who = await newcomer(app, 'passkey-neu');
    const passkey = await addPasskey(app, who);
    expect(await eventsOf(who, 'credential.added')).toEqual([{ method: 'passkey' }]);
    const page = await openAccount(app, createPerson(), overview, { passkey });
    expect(textOf(page)).toContain('Mein Telefon');
    expect(textOf(page)).toContain('Zuletzt benutzt');
    expect(textOf(page)).toContain('zwischen Geräten abgeglichen');
    expect(await kindsOf(who)).toEqual(['password', 'passkey']);
    expect(await eventsOf(who, 'login.succeeded')).toMatchObject([{ method: 'password' }, { method: 'passkey' }]);
  });

  test('it is renamed, and what is no name is refused', async () => {
    const who = await newcomer(app, 'passkey-name');
    await addPasskey(app, who);
    const person = createPerson();
    const list = await openAccount(app, person, overview, who);
    const page = await proceed(app, person, await person.follow(list, '/passkey/'), who);
    const refused = await person.submit(page, '/name', { name: ' \t ' });
    expect([refused.status, textOf(refused)]).toEqual([
      422,
      expect.stringContaining('Geben Sie dem Passkey einen Namen'),
    ]);
    const renamed = await person.submit(refused, '/name', { name: '  Notebook\u202e \n zu Hause ' });
    expect(textOf(renamed)).toContain('Notebook zu Hause');
    // Cut where it is too long, and never through the middle of a character.
    const long = await person.submit(await person.follow(renamed, '/passkey/'), '/name', {
      name: `${'x'.repeat(59)}🎒y`,
    });
    expect(textOf(long)).toContain(`${'x'.repeat(59)}🎒 `);
  });

  test('the same device cannot be added twice, and an answer to another order is refused', async () => {
    const who = await newcomer(app, 'passkey-zweimal');
    const person = createPerson();
    const passkey = await addPasskey(app, who, createAuthenticator(), person);
    const again = await person.visit(`${app.issuer}${overview}/passkey`);
    expect(again.body).toContain(passkey.credentialId);
    const taken = await person.submit(again, '/passkey', { name: 'Noch einer', answer: passkey.make(again) });
    expect([taken.status, textOf(taken)]).toEqual([422, expect.stringContaining('schon einen Passkey')]);
    const old = await person.submit(again, '/passkey', { name: 'Alt', answer: createAuthenticator().make(again) });
    expect([old.status, textOf(old)]).toEqual([422, expect.stringContaining('nicht angenommen')]);
    expect(await kindsOf(who)).toEqual(['password', 'passkey']);
  });

  test('the last way in stays; beside another one it goes', async () => {
    const who = await newcomer(app, 'passkey-letzter');
    const passkey = await addPasskey(app, who);
    const citizen = await app.citizen(who.login);
    const { credentials } = app.app.id ?? {};
    const [password] = (await credentials?.credentialsOf(citizen?.account.id ?? '')) ?? [];
    if (citizen && password) await credentials?.removeCredential(citizen.account, password.id, []);
    const person = createPerson();
    const list = await openAccount(app, person, overview, { passkey });
    const page = await person.follow(list, '/passkey/');
    const refused = await person.submit(page, '/entfernen');
    expect([refused.status, textOf(refused)]).toEqual([422, expect.stringContaining('der letzte Weg in Ihr Konto')]);
    expect(await eventsOf(who, 'credential.removed')).toEqual([]);
    await addPasskey(app, {}, createAuthenticator(), person);
    const removed = await person.submit(page, '/entfernen');
    expect(removed.url.search).toBe('?getan=passkey-entfernt');
    expect(await kindsOf(who)).toEqual(['passkey']);
    expect(await eventsOf(who, 'credential.removed')).toMatchObject([{ method: 'passkey' }]);
    const gone = await person.visit(`${app.issuer}/konto`);
    expect(gone.status).toBe(200);
    const other = createPerson();
    const login = await other.visit(`${app.issuer}/konto`);
    expect((await other.submit(login, '/passkey', { answer: passkey.answer(login) })).status).toBe(422);
  });

  test('nobody else’s passkey can be seen, renamed or removed', async () => {
    const mine = await newcomer(app, 'passkey-meiner');
    const yours = await newcomer(app, 'passkey-deiner');
    await addPasskey(app, yours);
    const id = (await app.citizen(yours.login))?.account.id ?? '';
    const [, theirs] = (await app.app.id?.credentials.credentialsOf(id)) ?? [];
    const person = createPerson();
    await addPasskey(app, mine, createAuthenticator(), person);
    const own = await person.follow(await person.visit(`${app.issuer}${overview}`), '/passkey/');
    const path = `${app.issuer}${overview}/passkey/${theirs?.id ?? ''}`;
    const { csrf = '' } = formsOf(own)[1]?.fields ?? {};
    expect((await person.visit(path)).status).toBe(404);
    for (const ending of ['name', 'entfernen'])
      expect((await person.visit(`${path}/${ending}`, { form: { csrf, name: 'x' } })).status).toBe(404);
    expect(await kindsOf(yours)).toEqual(['password', 'passkey']);
  });
});

describe('an authenticator app', () => {
  test('counts once a code of it was typed, and from then on the password alone is half a login', async () => {
    const who = await newcomer(app, 'app-neu');
    const person = createPerson();
    const page = await openAccount(app, person, `${overview}/app`, who);
    const again = await person.visit(page.url.href);
    const secret = /secret=([A-Z2-7]{32})/.exec(page.body)?.[1] ?? '';
    expect(again.body).toContain(secret);
    expect(textOf(page)).toContain(secret.match(/.{4}/g)?.join(' '));
    expect(page.body).toContain('src="data:image/svg+xml;base64,');
    for (const [code, words] of [
      ['', 'Geben Sie den Code aus der App ein'],
      [wrongCode(secret), 'Der Code stimmt nicht'],
    ] as const) {
      const refused = await person.submit(page, '/app', { code });
      expect([refused.status, textOf(refused)]).toEqual([422, expect.stringContaining(words)]);
      expect(refused.body).toContain(secret);
    }
    expect(await kindsOf(who)).toEqual(['password']);
    const totp = await addTotp(app, {}, person);
    expect(totp.secret).toBe(secret);
    expect(await kindsOf(who)).toEqual(['password', 'totp']);

    const other = createPerson();
    const login = await other.visit(`${app.issuer}/konto`);
    const code = await other.submit(login, '/passwort', who);
    expect([code.status, textOf(code)]).toEqual([200, expect.stringContaining('Sicherheitscode eingeben')]);
    const used = await other.submit(code, '/code', { code: totp.used });
    expect([used.status, textOf(used)]).toEqual([422, expect.stringContaining('schon benutzt')]);
    shiftClock(halfMinute);
    const typed = totp.code();
    const inside = await other.submit(used, '/code', { code: `${typed.slice(0, 3)} ${typed.slice(3)}` });
    expect(inside.url.pathname).toBe('/konto');
  });

  test('it is removed with its codes, and then the password is enough', async () => {
    const who = await newcomer(app, 'app-weg');
    const person = createPerson();
    await addTotp(app, who, person);
    expect(await makeCodes(app, {}, person)).toHaveLength(10);
    expect(await kindsOf(who)).toEqual(['password', 'totp', 'recovery_codes']);
    const page = await person.visit(`${app.issuer}${overview}/app`);
    await person.submit(page, '/entfernen');
    expect(await kindsOf(who)).toEqual(['password']);
    expect(await eventsOf(who, 'credential.removed')).toMatchObject([{ method: 'totp' }]);
    await openAccount(app, createPerson(), '/konto', who);
  });

  test('is not offered where there is no password', async () => {
    const who = await newcomer(app, 'app-ohne-passwort');
    const passkey = await addPasskey(app, who);
    const citizen = await app.citizen(who.login);
    const { credentials } = app.app.id ?? {};
    const [password] = (await credentials?.credentialsOf(citizen?.account.id ?? '')) ?? [];
    if (citizen && password) await credentials?.removeCredential(citizen.account, password.id, []);
    const page = await openAccount(app, createPerson(), `${overview}/app`, { passkey });
    expect(textOf(page)).toContain('Ihr Konto hat keines');
    expect(endings(page)).not.toContain('app');
  });

  test('another way in can be taken after all, and then the password is asked again', async () => {
    const who = await newcomer(app, 'app-anders');
    await addTotp(app, who);
    const person = createPerson();
    const login = await person.visit(`${app.issuer}/konto`);
    const code = await person.submit(login, '/passwort', who);
    const back = await person.submit(code, '/code/zurueck');
    expect(endings(back)).toEqual(expect.arrayContaining(['passwort', 'eid']));
  });

  test('a right password waits five minutes for its code', async () => {
    const who = await newcomer(app, 'app-spaet');
    const totp = await addTotp(app, who);
    const person = createPerson();
    const code = await person.submit(await person.visit(`${app.issuer}/konto`), '/passwort', who);
    shiftClock(5 * 60_000);
    const late = await person.submit(code, '/code', { code: totp.code() });
    expect([late.status, endings(late)]).toEqual([200, expect.arrayContaining(['passwort'])]);
    expect((await proceed(app, person, late, { ...who, totp })).url.pathname).toBe('/konto');
  });
});

describe('recovery codes', () => {
  test('each stands in for the app once, however it is typed, and then there is one fewer', async () => {
    const who = await newcomer(app, 'codes-neu');
    await addTotp(app, who);
    shiftClock(halfMinute);
    const person = createPerson();
    const id = (await app.citizen(who.login))?.account.id ?? '';
    const secret = (await app.app.id?.credentials.totpOf(id))?.secret ?? '';
    const codes = await makeCodes(app, { ...who, totp: createTotp(secret) }, person);
    expect(new Set(codes).size).toBe(10);
    expect((await person.visit(`${app.issuer}${overview}/codes`)).body).not.toContain(codes[0]);
    const [first = '', second = ''] = codes;
    const typings = [first, second.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')];
    for (const [nth, typed] of typings.entries()) {
      const other = createPerson();
      const asked = await other.submit(await other.visit(`${app.issuer}/konto`), '/passwort', who);
      const page = await other.follow(asked, 'mit=wiederherstellung');
      const inside = await other.submit(page, '/code', { code: typed });
      expect([typed, inside.url.pathname]).toEqual([typed, '/konto']);
      expect((await eventsOf(who, 'recovery_code.used')).map(({ left }) => left)).toEqual([9, 8].slice(0, nth + 1));
    }
    const other = createPerson();
    const asked = await other.submit(await other.visit(`${app.issuer}/konto`), '/passwort', who);
    const again = await other.submit(await other.follow(asked, 'mit='), '/code', { code: first });
    expect([again.status, textOf(again)]).toEqual([422, expect.stringContaining('schon benutzt')]);
    expect(textOf(await person.visit(`${app.issuer}${overview}`))).toContain('noch 8 Wiederherstellungscodes');
  });

  test('a new set voids the one before; without an app none is made', async () => {
    const who = await newcomer(app, 'codes-zweite');
    const person = createPerson();
    const none = await openAccount(app, person, `${overview}/codes`, who);
    expect(endings(none)).not.toContain('codes');
    const [csrf = ''] = formsOf(await person.visit(`${app.issuer}${overview}/app`)).flatMap(({ action, fields }) =>
      action.endsWith('/app') ? [fields['csrf'] ?? ''] : [],
    );
    await person.visit(`${app.issuer}${overview}/codes`, { form: { csrf } });
    expect(await kindsOf(who)).toEqual(['password']);
    await addTotp(app, {}, person);
    const [old = ''] = await makeCodes(app, {}, person);
    const [fresh = ''] = await makeCodes(app, {}, person);
    const other = createPerson();
    const asked = await other.submit(await other.visit(`${app.issuer}/konto`), '/passwort', who);
    const page = await other.submit(await other.follow(asked, 'mit='), '/code', { code: old });
    expect(page.status).toBe(422);
    expect((await other.submit(page, '/code', { code: fresh })).url.pathname).toBe('/konto');
  });
});

describe('who may change the ways in', () => {
  const changes = [`${overview}/passkey`, `${overview}/app`, `${overview}/codes`] as const;

  test('only a login of the last ten minutes', async () => {
    const who = await newcomer(app, 'frisch');
    const person = createPerson();
    await openAccount(app, person, overview, who);
    for (const path of changes) expect((await person.visit(`${app.issuer}${path}`)).url.pathname).toBe(path);
    const page = await person.visit(`${app.issuer}${overview}/app`);
    const secret = /secret=([A-Z2-7]{32})/.exec(page.body)?.[1] ?? '';
    shiftClock(10 * 60_000 + 1000);
    for (const path of changes)
      expect((await person.visit(`${app.issuer}${path}`)).url.pathname).toMatch(/^\/anmelden\//);
    expect((await person.visit(`${app.issuer}${overview}`)).url.pathname).toBe(overview);
    const stale = await person.submit(page, '/app', { code: createTotp(secret).code() });
    expect(stale.url.pathname).toMatch(/^\/anmelden\//);
    expect(await kindsOf(who)).toEqual(['password']);
    const back = await proceed(app, person, stale, who);
    expect(back.url.pathname).toBe(`${overview}/app`);
  });

  test('only the account’s highest level: whoever has added a card shows it', async () => {
    const who = await newcomer(app, 'mit-karte');
    await linkCard(app, who, 'erika');
    const person = createPerson();
    await openAccount(app, person, overview, who);
    for (const path of changes) {
      const page = await person.visit(`${app.issuer}${path}`);
      expect(endings(page)).toEqual(expect.arrayContaining(['eid']));
      expect(endings(page)).not.toContain('passwort');
    }
    const page = await openAccount(app, person, `${overview}/passkey`, { card: 'erika' });
    expect(endings(page)).toContain('passkey');
  });
});
