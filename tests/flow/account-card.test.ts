import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, max, useCard } from '../support/journey.ts';

/** /konto/zugaenge/ausweis: the card as its owner sees it. */
let app: TestApp;
let person: Person;
beforeEach(async () => {
  app = await startTestApp();
  person = createPerson();
});
afterEach(async () => {
  resetClock();
  await app.stop();
});

const page = (path = ''): string => `${app.issuer}/konto/zugaenge/ausweis${path}`;
const logIn = async (who = erika): Promise<Page> => person.submit(await person.visit(page()), '/passwort', who);
/** Adds a card to the account that is logged in, from its own page. */
const connect = async (card = 'erika'): Promise<Page> =>
  person.submit(await useCard(app, person, await person.visit(page('/neu')), card), '/ausweis-hinzufuegen');

test('a card is connected from here, by the way of any service that needs it', async () => {
  expect(textOf(await logIn())).toContain('Noch kein Ausweis verbunden');
  const done = await connect();
  expect(done.url.href).toBe(page());
  expect(textOf(done)).toMatch(/Verbundener Ausweis.*Gültig bis \d/);
});

test('a new card takes the place of the old one from here, too', async () => {
  await logIn();
  await connect();
  shiftClock(2000);
  const question = await useCard(app, person, await person.visit(page('/neu')), 'erika-neu');
  expect(textOf(question)).toContain('Neuen Ausweis mit Ihrem Konto verbinden?');
  expect((await person.submit(question, '/ausweis-hinzufuegen')).url.href).toBe(page());
});

test('a transfer code is made with the card alone, shown once, and good for a year', async () => {
  await logIn();
  const linked = await connect();
  await app.events();
  const made = await person.submit(linked, '/transfercode');
  const [code] = /[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}/.exec(textOf(made)) ?? [];
  expect(code).toBeDefined();
  expect(made.headers.get('cache-control')).toBe('no-store');
  expect(await app.events()).toEqual([{ type: 'transfer_code.made', accountId: expect.any(String) }]);
  expect(textOf(await person.visit(page()))).toContain('Sie haben einen Transfercode');
  shiftClock(366 * 86_400_000);
  expect(await app.app.id?.citizens.transferCodeOf((await app.citizen('erika'))?.account.id ?? '')).toBeUndefined();
  resetClock();
  shiftClock(20 * 60_000);
  // The card was used too long ago: only by using it again.
  const asked = await person.submit(await person.visit(page()), '/transfercode');
  expect(textOf(asked)).toContain('Bitte weisen Sie sich aus');
});

test('taking the card away needs the strongest means, and leaves a basic account', async () => {
  await logIn();
  await connect();
  const elsewhere = createPerson();
  await elsewhere.submit(await elsewhere.visit(page()), '/passwort', erika);
  expect(textOf(await elsewhere.visit(page()))).toContain('Verbundener Ausweis');
  const question = await person.visit(page('/trennen'));
  expect(textOf(question)).toContain('Möchten Sie den Ausweis wirklich trennen?');
  await app.events();
  const done = await person.submit(question, '/trennen');
  expect(textOf(done)).toContain('Der Ausweis ist von Ihrem Konto getrennt.');
  const accountId: unknown = expect.any(String);
  expect(await app.events()).toEqual([
    { type: 'session.ended', by: 'epoch', accountId },
    { type: 'session.ended', by: 'epoch', accountId },
    { type: 'card.removed', accountId },
  ]);
  // Elsewhere, what was proved beside this card would count again beside the next one.
  expect((await elsewhere.visit(page())).url.pathname).toMatch(/^\/anmelden\//);
  expect((await app.citizen('erika'))?.card).toBeUndefined();
  const card = createPerson();
  const asked = await useCard(app, card, await card.visit(`${app.portal}/login`), 'erika');
  expect(textOf(asked)).toContain('ein neues Konto anlegen');
  expect(textOf(await person.visit(`${app.issuer}/konto`))).toContain('Basisregistrierung');
});

test('MG-11: by a stolen password it cannot be taken away', async () => {
  await logIn();
  await connect();
  const thief = createPerson();
  await thief.submit(await thief.visit(`${app.issuer}/konto`), '/passwort', erika);
  expect(textOf(await thief.visit(page('/trennen')))).toContain('Bitte weisen Sie sich aus');
  const own = await thief.visit(page());
  const csrf = /name="csrf" value="([^"]+)"/.exec(own.body)?.[1] ?? '';
  for (const path of ['/trennen', '/transfercode'])
    expect(textOf(await thief.visit(page(path), { form: { csrf } }))).toContain('Bitte weisen Sie sich aus');
  expect((await app.citizen('erika'))?.card).toBeDefined();
});

test('the last way in stays', async () => {
  const login = await useCard(app, person, await person.visit(page()), 'max');
  expect((await person.submit(login, '/zuordnen', { answer: 'new' })).url.href).toBe(page());
  const kept = await person.submit(await person.visit(page('/trennen')), '/trennen');
  expect([kept.status, textOf(kept)]).toEqual([422, expect.stringContaining('Ihr einziger Zugang')]);
  expect(textOf(await person.visit(page()))).toContain('Verbundener Ausweis');
});

test('a form from another session does nothing', async () => {
  await logIn();
  await connect();
  const other = createPerson();
  const theirs = await other.submit(await other.visit(`${app.issuer}/konto`), '/passwort', max);
  const csrf = /name="csrf" value="([^"]+)"/.exec(theirs.body)?.[1] ?? '';
  expect((await person.visit(page('/trennen'), { form: { csrf } })).status).toBe(403);
});
