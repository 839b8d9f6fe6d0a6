import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { newWrittenCode, canonicalWrittenCode } from '../../src/id/authentication/written-code.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, erikaAtFuehrungszeugnis, loginAtPortal, useCard } from '../support/journey.ts';

/** A new card for the same person: the account is found again by a proof, never by what the card says. */
let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(async () => {
  resetClock();
  await app.stop();
});

const dataPage = (person: Person): Promise<Page> => person.visit(`${app.fz}/fuehrungszeugnis/daten`);
const add = '/ausweis-hinzufuegen';
const replaces = 'Neuen Ausweis mit Ihrem Konto verbinden?';

/** Erika's account with her first card, and another browser in which she is logged in by password only. */
const newBrowser = async (): Promise<{ first: Person; person: Person }> => {
  const { person: first } = await erikaAtFuehrungszeugnis(app);
  const person = createPerson();
  await loginAtPortal(app, person, erika);
  return { first, person };
};
const finish = (person: Person, page: Page): Promise<Page> =>
  page.body.includes('/freigabe') ? person.submit(page, '/freigabe', { decision: 'release' }) : Promise.resolve(page);

describe('with a login of a moment ago', () => {
  test('it takes the place of the old one: services know the person, the old card and all other sessions are out', async () => {
    const { first, person } = await newBrowser();
    const subjects = await app.subjects('erika');
    await app.events();
    const page = await useCard(app, person, await dataPage(person), 'erika-neu');
    expect(textOf(page)).toContain(replaces);
    const done = await finish(person, await person.submit(page, add));
    expect([done.status, done.url.origin]).toEqual([200, app.fz]);
    expect(textOf(done)).toContain('ERIKA');
    expect((await app.events()).map(({ type }) => type)).toContain('card.replaced');
    expect(await app.subjects('erika')).toEqual(subjects);
    // The other browser was logged in by the old card.
    expect((await first.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
    const stranger = createPerson();
    const asked = await useCard(app, stranger, await stranger.visit(`${app.portal}/login`), 'erika');
    expect(formsOf(asked).some(({ action }) => action.endsWith('/zuordnen'))).toBe(true);
    const again = createPerson();
    const byNew = await useCard(app, again, await again.visit(`${app.portal}/login`), 'erika-neu');
    expect(byNew.url.origin).toBe(app.portal);
  });

  test('MG-15: of another person it is refused, and nothing changes', async () => {
    const { person } = await newBrowser();
    await app.events();
    const page = await useCard(app, person, await dataPage(person), 'titel');
    expect([page.status, textOf(page)]).toEqual([403, expect.stringContaining('passt nicht zu Ihrem Konto')]);
    expect((await app.events()).map(({ type }) => type)).toEqual(['eid.started', 'card.refused']);
    const citizen = await app.citizen('erika');
    expect(citizen?.card?.attributes.given_name?.value).toBe('ERIKA');
    expect(citizen?.account.epoch).toBe(1);
  });

  test('whoever says no keeps the old card', async () => {
    const { person } = await newBrowser();
    const page = await useCard(app, person, await dataPage(person), 'erika-neu');
    expect((await person.submit(page, '/abbrechen')).url.origin).toBe(app.fz);
    const old = createPerson();
    expect((await useCard(app, old, await old.visit(`${app.portal}/login`), 'erika')).url.origin).toBe(app.portal);
  });

  test('other means begin at the bottom again, what was used today is confirmed', async () => {
    const { person } = await newBrowser();
    const { credentials } = app.app.id ?? {};
    const account = (await app.citizen('erika'))?.account;
    if (!credentials || !account) throw new Error('Bayern-ID does not run');
    // A passkey would be the stronger proof, and asked for.
    await credentials.addCredential(account, { kind: 'recovery_codes', codes: ['x'], ceiling: 'high' }, []);
    const page = await useCard(app, person, await dataPage(person), 'erika-neu');
    await person.submit(page, add);
    const list = await credentials.credentialsOf(account.id);
    expect(Object.fromEntries(list.map(({ kind, ceiling }) => [kind, ceiling]))).toEqual({
      password: 'high',
      recovery_codes: 'basic',
    });
  });
});

describe('with an older login', () => {
  test.each(['erika-neu', 'titel'])('the proof comes first, and only then are the cards compared: %s', async (card) => {
    const { person } = await newBrowser();
    shiftClock(15 * 60_000);
    const page = await useCard(app, person, await dataPage(person), card);
    expect(textOf(page)).toContain(replaces);
    const wrong = await person.submit(page, add, { password: 'falsch' });
    expect(wrong.status).toBe(422);
    const right = await person.submit(wrong, add, { password: erika.password });
    if (card === 'titel') expect([right.status, textOf(right)]).toEqual([403, expect.stringContaining('passt nicht')]);
    else expect((await finish(person, right)).url.origin).toBe(app.fz);
  });
});

describe('with a transfer code', () => {
  const made = async (life = 3600_000): Promise<string> => {
    const { citizens } = app.app.id ?? {};
    const account = (await app.citizen('erika'))?.account;
    if (!citizens || !account) throw new Error('Bayern-ID does not run');
    const code = newWrittenCode();
    await citizens.setTransferCode(account, canonicalWrittenCode(code) ?? '', Date.now() + life, []);
    return code;
  };
  /** A new card in a browser that knows nothing, whose owner says that there is an account. */
  const loginPage = async (person: Person, card: string): Promise<Page> => {
    const assign = await useCard(app, person, await person.visit(`${app.portal}/login`), card);
    return person.submit(assign, '/zuordnen', { answer: 'existing' });
  };

  test('it stands for the login, once', async () => {
    await newBrowser();
    const code = await made();
    const person = createPerson();
    const login = await loginPage(person, 'erika-neu');
    const wrong = await person.submit(login, '/transfercode', { transfercode: newWrittenCode() });
    expect([wrong.status, textOf(wrong)]).toEqual([422, expect.stringContaining('Dieser Transfercode gilt nicht')]);
    const typed = code.toLowerCase().replaceAll('-', ' ');
    const page = await person.submit(wrong, '/transfercode', { transfercode: typed });
    expect(textOf(page)).toContain(replaces);
    await app.events();
    expect((await person.submit(page, add)).url.origin).toBe(app.portal);
    expect((await app.events()).find(({ type }) => type === 'card.replaced')).toMatchObject({ by: 'transfer_code' });
    const second = createPerson();
    const again = await second.submit(await loginPage(second, 'titel'), '/transfercode', { transfercode: code });
    expect(again.status).toBe(422);
  });

  test('it gives nobody else the account: another person’s card is refused, and the code is not spent', async () => {
    await newBrowser();
    const code = await made();
    const thief = createPerson();
    const page = await thief.submit(await loginPage(thief, 'titel'), '/transfercode', { transfercode: code });
    expect([page.status, textOf(page)]).toEqual([403, expect.stringContaining('passt nicht')]);
    const person = createPerson();
    const mine = await person.submit(await loginPage(person, 'erika-neu'), '/transfercode', { transfercode: code });
    expect(textOf(mine)).toContain(replaces);
  });

  test('it ends by its time, and is nothing where no new card was read', async () => {
    await newBrowser();
    const code = await made(60_000);
    const person = createPerson();
    const login = await person.visit(`${app.portal}/login`);
    const csrf = /name="csrf" value="([^"]+)"/.exec(login.body)?.[1] ?? '';
    const bare = await person.visit(`${login.url.href}/transfercode`, { form: { csrf, transfercode: code } });
    expect(bare.status).toBe(400);
    shiftClock(61_000);
    const page = await person.submit(await loginPage(person, 'erika-neu'), '/transfercode', { transfercode: code });
    expect(page.status).toBe(422);
  });

  test('guessing is bounded by the address', async () => {
    await app.stop();
    app = await startTestApp({ set: { ID__GUARD__EID__STARTS: '10' } });
    await newBrowser();
    const code = await made();
    const person = createPerson();
    let page = await loginPage(person, 'erika-neu');
    for (let i = 0; i < 10; i++) page = await person.submit(page, '/transfercode', { transfercode: newWrittenCode() });
    const right = await person.submit(page, '/transfercode', { transfercode: code });
    expect(right.status).toBe(422);
  });
});
