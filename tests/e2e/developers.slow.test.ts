import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { playgroundStories } from '../../src/portal/spielwiese/pages/stories.ts';
import { locales, type Locale } from '../../src/web/i18n/shape.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { openBrowser } from '../support/browser.ts';
import type { Findings } from '../support/gate.ts';
import { developerPages, inspectAddresses } from '../support/gate-pages.ts';
import { describeIf, need } from '../support/lack.ts';

const chromium = need('chromium');
const long = 240_000;

describeIf(chromium, 'the page gate, for the pages of developers', () => {
  let browser: Browser;
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    browser = await openBrowser(chromium ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  const inspectAll = (locale: Locale, addresses: readonly string[]): Promise<Findings> =>
    inspectAddresses(browser, locale, addresses, locale === locales[0] ? 'whole' : 'language');

  test(
    'Bayern-ID: every page and state, in both languages and themes, at 1280 and 320 px',
    async () => {
      const addresses = developerPages(app);
      const found = await Promise.all(locales.map((locale) => inspectAll(locale, addresses)));
      expect(found.flat()).toEqual([]);
    },
    long,
  );

  test(
    'the playground: every page and state, in both languages and themes, at 1280 and 320 px',
    async () => {
      const addresses = [
        `${app.playground}/`,
        ...Object.keys(playgroundStories).map((name) => `${app.playground}/entwickler/bausteine/${name}`),
      ];
      const found = await Promise.all(locales.map((locale) => inspectAll(locale, addresses)));
      expect(found.flat()).toEqual([]);
    },
    long,
  );

  test('the playground in a real browser without scripts: a login whose answer is a form, and no word from the CSP', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, locale: 'de-DE' });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(`${app.playground}/`);
    await page.getByLabel('response_mode').selectOption('form_post');
    await page.getByLabel('Die Anfrage mit PAR hinterlegen').check();
    await page.getByRole('button', { name: 'Anfrage ansehen' }).click();
    await page.getByRole('link', { name: 'Weiter zur Bayern-ID' }).click();
    await page.getByLabel('Benutzername oder E-Mail-Adresse').fill('erika');
    await page.getByLabel('Passwort', { exact: true }).fill('zwiebel-turm-laterne');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Daten freigeben' }).click();
    await page.getByRole('button', { name: 'Weiter', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Die Anmeldung ist gelungen' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
