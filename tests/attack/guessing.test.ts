import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, max } from '../support/journey.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({
    set: {
      ID__GUARD__NAME__FAILURES: '5',
      ID__GUARD__ADDRESS__FAILURES: '60',
      ID__GUARD__CONSECUTIVE: '{ failures: 12, window: 86400 }',
    },
  });
}, 60_000);
afterAll(() => app.stop());
/** Each test begins in a window of its own: the guard forgets by time alone. */
afterEach(() => shiftClock(86_401_000));
afterAll(() => resetClock());

const loginPage = (person: Person = createPerson()): Promise<{ person: Person; page: Page }> =>
  person.visit(`${app.portal}/login`).then((page) => ({ person, page }));

const attempt = async (fields: { login: string; password: string }, person?: Person): Promise<Page> => {
  const opened = await loginPage(person);
  return opened.person.submit(opened.page, '/passwort', fields);
};

const isIn = (page: Page): boolean => page.url.origin === app.portal;

/** Without what differs between any two answers: tokens, the flow's own address, what was typed. */
const comparable = (page: Page): { body: string; status: number; headers: string[] } => ({
  status: page.status,
  headers: [...page.headers.keys()].filter((name) => name !== 'date').sort(),
  body: page.body
    .replaceAll(/name="csrf" value="[^"]+"/g, 'csrf')
    .replaceAll(/(\/|%2F)anmelden(\/|%2F)[\w-]+/g, 'flow')
    .replace(/(id="login"[^>]*) value="[^"]*"/, '$1'),
});

describe('PW-01: the answer is the same for every name', () => {
  test.each([
    ['unknown name', 'niemand-den-es-gibt'],
    ['known name, wrong password', 'erika'],
    ['known name in capitals', 'ERIKA'],
    ['an address nobody has', 'niemand@post.test'],
  ])('%s', async (_, login) => {
    const reference = comparable(await attempt({ login: 'gibt-es-nicht', password: 'x'.repeat(20) }));
    expect(comparable(await attempt({ login, password: 'x'.repeat(20) }))).toEqual(reference);
  });

  test('a throttled name reads like a wrong one, with the right password too', async () => {
    const reference = comparable(await attempt({ login: 'gibt-es-nicht', password: 'x'.repeat(20) }));
    for (let i = 0; i < 5; i++) await attempt({ login: 'max', password: 'falsch-falsch-falsch' });
    expect(comparable(await attempt(max))).toEqual(reference);
    expect((await app.events()).at(-1)).toMatchObject({ type: 'login.failed', reason: 'throttled' });
  });
});

