import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { loginAtPortal, max, tcTokenUrlOf, useCard } from '../support/journey.ts';
import { goOn } from './service.ts';

let app: TestApp;
let accountId: string;
beforeAll(async () => {
  app = await startTestApp();
  const person = createPerson();
  const from = await person.visit(`${app.fz}/fuehrungszeugnis/daten`);
  expect((await goOn(app, person, from, { login: max, card: 'max' })).url.origin).toBe(app.fz);
  accountId = (await app.citizen('max'))?.account.id ?? '';
});
afterAll(() => app.stop());

const setState = (state: 'locked' | 'active'): Promise<unknown> =>
  app.app.id?.stores.records.query.updateTable('accounts').set({ state }).where('id', '=', accountId).execute() ??
  Promise.reject(new Error('Bayern-ID does not run'));

beforeEach(async () => {
  await app.events();
});
afterEach(async () => {
  await setState('active');
  expect(app.log.filter((line) => line.includes('"status":500'))).toEqual([]);
});

const refused = 'Mit diesem Ausweis können Sie sich nicht anmelden';
const byCard = async (person: Person): Promise<Page> =>
  useCard(app, person, await person.visit(`${app.portal}/login`), 'max');
const event = { type: 'card.refused', reason: 'locked', clientId: 'bayern-portal' };

/** A page in plain words, from which the service gets an error; nobody is logged in, and it was written down once. */
const isRefused = async (person: Person, page: Page): Promise<void> => {
  expect([page.status, page.url.origin]).toEqual([403, app.issuer]);
  const text = textOf(page);
  expect(text).toContain(refused);
  expect(text).not.toMatch(/gesperrt|locked|MAX|BEISPIEL/i);
  const events = (await app.events()).filter(({ type }) => type !== 'eid.started');
  expect(events).toEqual([{ ...event, accountId, referenceId: expect.any(String) }]);
  // The page shows it in two halves.
  expect(text.replaceAll(' ', '')).toContain(events[0]?.referenceId);

  const again = await person.visit(page.url.href);
  expect([again.status, textOf(again)]).toEqual([403, text]);
  const back = await person.submit(again, '/abbrechen');
  expect(back.url.origin).toBe(app.portal);
  expect(textOf(await person.visit(app.portal))).not.toContain('MAX');
  expect(await app.events()).toEqual([]);
};

describe('SE-14: the card of a locked account', () => {
  test('is refused, and nothing of it is taken over', async () => {
    const before = await app.citizen('max');
    await setState('locked');
    const person = createPerson();
    await isRefused(person, await byCard(person));
    await setState('active');
    expect(await app.citizen('max')).toEqual(before);
    expect((await byCard(createPerson())).url.origin).toBe(app.portal);
  });

  test('locked while its owner was at the card', async () => {
    const person = createPerson();
    const eid = await person.submit(await person.visit(`${app.portal}/login`), '/eid');
    const end = await app.app.simulator?.runClient({ tcTokenUrl: tcTokenUrlOf(eid), card: 'max' });
    await setState('locked');
    await isRefused(person, await person.visit(end?.location ?? ''));
  });

  test('locked between the look at its owner and the use: decided once more', async () => {
    const citizens = app.app.id?.citizens;
    if (!citizens) throw new Error('Bayern-ID does not run');
    const find = citizens.find.bind(citizens);
    let looks = 0;
    const person = createPerson();
    const page = await person.visit(`${app.portal}/login`);
    await app.events();
    // The second look at the account is the one that uses the card.
    citizens.find = async (id) => {
      if (looks++ === 0) await setState('locked');
      return find(id);
    };
    await isRefused(person, await useCard(app, person, page, 'max'));
    citizens.find = find;
    expect(looks).toBeGreaterThan(0);
  });

  test('at a step-up of a session that the lock has ended', async () => {
    const person = createPerson();
    await loginAtPortal(app, person, max);
    await setState('locked');
    await app.events();
    const login = await person.visit(`${app.fz}/fuehrungszeugnis/daten`);
    const page = await useCard(app, person, login, 'max');
    expect([page.status, textOf(page).includes(refused)]).toEqual([403, true]);
    expect((await app.events()).at(-1)).toMatchObject({ type: 'card.refused', reason: 'locked', accountId });
  });
});
