import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { useCard } from '../support/journey.ts';
import { mailsTo } from '../support/mails.ts';
import { linkCard, newcomer, openAccount } from '../support/means.ts';
import { mailTo } from '../support/post.ts';

/** A thief is in the account, knows the password, and wants to have the address as well. */
let app: TestApp;
let count = 0;
let owner: { login: string; password: string };
let email: string;
let thief: Person;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  resetClock();
  await app.stop();
});
beforeEach(async () => {
  // Windows of the limits for mails.
  shiftClock(3600_000);
  owner = await newcomer(app, `adresse-${++count}`);
  email = `${owner.login}@post.test`;
  await id().accounts.setEmail((await account()).account, email, []);
  thief = createPerson();
});

const id = () => {
  if (!app.app.id) throw new Error('Bayern-ID does not run');
  return app.app.id;
};
const account = async () => {
  const found = await app.citizen(owner.login);
  if (!found) throw new Error('there is no account');
  return found;
};
const address = (which: number): string => `dieb-${count}-${which}@post.test`;

/** The thief reads the mail of the new address. */
const changes = async (to: string): Promise<void> => {
  const form = await openAccount(app, thief, '/konto/zugaenge/e-mail', owner);
  const code = await thief.submit(form, '/e-mail', { email: to });
  const done = await thief.submit(code, '/e-mail/code', { code: (await mailTo(app, to)).code ?? '' });
  expect(done.url.search).toBe('?ok=1');
  // Between two mails to one address.
  shiftClock(61_000);
};
/** The link that an address got when it went. */
const undoOf = async (to: string): Promise<string> => {
  const mail = (await mailsTo(app, to)).find(({ type }) => type === 'email_changed');
  return mail?.denyLink ?? '';
};
const undo = async (link: string): Promise<Page> => {
  const person = createPerson();
  const page = await person.visit(link);
  return page.status === 200 ? person.submit(page, new URL(link).pathname) : page;
};

describe('RG-08: a change of the address', () => {
  test('takes a login of the last ten minutes', async () => {
    await openAccount(app, thief, '/konto/zugaenge/e-mail', owner);
    shiftClock(11 * 60_000);
    expect((await thief.visit(`${app.issuer}/konto/zugaenge/e-mail`)).url.pathname).toMatch(/^\/anmelden\//);
  });

  test('takes the card where the account has one: the password does not suffice', async () => {
    await linkCard(app, owner, 'titel');
    const page = await thief.submit(await thief.visit(`${app.issuer}/konto/zugaenge/e-mail`), '/passwort', owner);
    expect(page.url.pathname).toMatch(/^\/anmelden\//);
    expect((await useCard(app, thief, page, 'titel')).url.pathname).toBe('/konto/zugaenge/e-mail');
    const { account: now } = await account();
    await id().citizens.unlinkCard(now, []);
  });

  test('is told to both addresses, and ends for everybody when the old one takes it back', async () => {
    await changes(address(1));
    expect((await mailsTo(app, address(1))).map(({ type }) => type)).toContain('email_change_code');
    expect((await undo(await undoOf(email))).status).toBe(200);
    expect((await account()).email).toBe(email);
    expect((await thief.visit(`${app.issuer}/konto`)).url.pathname).toMatch(/^\/anmelden\//);
  });
});

describe('RG-08: the address that was there first has the last word', () => {
  test('a second change made in between takes nothing back any more', async () => {
    await changes(address(1));
    await changes(address(2));
    const [first, second] = [await undoOf(email), await undoOf(address(1))];
    expect((await undo(first)).status).toBe(200);
    expect((await undo(second)).status).toBe(410);
    expect((await account()).email).toBe(email);
  });

  test('the one in between may be quicker, and helps nobody', async () => {
    await changes(address(1));
    await changes(address(2));
    const [first, second] = [await undoOf(email), await undoOf(address(1))];
    expect((await undo(second)).status).toBe(200);
    expect((await account()).email).toBe(address(1));
    expect((await undo(first)).status).toBe(200);
    expect((await account()).email).toBe(email);
  });

  test('a change that the owner makes afterwards can be taken back as any other', async () => {
    await changes(address(1));
    await undo(await undoOf(email));
    await changes(address(3));
    shiftClock(1000);
    const [newest = ''] = (await mailsTo(app, email)).flatMap(({ type, denyLink = '' }) =>
      type === 'email_changed' ? [denyLink] : [],
    );
    expect((await undo(newest)).status).toBe(200);
    expect((await account()).email).toBe(email);
  });

  test('twenty at once: once', async () => {
    await changes(address(1));
    const link = await undoOf(email);
    const before = (await account()).account.epoch;
    const all = await Promise.all(Array.from({ length: 20 }, () => undo(link)));
    const statuses = all.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 410)]);
    expect((await account()).account.epoch).toBe(before + 1);
  });

  test('while the address belongs to somebody else it stays as it is, and the link stays good', async () => {
    await changes(address(1));
    const link = await undoOf(email);
    const other = await newcomer(app, `belegt-${count}`);
    const citizen = await app.citizen(other.login);
    await id().accounts.setEmail(citizen?.account ?? { id: '', epoch: 0 }, email, []);
    expect((await undo(link)).status).toBe(410);
    expect((await account()).email).toBe(address(1));
    const moved = await app.citizen(other.login);
    await id().accounts.setEmail(moved?.account ?? { id: '', epoch: 0 }, `frei-${count}@post.test`, []);
    expect((await undo(link)).status).toBe(200);
  });

  test('a deletion that the thief has planned does not take place', async () => {
    await changes(address(1));
    const page = await openAccount(app, thief, '/konto/loeschen/bestaetigen', owner);
    await thief.submit(page, '/konto/loeschen', { word: 'LÖSCHEN' });
    expect((await account()).account.state).toBe('leaving');
    await app.events();
    const done = await undo(await undoOf(email));
    expect(textOf(done)).toContain('Ihre bisherige Adresse gilt wieder');
    expect(await account()).toMatchObject({ email, account: { state: 'active' } });
    expect((await app.events()).map(({ type }) => type)).toContain('deletion.cancelled');
    shiftClock(15 * 86_400_000);
    await id().runAccountJobs();
    expect(await account()).toMatchObject({ email });
  });

  test('an address that cannot come back any more is forgotten', async () => {
    await changes(address(1));
    const rows = () => id().stores.records.query.selectFrom('email_undos').selectAll().execute();
    expect((await rows()).length).toBeGreaterThan(0);
    shiftClock(73 * 3600_000);
    await id().runAccountJobs();
    expect(await rows()).toEqual([]);
  });
});

test('RG-12: a user name is never somebody’s address', async () => {
  const form = await openAccount(app, thief, '/konto/zugaenge/benutzername', owner);
  for (const name of [email, `opfer${count}@post.test`, `opfer${count}＠post.test`, `"x"@post.test`]) {
    const page = await thief.submit(form, '/benutzername', { name });
    expect([name, page.status]).toEqual([name, 422]);
  }
  expect((await account()).loginName).toBe(owner.login);
});
