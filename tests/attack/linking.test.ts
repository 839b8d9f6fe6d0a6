import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openAccountByCard } from '../support/account.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createAuthenticator } from '../support/authenticator.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { useCard } from '../support/journey.ts';
import { newAccountByCard } from '../support/joining.ts';
import { mailsTo } from '../support/mails.ts';
import { addPasskey, linkCard, newcomer, openAccount, proceed } from '../support/means.ts';
import { startServices, type Services } from './service.ts';

let app: TestApp;
let services: Services;

beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
});
afterAll(async () => {
  await services.close();
  await app.stop();
});

const id = () => {
  if (!app.app.id) throw new Error('Bayern-ID does not run');
  return app.app.id;
};
const accountOf = async (login: string) => {
  const citizen = await app.citizen(login);
  if (!citizen) throw new Error(`no account ${login}`);
  return citizen;
};

test('MG-05: an address counts as confirmed by our own code alone', async () => {
  const owner = await newcomer(app, 'unbestaetigt');
  // As a registration elsewhere, or a card, would leave it: said, and not shown.
  const { account } = await accountOf(owner.login);
  const email = { value: 'unbestaetigt@post.test', source: 'self', level: 'basic', at: Date.now() } as const;
  await id().accounts.setSelf(account, { email }, []);
  const asking = await services.add({ clientId: 'fragt-adresse', file: { scope: 'openid email' } });
  const claims = async () => {
    const person = createPerson();
    const page = await proceed(app, person, await asking.ask(person, { scope: 'openid email' }), owner);
    const { access_token: token } = await asking.redeem(page);
    const answer = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
    return (await answer.json()) as Record<string, unknown>;
  };
  expect(await claims()).not.toMatchObject({ email_verified: true });
  await id().accounts.setEmail(account, 'unbestaetigt@post.test', []);
  expect(await claims()).toMatchObject({ email: 'unbestaetigt@post.test', email_verified: true });
});

describe('MG-09: somebody else’s card', () => {
  const card = 'zeichen';
  const owner = 'besitzerin';
  beforeAll(async () => {
    const access = await newcomer(app, owner);
    await id().accounts.setEmail((await accountOf(owner)).account, `${owner}@post.test`, []);
    await linkCard(app, access, card);
    await app.events();
  });

  test('is refused without saying whose it is; both accounts have it written down, and its owner is told', async () => {
    const other = await newcomer(app, 'daneben');
    const person = createPerson();
    await openAccount(app, person, '/konto', other);
    const stepUp = await person.visit(`${app.issuer}/konto/zugaenge/ausweis/neu`);
    await app.events();
    const refused = await useCard(app, person, stepUp, card);
    expect(refused.status).toBe(403);
    expect(textOf(refused)).not.toMatch(/ZO[ËE]|besitzerin/i);
    const events = (await app.events()).filter(({ type }) => type.startsWith('card.'));
    expect(events.map(({ type, accountId }) => [type, accountId])).toEqual([
      ['card.refused', (await accountOf('daneben')).account.id],
      ['card.shown_elsewhere', (await accountOf(owner)).account.id],
    ]);
    const told = (await mailsTo(app, `${owner}@post.test`)).filter(({ type }) => type === 'card_shown_elsewhere');
    expect(told).toHaveLength(1);
    expect(told[0]?.text).not.toMatch(/daneben/i);
    expect(told[0]?.denyLink).toContain('/konto/nicht-ich/');
    // Looked at again, the refusal is no second one.
    await person.visit(refused.url.href);
    expect(await app.events()).toEqual([]);
    const hers = createPerson();
    expect(textOf(await openAccountByCard(app, hers, card, '/konto/aktivitaet'))).toContain(
      'Ihr Ausweis wurde in einem anderen Konto benutzt und dort abgelehnt',
    );
  });
});

describe('MG-12: the last way in', () => {
  test('a passkey, beside a card that is taken away first, and the card beside nothing', async () => {
    const person = createPerson();
    await newAccountByCard(app, person, await person.visit(`${app.portal}/login`), 'titel');
    const page = await person.visit(`${app.issuer}/konto/zugaenge/ausweis/trennen`);
    const last = await person.submit(page, '/trennen');
    expect([last.status, textOf(last)]).toEqual([422, expect.stringMatching(/einzige|letzte/)]);
    const passkey = await addPasskey(app, { card: 'titel' }, createAuthenticator(), person);
    const gone = await person.submit(await person.visit(`${app.issuer}/konto/zugaenge/ausweis/trennen`), '/trennen');
    expect(gone.url.search).toContain('getrennt');
    const list = await openAccount(app, person, '/konto/zugaenge', { passkey });
    const one = await person.follow(list, '/konto/zugaenge/passkey/');
    const only = await person.submit(one, '/entfernen');
    expect([only.status, textOf(only)]).toEqual([422, expect.stringMatching(/einzige|letzte/)]);
  });
});

describe('MG-15: a new card of the same person', () => {
  test('MG-01: is nobody’s by its name: the account is not found by it, and without its proof nothing happens', async () => {
    const access = await newcomer(app, 'alte-karte');
    await linkCard(app, access, 'erika');
    const before = await accountOf('alte-karte');
    await app.events();
    const person = createPerson();
    const question = await useCard(app, person, await person.visit(`${app.portal}/login`), 'erika-neu');
    expect(textOf(question)).toContain('Haben Sie schon ein Bayern-ID-Konto?');
    expect(textOf(question)).not.toContain('alte-karte');
    const proof = await person.submit(question, '/zuordnen', { answer: 'existing' });
    const wrong = await person.submit(proof, '/passwort', { login: 'alte-karte', password: 'geraten-und-falsch-x' });
    expect(wrong.status).toBe(422);
    expect(await accountOf('alte-karte')).toEqual(before);
    // A proof of another account leads to that one alone, whose birth date is compared afterwards.
    const other = await newcomer(app, 'andere-person');
    await linkCard(app, other, 'max');
    const offered = await proceed(app, person, wrong, other);
    expect([offered.status, offered.url.origin]).toEqual([403, app.issuer]);
    expect(await accountOf('alte-karte')).toEqual(before);
    expect(await id().citizens.findByCard({ restrictedId: 'x' })).toBeUndefined();
  });
});
