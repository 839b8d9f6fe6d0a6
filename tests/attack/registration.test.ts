import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { max } from '../support/journey.ts';
import { mailTo, post } from '../support/post.ts';
import { asksForCode, confirmsAddress, goodPassword, registers } from '../support/registration.ts';

let app: TestApp;
let count = 0;
/** Nobody's address yet. */
const newAddress = (): string => `nie-${++count}@post.test`;
const start = async (set: Readonly<Record<string, string>> = {}): Promise<void> => {
  app = await startTestApp({ set });
};
/** Each test begins in windows of its own: the limits forget by time alone. */
afterEach(() => shiftClock(86_401_000));
afterAll(() => resetClock());

const login = (person: Person): Promise<Page> => person.visit(`${app.portal}/login`);
const emailPage = async (person = createPerson()): Promise<{ person: Person; page: Page }> => {
  const ways = await person.follow(await login(person), '/registrieren');
  return { person, page: await person.submit(ways, '/registrieren') };
};
const types = async (to: string): Promise<string[]> => (await post(app, to)).map(({ type }) => type);
const register = async (email: string): Promise<Person> => {
  const person = createPerson();
  await registers(app, person, await login(person), { email });
  shiftClock(61_000);
  return person;
};

/** A page without what is new in every one of them. */
const bare = (page: Page, email: string): string =>
  page.body
    .replaceAll(/\/anmelden\/([^/]+)/.exec(page.url.pathname)?.[1] ?? '', 'UID')
    .replaceAll(/name="csrf" value="[^"]+"/g, 'CSRF')
    .replaceAll(email, 'ADDRESS')
    .replace(/gilt bis [\d:]+ Uhr/, 'TIME');

const headersOf = ({ headers }: Page): string[] =>
  [...headers].filter(([name]) => !['date', 'content-length', 'set-cookie'].includes(name)).map(String);

