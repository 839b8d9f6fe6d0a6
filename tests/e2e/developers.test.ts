import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { developerStories } from '../../src/id/developers/stories.ts';
import { locales, type Locale } from '../../src/web/i18n/shape.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { openBrowser, openWindow } from '../support/browser.ts';
import { inspect, prepareForGate, type Findings } from '../support/gate.ts';
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

  const inspectAll = async (locale: Locale, addresses: readonly string[]): Promise<Findings> => {
    const { context, page, complaints } = await openWindow(browser, { locale, width: 1280 });
    await prepareForGate(context);
    const findings: Findings = [];
    for (const address of addresses) {
      const html = (await (await page.goto(address))?.text()) ?? '';
      const found = await inspect(page, { html, whole: locale === locales[0] });
      findings.push(...found.map((line) => `${locale} ${new URL(address).pathname}: ${line}`));
    }
    await context.close();
    return [...findings, ...complaints];
  };

  const pages = ['', '/discovery', '/schnellstart/node', '/schnellstart/python', '/schnellstart/go'];

  test(
    'Bayern-ID: every page and state, in both languages and themes, at 1280 and 320 px',
    async () => {
      const addresses = [
        ...pages.map((path) => `${app.issuer}/entwickler${path}`),
        ...Object.keys(developerStories).map((name) => `${app.issuer}/entwickler/bausteine/${name}`),
      ];
      const found = await Promise.all(locales.map((locale) => inspectAll(locale, addresses)));
      expect(found.flat()).toEqual([]);
    },
    long,
  );
});
