import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { openAccount, openAccountByCard } from '../support/account.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, erikaAtFuehrungszeugnis, loginAtPortal, max, useCard } from '../support/journey.ts';
import { mailsTo } from '../support/mails.ts';
import { dayOf } from '../../src/id/identity/lifecycle.ts';
import { operate } from '../support/operate.ts';

/** How accounts end: by their owners, by the operator, by nobody using them. */
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
}, 60_000);
afterAll(() => app.stop());
afterEach(() => resetClock());

const day = 86_400_000;
const runJobs = async (): Promise<void> => app.app.id?.runAccountJobs();

/** Every row that names the account, by table; the journal is asked apart. */
const rowsWith = async (accountId: string): Promise<string[]> => {
  const query = app.app.id?.stores.records.query;
  if (!query) throw new Error('no records');
  const tables = [
    'login_names',
    'attributes',
    'attribute_history',
    'credentials',
    'card_links',
    'subjects',
    'consents',
    'operator_acts',
    'browser_sessions',
    'service_grants',
    'session_services',
  ] as const;
  const found: string[] = [];
  for (const table of tables) {
    const rows = await query.selectFrom(table).selectAll().execute();
    if (rows.some((row) => row.account_id === accountId)) found.push(table);
  }
  const accounts = await query.selectFrom('accounts').selectAll().where('id', '=', accountId).execute();
  return accounts.length > 0 ? ['accounts', ...found] : found;
};

test('MG-17: deleted by its owner, it is gone after 14 days; the same card then is somebody new to every service', async () => {
  await erikaAtFuehrungszeugnis(app);
  const id = (await app.citizen('erika'))?.account.id ?? '';
  const before = await app.subjects('erika');
  const person = createPerson();
  const confirm = await openAccountByCard(app, person, 'erika', '/konto/loeschen/bestaetigen');
  expect((await app.app.id?.sessions.ofAccount(id))?.length).toBeGreaterThan(0);
  await person.submit(confirm, '/konto/loeschen', { word: 'DELETE' });
  expect(await app.app.id?.sessions.ofAccount(id)).toEqual([]);
  await runJobs();
  expect(await rowsWith(id)).toContain('accounts');
  shiftClock(13 * day);
  await runJobs();
  const leaving = await loginAtPortal(app, createPerson(), erika);
  expect(textOf(leaving)).toContain('Ihr Konto wird gelöscht');
  shiftClock(day + 1000);
  await runJobs();
  await runJobs();
  expect(await rowsWith(id)).toEqual([]);
  const gone = (await app.events()).filter(({ type }) => type === 'account.deleted');
  expect(gone).toEqual([{ type: 'account.deleted', by: 'citizen' }]);
  expect((await loginAtPortal(app, createPerson(), erika)).status).toBe(422);
  const again = createPerson();
  const assign = await useCard(app, again, await again.visit(`${app.portal}/login`), 'erika');
  const portal = await again.submit(assign, '/zuordnen', { answer: 'new' });
  expect(portal.url.origin).toBe(app.portal);
  const subjects = (await app.app.id?.stores.records.query.selectFrom('subjects').selectAll().execute()) ?? [];
  expect(subjects.map(({ subject }) => subject)).not.toContain(before['bayern/bayern-portal']);
}, 60_000);

test('too late to keep it: the page says so, and nothing comes back', async () => {
  const person = createPerson();
  const confirm = await openAccount(app, person, '/konto/loeschen/bestaetigen', max);
  await person.submit(confirm, '/konto/loeschen', { word: 'löschen' });
  shiftClock(13 * day);
  const leaving = await loginAtPortal(app, person, max);
  shiftClock(day);
  // Still within the hour of the flow, were it not for the day.
  expect([400, 410]).toContain((await person.submit(leaving, '/konto-behalten')).status);
  expect((await app.citizen('max'))?.account.state).toBe('leaving');
  resetClock();
  const back = await loginAtPortal(app, createPerson(), max);
  expect(textOf(back)).toContain('Ihr Konto wird gelöscht');
  const id = (await app.citizen('max'))?.account.id ?? '';
  expect(await app.app.id?.lifecycle.cancelDeletion(id, [])).toBe(true);
});