describe('enumeration and mails', () => {
  beforeAll(() => start());
  afterAll(() => app.stop());

  test('PW-01: an address that is known and one that is not, in words, status and headers', async () => {
    const known = newAddress();
    await register(known);
    const pages = await Promise.all(
      [known, newAddress()].map(async (email) => {
        const { person, page } = await emailPage();
        return { email, page: await person.submit(page, '/registrieren/e-mail', { email }) };
      }),
    );
    const [one, other] = pages.map(({ page, email }) => [page.status, headersOf(page), bare(page, email)]);
    expect(one).toEqual(other);
    expect(await types(known)).toEqual(['registration_known', 'registration_code']);
    const mail = await mailTo(app, known);
    expect(mail.code).toBeUndefined();
    expect([mail.link, mail.secondLink]).toEqual([`${app.issuer}/konto`, `${app.issuer}/passwort-vergessen`]);
  });

  test('PW-01: nobody gets on with a known address, whatever is typed', async () => {
    const known = newAddress();
    await register(known);
    const { person, page } = await emailPage();
    const code = await person.submit(page, '/registrieren/e-mail', { email: known });
    for (const typed of ['000000', '123456', '']) {
      const answer = await person.submit(code, '/registrieren/code', { code: typed });
      expect(answer.status).toBe(422);
    }
  });

  test('PW-02: the answer is there before anybody looks whether the address is known', async () => {
    const { citizens } = app.app.id ?? {};
    if (!citizens) throw new Error('Bayern-ID does not run');
    const findByLoginName = citizens.findByLoginName.bind(citizens);
    const looked: string[] = [];
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { person, page } = await emailPage();
    Object.assign(citizens, {
      async findByLoginName(typed: string) {
        looked.push(typed);
        await held;
        return findByLoginName(typed);
      },
    });
    const email = newAddress();
    const answer = await person.submit(page, '/registrieren/e-mail', { email });
    expect(textOf(answer)).toContain('Code eingeben');
    Object.assign(citizens, { findByLoginName });
    release();
    expect(await types(email)).toEqual(['registration_code']);
    expect(looked).toEqual([email]);
  });

  test.each([
    '"v@x y"@evil.example',
    'a@b(c)d.example',
    'a@b.example,c@d.example',
    'a@b.example;c@d.example',
    'a@b.example\r\nBcc: c@d.example',
    'a@b.example%0aBcc:c@d.example',
    'Name <a@b.example>',
    'a@b@c.example',
    'a%b.example@relay.example',
    'a@127.0.0.1',
    'a@[::1]',
    'a@localhost',
    '.a@b.example',
    'a..b@c.example',
    'a@-b.example',
    'a@ｂ.example',
    `${'a'.repeat(65)}@b.example`,
    `a@${'b.'.repeat(130)}example`,
  ])('RG-10: %j is no address, and no mail leaves', async (email) => {
    const before = (await post(app)).length;
    const { person, page } = await emailPage();
    const answer = await person.submit(page, '/registrieren/e-mail', { email });
    expect([400, 422]).toContain(answer.status);
    expect(await post(app)).toHaveLength(before);
  });

  test('RG-11: other spellings of a known address are that address, and the mail goes to the stored one', async () => {
    const known = newAddress();
    await register(known);
    for (const email of [known.toUpperCase(), ` ${known} `, `${known}.`]) {
      const { person, page } = await emailPage();
      await person.submit(page, '/registrieren/e-mail', { email });
      expect((await post(app))[0]).toMatchObject({ type: 'registration_known', to: known });
      shiftClock(3601_000);
    }
  });

  test('RG-14: a registration beside somebody’s session ends that session, and mixes nothing', async () => {
    const person = createPerson();
    await person.submit(await login(person), '/passwort', max);
    const email = newAddress();
    const page = await person.visit(`${app.issuer}/registrieren`);
    const konto = await registers(app, person, page, { email, given_name: 'Rita', family_name: 'Neu' });
    expect(textOf(konto)).toContain('Rita Neu');
    expect(textOf(konto)).not.toContain('Max Beispiel');
    expect((await app.citizen('max'))?.email).toBe('max.beispiel@post.test');
    expect((await app.citizen(email))?.self.given_name?.value).toBe('Rita');
  });

  test('RG-15: a form that is sent twice makes one account and one mail', async () => {
    const email = newAddress();
    const { person, page } = await emailPage();
    const codes = await Promise.all([1, 2].map(() => person.submit(page, '/registrieren/e-mail', { email })));
    expect(codes.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
    expect(await types(email)).toEqual(['registration_code']);
  });
});

describe('codes', () => {
  beforeAll(() => start());
  afterAll(() => app.stop());

  const others = (code: string, many: number): string[] =>
    Array.from({ length: many }, (_, i) => String((Number(code) + i + 1) % 1_000_000).padStart(6, '0'));

  test('PW-06: of a hundred guesses at once five count; then the right one is refused as well', async () => {
    const email = newAddress();
    const person = createPerson();
    const page = await asksForCode(person, await login(person), email);
    const { code = '' } = await mailTo(app, email);
    const answers = await Promise.all(
      others(code, 100).map((typed) => person.submit(page, '/registrieren/code', { code: typed })),
    );
    expect(answers.filter((answer) => textOf(answer).includes('stimmt nicht'))).toHaveLength(5);
    expect(answers.filter((answer) => textOf(answer).includes('zu oft falsch'))).toHaveLength(95);
    const right = await person.submit(page, '/registrieren/code', { code });
    expect(textOf(right)).toContain('zu oft falsch');
  });

  test('the right one five times at once is right once', async () => {
    const email = newAddress();
    const person = createPerson();
    const page = await asksForCode(person, await login(person), email);
    const { code = '' } = await mailTo(app, email);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => person.submit(page, '/registrieren/code', { code })),
    );
    expect(answers.filter((answer) => answer.status >= 500)).toEqual([]);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(textOf(await person.visit(page.url.href))).toContain('Angaben zur Person');
  });

  test('one of another login, or of another address, is a wrong one', async () => {
    const [mine, theirs] = [newAddress(), newAddress()];
    const [person, other] = [createPerson(), createPerson()];
    const page = await asksForCode(person, await login(person), mine);
    await asksForCode(other, await login(other), theirs);
    const [{ code: own }, { code: foreign = '' }] = [await mailTo(app, mine), await mailTo(app, theirs)];
    if (own === foreign) return;
    expect(textOf(await person.submit(page, '/registrieren/code', { code: foreign }))).toContain('stimmt nicht');
  });

  test('no code, no address and no password stands in the log or in an event', async () => {
    const email = newAddress();
    const person = createPerson();
    await app.events();
    await registers(app, person, await login(person), { email });
    const { code = '' } = (await post(app, email)).find(({ type }) => type === 'registration_code') ?? {};
    const said = JSON.stringify([app.log, await app.events()]);
    for (const secret of [email, code, goodPassword]) expect(said.includes(`"${secret}`)).toBe(false);
  });
});

