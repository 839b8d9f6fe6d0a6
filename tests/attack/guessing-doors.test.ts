import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createPasswordHashing } from '../../src/id/authentication/password/hashing.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, loginAtPortal, max, useCard } from '../support/journey.ts';
import { happened } from './service.ts';

/** Small, so that few hashes are needed. */
const failures = 4;

let app: TestApp;
const start = async (set: Record<string, string> = {}, data?: string): Promise<void> => {
  app = await startTestApp({
    ...(data === undefined ? {} : { data }),
    set: {
      ID__GUARD__NAME__FAILURES: String(failures),
      // So long that no test has to be quick.
      ID__GUARD__NAME__FIRST_WAIT: '900',
      ID__GUARD__NAME__WINDOW: '900',
      ID__GUARD__ADDRESS__FAILURES: '1000',
      ...set,
    },
  });
};
afterAll(() => resetClock());

const type = async (who: { login: string; password: string }, person: Person = createPerson()): Promise<Page> =>
  person.submit(await person.visit(`${app.portal}/login`), '/passwort', who);
const isIn = (page: Page): boolean => page.url.origin === app.portal;
const wrong = (login: string): { login: string; password: string } => ({ login, password: 'not this one' });

/** A page without what is new in every one of them, and without what was typed. */
const bare = (page: Page): string =>
  page.body
    .replaceAll(/\/anmelden\/([^/]+)/.exec(page.url.pathname)?.[1] ?? '', 'UID')
    .replaceAll(/name="csrf" value="[^"]+"/g, 'CSRF')
    .replaceAll(/challenge&quot;:&quot;[\w-]+/g, 'CHALLENGE')
    .replace(/(<input[^>]+id="login"[^>]+)value="[^"]*"/, '$1VALUE');

describe('PW-01: accounts that no password opens', () => {
  beforeAll(() => start({ ID__GUARD__NAME__FAILURES: '100' }));
  afterAll(() => app.stop());

  test('one without a password, and a locked one, read like a name that nobody has', async () => {
    const nobody = await type(wrong('nobody'));
    expect(nobody.status).toBe(422);
    await app.app.id?.citizens.create({ loginName: 'nur-karte', ceiling: 'basic' }, []);
    const cardOnly = await type(wrong('nur-karte'));
    expect([cardOnly.status, bare(cardOnly)]).toEqual([422, bare(nobody)]);
    const id = (await app.citizen('max'))?.account.id ?? '';
    await app.app.id?.stores.records.query
      .updateTable('accounts')
      .set({ state: 'locked' })
      .where('id', '=', id)
      .execute();
    await happened(app);
    for (const who of [wrong('max'), max]) {
      const page = await type(who);
      expect([page.status, bare(page)]).toEqual([422, bare(nobody)]);
    }
    const events = await app.events();
    expect(events).toMatchObject([
      { type: 'login.failed', reason: 'wrong_password', accountId: id },
      { type: 'login.failed', reason: 'locked', accountId: id },
    ]);
  });

  test('decision 16: failures for a name that nobody has are counted, not written down one by one', async () => {
    await happened(app);
    for (let i = 0; i < 3; i++) await type(wrong(`nobody-${i}`));
    expect(await happened(app)).toEqual([]);
  });

  test('PW-02: the same work for both: one hash of the same cost', async () => {
    const hashing = app.app.id?.hashing;
    if (!hashing) throw new Error('there is no hashing');
    const before = { ...hashing };
    const calls: string[] = [];
    Object.assign(hashing, {
      verify: (stored: string, password: string) => {
        calls.push(/^\$argon2id\$[^$]+\$[^$]+/.exec(stored)?.[0] ?? stored);
        return before.verify(stored, password);
      },
      verifyNothing: (password: string) => {
        calls.push('for nobody');
        return before.verifyNothing(password);
      },
    });
    await type(wrong('erika'));
    await type(wrong('nobody'));
    await type(wrong('nur-karte'));
    Object.assign(hashing, before);
    expect(calls).toEqual(['$argon2id$v=19$m=19456,t=2,p=1', 'for nobody', 'for nobody']);
  });

  test('PW-13: a password counts to its last byte, and blanks are part of it', async () => {
    for (const password of [
      `${erika.password} `,
      ` ${erika.password}`,
      erika.password.toUpperCase(),
      `${erika.password}\u0301`,
    ])
      expect(isIn(await type({ login: 'erika', password }))).toBe(false);
    const long = 'x'.repeat(72);
    const hash = await app.app.id?.hashing.hash(`${long}right`);
    expect(await app.app.id?.hashing.verify(hash ?? '', `${long}wrong`)).toBe(false);
    expect(await app.app.id?.hashing.verify(hash ?? '', `${long}right`)).toBe(true);
  });

  test('PW-14: each hash has a salt of its own', async () => {
    const hashes = await Promise.all(
      ['erika', 'max'].map(async (login) =>
        app.app.id?.citizens.passwordOf((await app.citizen(login))?.account.id ?? ''),
      ),
    );
    const salts = hashes.map((password) => password?.hash.split('$')[4] ?? '');
    for (const salt of salts) expect(Buffer.from(salt, 'base64').length).toBeGreaterThanOrEqual(16);
    expect(new Set(salts).size).toBe(2);
  });

  test('PW-14: a hash of lower cost is renewed by its next login, not by a wrong password, and counts for what it did', async () => {
    const { citizens } = app.app.id ?? {};
    if (!citizens) throw new Error('Bayern-ID does not run');
    const login = { login: 'frueher', password: 'aus einer Zeit der Sparsamkeit' };
    const cheap = await createPasswordHashing({ memory: 8192, iterations: 1, parallelism: 1 }, { queue: 1 });
    const passwordHash = await cheap.hash(login.password);
    const { account } = await citizens.create({ loginName: login.login, passwordHash, ceiling: 'low' }, []);
    const { memory, iterations, parallelism } = app.settings.id.password_hash;
    const stored = async () => {
      await app.app.id?.settled();
      return citizens.passwordOf(account.id);
    };
    const before = await stored();
    await type({ ...login, password: 'falsch geraten' });
    expect(await stored()).toEqual(before);
    expect(isIn(await type(login))).toBe(true);
    const after = await stored();
    expect(after).toMatchObject({ id: before?.id, ceiling: 'low' });
    expect(after?.hash).toMatch(new RegExp(`^\\$argon2id\\$v=19\\$m=${memory},t=${iterations},p=${parallelism}\\$`));
    expect(isIn(await type(login))).toBe(true);
    expect(await stored()).toEqual(after);
  });
});

