import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startServices } from '../attack/service.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { defaultSeat, openBrowser, type Seat } from '../support/browser.ts';
import { newCitizen } from '../support/browser-citizen.ts';
import { inspect, prepareForGate } from '../support/gate.ts';
import { describeIf, need } from '../support/lack.ts';

const chromium = need('chromium');

describeIf(chromium, 'Bayern-Portal in a browser', () => {
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

  const seats: readonly (readonly [string, Seat, { lost: string; typo: string; nothing: string; dog: string }])[] = [
    [
      'German, 1280 px',
      defaultSeat,
      { lost: 'Führerschein verloren', typo: 'Welppe', nothing: 'Fischzucht', dog: 'Hund anmelden (Hundesteuer)' },
    ],
    [
      'English, 320 px, dark, no script',
      { locale: 'en', width: 320, theme: 'dark', script: false },
      { lost: 'lost driving license', typo: 'pupppy', nothing: 'fish farm', dog: 'Register a dog (dog tax)' },
    ],
  ];

  test.each(seats)(
    '%s: searches with and without a place, finds nothing and is helped, reads what a service needs, logs in and sees what is new',
    async (_title, seat, words) => {
      app = await startTestApp({ exampleLetters: true });
      const max = await newCitizen(browser, app, seat);
      const { portal: t } = max.words;
      const { page } = max;
      const searches = async (what: string, where = ''): Promise<void> => {
        await page.getByLabel(t.search.label, { exact: true }).fill(what);
        await page.getByLabel(t.search.place, { exact: true }).fill(where);
        await max.presses(t.search.button);
      };
      await max.visits(app.portal);
      await max.reads(t.heading, 'start');
      await searches(words.lost);
      await max.reads(t.list.found({ search: words.lost }), 'treffer');
      expect(await max.text()).toContain(t.list.countFound({ count: 1 }));

      await searches(words.nothing);
      await max.reads(t.nothing.title, 'nichts');
      expect(await max.text()).toContain(t.nothing.fewer);
      await max.follows(t.all);
      await max.reads(t.list.title, 'a-bis-z');

      await searches(words.typo, '84494');
      await max.reads(t.place.title, 'ort');
      await max.follows('Lohkirchen');
      await max.reads(t.nothing.title, 'ort-ohne');
      expect(await max.text()).toContain(t.nothing.elsewhereLink);
      await searches(words.typo, 'Prien');
      await max.reads(t.list.found({ search: words.typo }), 'ort-gefunden');
      expect(await page.getByLabel(t.search.place, { exact: true }).inputValue()).toBe('83209 Prien am Chiemsee');
      await max.follows(words.dog);
      await max.reads(words.dog, 'leistung');
      expect(await max.text()).toContain(max.words.common.level.needed.low);
      expect(await max.text()).toContain(t.service.start.how.low);
      expect(
        await page.locator('.bid-authority img').evaluate((image) => (image as HTMLImageElement).naturalWidth),
      ).toBeGreaterThan(0);

      await max.visits(app.portal);
      await max.follows(t.signIn.button);
      await max.reads(max.words.flow.login.title);
      await max.givesPassword('max');
      await max.reads(t.heading, 'uebersicht');
      expect(await max.text()).toContain(t.overview.letters.some({ count: 4 }));
      expect(await max.text()).toContain(t.overview.applications.state.ACTION_REQUIRED);
      await max.follows('Wohngeld');
      await max.reads('Wohngeld', 'vorgang');
      expect(max.window.complaints).toEqual([]);
    },
    120_000,
  );

  test('a module that is down costs its tile, and the page is whole', async () => {
    app = await startTestApp({ without: ['mein-postfach'] });
    const erika = await newCitizen(browser, app, defaultSeat);
    await prepareForGate(erika.window.context);
    const { portal: t } = erika.words;
    await erika.logsInAtPortal('erika');
    const text = await erika.text();
    expect(text).toContain(t.overview.away);
    expect(text).toContain(t.search.heading);
    expect(text).toContain(erika.words.common.level.badge.basic);
    const html = (await (await erika.page.goto(app.portal))?.text()) ?? '';
    expect(await inspect(erika.page, { html, depth: 'language' })).toEqual([]);
  }, 120_000);

  test('the login page carries the look of the authority whose service asks', async () => {
    app = await startTestApp();
    const look = "branding: { logo: logos/augsburg.svg, colour: '#0b6b3a', colour_dark: '#7ed6a3' }";
    writeFileSync(
      join(app.config, 'authorities', 'augsburg.yaml'),
      `name: { de: Stadt Augsburg, en: City of Augsburg }\nclient_names: any\nhosts: any\nfiles: any\nconsent: none\n${look}\n`,
    );
    const services = await startServices(app);
    try {
      const dogs = await services.add({ clientId: 'augsburg-hund', authority: 'augsburg', file: { scope: 'openid' } });
      for (const [theme, colour] of [
        ['light', 'rgb(11, 107, 58)'],
        ['dark', 'rgb(126, 214, 163)'],
      ] as const) {
        const visitor = await newCitizen(browser, app, { ...defaultSeat, theme });
        const { page } = visitor;
        await prepareForGate(visitor.window.context);
        const html = (await (await page.goto(dogs.request().url))?.text()) ?? '';
        await visitor.reads(visitor.words.flow.login.title, 'anmelden-augsburg');
        const bar = page.locator('.bid-service');
        expect(await bar.innerText()).toContain('Stadt Augsburg');
        expect(await bar.evaluate((element) => getComputedStyle(element).borderLeftColor)).toBe(colour);
        const logo = bar.locator('img');
        expect(
          await logo.evaluate((image) => [(image as HTMLImageElement).naturalWidth > 0, image.clientHeight]),
        ).toEqual([true, 40]);
        expect(await inspect(page, { html })).toEqual([]);
        expect(visitor.window.complaints).toEqual([]);
      }
      const plain = await newCitizen(browser, app, defaultSeat);
      await plain.opensPortal();
      expect(await plain.page.locator('.bid-service img').count()).toBe(0);
      expect(await plain.page.locator('link[rel=stylesheet]').count()).toBe(2);
    } finally {
      await services.close();
    }
  }, 120_000);
});
