import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { firefoxOnWindows, openAccount, openAccountByCard } from '../support/account.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, erikaAtFuehrungszeugnis, loginAtPortal, max } from '../support/journey.ts';
import { newcomer } from '../support/means.ts';
import { mailTo } from '../support/post.ts';
import { goOn, startServices, type Service, type Services, type Tokens } from './service.ts';

let app: TestApp;
let services: Services;
let asking: Service;
let person: Person;

beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  const file = {
    scope: 'openid profile offline_access',
    grant_types: ['authorization_code', 'refresh_token'],
  };
  asking = await services.add({ clientId: 'fragt', file: { ...file, consent: 'ask', legal_basis: null } });
  await erikaAtFuehrungszeugnis(app);
}, 60_000);
afterAll(async () => {
  await services.close();
  await app.stop();
});
beforeEach(() => {
  person = createPerson();
});
afterEach(() => resetClock());

const accountOf = async (login: string): Promise<string> => (await app.citizen(login))?.account.id ?? '';

/** A login at the service that asks, with everything that it hands out. */
const connect = async (at: Person, who = max): Promise<Tokens> =>
  asking.redeem(
    await goOn(app, at, await asking.ask(at, { scope: 'openid profile offline_access', prompt: 'login consent' }), {
      login: who,
    }),
  );

const stateOf = async ({ access_token: access, refresh_token: refresh }: Tokens): Promise<unknown[]> => {
  const active = async (token: string): Promise<unknown> =>
    ((await (await asking.post('/token/introspection', { token })).json()) as { active: unknown }).active;
  const headers = { authorization: `Bearer ${access}` };
  return [
    (await fetch(`${app.issuer}/me`, { headers })).status,
    await active(access),
    await active(refresh),
    (await asking.tokens({ grant_type: 'refresh_token', refresh_token: refresh })).status,
  ];
};
const dead = [401, false, false, 400];

describe('CO-05: consent revoked', () => {
  test('every token of that service is dead at once, those of sessions that are over included; the others live', async () => {
    const earlier = createPerson();
    const lasting = await connect(earlier);
    const question = await earlier.visit(`${app.issuer}/session/end?id_token_hint=${lasting.id_token}`);
    await earlier.submit(question, '/session/end/confirm');
    const tokens = await connect(person);
    const other = await services.add({
      clientId: 'andere',
      file: { scope: 'openid offline_access', grant_types: ['authorization_code', 'refresh_token'] },
    });
    const kept = await other.redeem(await other.ask(person));
    expect((await stateOf(lasting)).slice(0, 3)).toEqual([200, true, true]);
    const page = await person.visit(`${app.issuer}/konto/dienste/fragt`);
    expect(textOf(page)).toContain('Zustimmung gilt');
    const since = performance.now();
    const done = await person.submit(page, '/widerrufen');
    expect(textOf(done)).toContain('Die Zustimmung ist widerrufen');
    expect(await stateOf(tokens)).toEqual(dead);
    expect(await stateOf(lasting)).toEqual(dead);
    expect(performance.now() - since).toBeLessThan(5000);
    const headers = { authorization: `Bearer ${kept.access_token}` };
    expect((await fetch(`${app.issuer}/me`, { headers })).status).toBe(200);
    expect((await app.events()).map(({ type }) => type)).toContain('consent.withdrawn');
    expect(textOf(done)).toContain('Frühere Zustimmungen');
    // The session goes on, and the service asks anew.
    expect(asking.answer(await asking.ask(person, { scope: 'openid profile', prompt: 'none' }))['error']).toBe(
      'consent_required',
    );
    const asked = await asking.ask(person, { scope: 'openid profile' });
    expect(textOf(asked)).toContain('Daten freigeben');
    const again = await asking.redeem(await person.submit(asked, '/freigabe', { decision: 'release' }));
    expect(again.status).toBe(200);
    expect(textOf(await person.visit(`${app.issuer}/konto/dienste/fragt`))).toContain('Zustimmung gilt');
  });

  test('nobody withdraws for somebody else, and nobody sees whom others know', async () => {
    await connect(person);
    const erikas = createPerson();
    await openAccount(app, erikas, '/konto', erika);
    expect((await erikas.visit(`${app.issuer}/konto/dienste/fragt`)).status).toBe(404);
    const csrf = formsOf(await erikas.visit(`${app.issuer}/konto/sprache`))[0]?.fields['csrf'] ?? '';
    await erikas.visit(`${app.issuer}/konto/dienste/fragt/widerrufen`, { form: { csrf } });
    expect(await app.app.id?.citizens.consent(await accountOf('max'), 'fragt')).toBeDefined();
  });

  test.each(['/konto/dienste/mein-konto', '/konto/dienste/gibt-es-nicht', '/konto/dienste/__proto__'])(
    '%s is no page',
    async (path) => {
      expect((await openAccount(app, person, path, max)).status).toBe(404);
    },
  );
});

