import { afterAll, afterEach, beforeAll, beforeEach, expect, test, describe } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startTestApp, type TestApp } from '../support/app.ts';
import { defaultSeat, openBrowser, type Seat } from '../support/browser.ts';
import { newCitizen, type Citizen } from '../support/browser-citizen.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erikaAtFuehrungszeugnis } from '../support/journey.ts';
import { describeIf, need } from '../support/lack.ts';

const chromium = need('chromium');
const minute = 60_000;

/** What a page says of a level. */
const level = {
  de: { basic: 'Basisregistrierung', substantial: 'substantiell', high: 'hoch' },
  en: { basic: 'basic registration', substantial: 'substantial', high: 'high' },
} as const;

describeIf(chromium, 'the journeys in a browser', () => {
  let browser: Browser;
  let app: TestApp;
  let people: Citizen[];

  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '');
  });
  afterAll(async () => browser.close());
  beforeEach(async () => {
    people = [];
    app = await startTestApp();
    await app.events();
  });
  afterEach(async () => {
    await Promise.all(people.map(({ window }) => window.context.close()));
    resetClock();
    await app.stop();
  });

  const someone = async (seat: Seat, journey: string): Promise<Citizen> => {
    const citizen = await newCitizen(browser, app, seat, journey);
    people.push(citizen);
    return citizen;
  };
  const complaints = (): readonly string[] => people.flatMap(({ window }) => window.complaints);
  const types = async (): Promise<string[]> => (await app.events()).map(({ type }) => type);

  const seats: readonly (readonly [string, Seat])[] = [
    ['German, 1280 px', defaultSeat],
    ['German, 320 px, dark, no script', { locale: 'de', width: 320, theme: 'dark', script: false }],
    ['English, 1280 px, dark', { locale: 'en', width: 1280, theme: 'dark' }],
    ['English, 390 px', { locale: 'en', width: 390 }],
  ];
  /** The main way in both languages; what follows it on a large screen, and on the smallest without scripts. */
  const germanSeats = seats.slice(0, 2);

  describe.each(seats)('%s', (_, seat) => {
    const names = level[seat.locale];

    test('1: password at Bayern-Portal shows name and level', async () => {
      const erika = await someone(seat, '1');
      await erika.logsInAtPortal('erika');
      expect(await erika.text()).toContain('Erika Mustermann');
      expect(await erika.text()).toMatch(new RegExp(names.basic, 'i'));
      expect(complaints()).toEqual([]);
      expect(await types()).toEqual(['login.succeeded', 'data.released']);
    });

    test('2 and 3: step-up and linking at Führungszeugnis; then the card alone opens the same account', async () => {
      const erika = await someone(seat, '2');
      await erika.logsInAtPortal('erika');
      await erika.goesToFuehrungszeugnis();
      await erika.reads(erika.words.flow.stepUp.title);
      const asked = await erika.text();
      for (const part of [names.basic, names.high, 'Führungszeugnis', 'Erika Mustermann'])
        expect(asked).toContain(part);
      await erika.provesAndLinks('erika');
      const data = await erika.text();
      for (const read of ['ERIKA', 'MUSTERMANN', 'GABLER', 'HEIDESTRASSE 17']) expect(data).toContain(read);
      expect(await erika.page.locator('main input').count()).toBe(0);
      expect(erika.page.url()).toBe(`${app.fz}/fuehrungszeugnis/daten`);
      const subjects = await app.subjects('erika');

      const again = await someone(seat, '3');
      await again.opensPortal();
      await again.opensClient(again.words.flow.login.eid.button);
      await again.usesCard('erika');
      await again.reads(again.words.portal.heading, 'mit-ausweis-angemeldet');
      expect(await again.text()).toContain('ERIKA MUSTERMANN');
      expect(await again.text()).toContain(names.high);
      await again.goesToFuehrungszeugnis();
      await again.reads(again.words.fz.data.title, 'daten');
      expect(await app.subjects('erika')).toEqual(subjects);
      expect(complaints()).toEqual([]);
    });

    test('4: an unknown card asks whether there is an account; a new one is at high', async () => {
      const zoe = await someone(seat, '4');
      const { words } = zoe;
      await zoe.opensPortal();
      await zoe.opensClient(words.flow.login.eid.button);
      await zoe.usesCard('zeichen');
      await zoe.reads(words.flow.assign.title, 'zuordnen');
      await zoe.presses(words.flow.assign.button);
      await zoe.page.getByRole('alert').waitFor();
      await zoe.reads(words.flow.assign.title, 'zuordnen-ohne-antwort');
      await zoe.page.getByLabel(words.flow.assign.new, { exact: true }).click();
      await zoe.presses(words.flow.assign.button);
      await zoe.reads(words.portal.heading, 'neues-konto');
      expect(await zoe.text()).toContain('ZOË ŻANETA LÍN-ÇELİK O’ĐỨC');
      expect(await zoe.text()).toContain(names.high);
      expect(complaints()).toEqual([]);
      expect(await types()).toEqual([
        'eid.started',
        'account.created',
        'card.linked',
        'login.succeeded',
        'data.released',
      ]);
    });
  });

  describe.each(germanSeats)('%s', (_, seat) => {
    test('4: an unknown card of somebody with an account is added after the password', async () => {
      const max = await someone(seat, '4b');
      const { flow, portal } = max.words;
      await max.opensPortal();
      await max.opensClient(flow.login.eid.button);
      await max.usesCard('max');
      await max.reads(flow.assign.title);
      await max.page.getByLabel(flow.assign.existing, { exact: true }).click();
      await max.presses(flow.assign.button);
      await max.reads(flow.login.title, 'anmelden-zum-verbinden');
      await max.givesPassword('max');
      await max.reads(flow.link.title, 'ausweis-hinzufuegen');
      await max.presses(flow.link.button);
      await max.reads(portal.heading, 'verbunden');
      expect(await max.text()).toContain('hoch');
      expect((await app.citizen('max'))?.card).toBeDefined();
      expect(complaints()).toEqual([]);
    });

    test("5: another person's card ends in an error; nothing is linked, session and service stay", async () => {
      await erikaAtFuehrungszeugnis(app);
      const max = await someone(seat, '5');
      const { flow, service, portal } = max.words;
      await max.logsInAtPortal('max');
      await max.goesToFuehrungszeugnis();
      await app.events();
      await max.reads(flow.stepUp.title);
      await max.opensClient(flow.stepUp.button);
      await max.usesCard('erika');
      await max.reads(flow.refused.cause.foreignCard.title, 'fremder-ausweis');
      expect(await max.text()).not.toMatch(/Erika/i);
      expect(await types()).toEqual(['eid.started', 'card.refused']);
      await max.presses(flow.backTo({ service: 'Führungszeugnis' }));
      await max.reads(service.failures.level.title, 'zurueck-beim-dienst');
      await max.visits(app.portal);
      await max.reads(portal.heading);
      expect(await max.text()).toContain('Max Beispiel');
      expect(await max.text()).toContain('Basisregistrierung');
      expect((await app.citizen('max'))?.card).toBeUndefined();
      expect(complaints()).toEqual([]);
    });

    test('6: what goes wrong with the card is told with a reference; the password still works', async () => {
      const erika = await someone(seat, '6');
      const { flow, simulator, portal } = erika.words;
      const { cause } = flow.eidFailure;
      const failed = async (lead: string, picture: string): Promise<void> => {
        await erika.reads(flow.eidFailure.title, picture);
        const text = await erika.text();
        expect(text).toContain(lead);
        const { referenceId } = (await app.events()).find(({ type }) => type === 'eid.failed') ?? {};
        expect(referenceId).toBeDefined();
        // Whoever ended it has nothing to report.
        expect(text.replaceAll(' ', '').includes(referenceId ?? '')).toBe(lead !== cause.ended.lead);
      };
      await erika.opensPortal();
      await erika.opensClient(flow.login.eid.button);
      await erika.presses(simulator.request.cancel);
      await failed(cause.ended.lead, 'beendet');

      app.app.simulator?.planFault({ name: 'communicationError' });
      await erika.opensClient(flow.tryAgain);
      await erika.usesCard('erika');
      await failed(cause.connection.lead, 'verbindung');

      for (const card of ['gesperrt', 'abgelaufen']) {
        await erika.opensClient(flow.tryAgain);
        await erika.usesCard(card);
        await failed(cause.invalidDocument.lead, card);
      }

      app.app.simulator?.planFault({ name: 'silence' });
      await erika.opensClient(flow.tryAgain);
      await erika.usesCard('erika');
      await failed(cause.server.lead, 'keine-antwort');

      await erika.follows(flow.otherWay);
      await erika.reads(flow.login.title, 'anderer-weg');
      await erika.givesPassword('erika');
      await erika.reads(portal.heading);
      expect(await erika.text()).toContain('Erika Mustermann');
      expect(complaints()).toEqual([]);
    });

    test('7: the high level is gone after 5 idle minutes; the login at what is left stays', async () => {
      const erika = await someone(seat, '7');
      const { flow, fz, portal } = erika.words;
      await erika.erikaAtFuehrungszeugnis();
      shiftClock(4 * minute);
      await erika.page.reload();
      await erika.reads(fz.data.title);
      shiftClock(5 * minute + 1000);
      await erika.page.reload();
      await erika.reads(flow.stepUp.title, 'niveau-abgelaufen');
      expect(await erika.text()).toContain('substantiell');
      expect(await erika.text()).toContain('Ihr Nachweis ist abgelaufen');
      await erika.visits(app.portal);
      await erika.reads(portal.heading, 'noch-angemeldet');
      expect(await erika.text()).toContain('Erika Mustermann');
      await erika.goesToFuehrungszeugnis();
      await erika.reads(flow.stepUp.title);
      await erika.opensClient(flow.stepUp.button);
      await erika.usesCard('erika');
      await erika.reads(fz.data.title, 'wieder-hoch');
      expect(complaints()).toEqual([]);
    });

    test('8: logging out at one service ends the session here and at the other, and says who was told', async () => {
      const erika = await someone(seat, '8');
      const { flow, common, portal } = erika.words;
      await erika.erikaAtFuehrungszeugnis();
      await app.events();
      await erika.visits(app.portal);
      await erika.reads(portal.heading);
      await erika.presses(common.account.logout);
      await erika.reads(flow.logout.title, 'abmelden');
      await erika.presses(flow.logout.button);
      await erika.reads(flow.loggedOut.title, 'abgemeldet');
      for (const service of ['Bayern-Portal', 'Führungszeugnis']) expect(await erika.text()).toContain(service);
      await app.outboxEmpty();
      await erika.visits(`${app.fz}/fuehrungszeugnis/daten`);
      await erika.reads(flow.login.title, 'danach-beim-anderen-dienst');
      await erika.visits(app.portal);
      await erika.reads(portal.heading);
      expect(await erika.text()).not.toContain('Erika');
      const seen = await types();
      expect(seen.filter((type) => type === 'session.ended')).toHaveLength(1);
      expect(seen.filter((type) => type === 'logout.told')).toHaveLength(2);
      expect(complaints()).toEqual([]);
    });
  });
});
