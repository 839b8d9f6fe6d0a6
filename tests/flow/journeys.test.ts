import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { happened, startServices, type Services } from '../attack/service.ts';
import { flowTexts } from '../../src/id/interaction/texts/index.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, erikaAtFuehrungszeugnis, loginAtPortal, max, useCard } from '../support/journey.ts';

let app: TestApp;
let services: Services | undefined;
beforeEach(async () => {
  app = await startTestApp();
  await app.events();
});
afterEach(async () => {
  resetClock();
  await services?.close();
  services = undefined;
  await app.stop();
});
afterAll(() => resetClock());

const { cause } = flowTexts.de.eidFailure;

/** Reads the ID tokens that the services themselves get, by the client's id, the newest last. */
const overhearIdTokens = (): { readonly subjects: Map<string, string[]>; end(): void } => {
  const subjects = new Map<string, string[]>();
  const { fetch: real } = globalThis;
  globalThis.fetch = async (...request) => {
    const response = await real(...request);
    if (new URL(response.url).pathname === '/token') {
      const { id_token: token } = (await response.clone().json()) as { id_token?: string };
      const { aud, sub = '' } = token === undefined ? {} : decodeJwt(token);
      if (typeof aud === 'string') subjects.set(aud, [...(subjects.get(aud) ?? []), sub]);
    }
    return response;
  };
  return {
    subjects,
    end: () => {
      globalThis.fetch = real;
    },
  };
};

const types = async (): Promise<string[]> => (await app.events()).map(({ type }) => type);

