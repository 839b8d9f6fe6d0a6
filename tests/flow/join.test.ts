import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Citizen } from '../../src/id/identity/citizen.ts';
import type { CredentialKind } from '../../src/id/identity/credentials.ts';
import { startServices, type Service, type Services, type Tokens } from '../attack/service.ts';
import { startListener, type Listener } from '../attack/told.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika } from '../support/journey.ts';
import { agree, beginJoining, joinPath, newAccountByCard, proveBoth } from '../support/joining.ts';
import { mailsTo } from '../support/mails.ts';
import { addPasskey, addTotp, linkCard, newcomer, openAccount, proceed } from '../support/means.ts';

/** Two accounts of one person become one; both are proved, nothing is moved that was not said before. */
let app: TestApp;
let services: Services;
let listener: Listener;
/** Known to both accounts, to the one that ends, to the one that stays. */
let both: Service;
let ending: Service;
let staying: Service;

beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  listener = await startListener();
  const add = (clientId: string, more: Readonly<Record<string, unknown>> = {}): Promise<Service> =>
    services.add({
      clientId,
      file: {
        scope: 'openid profile offline_access',
        grant_types: ['authorization_code', 'refresh_token'],
        backchannel_logout_uri: listener.uri(clientId),
        ...more,
      },
    });
  both = await add('beide', { client_uri: 'https://beide.example/', policy_uri: 'https://beide.example/datenschutz' });
  ending = await add('nur-endend');
  staying = await add('nur-bleibend');
}, 60_000);
afterAll(async () => {
  await services.close();
  await listener.close();
  await app.stop();
});
let person: Person;
beforeEach(() => {
  person = createPerson();
});
afterEach(() => resetClock());

const id = (): NonNullable<TestApp['app']['id']> => {
  if (!app.app.id) throw new Error('Bayern-ID does not run');
  return app.app.id;
};
const citizen = async (login: string): Promise<Citizen> => {
  const found = await app.citizen(login);
  if (!found) throw new Error(`there is no ${login}`);
  return found;
};
/** Goes through the page that asks for consent, where there is one. */
const released = async (at: Person, page: Page): Promise<Page> =>
  page.body.includes('/freigabe') ? at.submit(page, '/freigabe', { decision: 'release' }) : page;
const login = { scope: 'openid profile offline_access', prompt: 'login consent' };

/** An account that exists by a card alone, and what two services have of it. */
const byCardAlone = async (
  card: string,
): Promise<{ browser: Person; id: string; at: Readonly<Record<string, Tokens>> }> => {
  const browser = createPerson();
  const first = await newAccountByCard(app, browser, await ending.ask(browser, login), card);
  const tokens = await ending.redeem(await released(browser, first));
  const consent = { scope: login.scope, prompt: 'consent' };
  const second = await both.redeem(await released(browser, await both.ask(browser, consent)));
  const rows = (await app.events()).filter(({ type }) => type === 'account.created');
  return { browser, id: rows.at(-1)?.accountId ?? '', at: { 'nur-endend': tokens, beide: second } };
};
const active = async (service: Service, token: string): Promise<unknown> =>
  ((await (await service.post('/token/introspection', { token })).json()) as { active: unknown }).active;
const ceilings = async (account: Citizen): Promise<Readonly<Partial<Record<CredentialKind, string>>>> =>
  Object.fromEntries((await id().credentials.credentialsOf(account.account.id)).map((one) => [one.kind, one.ceiling]));

