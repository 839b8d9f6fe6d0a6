import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { startTestApp, type TestApp } from '../support/app.ts';
import { askedOn, createAuthenticator, type Authenticator, type Lies } from '../support/authenticator.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { resetClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { addPasskey, linkCard, newcomer, openAccount, proceed } from '../support/means.ts';
import { operate, poll } from '../support/operate.ts';
import { startServices, type Service, type Services } from './service.ts';

const loa = (level: string): string => `http://eidas.europa.eu/LoA/${level}`;
const basic = 'urn:bayern-id:acr:basic';
const [low, substantial, high] = ['low', 'substantial', 'high'].map(loa) as [string, string, string];

let app: TestApp;
let services: Services;
let service: Service;
/** Erika's own key; Max's is there to be mistaken for it. */
let erikas: Authenticator;
let maxs: Authenticator;
let who: { login: string; password: string };
let other: { login: string; password: string };
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  service = await services.add({ clientId: 'passkeys', file: { scope: 'openid profile' } });
  who = await newcomer(app, 'eine');
  other = await newcomer(app, 'andere');
  erikas = await addPasskey(app, who);
  maxs = await addPasskey(app, other);
});
afterAll(async () => {
  await services.close();
  await app.stop();
});
afterEach(() => resetClock());

const accountOf = async (login: string): Promise<string> => (await app.citizen(login))?.account.id ?? '';

const failures = async (): Promise<object[]> =>
  (await app.events()).flatMap(({ type, ...event }) => (type === 'login.failed' ? [event] : []));

const isIn = (page: Page): boolean => page.url.href.startsWith(service.redirectUri);

/** A page without what is new in every one of them. */
const bare = (page: Page): string =>
  page.body
    .replaceAll(/\/anmelden\/([^/]+)/.exec(page.url.pathname)?.[1] ?? '', 'UID')
    .replaceAll(/name="csrf" value="[^"]+"/g, 'CSRF')
    .replaceAll(/challenge&quot;:&quot;[\w-]+/g, 'CHALLENGE');

const answerWith = async (
  make: (login: Page) => string,
  person: Person = createPerson(),
): Promise<{ readonly login: Page; readonly page: Page }> => {
  const login = await service.ask(person);
  return { login, page: await person.submit(login, '/passkey', { answer: make(login) }) };
};

test('the control: an answer without a lie logs in', async () => {
  const { page } = await answerWith((login) => erikas.answer(login));
  expect((await service.redeem(page)).claims).toMatchObject({ acr: basic, amr: ['swk', 'user', 'mfa'] });
});

describe('an answer that is not as it must be', () => {
  const lies: readonly (readonly [string, (login: Page) => Promise<Lies> | Lies])[] = [
    ['of another origin', () => ({ origin: 'https://login.bayern-id.example' })],
    ['of the same host at another port', (login) => ({ origin: login.url.origin.replace(/\d+$/, '1') })],
    ['for another relying party', () => ({ rpId: 'example.org' })],
    ['to a challenge of nobody', () => ({ challenge: randomBytes(54).toString('base64url') })],
    [
      'to a challenge of another flow',
      async () => ({ challenge: askedOn(await service.ask(createPerson())).options.challenge }),
    ],
    ['to a challenge that was lengthened', (login) => ({ challenge: `${askedOn(login).options.challenge}AA` })],
    ['of a registration', () => ({ type: 'webauthn.create' })],
    ['from within another site', () => ({ crossOrigin: true })],
    ['LA-20: without user verification', () => ({ userVerified: false })],
    ['without anybody there', () => ({ userPresent: false })],
    ['with the user handle of another account', () => ({ userHandle: maxs.userHandle })],
    ['without a user handle', () => ({ userHandle: undefined })],
    ['of a device-bound key that was a synced one', () => ({ synced: false })],
    ['signed by another key', () => ({ key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey })],
  ];

  test.each(lies)('%s', async (_title, lie) => {
    const unknown = await answerWith((login) => createAuthenticator().answer(login, { userHandle: erikas.userHandle }));
    await app.events();
    const person = createPerson();
    const login = await service.ask(person);
    const page = await person.submit(login, '/passkey', { answer: erikas.answer(login, await lie(login)) });
    // The same words as for a passkey that nobody has.
    expect([page.status, bare(page)]).toEqual([422, bare(unknown.page)]);
    for (const failure of await failures())
      expect(failure).toMatchObject({
        method: 'passkey',
        reason: 'wrong_passkey',
        accountId: await accountOf(who.login),
      });
    // Nothing is lost: a right answer on the next page logs in.
    expect(isIn(await person.submit(page, '/passkey', { answer: erikas.answer(page) }))).toBe(true);
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['an empty object', '{}'],
    ['null', 'null'],
    ['other types', '{"id":1,"rawId":[],"type":"public-key","response":{"clientDataJSON":{}}}'],
    ['much', `{"id":"${'a'.repeat(50_000)}"}`],
  ])('%s', async (_title, answer) => {
    const { page } = await answerWith(() => answer);
    expect([page.status, textOf(page)]).toEqual([
      422,
      expect.stringContaining('Dieser Passkey wurde nicht angenommen'),
    ]);
  });

  test('a failure of a passkey that nobody has is not journalled; one of somebody’s is', async () => {
    await app.events();
    await answerWith((login) => createAuthenticator().answer(login, { userHandle: erikas.userHandle }));
    expect(await failures()).toEqual([]);
    await answerWith((login) => erikas.answer(login, { userVerified: false }));
    expect(await failures()).toMatchObject([{ reason: 'wrong_passkey', accountId: await accountOf(who.login) }]);
  });

  test('however many: the account is open to its passkey and to its password', async () => {
    for (let nth = 0; nth < 25; nth++) await answerWith((login) => erikas.answer(login, { userVerified: false }));
    expect(isIn((await answerWith((login) => erikas.answer(login))).page)).toBe(true);
    const person = createPerson();
    expect(isIn(await proceed(app, person, await service.ask(person), who))).toBe(true);
  });
});

