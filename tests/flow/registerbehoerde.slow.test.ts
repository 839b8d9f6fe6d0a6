import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { goOn } from '../attack/service.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { startApplications, upload, type ApplicationWorld } from '../support/fuehrungszeugnis.ts';
import { erika as erikasLogin, loginAtPortal, max as maxsLogin } from '../support/journey.ts';

let world: ApplicationWorld;
let erika: Person;
let max: Person;
let id: string;

const office = (path: string): string => `${world.app.registerbehoerde}${path}`;
const enter = async (person: Person, login: typeof maxsLogin, card: string): Promise<Page> =>
  goOn(world.app, person, await person.visit(office('/antraege')), { login, card });

beforeAll(async () => {
  world = await startApplications();
  erika = createPerson();
  let page = await world.fillsIn(erika);
  page = await erika.submit(await erika.visit(`${world.app.fz}/fuehrungszeugnis/gebuehr`), '/gebuehr', {
    fee: 'volunteer',
  });
  page = await upload(erika, page, { zweck: 'exemption', name: 'verein.pdf' });
  page = await world.sends(erika, await erika.follow(page, '/pruefen'));
  id = page.url.pathname.split('/').at(-1) ?? '';
  max = createPerson();
});
afterEach(() => resetClock());
afterAll(() => world.stop());

test('nobody comes in without the role, whatever her login', async () => {
  const page = await enter(erika, erikasLogin, 'erika');
  expect([page.url.href, page.status]).toEqual([office('/antraege'), 403]);
  expect(textOf(page)).not.toContain('FZ-');
  for (const path of [`/antraege/${id}`, `/antraege/${id}/nachweise/1`])
    expect((await erika.visit(office(path))).status).toBe(403);
});

test('a caseworker comes in with the card, and not with a password', async () => {
  const without = await goOn(world.app, max, await max.visit(office('/antraege')), { login: maxsLogin });
  expect(without.url.origin).toBe(world.app.issuer);
  const page = await enter(createPerson(), maxsLogin, 'max');
  expect([page.url.href, page.status]).toEqual([office('/antraege'), 200]);
});

test('reads an application with its documents, takes it up and answers it once', async () => {
  const list = await enter(max, maxsLogin, 'max');
  let page = await max.follow(list, `/antraege/${id}`);
  for (const words of ['MUSTERMANN', '51147 KÖLN', 'verein.pdf', 'Gebührenbefreiung ist beantragt'])
    expect(textOf(page)).toContain(words);
  const file = await max.follow(page, '/nachweise/');
  expect(file.headers.get('content-disposition')).toContain('verein.pdf');
  expect(file.body).toContain('%PDF-1.7');
  page = await max.submit(page, '/uebernehmen');
  expect(textOf(page)).toContain('in Bearbeitung');
  expect((await max.submit(page, '/antwort', { text: 'ohne Entscheidung' })).status).toBe(422);
  expect((await max.submit(page, '/antwort', { outcome: 'refused' })).status).toBe(422);
  const before = page;
  // As pasted out of another program: Mein Postfach would refuse such a letter for good.
  page = await max.submit(page, '/antwort', { outcome: 'issued', text: 'Alles\u202e \ufffeGute.\u0007' });
  expect(textOf(page)).toContain('Führungszeugnis ausgestellt');
  expect((await max.submit(before, '/antwort', { outcome: 'refused', text: 'doch nicht' })).status).toBe(409);

  await world.lettersSent();
  expect(textOf(await erika.visit(`${world.app.postfach}/postfach`))).toContain('Ihr Führungszeugnis ist ausgestellt');
  expect(textOf(await max.visit(office('/antraege')))).toContain('Hier ist kein Antrag');
  expect(textOf(await max.visit(office('/antraege?stand=beantwortet')))).toContain('FZ-');
});