describe('one counter, whatever door', () => {
  beforeAll(() => start());
  afterAll(() => app.stop());
  /** Each test begins in a window of its own: the guard forgets by time alone. */
  afterEach(() => shiftClock(16 * 60_000));
  const fail = async (times: number, login = 'erika'): Promise<void> => {
    for (let i = 0; i < times; i++) expect((await type(wrong(login))).status).toBe(422);
  };

  test('PW-05: all spellings of one name', async () => {
    for (const login of ['erika', 'ERIKA', '  Erika ', 'ｅｒｉｋａ']) await fail(1, login);
    expect(isIn(await type(erika))).toBe(false);
    expect(isIn(await type(max))).toBe(true);
  });

  test('PW-09: when strangers have used her bucket up, her card still works', async () => {
    await fail(failures + 2);
    expect(isIn(await type(erika))).toBe(false);
    const person = createPerson();
    const assign = await useCard(app, person, await person.visit(`${app.portal}/login`), 'zeichen');
    expect(textOf(await person.submit(assign, '/zuordnen', { answer: 'new' }))).toContain('hoch');
  });

  test('PW-12: the password on the linking page', async () => {
    const person = createPerson();
    await loginAtPortal(app, person, max);
    shiftClock(11 * 60_000);
    let page = await useCard(app, person, await person.visit(`${app.fz}/fuehrungszeugnis/daten`), 'max');
    expect(page.body).toContain('name="password"');
    for (let i = 0; i < failures; i++) {
      page = await person.submit(page, '/ausweis-hinzufuegen', { answer: 'add', password: 'not this one' });
      expect(page.status).toBe(422);
    }
    page = await person.submit(page, '/ausweis-hinzufuegen', { answer: 'add', password: max.password });
    expect(page.status).toBe(422);
    expect((await app.citizen('max'))?.card).toBeUndefined();
  });

  test('MG-07: the proof of the account is asked again when it is older than ten minutes, and then links', async () => {
    const person = createPerson();
    await loginAtPortal(app, person, max);
    shiftClock(11 * 60_000);
    const page = await useCard(app, person, await person.visit(`${app.fz}/fuehrungszeugnis/daten`), 'max');
    const unproved = await person.submit(page, '/ausweis-hinzufuegen', { answer: 'add', password: '' });
    expect(unproved.status).toBe(422);
    expect((await app.citizen('max'))?.card).toBeUndefined();
    await person.submit(unproved, '/ausweis-hinzufuegen', { answer: 'add', password: max.password });
    expect((await app.citizen('max'))?.card).toBeDefined();
  });

  test('MG-10: one card confirmed in two browsers at once is linked once', async () => {
    const pages = await Promise.all(
      [0, 1].map(async () => {
        const person = createPerson();
        await loginAtPortal(app, person, erika);
        return {
          person,
          page: await useCard(app, person, await person.visit(`${app.fz}/fuehrungszeugnis/daten`), 'erika'),
        };
      }),
    );
    await happened(app);
    const answers = await Promise.all(
      pages.map(({ person, page }) => person.submit(page, '/ausweis-hinzufuegen', { answer: 'add' })),
    );
    for (const { status } of answers) expect(status).toBeLessThan(500);
    const events = await happened(app);
    expect(events.filter((what) => what === 'card.linked')).toHaveLength(1);
    expect((await app.citizen('erika'))?.card).toBeDefined();
  });

  test('PW-11: a second start on the same data remembers', async () => {
    await fail(failures);
    const { data } = app;
    await app.app.close(0);
    await start({}, data);
    expect(isIn(await type(erika))).toBe(false);
    expect(isIn(await type(max))).toBe(true);
  });
});

describe('DS-05: more logins than can be hashed', () => {
  beforeAll(() => start({ ID__PASSWORD_HASH__QUEUE: '1', ID__GUARD__NAME__FAILURES: '100' }));
  afterAll(() => app.stop());

  test('the rest is told to come back, the others get in, and nobody is throttled by it', async () => {
    const people = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const person = createPerson();
        return { person, page: await person.visit(`${app.portal}/login`) };
      }),
    );
    await happened(app);
    const answers = await Promise.all(people.map(({ person, page }) => person.submit(page, '/passwort', max)));
    // A portal that waited too long for its tokens says 503 as well: whoever is there has got in.
    const busy = answers.filter((page) => page.status === 503 && !isIn(page));
    expect(answers.filter(isIn).length + busy.length).toBe(30);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy.length).toBeLessThan(30);
    for (const page of busy) {
      expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    }
    expect((await fetch(`${app.issuer}/.well-known/openid-configuration`)).status).toBe(200);
    expect((await happened(app)).filter((what) => what === 'login.failed')).toEqual([]);
    expect(isIn(await type(max))).toBe(true);
  });
});