describe('an answer is good for one use', () => {
  test('one whose challenge was used by a wrong answer is refused', async () => {
    const person = createPerson();
    const login = await service.ask(person);
    const right = erikas.answer(login);
    await person.submit(login, '/passkey', { answer: erikas.answer(login, { userVerified: false }) });
    expect((await person.submit(login, '/passkey', { answer: right })).status).toBe(422);
  });

  test('one that has logged in is refused in a flow of its own and in a new one', async () => {
    const person = createPerson();
    const login = await service.ask(person);
    const answer = erikas.answer(login);
    expect(isIn(await person.submit(login, '/passkey', { answer }))).toBe(true);
    expect((await person.submit(login, '/passkey', { answer })).status).toBe(400);
    const next = createPerson();
    expect((await next.submit(await service.ask(next), '/passkey', { answer })).status).toBe(422);
  });

  test('20 at once: one goes on', async () => {
    const person = createPerson();
    const login = await service.ask(person);
    const answer = erikas.answer(login);
    const { action = '', fields = {} } = formsOf(login).find((form) => form.action.endsWith('/passkey')) ?? {};
    const pages = await Promise.all(
      Array.from({ length: 20 }, () => {
        const tab = createPerson();
        for (const [key, value] of person.cookies) tab.cookies.set(key, value);
        return tab.visit(action, { form: { ...fields, answer }, until: () => true });
      }),
    );
    expect(pages.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(pages.filter(({ status }) => status === 422 || status === 400)).toHaveLength(19);
  });
});

describe('a counter that counts', () => {
  test('must rise: one that fell behind is refused and journalled as a copy', async () => {
    const counting = await newcomer(app, 'zaehlt');
    const key = await addPasskey(app, counting, createAuthenticator({ synced: false, counts: true }));
    const { page } = await answerWith((login) => key.answer(login));
    expect((await service.redeem(page)).claims.amr).toEqual(['hwk', 'user', 'mfa']);
    expect(isIn((await answerWith((login) => key.answer(login))).page)).toBe(true);
    await app.events();
    for (const counter of [1, 2, 0]) {
      const copy = await answerWith((login) => key.answer(login, { counter }));
      expect(copy.page.status).toBe(422);
      expect(await failures()).toMatchObject([
        { method: 'passkey', reason: 'cloned_passkey', accountId: await accountOf(counting.login) },
      ]);
    }
    key.counter = 5;
    expect(isIn((await answerWith((login) => key.answer(login))).page)).toBe(true);
  });
});

describe('the account behind it', () => {
  test('locked: its passkey opens nothing', async () => {
    const locked = await newcomer(app, 'gesperrt');
    const key = await addPasskey(app, locked);
    const id = await accountOf(locked.login);
    await app.app.id?.citizens.act(id, { kind: 'lock', reason: 'Test', operator: 'test' });
    await app.events();
    expect((await answerWith((login) => key.answer(login))).page.status).toBe(422);
    expect(await failures()).toMatchObject([{ reason: 'locked', accountId: id }]);
  });

  test('LA-09, MG-18: at a step-up another account’s passkey changes nothing, and the own one reaches its ceiling', async () => {
    const unconfirmed = await addPasskey(app, who);
    await linkCard(app, { ...who, passkey: erikas }, 'ohne-anschrift');
    const person = createPerson();
    await proceed(app, person, await service.ask(person), who);
    const stepUp = await service.ask(person, { acr_values: substantial });
    expect(askedOn(stepUp).options.allowCredentials?.map(({ id }) => id)).toEqual([
      erikas.credentialId,
      unconfirmed.credentialId,
    ]);
    const foreign = await person.submit(stepUp, '/passkey', { answer: maxs.answer(stepUp) });
    expect([foreign.status, textOf(foreign)]).toEqual([422, expect.stringContaining('Dieser Passkey wurde nicht')]);
    // MG-18: the account's own, made in a weak session and not used when the card came, reaches no more than that did.
    const weak = await person.submit(foreign, '/passkey', { answer: unconfirmed.answer(foreign) });
    expect(isIn(weak)).toBe(false);
    const strong = await person.submit(weak, '/passkey', { answer: erikas.answer(weak) });
    expect((await service.redeem(strong)).claims).toMatchObject({ acr: substantial, amr: ['swk', 'user', 'mfa'] });
    expect((await service.redeem(await service.ask(person, { acr_values: low }))).claims.acr).toBe(substantial);
  });

  test('a passkey is not taken where the step asks for something else', async () => {
    const person = createPerson();
    await proceed(app, person, await service.ask(person), other);
    const stepUp = await service.ask(person, { acr_values: high });
    const login = await service.ask(createPerson());
    expect(formsOf(stepUp).map(({ action }) => new URL(action).pathname.split('/').at(-1))).not.toContain('passkey');
    const { csrf = '' } = formsOf(stepUp)[0]?.fields ?? {};
    const answer = maxs.answer(login);
    const refused = await person.visit(`${stepUp.url.href}/passkey`, { form: { csrf, answer } });
    expect(refused.status).toBe(400);
  });
});

describe('making one', () => {
  const made = async (lies: Lies, change?: (answer: string) => string): Promise<Page> => {
    const person = createPerson();
    const page = await openAccount(app, person, '/konto/zugaenge/passkey', other);
    const answer = createAuthenticator().make(page, lies);
    return person.submit(page, '/passkey', { name: 'Schlüssel', answer: change?.(answer) ?? answer });
  };

  test.each<[string, Lies]>([
    ['of another origin', { origin: 'https://login.bayern-id.example' }],
    ['for another relying party', { rpId: 'example.org' }],
    ['to a challenge of nobody', { challenge: randomBytes(54).toString('base64url') }],
    ['that is a login', { type: 'webauthn.get' }],
    ['from within another site', { crossOrigin: true }],
    ['LA-20: without user verification', { userVerified: false }],
    ['without anybody there', { userPresent: false }],
  ])('%s is refused', async (_title, lies) => {
    const page = await made(lies);
    expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining('wurde nicht angenommen')]);
  });

  test('a challenge of a login, or of another session, is none of this one', async () => {
    const login = askedOn(await service.ask(createPerson())).options.challenge;
    const elsewhere = await openAccount(app, createPerson(), '/konto/zugaenge/passkey', other);
    for (const challenge of [login, askedOn(elsewhere).options.challenge])
      expect((await made({ challenge })).status).toBe(422);
  });

  test('the user handle names no account: it is the same for all its passkeys, and not its id', async () => {
    const again = await addPasskey(app, other);
    expect(again.userHandle).toBe(maxs.userHandle);
    expect(Buffer.from(again.userHandle ?? '', 'base64url').toString()).not.toContain(await accountOf(other.login));
    expect(again.userHandle).not.toBe(erikas.userHandle);
  });
});

describe('LA-16: passkeys are switched off', () => {
  test('a form from before does not get in, and running logins by them end', async () => {
    const person = createPerson();
    await proceed(app, person, await service.ask(person), { passkey: maxs });
    const form = createPerson();
    const login = await service.ask(form);
    await operate(app, 'switch', 'off', 'method', 'passkey');
    await poll(app);
    try {
      const back = await form.submit(login, '/passkey', { answer: maxs.answer(login) });
      expect(textOf(back)).toContain('Die Anmeldung mit Passkey geht zurzeit nicht');
      expect(back.body).not.toContain('data-passkey=');
      expect(service.answer(await service.ask(person, { prompt: 'none' }))['error']).toBe('login_required');
    } finally {
      await operate(app, 'switch', 'on', 'method', 'passkey');
      await poll(app);
    }
    expect(isIn((await answerWith((page) => maxs.answer(page))).page)).toBe(true);
  });
});