describe('the journeys over HTTP', () => {
  test('1: password at Bayern-Portal shows name and level', async () => {
    const page = await loginAtPortal(app, createPerson());
    expect(page.url.origin).toBe(app.portal);
    expect(textOf(page)).toContain('Erika Mustermann');
    expect(textOf(page)).toContain('Basisregistrierung');
    expect(await types()).toEqual(['login.succeeded', 'data.released']);
  });

  test('2 and 3: on to Führungszeugnis by step-up; the card is added once and then logs in alone, with the same subjects', async () => {
    const person = createPerson();
    await loginAtPortal(app, person);
    await app.events();
    const stepUp = await person.visit(`${app.fz}/fuehrungszeugnis/daten`);
    expect(textOf(stepUp)).toMatch(/hoch/);
    expect(textOf(stepUp)).toMatch(/Basisregistrierung/);
    const link = await useCard(app, person, stepUp, 'erika');
    expect(textOf(link)).toContain('ERIKA');
    const consent = await person.submit(link, '/ausweis-hinzufuegen', { answer: 'add' });
    expect(textOf(consent)).toContain('MUSTERMANN');
    expect(textOf(consent)).toMatch(/Staatsangehörigkeit deutsch/);
    const done = await person.submit(consent, '/freigabe', { decision: 'release' });
    expect(done.url.href).toBe(`${app.fz}/fuehrungszeugnis/daten`);
    for (const read of ['ERIKA', 'MUSTERMANN', 'GABLER', 'HEIDESTRASSE 17', 'Staatsangehörigkeit deutsch'])
      expect(textOf(done)).toContain(read);
    expect(done.body).not.toMatch(/<input[^>]+value="ERIKA"/);
    expect(await types()).toEqual(['eid.started', 'card.linked', 'login.succeeded', 'consent.given', 'data.released']);

    const subjects = await app.subjects('erika');
    const tokens = overhearIdTokens();
    try {
      const again = createPerson();
      await loginAtPortal(app, again);
      await useCard(app, again, await again.visit(`${app.fz}/fuehrungszeugnis/daten`), 'erika');
      const byCard = createPerson();
      await useCard(app, byCard, await byCard.visit(`${app.portal}/login`), 'erika');
      await byCard.visit(`${app.fz}/fuehrungszeugnis/daten`);
    } finally {
      tokens.end();
    }
    // Password and card, then the card alone: what each service is told is the same, and another at each service.
    const [atPortal = '', atFz = ''] = ['bayern/bayern-portal', 'bayern/fuehrungszeugnis'].map((s) => subjects[s]);
    expect(tokens.subjects.get('bayern-portal')).toEqual([atPortal, atPortal]);
    expect(tokens.subjects.get('fuehrungszeugnis')).toEqual([atFz, atFz]);
    await app.events();

    const other = createPerson();
    const login = await other.visit(`${app.portal}/login`);
    const portal = await useCard(app, other, login, 'erika');
    expect(textOf(portal)).toContain('ERIKA MUSTERMANN');
    expect(textOf(portal)).toContain('hoch');
    const again = await other.visit(`${app.fz}/fuehrungszeugnis/daten`);
    expect(again.url.href).toBe(`${app.fz}/fuehrungszeugnis/daten`);
    expect(textOf(again)).toContain('HEIDESTRASSE 17');
    expect(await app.subjects('erika')).toEqual(subjects);
    // The portal asks Mein Postfach for letters and the Bezahlsystem for payments in her name, and each has another name for her.
    const sectors = ['bayern/bayern-portal', 'bayern/bezahlsystem', 'bayern/fuehrungszeugnis', 'bayern/mein-postfach'];
    expect(Object.keys(subjects).sort()).toEqual(sectors);
    expect(new Set(Object.values(subjects)).size).toBe(4);
    expect(await types()).toEqual(['eid.started', 'login.succeeded', 'data.released', 'data.released']);
  });

  test('4: an unknown card asks first, and makes an account at high with what it says', async () => {
    const person = createPerson();
    const assign = await useCard(app, person, await person.visit(`${app.portal}/login`), 'zeichen');
    expect(formsOf(assign).some(({ action }) => action.endsWith('/zuordnen'))).toBe(true);
    const unanswered = await person.submit(assign, '/zuordnen', { answer: '' });
    expect(unanswered.status).toBe(422);
    const portal = await person.submit(unanswered, '/zuordnen', { answer: 'new' });
    expect(portal.url.origin).toBe(app.portal);
    expect(textOf(portal)).toContain('hoch');
    const events = await app.events();
    expect(events.map(({ type }) => type)).toEqual([
      'eid.started',
      'account.created',
      'card.linked',
      'login.succeeded',
      'data.released',
    ]);
    const accountId = events.find(({ type }) => type === 'account.created')?.accountId ?? '';
    const citizen = await app.app.id?.citizens.find(accountId);
    for (const attribute of Object.values(citizen?.card?.attributes ?? {})) {
      expect(attribute).toMatchObject({ source: 'card', level: 'high' });
      expect(Math.abs(attribute.at - Date.now())).toBeLessThan(60_000);
    }
    expect(citizen?.card?.attributes.given_name?.value).toBe('ZOË ŻANETA');
  });

  test('4: an unknown card of somebody with an account is added after the password', async () => {
    const person = createPerson();
    const assign = await useCard(app, person, await person.visit(`${app.portal}/login`), 'erika');
    const login = await person.submit(assign, '/zuordnen', { answer: 'existing' });
    const link = await person.submit(login, '/passwort', { login: 'erika', password: 'zwiebel-turm-laterne' });
    const portal = await person.submit(link, '/ausweis-hinzufuegen', { answer: 'add' });
    expect(textOf(portal)).toContain('hoch');
    expect(await types()).toEqual(['eid.started', 'card.linked', 'login.succeeded', 'data.released']);
  });

  test("5: another person's card ends in an error; nothing is linked, session and service stay", async () => {
    await erikaAtFuehrungszeugnis(app);
    const person = createPerson();
    await loginAtPortal(app, person, max);
    services = await startServices(app);
    const second = await services.add({ clientId: 'second' });
    const silently = async () => (await second.redeem(await second.ask(person, { prompt: 'none' }))).claims;
    const { sub, acr, amr, auth_time: authTime } = await silently();
    const before = { sub, acr, amr, auth_time: authTime };
    const stepUp = await person.visit(`${app.fz}/fuehrungszeugnis/daten`);
    await happened(app);
    const refused = await useCard(app, person, stepUp, 'erika');
    expect(refused.status).toBe(403);
    expect(textOf(refused)).not.toMatch(/Erika/i);
    expect(await happened(app)).toEqual(['eid.started', 'card.refused', 'card.shown_elsewhere']);
    const back = await person.submit(refused, '/abbrechen');
    expect(back.url.origin).toBe(app.fz);
    const portal = await person.visit(app.portal);
    expect(textOf(portal)).toContain('Max Beispiel');
    expect(textOf(portal)).toContain('Basisregistrierung');
    expect((await app.citizen('max'))?.card).toBeUndefined();
    expect(await happened(app)).toEqual([]);
    expect(before).toMatchObject({ acr: 'urn:bayern-id:acr:basic', amr: ['pwd'] });
    expect(await silently()).toMatchObject(before);
  });

  test('6: what goes wrong with the card is told with a reference, and the password still works', async () => {
    const person = createPerson();
    const login = await person.visit(`${app.portal}/login`);
    const ended = await useCard(app, person, login, undefined);
    expect(textOf(ended)).toContain('Der Vorgang wurde beendet');
    expect(textOf(ended)).toContain(cause.ended.lead);
    const [, failed] = await app.events();
    expect(failed).toMatchObject({ type: 'eid.failed', cause: 'ended' });

    const told = async (page: Page, lead: string): Promise<void> => {
      expect([page.status, textOf(page).includes(lead)]).toEqual([200, true]);
      const events = await app.events();
      expect(events.map(({ type }) => type)).toEqual(['eid.started', 'eid.failed']);
      const { referenceId } = events[1] ?? {};
      expect(referenceId).toMatch(/^[0-9a-z]{10}$/);
      expect(textOf(page).replaceAll(' ', '')).toContain(referenceId);
    };
    const invalid = await useCard(app, person, ended, 'gesperrt');
    await told(invalid, cause.invalidDocument.lead);

    app.app.simulator?.planFault({ name: 'communicationError' });
    const lost = await useCard(app, person, invalid, 'erika');
    await told(lost, cause.connection.lead);

    app.app.simulator?.planFault({ name: 'silence' });
    const silent = await useCard(app, person, lost, 'erika');
    await told(silent, cause.server.lead);

    const chooser = await person.visit(silent.url.href.replace(/\/eid\/.*/, ''));
    const portal = await person.submit(chooser, '/passwort', erika);
    expect(textOf(portal)).toContain('Erika Mustermann');
    expect(await types()).toEqual(['login.succeeded', 'data.released']);
  });

  test('7: high is gone after 5 idle minutes, the login at what is left stays', async () => {
    const { person } = await erikaAtFuehrungszeugnis(app);
    await app.events();
    shiftClock(4 * 60_000);
    expect((await person.visit(`${app.fz}/fuehrungszeugnis/daten`)).url.origin).toBe(app.fz);
    shiftClock(5 * 60_000 + 1000);
    const stepUp = await person.visit(`${app.fz}/fuehrungszeugnis/daten`);
    expect(stepUp.url.origin).toBe(app.issuer);
    expect(textOf(stepUp)).toContain('substantiell');
    expect(textOf(stepUp)).toContain('Ihr Nachweis ist abgelaufen');
    const portal = await person.visit(`${app.portal}/login`);
    expect(portal.url.origin).toBe(app.portal);
    expect(await types()).toEqual(['data.released']);
    await useCard(app, person, await person.visit(`${app.fz}/fuehrungszeugnis/daten`), 'erika');
    expect(await types()).toEqual(['eid.started', 'login.succeeded', 'data.released']);
  });

  test('7: high is gone after 30 minutes in all, however busy', async () => {
    const { person } = await erikaAtFuehrungszeugnis(app);
    for (let minute = 4; minute < 30; minute += 4) {
      shiftClock(4 * 60_000);
      await person.visit(`${app.portal}/login`);
      expect((await person.visit(`${app.fz}/fuehrungszeugnis/antrag`)).url.origin).toBe(app.fz);
    }
    shiftClock(3 * 60_000);
    expect((await person.visit(`${app.fz}/fuehrungszeugnis/antrag`)).url.origin).toBe(app.issuer);
  });

  test('7: a page that wants a fresh login asks for the card again after ten minutes, though high has not gone', async () => {
    const { person } = await erikaAtFuehrungszeugnis(app);
    for (const minutes of [4, 4]) {
      shiftClock(minutes * 60_000);
      await person.visit(`${app.portal}/login`);
      expect((await person.visit(`${app.fz}/fuehrungszeugnis/daten`)).url.origin).toBe(app.fz);
    }
    shiftClock(3 * 60_000);
    expect((await person.visit(`${app.fz}/fuehrungszeugnis/antrag`)).url.origin).toBe(app.fz);
    expect((await person.visit(`${app.fz}/fuehrungszeugnis/daten`)).url.origin).toBe(app.issuer);
  });

  test('7: a high level that was idled away does not come back by a visit in between', async () => {
    const { person } = await erikaAtFuehrungszeugnis(app);
    shiftClock(6 * 60_000);
    await person.visit(`${app.portal}/login`);
    expect((await person.visit(`${app.fz}/fuehrungszeugnis/daten`)).url.origin).toBe(app.issuer);
    expect((await person.visit(`${app.fz}/fuehrungszeugnis/daten`)).url.origin).toBe(app.issuer);
  });

  test('8: logging out at one service ends the session here and at the other, and says who was told', async () => {
    const { person } = await erikaAtFuehrungszeugnis(app);
    await app.events();
    const portal = await person.visit(app.portal);
    const question = await person.submit(portal, '/abmelden');
    expect(question.url.origin).toBe(app.issuer);
    const done = await person.submit(question, '/session/end/confirm');
    expect(textOf(done)).toContain('Führungszeugnis');
    expect(textOf(done)).toContain('Bayern-Portal');
    // How fast a service confirms is its own affair; looked at again, the page says that all have.
    await app.outboxEmpty();
    const again = textOf(await person.visit(done.url.href));
    expect(again).toMatch(/Bayern-Portal.*Führungszeugnis|Führungszeugnis.*Bayern-Portal/);
    expect(again).not.toContain('noch nicht bestätigt');
    const asked = await person.visit(`${app.fz}/fuehrungszeugnis/daten`);
    expect(asked.url.origin).toBe(app.issuer);
    expect(formsOf(asked).some(({ action }) => action.endsWith('/passwort') || action.endsWith('/eid'))).toBe(true);
    const events = await app.events();
    expect(events.map(({ type }) => type)).toEqual(['session.ended', 'logout.told', 'logout.told']);
    expect(events[0]).toMatchObject({ by: 'logout' });
  });
});