describe('an account by a card alone ends in one with a password', () => {
  test('what will happen is said first, and then happens: subjects, card, sessions, mail, journal', async () => {
    const visited = createPerson();
    const logged = await proceed(app, visited, await staying.ask(visited, login), erika);
    await staying.redeem(await released(visited, logged));
    const asked = await both.ask(visited, { scope: login.scope, prompt: 'consent' });
    const known = await both.redeem(await released(visited, asked));
    const closed = await byCardAlone('erika');
    const before = await citizen('erika');
    const theirs = closed.at['nur-endend']?.claims.sub;

    const proof = await beginJoining(app, person, erika);
    expect(textOf(proof)).toContain('Weisen Sie Ihr anderes Konto nach');
    expect(proof.body).not.toContain('/registrieren');
    const review = await proceed(app, person, proof, { card: 'erika' });
    expect([review.status, review.url.pathname]).toEqual([200, expect.stringMatching(`^${joinPath}/[\\w-]{43}$`)]);
    const text = textOf(review);
    const order = ['Dienst nur-endend', 'Geht weiter', 'Anmeldemethoden des Kontos, das endet', 'Dieses Konto bleibt'];
    expect(order.map((part) => text.indexOf(part)).toSorted((a, b) => a - b)).toEqual(
      order.map((part) => text.indexOf(part)),
    );
    expect(order.filter((part) => !text.includes(part))).toEqual([]);
    const serviceOf = (clientId: string): string =>
      textOf({ ...review, body: review.body.split(`id="dienst-${clientId}"`)[1] ?? '' });
    expect(serviceOf('nur-endend')).toMatch(/^.{0,60}Geht weiter/);
    expect(serviceOf('beide')).toMatch(/^.{0,60}Alte Kennung endet.*Name.*zieht nicht um/);
    expect(review.body).toContain('href="https://beide.example/"');
    expect(review.body).toContain('href="https://beide.example/datenschutz"');
    expect(text).toContain('Der Online-Ausweis geht über');
    expect(text).toContain('Der Ausweis bestätigt, womit Sie sich eben im bleibenden Konto angemeldet haben: Passwort');
    expect(text).toMatch(
      /kennen Sie mit dem Konto, das bleibt: .*Dienst beide.*Dienst nur-bleibend|nur-bleibend.*Dienst beide/,
    );
    // Nobody else is logged in by the proof, and nothing has happened.
    expect(textOf(await person.visit(`${app.issuer}/konto`))).toContain('Erika Mustermann');
    expect((await id().citizens.find(closed.id))?.account.state).toBe('active');
    const mine = await app.subjects('erika');
    await app.events();
    listener.taken();

    const done = await agree(person, review);
    expect([done.status, textOf(done)]).toEqual([200, expect.stringContaining('Ihre Konten sind zusammengelegt')]);
    expect(textOf(done)).toContain('Ihr Online-Ausweis gehört jetzt zu diesem Konto');
    await app.outboxEmpty();
    const events = (await app.events()).filter(({ type }) => !type.startsWith('logout.'));
    expect(events.map(({ type, accountId }) => [type, accountId])).toEqual([
      ['session.ended', closed.id],
      ['accounts.joined', before.account.id],
      ['card.linked', before.account.id],
      ['accounts.joined', closed.id],
      ['account.deleted', undefined],
    ]);
    expect(new Set(events.flatMap((event) => (event.type === 'accounts.joined' ? [event.referenceId] : []))).size).toBe(
      1,
    );

    // Services that knew one account go on with the subject that they know; of two subjects the staying one counts.
    expect(theirs).toBeDefined();
    expect(await app.subjects('erika')).toEqual({ ...mine, 'bayern/nur-endend': theirs });
    const again = createPerson();
    const byCard = await proceed(app, again, await ending.ask(again, login), { card: 'erika' });
    expect((await ending.redeem(await released(again, byCard))).claims.sub).toBe(theirs);
    const atBoth = await released(again, await both.ask(again, { scope: 'openid' }));
    expect((await both.redeem(atBoth)).claims.sub).toBe(known.claims.sub);

    // Whoever had the account that ended has nothing any more, and its services were told so by the subject they know.
    expect(await id().citizens.find(closed.id)).toBeUndefined();
    expect((await closed.browser.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
    for (const service of [ending, both]) {
      const { refresh_token: refresh, access_token: access } = closed.at[service.clientId] ?? {
        refresh_token: '',
        access_token: '',
      };
      expect([await active(service, refresh), await active(service, access)]).toEqual([false, false]);
      expect((await service.tokens({ grant_type: 'refresh_token', refresh_token: refresh })).status).toBe(400);
    }
    expect(await active(both, known.refresh_token)).toBe(true);
    const told = listener.taken().map(({ clientId, sub }) => [clientId, sub]);
    expect(told).toHaveLength(2);
    expect(told).toContainEqual(['nur-endend', theirs]);
    expect(told).toContainEqual(['beide', closed.at['beide']?.claims.sub]);

    // The card is a card of this account, with what it confirms; its data came along, sealed under another key.
    const after = await citizen('erika');
    expect(after.account).toMatchObject({ id: before.account.id, epoch: before.account.epoch });
    expect(after.card?.attributes.given_name?.value).toBe('ERIKA');
    expect(await ceilings(after)).toEqual({ password: 'high' });
    const home = await person.visit(`${app.issuer}/konto`);
    expect(textOf(home)).toMatch(/Jetzt angemeldet: .{0,40}niedrig/);

    expect(textOf(await person.visit(`${app.issuer}/konto/aktivitaet`))).toContain(
      'Ein zweites Konto ist in diesem aufgegangen',
    );
  });

  test('whoever lets it be keeps both', async () => {
    const kept = await newcomer(app, 'bedenkt');
    const closed = await byCardAlone('titel');
    const review = await proveBoth(app, person, kept, { card: 'titel' });
    const unticked = await person.submit(review, review.url.pathname);
    expect([unticked.status, textOf(unticked)]).toEqual([422, expect.stringContaining('Kreuzen Sie an')]);
    const back = await person.follow(unticked, joinPath);
    expect(textOf(back)).toContain('Zwei Konten zusammenlegen');
    // From the proof itself, too, the way back leads to where it began.
    const proof = await person.submit(back, joinPath);
    expect((await person.submit(proof, '/abbrechen')).url.pathname).toBe(joinPath);
    expect((await id().citizens.find(closed.id))?.card?.attributes.given_name?.value).toBe('THEODORA MARIA');
    expect((await citizen('bedenkt')).card).toBeUndefined();
  });
});

describe('ways in', () => {
  const withAddress = async (name: string): Promise<{ login: string; password: string }> => {
    const password = `passwort von ${name}`;
    const passwordHash = await id().hashing.hash(password);
    const email = `${name}@post.test`;
    await id().citizens.create(
      { loginName: name, email, passwordHash, ceiling: 'basic', preferences: { locale: 'en' } },
      [],
    );
    return { login: name, password };
  };

  test('passwords, names, apps and passkeys stay behind, and the page names each; both addresses are written to', async () => {
    const kept = await withAddress('bleibt');
    const closed = await withAddress('endet');
    const passkey = await addPasskey(app, closed);
    await addTotp(app, closed);
    shiftClock(60_000);
    const review = await proveBoth(app, person, kept, { passkey });
    const text = textOf(review);
    for (const part of [
      'Das Passwort gilt nicht mehr',
      'Der Passkey gilt nicht mehr',
      'Authenticator-App',
      '„endet“ fällt weg',
      'endet@post.test fällt weg',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('Der Online-Ausweis geht über');
    expect(text).toContain('noch bei keinem Dienst angemeldet');
    expect((await agree(person, review)).url.pathname).toBe(`${joinPath}/fertig`);
    const all = [...(await mailsTo(app, 'bleibt@post.test')), ...(await mailsTo(app, 'endet@post.test'))];
    // Others tell of new devices, passkeys and apps.
    const mails = all.filter(({ type }) => type === 'accounts_joined');
    expect(mails.map(({ to, type, locale }) => [to, type, locale])).toEqual([
      ['bleibt@post.test', 'accounts_joined', 'en'],
      ['endet@post.test', 'accounts_joined', 'en'],
    ]);
    // Both links secure the account that is left: whoever did not want this has to get somebody out of there.
    for (const { denyLink = '' } of mails)
      expect(await id().notMe.find(denyLink.split('/').at(-1) ?? '')).toBe((await citizen('bleibt')).account.id);
    const stranger = createPerson();
    const tried = await stranger.submit(await both.ask(stranger), '/passwort', closed);
    expect(tried.status).toBe(422);
    const other = createPerson();
    const page = await both.ask(other);
    expect((await other.submit(page, '/passkey', { answer: passkey.answer(page) })).status).toBe(422);
    expect(Object.keys(await ceilings(await citizen('bleibt')))).toEqual(['password']);
    expect((await citizen('bleibt')).email).toBe('bleibt@post.test');
    // The name and the address are free again.
    expect(await app.citizen('endet')).toBeUndefined();
  });

  test('where both have a card of the same person, the one that stays keeps its own, and the other one is free', async () => {
    const kept = await newcomer(app, 'mit-neuem');
    await linkCard(app, kept, 'erika-neu');
    // The card `erika` belongs to Erika's account by now.
    const review = await proveBoth(app, person, { ...kept, card: 'erika-neu' }, { card: 'erika' });
    expect(textOf(review)).toContain('Der Online-Ausweis dieses Kontos wird getrennt, denn das andere hat schon einen');
    expect((await agree(person, review)).url.search).toBe('');
    expect(await app.citizen('erika')).toBeUndefined();
    const stranger = createPerson();
    const asked = await both.ask(stranger);
    const free = await proceed(app, stranger, asked, { card: 'erika' });
    expect(free.body).toContain('/zuordnen');
    const owner = createPerson();
    expect((await openAccount(app, owner, '/konto', { card: 'erika-neu' })).status).toBe(200);
  });
});
