import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, loginAtPortal, max } from '../support/journey.ts';

/** How Mein Konto knows who is there. */
let app: TestApp;
let person: Person;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());
beforeEach(() => {
  person = createPerson();
});

test('who is not logged in logs in as at any service, and comes back to the page that was asked for', async () => {
  const login = await person.visit(`${app.issuer}/konto?ansicht=1`);
  expect(textOf(login)).toContain('Mein Konto');
  const page = await person.submit(login, '/passwort', erika);
  expect([page.status, page.url.href]).toEqual([200, `${app.issuer}/konto?ansicht=1`]);
  expect(textOf(page)).toContain('Erika Mustermann');
  expect(page.headers.get('cache-control')).toBe('no-store');
});

test('who is logged in at a service is logged in here', async () => {
  await loginAtPortal(app, person, max);
  const page = await person.visit(`${app.issuer}/konto`);
  expect(page.trail).toEqual([`${app.issuer}/konto`]);
  expect(textOf(page)).toContain('Max Beispiel');
});

test('cancelling ends on a page that says so, and nothing is open', async () => {
  const ended = await person.submit(await person.visit(`${app.issuer}/konto`), '/abbrechen');
  expect([ended.status, textOf(ended)]).toEqual([403, expect.stringContaining('Die Anmeldung wurde beendet')]);
});

test('an answer leads to a page of Mein Konto and nowhere else', async () => {
  for (const state of ['https://evil.example/', '//evil.example', '/entwickler', '/konto/../entwickler', '/kontox']) {
    const query = new URLSearchParams({ code: 'x', state });
    const page = await person.visit(`${app.issuer}/konto/angemeldet?${query.toString()}`, {
      until: (url) => url.pathname === '/konto',
    });
    expect(page.trail.at(-1)).toBe(`${app.issuer}/konto`);
  }
});

test('leaving from here asks, and ends the session everywhere', async () => {
  const page = await person.submit(await person.visit(`${app.issuer}/konto`), '/passwort', erika);
  const question = await person.submit(page, '/konto/abmelden');
  expect(question.url.pathname).toBe('/session/end');
  expect(textOf(await person.submit(question, '/session/end/confirm'))).toContain('Sie sind abgemeldet');
  expect((await person.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
});

test('a form without its token, or with that of another session, does nothing', async () => {
  const mine = await person.submit(await person.visit(`${app.issuer}/konto`), '/passwort', erika);
  const other = createPerson();
  const yours = await other.submit(await other.visit(`${app.issuer}/konto`), '/passwort', max);
  const token = /name="csrf" value="([^"]+)"/.exec(yours.body)?.[1] ?? '';
  for (const csrf of ['', token])
    expect((await person.visit(`${app.issuer}/konto/abmelden`, { form: { csrf } })).status).toBe(403);
  expect((await person.visit(mine.url.href)).url.pathname).toBe('/konto');
});

test('visits keep the session; an hour without one ends it', async () => {
  try {
    await person.submit(await person.visit(`${app.issuer}/konto`), '/passwort', erika);
    for (const _ of [1, 2, 3]) {
      shiftClock(45 * 60_000);
      expect((await person.visit(`${app.issuer}/konto`)).url.pathname).toBe('/konto');
    }
    shiftClock(61 * 60_000);
    expect((await person.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
  } finally {
    resetClock();
  }
});

test('a lock ends it at once', async () => {
  await person.submit(await person.visit(`${app.issuer}/konto`), '/passwort', max);
  const id = (await app.citizen('max'))?.account.id ?? '';
  await app.app.id?.citizens.act(id, { kind: 'lock', reason: 'Test', operator: 'test' });
  expect((await person.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
});