describe('races', () => {
  beforeAll(() => start({ ID__GUARD__MAIL__PAUSE: '1', ID__GUARD__MAIL__HOUR: '100', ID__GUARD__MAIL__DAY: '100' }));
  afterAll(() => app.stop());

  test('twenty registrations of one address make one account', async () => {
    const email = newAddress();
    const people = [];
    for (let i = 0; i < 20; i++) {
      const person = createPerson();
      const about = await confirmsAddress(app, person, await login(person), email);
      people.push({ person, page: await person.submit(about, '/registrieren/angaben', { family_name: `Neu${i}` }) });
      shiftClock(2000);
    }
    await app.events();
    const ends = await Promise.all(
      people.map(({ person, page }) => person.submit(page, '/registrieren/passwort', { password: goodPassword })),
    );
    expect(ends.filter(({ status }) => status >= 500 && status !== 503)).toEqual([]);
    expect(ends.filter((page) => textOf(page).includes('Ihr Konto ist angelegt'))).toHaveLength(1);
    const made = (await app.events()).filter(
      (event) => event.type === 'account.created' && event.by === 'registration',
    );
    expect(made).toHaveLength(1);
    const late = ends.find((page) => textOf(page).includes('Für diese Adresse gibt es ein Konto'));
    expect(late?.body).toContain('/konto-vorhanden');
  });
});

describe('RG-07, RG-13: mails that somebody asks for', () => {
  beforeAll(() => start({ ID__GUARD__MAIL__ADDRESS__MAILS: '6', ID__GUARD__MAIL__ADDRESS__WINDOW: '3600' }));
  afterAll(() => app.stop());

  const ask = async (email: string): Promise<Page> => {
    const { person, page } = await emailPage();
    return person.submit(page, '/registrieren/e-mail', { email });
  };

  test('one in a minute, three in an hour, ten in a day for one address, whatever browser asks', async () => {
    const email = newAddress();
    for (let day = 0; day < 1; day++)
      for (let hour = 0; hour < 5; hour++) {
        for (let i = 0; i < 5; i++) {
          await ask(email);
          shiftClock(61_000);
        }
        expect(await types(email)).toHaveLength(Math.min(10, 3 * (hour + 1)));
        shiftClock(3600_000);
      }
    const { person, page } = await emailPage();
    const refused = await person.submit(page, '/registrieren/e-mail', { email });
    expect([refused.status, textOf(refused)]).toEqual([422, expect.stringContaining('Warten Sie einige Minuten')]);
  });

  test('from one network address, to whomever: nobody registers by the thousand', async () => {
    const answers = [];
    for (let i = 0; i < 8; i++) answers.push(await ask(newAddress()));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 422, 422]);
  });
});

