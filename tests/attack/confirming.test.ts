import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { useCard } from '../support/journey.ts';
import { addTotp, linkCard, newcomer, proceed, type Access } from '../support/means.ts';
import { startServices, type Service, type Services } from './service.ts';

/**
 * MG-18: a credential keeps the level of the session in which it was handed over, until a card is shown in a session in
 * which it was used.
 */
const basic = 'urn:bayern-id:acr:basic';
const low = 'http://eidas.europa.eu/LoA/low';
const substantial = 'http://eidas.europa.eu/LoA/substantial';
const high = 'http://eidas.europa.eu/LoA/high';

let app: TestApp;
let services: Services;
let service: Service;
let count = 0;
let who: Access & { login: string; password: string };
let card: string;

beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  service = await services.add({ clientId: 'bestaetigt' });
});
afterAll(async () => {
  await services.close();
  await app.stop();
});
afterEach(() => resetClock());

const id = () => {
  if (!app.app.id) throw new Error('Bayern-ID does not run');
  return app.app.id;
};
const account = async () => {
  const found = await app.citizen(who.login);
  if (!found) throw new Error('there is no account');
  return found.account;
};
/** A card's account with another password, as a reset by mail sets it. */
beforeEach(async () => {
  who = await newcomer(app, `bestaetigt-${++count}`);
  card = 'erika';
  await linkCard(app, who, card);
  const hash = await id().hashing.hash(who.password);
  await id().credentials.setPassword(await account(), { hash, ceiling: 'basic' }, []);
  await app.events();
});
afterEach(async () => {
  await id().citizens.unlinkCard(await account(), []);
});

const acr = async (access: Access, person: Person = createPerson()): Promise<unknown> =>
  (await service.redeem(await proceed(app, person, await service.ask(person), access))).claims.acr;
const confirmed = async () => (await app.events()).filter(({ type }) => type === 'credential.confirmed');

describe('MG-18: a password of the lowest ceiling', () => {
  test('used before the card in one session it is confirmed, which the page says and the journal keeps', async () => {
    const person = createPerson();
    expect(await acr(who, person)).toBe(basic);
    const page = await service.ask(person, { acr_values: high });
    expect(textOf(page)).toContain('Mit Ihrem Passwort erreichen Sie danach das Vertrauensniveau „niedrig“.');
    const done = await useCard(app, person, page, card);
    expect((await service.redeem(done)).claims.acr).toBe(high);
    const { id: accountId } = await account();
    expect(await confirmed()).toEqual([
      { type: 'credential.confirmed', method: 'password', level: 'high', clientId: 'bestaetigt', accountId },
    ]);
    expect(textOf(await person.visit(`${app.issuer}/konto/aktivitaet`))).toContain(
      'Passwort mit dem Online-Ausweis bestätigt',
    );
    expect(await acr(who)).toBe(low);
    // The earlier login in this browser counts for more as well, when the card's has run out.
    shiftClock(31 * 60_000);
    expect((await service.redeem(await service.ask(person))).claims.acr).toBe(low);
    // Once is enough.
    const again = await service.ask(person, { acr_values: high });
    expect(textOf(again)).not.toContain('Ihr Ausweis bestätigt auch');
    await useCard(app, person, again, card);
    expect(await confirmed()).toEqual([]);
  });

  test('the card in another browser confirms nothing', async () => {
    const thief = createPerson();
    expect(await acr(who, thief)).toBe(basic);
    const person = createPerson();
    const page = await useCard(app, person, await service.ask(person, { acr_values: high }), card);
    expect((await service.redeem(page)).claims.acr).toBe(high);
    expect(await confirmed()).toEqual([]);
    expect(await acr(who)).toBe(basic);
    expect(await acr(who, thief)).toBe(basic);
  });

  test('a login that is used up is none of the session any more', async () => {
    const person = createPerson();
    expect(await acr(who, person)).toBe(basic);
    shiftClock(61 * 60_000);
    const page = await service.ask(person, { acr_values: high });
    await useCard(app, person, page, card);
    expect(await confirmed()).toEqual([]);
    expect(await acr(who)).toBe(basic);
  });

  test('of password and app only what is below it is lifted', async () => {
    const totp = await addTotp(app, { card });
    const all = await id().credentials.credentialsOf((await account()).id);
    // Made with the card, so only the password is below it.
    expect(all.map(({ kind, ceiling }) => [kind, ceiling])).toEqual([
      ['password', 'basic'],
      ['totp', 'high'],
    ]);
    shiftClock(31_000);
    const person = createPerson();
    expect(await acr({ ...who, totp }, person)).toBe(basic);
    await app.events();
    await useCard(app, person, await service.ask(person, { acr_values: high }), card);
    expect((await confirmed()).map((event) => 'method' in event && event.method)).toEqual(['password']);
    shiftClock(31_000);
    expect(await acr({ ...who, totp })).toBe(substantial);
  });
});
