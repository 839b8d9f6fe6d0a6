import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, tcTokenUrlOf, useCard } from '../support/journey.ts';
import { happened } from './service.ts';

const starts = 5;
const window = 600;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({
    set: {
      ID__GUARD__EID__STARTS: String(starts),
      ID__GUARD__EID__WINDOW: String(window),
      // Tests say by X-Forwarded-For where somebody is.
      WEB__TRUSTED_PROXIES: '[127.0.0.0/8, "::1/128"]',
    },
  });
});
afterAll(() => app.stop());
afterAll(() => resetClock());

/** Windows end by the clock, so each test begins right after one has ended. */
beforeEach(async () => {
  shiftClock(window * 1000 - (Date.now() % (window * 1000)) + 1000);
  await happened(app);
});

let addresses = 0;
/** An address that nobody has come from yet. */
const newAddress = (): string => `198.51.100.${++addresses}`;

/** A browser at one address, on the login page of a service. */
const at = async (address: string): Promise<{ person: Person; page: Page; begin: () => Promise<Page> }> => {
  const person = createPerson();
  const headers = { 'x-forwarded-for': address };
  const page = await person.visit(`${app.portal}/login`, { headers });
  const form = formsOf(page).find(({ action }) => action.endsWith('/eid'));
  if (!form) throw new Error('the card is not offered');
  return { person, page, begin: () => person.visit(form.action, { form: form.fields, headers }) };
};

describe('DS-06: uses of the card that one address begins', () => {
  test('within one interaction: the eID-Server is asked for no more sessions than the limit', async () => {
    const { begin } = await at(newAddress());
    const statuses: number[] = [];
    let sessions = 0;
    for (let i = 0; i < 4 * starts; i++) {
      const page = await begin();
      statuses.push(page.status);
      if (page.status !== 200) continue;
      const token = await fetch(tcTokenUrlOf(page));
      if (token.status === 200) sessions += 1;
    }
    expect(sessions).toBe(starts);
    expect(statuses).toEqual([...Array(starts).fill(200), ...Array(3 * starts).fill(429)]);
    // What was refused has begun nothing, so it fills no journal either.
    expect(await happened(app)).toEqual(Array(starts).fill('eid.started'));
  });

  test('at once, and from many browsers: not one more', async () => {
    const address = newAddress();
    const browsers = await Promise.all(Array.from({ length: 4 * starts }, () => at(address)));
    const answers = await Promise.all(browsers.map(({ begin }) => begin()));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(starts);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(3 * starts);
  });

  test('the page says when it goes on, and then it does', async () => {
    const { begin } = await at(newAddress());
    for (let i = 0; i < starts; i++) expect((await begin()).status).toBe(200);
    const refused = await begin();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toMatch(/^text\/html/);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(window - 60);
    expect(wait).toBeLessThanOrEqual(window);
    expect(textOf(refused)).toContain('Sie können es in 10 Minuten noch einmal versuchen.');
    shiftClock(wait * 1000 - 5000);
    expect((await begin()).status).toBe(429);
    shiftClock(5000);
    expect((await begin()).status).toBe(200);
  });

  test('other addresses are not concerned, and the password is no way around nor barred', async () => {
    const address = newAddress();
    const { person, page, begin } = await at(address);
    for (let i = 0; i <= starts; i++) await begin();
    expect((await begin()).status).toBe(429);
    expect((await (await at(newAddress())).begin()).status).toBe(200);
    const form = formsOf(page).find(({ action }) => action.endsWith('/passwort'));
    const loggedIn = await person.visit(form?.action ?? '', {
      form: { ...form?.fields, ...erika },
      headers: { 'x-forwarded-for': address },
    });
    expect(loggedIn.url.origin).toBe(app.portal);
  });

  test('IPv6: a /64 is one address', async () => {
    const answers: number[] = [];
    for (let i = 0; i <= starts; i++) answers.push((await (await at(`2001:db8:0:1::${i + 1}`)).begin()).status);
    expect(answers).toEqual([...Array(starts).fill(200), 429]);
    expect((await (await at('2001:db8:0:2::1')).begin()).status).toBe(200);
  });
});

describe('one use of the card per interaction', () => {
  test('beginning anew ends the older one: its token is not given, its result not asked for', async () => {
    const { person, begin } = await at(newAddress());
    const first = await begin();
    const second = await begin();
    expect((await fetch(tcTokenUrlOf(first))).status).toBe(404);
    const end = await app.app.simulator?.runClient({ tcTokenUrl: tcTokenUrlOf(second), card: 'zeichen' });
    const read = await person.visit(end?.location ?? '');
    expect(read.body).toContain('/zuordnen');
  });

  test('the older one, read already, counts no more; the newer one does', async () => {
    const { person, begin } = await at(newAddress());
    const first = await begin();
    const old = await app.app.simulator?.runClient({ tcTokenUrl: tcTokenUrlOf(first), card: 'titel' });
    const second = await begin();
    const late = await person.visit(old?.location ?? '');
    expect([late.status, late.url.origin]).toEqual([400, app.issuer]);
    const end = await app.app.simulator?.runClient({ tcTokenUrl: tcTokenUrlOf(second), card: 'zeichen' });
    const read = await person.visit(end?.location ?? '');
    expect(textOf(read)).toContain('ZOË');
    expect(textOf(read)).not.toContain('THEODORA');
    expect(await happened(app)).toEqual(['eid.started', 'eid.started']);
  });

  test('a failed one does not stand in the way of the next', async () => {
    const { person, page } = await at(newAddress());
    const failure = await useCard(app, person, page, undefined);
    expect(failure.url.pathname).toMatch(/\/eid\/fehler$/);
    expect((await useCard(app, person, failure, 'zeichen')).body).toContain('/zuordnen');
  });
});