describe('one browser, several people and tabs', () => {
  test('a login of somebody else ends the session that another tab has begun meanwhile, and tells its services', async () => {
    const person = createPerson();
    const first = await person.visit(`${app.portal}/login`);
    const second = await person.visit(`${app.fz}/fuehrungszeugnis/daten`);
    await person.submit(first, '/passwort', erika);
    await app.events();
    const assign = await useCard(app, person, second, 'max');
    await person.submit(assign, '/zuordnen', { answer: 'new' });
    expect((await app.events()).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['account.created', 'session.ended', 'login.succeeded']),
    );
    await app.outboxEmpty();
    expect(textOf(await person.visit(app.portal))).not.toContain('Erika Mustermann');
  });

  test('prompt=login asks again although there is a session, and lets somebody else take over', async () => {
    const person = createPerson();
    await loginAtPortal(app, person);
    const asked = await person.visit(`${app.portal}/login`, { until: (url) => url.pathname === '/auth' });
    const address = new URL(asked.trail.at(-1) ?? '');
    address.searchParams.set('prompt', 'login');
    const login = await person.visit(address.href);
    expect(login.url.origin).toBe(app.issuer);
    const portal = await person.submit(login, '/passwort', max);
    expect(textOf(portal)).toContain('Max Beispiel');
    await app.outboxEmpty();
    expect((await app.events()).map(({ type }) => type)).toContain('session.ended');
  });
});
