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
      // Waits so long that no test has to be quick.
      ID__GUARD__NAME: '{ failures: 5, window: 900, first_wait: 900, longest_wait: 900 }',
      ID__GUARD__ADDRESS: '{ failures: 60, window: 3600, first_wait: 300, longest_wait: 300 }',
      ID__GUARD__CONSECUTIVE: '{ failures: 12, window: 86400 }',
      ID__GUARD__EVERYWHERE: '{ failures: 55, window: 3600 }',
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
    .replaceAll(/challenge&quot;:&quot;[\w-]+/g, 'challenge')
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

describe('PW-02: what nobody may learn from the time an answer takes', () => {
  const wrong = 'falsch-falsch-falsch';
  const kinds: Readonly<Record<string, { readonly login: string; readonly password: string }>> = {
    'a name that nobody has': { login: 'niemand-den-es-gibt', password: wrong },
    'a known name': { login: 'erika', password: wrong },
    'an account without a password': { login: 'nur-ausweis', password: wrong },
    'a locked account': { login: 'gesperrt', password: wrong },
    'a locked account, with the right password': { login: 'gesperrt', password: 'bambus-fenster-adler' },
    'a password that is too long': { login: 'erika', password: 'x'.repeat(2000) },
  };

  beforeAll(async () => {
    const { id } = app.app;
    if (!id) throw new Error('Bayern-ID does not run');
    await id.citizens.create({ loginName: 'nur-ausweis', ceiling: 'high' }, []);
    const passwordHash = await id.hashing.hash('bambus-fenster-adler');
    const { account } = await id.citizens.create({ loginName: 'gesperrt', passwordHash, ceiling: 'basic' }, []);
    await id.stores.records.query
      .updateTable('accounts')
      .set({ state: 'locked' })
      .where('id', '=', account.id)
      .execute();
  });

  /** How often a password is looked at while one form is answered. */
  const looks = async (fields: { login: string; password: string }): Promise<number> => {
    const hashing = app.app.id?.hashing;
    if (!hashing) throw new Error('Bayern-ID does not run');
    const verify = hashing.verify.bind(hashing);
    const verifyNothing = hashing.verifyNothing.bind(hashing);
    let count = 0;
    hashing.verify = (...all) => {
      count++;
      return verify(...all);
    };
    hashing.verifyNothing = (...all) => {
      count++;
      return verifyNothing(...all);
    };
    try {
      expect(isIn(await attempt(fields))).toBe(false);
      return count;
    } finally {
      Object.assign(hashing, { verify, verifyNothing });
    }
  };

  test.each(Object.keys(kinds))('%s: one hash is computed', async (kind) => {
    expect(await looks(kinds[kind] ?? { login: '', password: '' })).toBe(1);
  });

  const median = (numbers: readonly number[]): number =>
    [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

  test('every kind costs the same CPU time, of which the hash is the most', async () => {
    const rounds = 9;
    const cost: Record<string, number[]> = {};
    const hashless: number[] = [];
    const measure = async (work: () => Promise<unknown>): Promise<number> => {
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    for (let round = 0; round < rounds; round++) {
      // Turn by turn, so that whatever else this process does falls on all of them.
      for (const [kind, fields] of Object.entries(kinds)) {
        const { person, page } = await loginPage();
        (cost[kind] ??= []).push(await measure(() => person.submit(page, '/passwort', fields)));
      }
      const { person, page } = await loginPage();
      hashless.push(await measure(() => person.submit(page, '/passwort', { login: 'erika', password: '' })));
      shiftClock(901_000);
    }
    const medians = Object.values(cost).map(median);
    expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(1.5);
    expect(Math.min(...medians)).toBeGreaterThan(1.5 * median(hashless));
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
  // A logout notice of an earlier test is delivered when it is.
  const types = (await app.events()).map(({ type }) => type).filter((type) => type !== 'logout.told');
  expect(types).toEqual(['login.failed']);
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

describe('PW-07, PW-08, PW-10: one address', () => {
  test('is counted over all names, whatever it says it is, and somebody is told', async () => {
    const before = app.log.length;
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
    const told = app.log.slice(before).map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(told.filter(({ event }) => event === 'guard.waits').map(({ severity, kind }) => [severity, kind])).toEqual([
      ['error', 'everywhere'],
      ['warn', 'address'],
    ]);
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