describe('SE-05: forged state changes', () => {
  const forms: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['/konto/daten/telefon', { phone_number: '089 999999' }],
    ['/konto/daten/geburtsdatum', { 'birthdate-year': '1900' }],
    ['/konto/sprache', { locale: 'en', theme: 'dark' }],
    ['/konto/sitzungen/beenden', { id: 'x' }],
    ['/konto/sitzungen/alle-anderen', {}],
    ['/konto/dienste/fragt/widerrufen', {}],
    ['/konto/nicht-ich', {}],
    ['/konto/loeschen', { word: 'LÖSCHEN' }],
    ['/konto/abmelden', {}],
  ];
  test('without the token of this session, or from another site, nothing happens', async () => {
    const mine = createPerson();
    await openAccount(app, mine, '/konto', max);
    const others = createPerson();
    const foreign = formsOf(await openAccount(app, others, '/konto/sprache', erika))[0]?.fields['csrf'] ?? '';
    const own = formsOf(await mine.visit(`${app.issuer}/konto/sprache`)).find(({ action }) =>
      action.endsWith('/sprache'),
    )?.fields['csrf'];
    const before = await app.citizen('max');
    for (const [path, fields] of forms) {
      for (const csrf of ['', foreign])
        expect([path, (await mine.visit(`${app.issuer}${path}`, { form: { ...fields, csrf } })).status]).toEqual([
          path,
          403,
        ]);
      const headers = { 'sec-fetch-site': 'cross-site' };
      const sent = await mine.visit(`${app.issuer}${path}`, { form: { ...fields, csrf: own ?? '' }, headers });
      expect([path, sent.status]).toEqual([path, 403]);
    }
    expect(await app.citizen('max')).toEqual(before);
    expect((await mine.visit(`${app.issuer}/konto`)).status).toBe(200);
  });
});

