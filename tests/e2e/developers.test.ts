import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
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
});