test('a draft is not there', async () => {
  const page = await world.fillsIn(createPerson());
  expect(page.status).toBe(200);
  const sub = (await world.app.subjects('erika'))['bayern/fuehrungszeugnis'] ?? '';
  const draft = await world.fuehrungszeugnis.records.applications.openOf(sub);
  expect(draft?.state).toBe('draft');
  expect((await max.visit(office(`/antraege/${draft?.id ?? ''}`))).status).toBe(404);
});

test('the role stays with the account that came first: a later one with the same address has none', async () => {
  const { caseworkers } = world.fuehrungszeugnis.records;
  const sub = (await world.app.subjects('max'))['bayern/fuehrungszeugnis'] ?? '';
  expect(await caseworkers.holds('Max.Beispiel@post.test', sub)).toBe(true);
  expect(await caseworkers.holds('max.beispiel@post.test', 'somebody-else')).toBe(false);
});

/** An application without a fee, whatever was filled in before. @returns its id */
const sendsAnother = async (person: Person, card: string): Promise<string> => {
  let page = await world.goes(person, '/fuehrungszeugnis/daten', card);
  await person.submit(page, '/daten', { mother_birth_name: 'Muster' });
  const at = (step: string): Promise<Page> => person.visit(`${world.app.fz}/fuehrungszeugnis/${step}`);
  await person.submit(await at('art'), '/art', { form: 'N' });
  page = await person.submit(await at('gebuehr'), '/gebuehr', { fee: 'means' });
  await upload(person, page, { zweck: 'exemption', name: 'bescheid.pdf' });
  page = await world.sends(person, await at('pruefen'));
  return page.url.pathname.split('/').at(-1) ?? '';
};

test('nobody answers her own application', async () => {
  const clerk = createPerson();
  await enter(clerk, maxsLogin, 'max');
  const own = await sendsAnother(clerk, 'max');
  const opened = await clerk.visit(office(`/antraege/${own}`));
  expect([opened.status, textOf(opened)]).toEqual([200, expect.stringContaining('Das ist Ihr eigener Antrag')]);
  expect(opened.body).not.toMatch(/\/(?:antwort|uebernehmen)"/);

  // The forms of another application have a good token.
  const another = await clerk.visit(office(`/antraege/${id}`));
  const csrf = / name="csrf" value="([^"]+)"/.exec(another.body)?.[1] ?? '';
  expect(csrf).not.toBe('');
  for (const [path, fields] of [
    ['uebernehmen', {}],
    ['antwort', { outcome: 'issued', text: 'Alles Gute.' }],
  ] as const) {
    const refused = await clerk.visit(office(`/antraege/${own}/${path}`), { form: { csrf, ...fields } });
    expect([refused.status, textOf(refused)]).toEqual([403, expect.stringContaining('Das ist Ihr eigener Antrag')]);
  }
  expect((await world.fuehrungszeugnis.records.applications.byId(own))?.state).toBe('filed');
});

test('an answer that took too long to write is still there after the step-up', async () => {
  const applicant = createPerson();
  await loginAtPortal(world.app, applicant);
  const one = await sendsAnother(applicant, 'erika');
  await enter(max, maxsLogin, 'max');
  const form = await max.visit(office(`/antraege/${one}`));
  shiftClock(6 * 60_000);
  const text = 'Das Schreiben hat lange gedauert.';
  const asked = await max.submit(form, '/antwort', { outcome: 'refused', text });
  expect(asked.url.origin).toBe(world.app.issuer);
  const back = await goOn(world.app, max, asked, { card: 'max' });
  expect([back.url.pathname, textOf(back)]).toEqual([
    `/antraege/${one}`,
    expect.stringContaining('Ihre Eingaben sind noch da'),
  ]);
  expect(textOf(back)).toContain(text);
  expect((await world.fuehrungszeugnis.records.applications.byId(one))?.answer).toBeUndefined();
  expect(textOf(await max.submit(back, '/antwort', { outcome: 'refused', text }))).toContain('Antrag abgelehnt');
});