describe('SE-12: end another session from the list', () => {
  test('its device in words; dead at once with its refresh tokens; this one stays', async () => {
    const elsewhere = createPerson();
    const login = await elsewhere.visit(`${app.issuer}/konto`, { headers: firefoxOnWindows });
    const form = formsOf(login).find(({ action }) => action.endsWith('/passwort'));
    await elsewhere.visit(form?.action ?? '', { form: { ...form?.fields, ...max }, headers: firefoxOnWindows });
    const ask = { scope: 'openid profile offline_access', prompt: 'consent' };
    const tokens = await asking.redeem(await goOn(app, elsewhere, await asking.ask(elsewhere, ask)));
    expect(tokens.status).toBe(200);
    await openAccount(app, person, '/konto', max);
    const page = await person.visit(`${app.issuer}/konto/sitzungen`);
    expect(textOf(page)).toContain('Firefox auf Windows');
    expect(textOf(page)).toContain('Dienst fragt');
    expect(page.body).not.toMatch(/145\.0|Gecko/);
    const uids = (await app.app.id?.sessions.ofAccount(await accountOf('max')))?.map((row) => row.session_uid) ?? [];
    expect(uids.length).toBeGreaterThan(1);
    for (const uid of uids) expect(page.body).not.toContain(uid);
    const end = formsOf(page).filter(({ action }) => action.endsWith('/beenden'));
    const section = /id="sitzung-([0-9a-f-]+)"[^>]*>(?:(?!<\/section>).)*?Firefox auf Windows/s.exec(page.body)?.[1];
    const fields = end.find(({ fields: { id } }) => id === section)?.fields ?? {};
    const since = performance.now();
    const done = await person.visit(`${app.issuer}/konto/sitzungen/beenden`, { form: fields });
    expect(textOf(done)).toContain('Das Gerät ist abgemeldet');
    expect(textOf(done)).not.toContain('Firefox');
    expect((await elsewhere.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
    expect(await stateOf(tokens)).toEqual(dead);
    expect(performance.now() - since).toBeLessThan(5000);
    expect((await app.events()).filter(({ type }) => type === 'session.ended')).toContainEqual(
      expect.objectContaining({ by: 'citizen' }),
    );
    // Once more, and with an id of nobody: said, not done.
    const again = await person.visit(`${app.issuer}/konto/sitzungen/beenden`, { form: fields });
    expect(textOf(again)).toContain('Dieses Gerät war schon abgemeldet');
  });

  test('all others, and not this one', async () => {
    const others = [createPerson(), createPerson()];
    for (const other of others) await openAccount(app, other, '/konto', max);
    const page = await openAccount(app, person, '/konto/sitzungen', max);
    const done = await person.submit(page, '/alle-anderen');
    expect(textOf(done)).toContain('Sie sind auf keinem anderen Gerät angemeldet');
    for (const other of others)
      expect((await other.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
    expect((await person.visit(`${app.issuer}/konto`)).url.pathname).toBe('/konto');
  });

  test('nobody ends a stranger’s session, nor without a recent login', async () => {
    const max2 = createPerson();
    const id = /id="sitzung-([0-9a-f-]+)"/.exec((await openAccount(app, max2, '/konto/sitzungen', max)).body)?.[1];
    const erikas = createPerson();
    const csrf = formsOf(await openAccount(app, erikas, '/konto/sprache', erika)).find(({ action }) =>
      action.endsWith('/sprache'),
    )?.fields['csrf'];
    const tried = await erikas.visit(`${app.issuer}/konto/sitzungen/beenden`, {
      form: { csrf: csrf ?? '', id: id ?? '' },
    });
    expect(textOf(tried)).toContain('Dieses Gerät war schon abgemeldet');
    expect((await max2.visit(`${app.issuer}/konto`)).url.pathname).toBe('/konto');
    const page = await openAccount(app, person, '/konto/sitzungen', max);
    shiftClock(11 * 60_000);
    expect((await person.submit(page, '/alle-anderen')).url.pathname).toMatch(/^\/anmelden\//);
    expect((await max2.visit(`${app.issuer}/konto`)).url.pathname).toBe('/konto');
  });
});

describe('SE-01: somebody has copied the cookie of this very session', () => {
  const copyOf = (from: Person): Person => {
    const copy = createPerson();
    for (const [key, cookie] of from.cookies) copy.cookies.set(key, cookie);
    return copy;
  };
  const isIn = async (browser: Person): Promise<boolean> =>
    (await browser.visit(`${app.issuer}/konto`)).url.pathname === '/konto';

  test.each<[string, string, (owner: Person, who: typeof max) => Promise<unknown>]>([
    [
      'ends all others',
      'kopiert-eins',
      async (owner) => owner.submit(await owner.visit(`${app.issuer}/konto/sitzungen`), '/alle-anderen'),
    ],
    [
      'changes the password',
      'kopiert-zwei',
      async (owner, { password }) =>
        owner.submit(await owner.visit(`${app.issuer}/konto/zugaenge/passwort`), '/passwort', {
          current: password,
          password: 'anker-wolke-fenster-brot',
        }),
    ],
  ])('the owner %s: the copy is out, and the owner goes on', async (_title, login, act) => {
    const who = await newcomer(app, login);
    const owner = createPerson();
    await openAccount(app, owner, '/konto', who);
    await openAccount(app, createPerson(), '/konto', who);
    const copy = copyOf(owner);
    expect(await isIn(copy)).toBe(true);
    await act(owner, who);
    expect([await isIn(copy), await isIn(owner)]).toEqual([false, true]);
  });
});

describe('MG-02: “Das war ich nicht”', () => {
  test('from a mail: looking at the link does nothing, its form ends everything, once', async () => {
    const id = await accountOf('max');
    const tokens = await connect(person);
    const link = app.app.id?.notMe.make(id) ?? '';
    expect(link.startsWith(`${app.issuer}/konto/nicht-ich/`)).toBe(true);
    const scanner = createPerson();
    for (const _ of [1, 2]) expect((await scanner.visit(link)).status).toBe(200);
    expect((await stateOf(tokens)).slice(0, 3)).toEqual([200, true, true]);
    const fresh = await connect(person);
    const page = await scanner.visit(link);
    expect((await scanner.visit(link, { form: { csrf: '' } })).status).toBe(403);
    const done = await scanner.submit(page, new URL(link).pathname);
    expect(textOf(done)).toContain('Überall abgemeldet');
    expect(done.body).toContain('href="/passwort-vergessen"');
    expect(await stateOf(fresh)).toEqual(dead);
    expect((await person.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
    expect((await app.events()).filter(({ type }) => type === 'not_me')).toEqual([{ type: 'not_me', accountId: id }]);
    const epoch = (await app.citizen('max'))?.account.epoch;
    expect((await scanner.submit(page, new URL(link).pathname)).status).toBe(410);
    expect((await scanner.visit(link)).status).toBe(410);
    expect((await app.citizen('max'))?.account.epoch).toBe(epoch);
  });

  test('of twenty at once one acts; changed, foreign and old links are none', async () => {
    const id = await accountOf('max');
    const link = app.app.id?.notMe.make(id) ?? '';
    const form = formsOf(await person.visit(link))[0]?.fields ?? {};
    const sent = await Promise.all(Array.from({ length: 20 }, () => createPerson().visit(link, { form })));
    expect(sent.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(sent.filter(({ status }) => status === 410)).toHaveLength(19);
    const other = app.app.id?.notMe.make(id) ?? '';
    for (const wrong of [`${other}A`, other.slice(0, -2), `${app.issuer}/konto/nicht-ich/x`, `${other}=`])
      expect((await person.visit(wrong)).status).toBe(410);
    // The sealed text names nobody.
    expect(Buffer.from(other.split('/').at(-1) ?? '', 'base64url').includes(id)).toBe(false);
    shiftClock(7 * 86_400_000 + 1000);
    expect((await person.visit(other)).status).toBe(410);
  });

  test('from the list of activities: everybody is out, this browser too', async () => {
    const page = await openAccount(app, person, '/konto/nicht-ich', max);
    const other = createPerson();
    await openAccount(app, other, '/konto', max);
    await person.submit(page, '/konto/nicht-ich');
    for (const browser of [person, other])
      expect((await browser.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
  });
});

describe('deletion', () => {
  test('LA-12: only at the highest level of the account; a password is not enough where there is a card', async () => {
    const before = (await app.citizen('erika'))?.account;
    await openAccount(app, person, '/konto/loeschen', erika);
    expect(textOf(await person.visit(`${app.issuer}/konto/loeschen/bestaetigen`))).toContain(
      'Bitte weisen Sie sich aus',
    );
    const csrf = formsOf(await person.visit(`${app.issuer}/konto/sprache`)).find(({ action }) =>
      action.endsWith('/sprache'),
    )?.fields['csrf'];
    const sent = await person.visit(`${app.issuer}/konto/loeschen`, { form: { csrf: csrf ?? '', word: 'LÖSCHEN' } });
    expect(sent.url.pathname).toMatch(/^\/anmelden\//);
    expect((await app.citizen('erika'))?.account).toMatchObject({ state: before?.state ?? '' });
    const byCard = createPerson();
    const confirm = await openAccountByCard(app, byCard, 'erika', '/konto/loeschen/bestaetigen');
    expect(textOf(confirm)).toContain('Löschung bestätigen');
    const wrong = await byCard.submit(confirm, '/konto/loeschen', { word: 'ja' });
    expect([wrong.status, (await app.citizen('erika'))?.account.state]).toEqual([422, 'active']);
  });

  test('planned: everybody is out, no service lets in, the owner keeps the account after a full proof', async () => {
    const tokens = await connect(person);
    const page = await openAccount(app, person, '/konto/loeschen', max);
    expect(textOf(page)).toContain('Dienst fragt');
    const confirm = await person.follow(page, '/bestaetigen');
    const planned = await person.submit(confirm, '/konto/loeschen', { word: ' löschen ' });
    expect([planned.url.pathname, textOf(planned)]).toEqual([
      '/konto/loeschen/geplant',
      expect.stringContaining('In 14 Tagen löschen wir Ihr Konto'),
    ]);
    expect(await stateOf(tokens)).toEqual(dead);
    expect((await app.citizen('max'))?.account).toMatchObject({ state: 'leaving' });
    // A wrong password gets no other answer than ever.
    const wrong = await loginAtPortal(app, createPerson(), { ...max, password: 'falsch-geraten-hier' });
    expect([wrong.status, textOf(wrong)]).toEqual([422, expect.not.stringContaining('wird gelöscht')]);
    const owner = createPerson();
    const leaving = await loginAtPortal(app, owner, max);
    expect(textOf(leaving)).toContain('Ihr Konto wird gelöscht');
    expect(leaving.url.origin).toBe(app.issuer);
    // Neither the way back nor a second service leads past it.
    const uid = leaving.url.pathname.split('/').at(-1) ?? '';
    const again = await owner.visit(`${app.issuer}/auth/${uid}`);
    expect(again.url.pathname).toMatch(/^\/anmelden\//);
    expect((await owner.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
    const still = await loginAtPortal(app, owner, max);
    const back = await owner.submit(still, '/konto-behalten');
    expect(back.url.origin).toBe(app.portal);
    expect((await app.citizen('max'))?.account.state).toBe('active');
    expect((await app.citizen('max'))?.account.leavesAt).toBeUndefined();
    expect(await stateOf(tokens)).toEqual(dead);
    const types = (await app.events()).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['deletion.planned', 'deletion.cancelled']));
  });

  test('a thief plans it: the owner, who was told, says “Das war ich nicht”, and sets a new password', async () => {
    const thief = createPerson();
    const email = 'max.beispiel@post.test';
    await openAccount(app, thief, '/konto/loeschen', max);
    await thief.submit(await thief.visit(`${app.issuer}/konto/loeschen/bestaetigen`), '/konto/loeschen', {
      word: 'LÖSCHEN',
    });
    const { type, denyLink = '' } = await mailTo(app, email);
    expect(type).toBe('deletion_planned');
    const done = await person.submit(await person.visit(denyLink), new URL(denyLink).pathname);
    expect((await app.citizen('max'))?.account).toMatchObject({ state: 'active' });
    expect((await app.events()).map((event) => event.type)).toContain('deletion.cancelled');
    await person.submit(await person.follow(done, '/passwort-vergessen'), '/passwort-vergessen', { login: 'max' });
    expect((await mailTo(app, email)).type).toBe('password_reset');
  });

  test('an operator plans it: a link from a mail does not withdraw it', async () => {
    const id = await accountOf('max');
    const act = { reason: 'Verstorben', operator: 'test' };
    await app.app.id?.citizens.act(id, { kind: 'delete', ...act });
    const link = app.app.id?.notMe.make(id) ?? '';
    await person.submit(await person.visit(link), new URL(link).pathname);
    expect((await app.citizen('max'))?.account).toMatchObject({ state: 'leaving' });
    await app.app.id?.lifecycle.cancelDeletion(id, []);
  });

  test('SE-13: the page that keeps an account is no page of any other login', async () => {
    const login = await person.visit(`${app.portal}/login`);
    const csrf = formsOf(login)[0]?.fields['csrf'] ?? '';
    expect((await person.visit(`${login.url.href}/konto-behalten`, { form: { csrf } })).status).toBe(400);
  });
});