test('bayern-id citizen delete: planned with a reason that the owner reads, and undone by the owner', async () => {
  const done = await operate(app, 'citizen', 'delete', 'max', '--reason', 'Auf Ihren schriftlichen Antrag.');
  expect([done.code, done.output]).toEqual([0, expect.stringContaining('is to be deleted')]);
  expect((await operate(app, 'citizen', 'delete', 'max', '--reason', 'noch einmal')).code).toBe(1);
  const person = createPerson();
  const leaving = await openAccount(app, person, '/konto/aktivitaet', max);
  expect(textOf(leaving)).toContain('Ihr Konto wird gelöscht');
  const page = textOf(await person.submit(leaving, '/konto-behalten'));
  expect(page).toContain('Löschung des Kontos von den Betreibern eingeleitet');
  expect(page).toContain('Begründung der Betreiber: Auf Ihren schriftlichen Antrag.');
  expect(page).toContain('Löschung des Kontos zurückgenommen');
});

test('the owner is told by mail, with a way to undo it and one to say that it was somebody else', async () => {
  const account = (await app.citizen('max'))?.account ?? { id: '', epoch: 0 };
  await app.app.id?.accounts.setEmail(account, 'max@post.example', []);
  await app.app.id?.accounts.setPreferences(account.id, { locale: 'en' });
  const person = createPerson();
  const confirm = await openAccount(app, person, '/konto/loeschen/bestaetigen', max);
  await person.submit(confirm, '/konto/loeschen', { word: 'löschen' });
  const [mail] = await mailsTo(app, 'max@post.example');
  expect(mail?.text).toContain(`${app.issuer}/konto`);
  const deny = new RegExp(`${app.issuer}/konto/nicht-ich/[\\w-]+`).exec(mail?.text ?? '')?.[0] ?? '';
  const page = await createPerson().visit(deny, { headers: { 'accept-language': 'en' } });
  expect([page.status, textOf(page)]).toEqual([200, expect.stringContaining('Sign out everywhere')]);
  expect(await app.app.id?.lifecycle.cancelDeletion(account.id, [])).toBe(true);
  shiftClock(19 * 31 * day);
  await runJobs();
  await runJobs();
  const reminders = (await mailsTo(app, 'max@post.example')).filter(({ type }) => type === 'inactive');
  expect(reminders.map(({ link }) => link)).toEqual([`${app.issuer}/konto`]);
  resetClock();
  await app.app.id?.lifecycle.noteSeen(account.id, dayOf(Date.now()));
});

test('RG-15: 24 months without a login: warned twice, then gone; a login in between is enough to stay', async () => {
  const id = (await app.citizen('max'))?.account.id ?? '';
  const warned = async (): Promise<unknown> =>
    (
      await app.app.id?.stores.records.query
        .selectFrom('accounts')
        .select('warned')
        .where('id', '=', id)
        .executeTakeFirst()
    )?.warned;
  shiftClock(19 * 31 * day);
  await runJobs();
  await runJobs();
  expect(await warned()).toBe(1);
  await openAccount(app, createPerson(), '/konto', max);
  expect(await warned()).toBe(0);
  for (const [months, state] of [
    [17, 0],
    [2, 1],
    [3, 2],
  ] as const) {
    shiftClock(months * 31 * day);
    await runJobs();
    expect(await warned()).toBe(state);
  }
  expect(await app.citizen('max')).toBeDefined();
  shiftClock(3.2 * 31 * day);
  await runJobs();
  expect(await app.citizen('max')).toBeUndefined();
  expect(await rowsWith(id)).toEqual([]);
});
