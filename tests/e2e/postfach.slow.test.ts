import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startTestApp, type TestApp } from '../support/app.ts';
import { defaultSeat, openBrowser, type Seat } from '../support/browser.ts';
import { newCitizen, type Citizen } from '../support/browser-citizen.ts';
import { describeIf, need } from '../support/lack.ts';

const chromium = need('chromium');

describeIf(chromium, 'Mein Postfach in a browser, as after npm start', () => {
  let browser: Browser;
  let app: TestApp;
  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '');
  });
  afterAll(async () => {
    await browser.close();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await app.stop();
  });

  const seats: readonly (readonly [string, Seat])[] = [
    ['German, 1280 px', defaultSeat],
    ['English, 320 px, dark, no script', { locale: 'en', width: 320, theme: 'dark', script: false }],
  ];
  const first = 'Willkommen in Ihrem Postfach';
  const benefit = 'Ihr Antrag auf Wohngeld: Es fehlt noch etwas';
  const licence = 'Bescheid über die Umschreibung Ihres Führerscheins';

  /** Ticks the box of a letter in a list. */
  const chooses = async (citizen: Citizen, subject: string): Promise<void> => {
    const { list } = citizen.words.postfach;
    await citizen.page.getByLabel(list.choose({ what: subject }), { exact: true }).check();
  };

  test.each(seats)(
    '%s: reads, answers, files, searches, opens the locked letter with the card, saves what is attached',
    async (_title, seat) => {
      app = await startTestApp({ exampleLetters: true });
      const max = await newCitizen(browser, app, seat);
      const { postfach: t, flow, portal, common } = max.words;
      await max.visits(app.portal);
      await max.follows(portal.postfach.open);
      await max.reads(flow.login.title);
      await max.givesPassword('max');
      await max.reads(t.nav.items.inbox, 'postfach');
      expect(await max.text()).toContain(t.list.openBy.high);
      expect(await max.text()).not.toContain(licence);

      await max.follows(benefit);
      await max.reads(benefit, 'brief');
      expect(await max.text()).toContain(t.letter.externalTitle);
      await max.follows(t.letter.reply.button);
      await max.reads(t.letter.reply.title, 'antwort');
      await max.page.getByLabel(t.letter.reply.label, { exact: true }).fill('Kommt morgen.\nMax Beispiel');
      await max.presses(t.letter.reply.next);
      await max.reads(t.letter.reply.previewTitle, 'vorschau');
      await max.presses(t.letter.reply.send);
      await max.reads(benefit, 'beantwortet');
      expect(await max.text()).toContain(t.letter.reply.sent);
      expect(await max.text()).toContain('Kommt morgen.');

      const paper = max.page.waitForEvent('download');
      await max.follows(t.letter.pdf);
      expect(
        readFileSync(await (await paper).path())
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-');

      await max.visits(`${app.postfach}/postfach`);
      await chooses(max, first);
      await max.presses(t.list.actions.archivieren);
      await max.reads(t.nav.items.inbox);
      expect(await max.text()).toContain(t.list.done.archivieren);
      expect(await max.text()).not.toContain(first);
      await max.page.getByLabel(t.list.search, { exact: true }).fill('willkomm');
      await max.presses(t.list.searchButton);
      await max.reads(t.nav.items.inbox, 'suche');
      expect(await max.text()).toContain(t.list.folderOf.archive);
      await max.follows(first);
      await max.reads(first);

      await max.visits(`${app.postfach}/vorgaenge`);
      await max.reads(t.applications.title, 'vorgaenge');
      await max.page.getByRole('link', { name: new RegExp(`^${t.applications.open}`) }).click();
      await max.reads('Wohngeld', 'vorgang');

      await max.visits(`${app.postfach}/postfach`);
      await max.page.getByRole('link', { name: new RegExp(`^${t.list.openBy.high.replace(/[()]/g, '\\$&')}`) }).click();
      await max.reads(flow.stepUp.title, 'postfach-niveau');
      await max.opensClient(flow.stepUp.button);
      await max.usesCard('max');
      await max.reads(flow.link.title);
      await max.presses(flow.link.button);
      await max.reads(licence, 'brief-hoch');
      const attached = max.page.waitForEvent('download');
      await max.page.getByRole('link', { name: 'Bescheid Führerschein.pdf' }).click();
      const file = await attached;
      expect(file.suggestedFilename()).toBe('Bescheid Führerschein.pdf');
      expect(
        readFileSync(await file.path())
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-');

      await max.visits(`${app.postfach}/postfach/einstellungen`);
      await max.reads(t.settings.title, 'einstellungen');
      await max.page.locator('#verstanden-bekanntgabe').check();
      await max.presses(t.settings.consents.give.bekanntgabe);
      await max.page.getByText(t.settings.done.einwilligen).waitFor();

      await max.presses(common.account.logout);
      await max.reads(flow.logout.title);
      expect(max.window.complaints).toEqual([]);
    },
    120_000,
  );
});