describe('SE-13: a step of a registration is taken when it comes, and not before', () => {
  beforeAll(() => start());
  afterAll(() => app.stop());

  /** Every POST of a registration with what would make it work, and the steps at which it may. */
  const posts: Readonly<Record<string, { readonly fields: Record<string, string>; readonly at: readonly string[] }>> = {
    '/registrieren': { fields: {}, at: ['login'] },
    '/registrieren/e-mail': { fields: { email: 'spring@post.test' }, at: ['email'] },
    '/registrieren/ende': { fields: {}, at: ['email'] },
    '/registrieren/code': { fields: { code: '123456' }, at: ['code'] },
    '/registrieren/neuer-code': { fields: {}, at: ['code'] },
    '/registrieren/andere-adresse': { fields: {}, at: ['code'] },
    '/registrieren/angaben': { fields: { family_name: 'Sprung' }, at: ['person'] },
    '/registrieren/passwort': { fields: { password: goodPassword }, at: ['password'] },
    '/registrieren/ohne': { fields: {}, at: [] },
    '/registrieren/weiter': { fields: {}, at: ['done'] },
    '/passwort': { fields: max, at: ['login'] },
  };
  const order = ['login', 'email', 'code', 'person', 'password', 'done'] as const;
  const reach = async (step: (typeof order)[number], person: Person): Promise<Page> => {
    const first = await login(person);
    if (step === 'login') return first;
    const email = newAddress();
    if (step === 'email') return (await emailPage(person)).page;
    if (step === 'code') return asksForCode(person, first, email);
    const about = await confirmsAddress(app, person, first, email);
    if (step === 'person') return about;
    const choose = await person.submit(about, '/registrieren/angaben', { family_name: 'Neu' });
    return step === 'password' ? choose : person.submit(choose, '/registrieren/passwort', { password: goodPassword });
  };

  describe.each(order)('at %s', (step) => {
    let person: Person;
    let page: Page;
    beforeEach(async () => {
      person = createPerson();
      page = await reach(step, person);
      await app.events();
    });

    test('every other form is refused, and changes nothing', async () => {
      const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
      const base = `${app.issuer}${/^\/anmelden\/[^/]+/.exec(page.url.pathname)?.[0] ?? ''}`;
      const before = textOf(await person.visit(base));
      for (const [ending, { fields, at }] of Object.entries(posts)) {
        if (at.includes(step)) continue;
        const answer = await person.visit(`${base}${ending}`, { form: { ...fields, csrf } });
        expect([ending, answer.status]).toEqual([ending, 400]);
      }
      for (const csrfOfOthers of ['', 'x'])
        for (const [ending, { fields }] of Object.entries(posts)) {
          const answer = await person.visit(`${base}${ending}`, { form: { ...fields, csrf: csrfOfOthers } });
          expect([ending, answer.status]).toEqual([ending, 403]);
        }
      expect(textOf(await person.visit(base))).toBe(before);
      expect(await app.events()).toEqual([]);
    });
  });

  test('the last form sent twice, the second one while the first is answered: both lead to the end', async () => {
    const person = createPerson();
    const page = await reach('password', person);
    const citizens = app.app.id?.citizens;
    if (!citizens) throw new Error('Bayern-ID does not run');
    const create = citizens.create.bind(citizens);
    let answered: () => void = () => {};
    const first = new Promise<void>((resolve) => {
      answered = resolve;
    });
    let calls = 0;
    const both = new Promise<void>((resolve) => {
      Object.assign(citizens, {
        async create(...parameters: Parameters<typeof create>) {
          calls += 1;
          if (calls === 2) {
            resolve();
            await first;
          } else await both;
          return create(...parameters);
        },
      });
    });
    const send = () => person.submit(page, '/registrieren/passwort', { password: goodPassword });
    const sent = [send(), send()];
    await Promise.race(sent);
    answered();
    Object.assign(citizens, { create });
    for (const answer of await Promise.all(sent)) expect(textOf(answer)).toContain('Ihr Konto ist angelegt');
    const made = (await app.events()).filter(
      (event) => event.type === 'account.created' && event.by === 'registration',
    );
    expect(made).toHaveLength(1);
  });
});
