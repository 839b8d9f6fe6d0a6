import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { locales } from '../../src/web/i18n/shape.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { openBrowser } from '../support/browser.ts';
import { startControl } from '../support/gate-control.ts';
import { developerPages, gatePages, gateParts, inspectAddresses } from '../support/gate-pages.ts';
import { describeIf, need } from '../support/lack.ts';

const chromium = need('chromium');
const long = 1_200_000;

/** What the fast gate leaves out because it was seen to be the same elsewhere, is looked at here all the same. */
describeIf(chromium, 'the whole page gate', () => {
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

  test.each([...gateParts, 'the pages for developers'] as const)(
    '%s: every rule in both languages, what themes and widths can change in all four, and the keyboard',
    async (part) => {
      const addresses = part === 'the pages for developers' ? developerPages(app) : gatePages(app)[part];
      expect(addresses.length).toBeGreaterThan(4);
      const found = await Promise.all(locales.map((locale) => inspectAddresses(browser, locale, addresses, 'whole')));
      expect(found.flat()).toEqual([]);
    },
    long,
  );

  test('the control: what is wrong in a small dark window alone is found there', async () => {
    const control = await startControl();
    try {
      const english = await inspectAddresses(browser, 'en', [control.faulty], 'everything');
      for (const combination of ['1280 px, light', '1280 px, dark', '320 px, light', '320 px, dark'])
        expect(english.some((line) => line.includes('axe: image-alt') && line.endsWith(combination))).toBe(true);
      expect(english.join('\n')).toMatch(/keyboard: not in the order/);
      expect(await inspectAddresses(browser, 'en', [control.flawless], 'everything')).toEqual([]);
    } finally {
      control.close();
    }
  });
});