describe('PW-02: an unknown name costs the same work', () => {
  /** CPU of this process in ms; hashes run in its threads. */
  const work = async (login: string): Promise<number> => {
    const opened = await loginPage();
    const before = process.cpuUsage();
    await opened.person.submit(opened.page, '/passwort', { login, password: 'falsch-falsch-falsch' });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  test('a hash is computed for a name that nobody has', async () => {
    const hashless: number[] = [];
    for (let i = 0; i < 5; i++) {
      const before = process.cpuUsage();
      await loginPage();
      const { user, system } = process.cpuUsage(before);
      hashless.push((user + system) / 1000);
    }
    const unknown = await Promise.all([1, 2, 3].map((i) => work(`niemand-${i}`)));
    expect(Math.max(...unknown)).toBeGreaterThan(10);
    expect(hashless).toHaveLength(5);
  });
});

describe('PW-04, PW-05: one bucket for all names of an account', () => {
  test('after five failures the right password is refused as well, until the window ends', async () => {
    for (const login of ['erika', 'ERIKA', ' erika ', 'ｅｒｉｋａ', 'Erika'])
      await attempt({ login, password: 'falsch-falsch-falsch' });
    expect(isIn(await attempt(erika))).toBe(false);
    shiftClock(901_000);
    expect(isIn(await attempt(erika))).toBe(true);
  });
});

describe('PW-04: in a row, however slowly', () => {
  test('after the limit the right password is refused, by a known device it still opens, and so it does after the window', async () => {
    const own = createPerson();
    expect(isIn(await attempt(max, own))).toBe(true);
    await app.events();
    for (let failure = 0; failure < 12; failure++) {
      shiftClock(901_000);
      await attempt({ login: 'max', password: 'falsch-falsch-falsch' });
    }
    shiftClock(901_000);
    expect(isIn(await attempt(max))).toBe(false);
    expect((await app.events()).at(-1)).toMatchObject({ type: 'login.failed', reason: 'throttled' });
    for (const name of Array.from(own.cookies.keys())) if (!name.includes('device')) own.cookies.delete(name);
    expect(isIn(await attempt(max, own))).toBe(true);
    shiftClock(86_400_000);
    expect(isIn(await attempt(max))).toBe(true);
  });

  test('a right password begins a new row', async () => {
    for (let failure = 0; failure < 20; failure++) {
      shiftClock(901_000);
      if (failure === 10) expect(isIn(await attempt(max))).toBe(true);
      await attempt({ login: 'max', password: 'falsch-falsch-falsch' });
    }
    shiftClock(901_000);
    expect(isIn(await attempt(max))).toBe(true);
  });
});

test('a flood of refused attempts is one event, not one each', async () => {
  for (let failure = 0; failure < 5; failure++) await attempt({ login: 'max', password: 'falsch-falsch-falsch' });
  await app.events();
  for (let again = 0; again < 8; again++) await attempt({ login: 'max', password: 'falsch-falsch-falsch' });
  expect((await app.events()).map(({ type }) => type)).toEqual(['login.failed']);
});

describe('PW-06: at once', () => {
  test('of thirty wrong ones no more than the limit is looked at', async () => {
    const opened = await Promise.all(Array.from({ length: 30 }, () => loginPage()));
    await app.events();
    await Promise.all(
      opened.map(({ person, page }) =>
        person.submit(page, '/passwort', { login: 'erika', password: 'falsch-falsch-falsch' }),
      ),
    );
    const reasons = (await app.events()).flatMap((event) => (event.type === 'login.failed' ? [event.reason] : []));
    expect(reasons.filter((reason) => reason === 'wrong_password')).toHaveLength(5);
    expect(reasons.filter((reason) => reason === 'throttled').length).toBeGreaterThan(0);
  });

  test('twelve right ones all get in, although the limit is five', async () => {
    const opened = await Promise.all(Array.from({ length: 12 }, () => loginPage()));
    const pages = await Promise.all(opened.map(({ person, page }) => person.submit(page, '/passwort', max)));
    expect(pages.filter(isIn)).toHaveLength(12);
  });
});

describe('PW-09: a stranger cannot lock anybody out', () => {
  test('the citizen’s own browser has a bucket of its own', async () => {
    const own = createPerson();
    expect(isIn(await attempt(erika, own))).toBe(true);
    for (let i = 0; i < 6; i++) await attempt({ login: 'erika', password: 'falsch-falsch-falsch' });
    expect(isIn(await attempt(erika))).toBe(false);
    for (const name of Array.from(own.cookies.keys())) if (!name.includes('device')) own.cookies.delete(name);
    expect(isIn(await attempt(erika, own))).toBe(true);
  });

  test('a device cookie of another account is none', async () => {
    const other = createPerson();
    expect(isIn(await attempt(max, other))).toBe(true);
    for (let i = 0; i < 5; i++) await attempt({ login: 'erika', password: 'falsch-falsch-falsch' });
    for (const name of Array.from(other.cookies.keys())) if (!name.includes('device')) other.cookies.delete(name);
    expect(isIn(await attempt(erika, other))).toBe(false);
  });
});

describe('PW-07, PW-10: one address', () => {
  test('is counted over all names, whatever it says it is', async () => {
    for (let i = 0; i < 60; i++) {
      const { person, page } = await loginPage();
      const uid = page.url.href;
      const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
      await person.visit(`${uid}/passwort`, {
        form: { csrf, login: `name-${i}`, password: 'falsch-falsch-falsch' },
        headers: { 'x-forwarded-for': `198.51.100.${i}`, forwarded: `for=198.51.100.${i}` },
      });
    }
    expect(isIn(await attempt(max))).toBe(false);
  });
});

describe('PW-11: a success gives nothing back', () => {
  test('four failures, a login, one failure more: the bucket is full', async () => {
    for (let i = 0; i < 4; i++) await attempt({ login: 'max', password: 'falsch-falsch-falsch' });
    expect(isIn(await attempt(max))).toBe(true);
    await attempt({ login: 'max', password: 'falsch-falsch-falsch' });
    expect(isIn(await attempt(max))).toBe(false);
  });
});

describe('PW-15: a huge password', () => {
  test('is refused before any hash of it, with the neutral answer or as too large', async () => {
    expect((await attempt({ login: 'erika', password: 'x'.repeat(5000) })).status).toBe(422);
    expect((await attempt({ login: 'erika', password: 'x'.repeat(1_000_000) })).status).toBe(413);
  });
});
