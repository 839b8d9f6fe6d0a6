import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page, Response } from 'playwright-core';
import { locales, type Locale } from '../../src/web/i18n/shape.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { openBrowser, openWindow } from '../support/browser.ts';
import { Citizen } from '../support/browser-citizen.ts';
import { gatePages, gateParts, inspectAddresses } from '../support/gate-pages.ts';
import { startControl } from '../support/gate-control.ts';
import { inspect, prepareForGate, type Findings } from '../support/gate.ts';
import { erikaAtFuehrungszeugnis } from '../support/journey.ts';
import { describeIf, need } from '../support/lack.ts';

const chromium = need('chromium');
const long = 480_000;
/** Of parts with very many states the fast gate looks at some, spread over all; the slow gate looks at each. */
const mostStates = 3;
const most = 120 * 1024;

describeIf(chromium, 'the page gate', () => {
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
  afterEach(async () => Promise.all(browser.contexts().map((context) => context.close())));

  const inspectAll = (locale: Locale, addresses: readonly string[]): Promise<Findings> =>
    inspectAddresses(browser, locale, addresses, locale === locales[0] ? 'whole' : 'language');

  test.each(gateParts)(
    '%s: its states, in both languages and themes, at 1280 and 320 px',
    async (part) => {
      const all = gatePages(app)[part];
      expect(all.length).toBeGreaterThan(4);
      const every = Math.ceil(all.length / mostStates);
      const addresses = all.filter((_, index) => index % every === 0);
      const found = await Promise.all(locales.map((locale) => inspectAll(locale, addresses)));
      expect(found.flat()).toEqual([]);
    },
    long,
  );

  /** Somebody whose every page is put through the gate as it is, also as the answer to a form; its kind was tabbed through above. */
  const inspected = async (locale: Locale): Promise<{ citizen: Citizen; findings: Findings; seen: string[] }> => {
    const window = await openWindow(browser, { locale, width: 1280 });
    await prepareForGate(window.context);
    const { page } = window;
    let last: Response | undefined;
    page.on('response', (response) => {
      if (response.request().isNavigationRequest() && response.status() !== 303) last = response;
    });
    const citizen = new Citizen(window, app);
    const findings: Findings = [];
    const seen: string[] = [];
    citizen.onPage = async (name) => {
      if (seen.includes(name)) return;
      seen.push(name);
      const found = await inspect(page, { html: (await last?.text()) ?? '', depth: 'language' });
      findings.push(...found.map((line) => `${locale} ${name}: ${line}`), ...window.complaints);
      (window.complaints as string[]).length = 0;
    };
    return { citizen, findings, seen };
  };

  test(
    'the pages of the journeys with what is real in them',
    async () => {
      await erikaAtFuehrungszeugnis(app);
      const walk = async (locale: Locale, login: string): Promise<Findings> => {
        const { citizen, findings, seen } = await inspected(locale);
        const { flow, simulator, common, portal, service, fz } = citizen.words;
        await citizen.opensPortal();
        await citizen.givesPassword(login, 'falsch geraten');
        await citizen.reads(flow.login.title, 'anmelden-falsch');
        await citizen.page.getByLabel(flow.login.password.login, { exact: true }).fill('');
        await citizen.givesPassword(login);
        await citizen.reads(portal.heading, 'angemeldet');
        await citizen.goesToFuehrungszeugnis();
        await citizen.reads(flow.stepUp.title, 'niveau');
        await citizen.opensClient(flow.stepUp.button);
        await citizen.presses(simulator.request.cancel);
        await citizen.reads(flow.eidFailure.title, 'beendet');
        await citizen.opensClient(flow.tryAgain, { stepUp: true });
        await citizen.usesCard(login === 'max' ? 'erika' : 'max', '000000');
        await citizen.reads(simulator.pin.title, 'eid-pin-falsch');
        await citizen.types(simulator.pin.label, '123456');
        await citizen.presses(simulator.pin.confirm);
        if (login === 'max') {
          await citizen.reads(flow.refused.cause.foreignCard.title, 'fremder-ausweis');
          await citizen.presses(flow.backTo({ service: 'Führungszeugnis' }));
          await citizen.reads(service.failures.level.title, 'zurueck-beim-dienst');
          await citizen.follows(service.again);
          await citizen.provesAndLinks('max');
        } else {
          await citizen.reads(flow.refused.cause.otherCardLinked.title, 'anderer-ausweis');
          await citizen.presses(flow.backTo({ service: 'Führungszeugnis' }));
          await citizen.reads(service.failures.level.title, 'zurueck-beim-dienst');
          await citizen.follows(service.again);
          await citizen.reads(flow.stepUp.title);
          await citizen.opensClient(flow.stepUp.button);
          await citizen.usesCard('erika');
          await citizen.reads(fz.data.title, 'daten');
        }
        await citizen.presses(common.account.logout);
        await citizen.reads(flow.logout.title, 'abmelden');
        await citizen.presses(flow.logout.button);
        await citizen.reads(flow.loggedOut.title, 'abgemeldet');
        await citizen.visits(`${app.issuer}/auth?client_id=unbekannt`);
        await citizen.reads(flow.error.code.unknown_client.title, 'unbekannter-dienst');
        await citizen.visits(`${app.issuer}/anmelden/unbekannt`);
        await citizen.reads(flow.error.code.flow_expired.title, 'abgelaufen');
        await citizen.opensPortal();
        await citizen.opensClient(flow.login.eid.button);
        await citizen.usesCard(locale === 'de' ? 'titel' : 'ein-name');
        await citizen.reads(flow.assign.title, 'zuordnen');
        await citizen.presses(flow.assign.button);
        await citizen.page.getByRole('alert').waitFor();
        await citizen.reads(flow.assign.title, 'zuordnen-ohne-antwort');
        expect(seen.length).toBeGreaterThan(18);
        return findings;
      };
      const found = await Promise.all([walk('de', 'max'), walk('en', 'erika')]);
      expect(found.flat()).toEqual([]);
    },
    long,
  );

  /** Presses Tab until the control with these words has the focus. */
  const tabTo = async (page: Page, words: string): Promise<void> => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
        return [element?.textContent, ...labels.map(({ textContent }) => textContent)].map((text) => text?.trim());
      });
      if (at.includes(words)) return;
    }
    throw new Error(`Tab does not lead to “${words}” on ${page.url()}`);
  };

  test('from the portal to the data of the card with the keyboard alone; forms are sent by Enter', async () => {
    const window = await openWindow(browser);
    const { page } = window;
    const citizen = new Citizen(window, app);
    const { flow, portal, fz, simulator } = citizen.words;
    const enters = async (words: string): Promise<void> => {
      await tabTo(page, words);
      await page.keyboard.press('Enter');
    };
    await citizen.visits(app.portal);
    await citizen.reads(portal.heading);
    await enters(portal.signIn.button);
    await citizen.reads(flow.login.title);
    await tabTo(page, flow.login.password.login);
    await page.keyboard.type('erika');
    await tabTo(page, flow.login.password.password);
    await page.keyboard.type('zwiebel-turm-laterne');
    await page.keyboard.press('Enter');
    await citizen.reads(portal.heading);
    await enters(portal.services.open);
    await citizen.reads(fz.start.title);
    await enters(fz.start.needs.begin);
    await citizen.reads(flow.stepUp.title);
    await enters(flow.stepUp.button);
    await citizen.reads(flow.eid.titleOfStepUp);
    await enters(flow.eid.simulated.button);
    await citizen.reads(simulator.request.title);
    await tabTo(page, 'Erika Mustermann');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await citizen.reads(simulator.pin.title);
    await tabTo(page, simulator.pin.label);
    await page.keyboard.type('123456');
    await page.keyboard.press('Enter');
    await page
      .getByRole('heading', {
        level: 1,
        name: new RegExp(`${flow.link.title}|${fz.data.title}`.replaceAll('?', '\\?')),
      })
      .waitFor();
    if (page.url().startsWith(app.issuer)) {
      await citizen.reads(flow.link.title);
      await enters(flow.link.button);
      await citizen.reads(flow.consent.title);
      await enters(flow.consent.release);
    }
    await citizen.reads(fz.data.title);
    expect(window.complaints).toEqual([]);
  });

  test('the skip link is the first stop, can be seen, and leads past the header', async () => {
    for (const address of [app.portal, `${app.portal}/login`, `${app.fz}/fuehrungszeugnis`, app.simulator]) {
      const { page, context } = await openWindow(browser, { locale: 'de', width: 320 });
      await page.goto(address);
      await page.keyboard.press('Tab');
      const first = page.locator(':focus');
      expect(await first.innerText()).toBe('Zum Inhalt springen');
      expect((await first.boundingBox())?.y).toBeGreaterThanOrEqual(0);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('main')?.id)).toBe('inhalt');
      await context.close();
    }
  });

  /** Bytes over the wire for a first visit, with redirects, sheets, fonts and script. */
  const transferred = async (address: string): Promise<number> => {
    const { page, context } = await openWindow(browser);
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    let bytes = 0;
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto(address, { waitUntil: 'networkidle' });
    await context.close();
    return bytes;
  };

  test('a first visit of the login page transfers less than 120 KB', async () => {
    const bytes = await transferred(`${app.portal}/login`);
    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThan(most);
  });

  test('what is switched in the footer and header holds, and leads back to the same page', async () => {
    const window = await openWindow(browser);
    const { page } = window;
    const citizen = new Citizen(window, app);
    await citizen.opensPortal();
    const { href } = new URL(page.url());
    await citizen.follows('English');
    await new Citizen({ ...window, seat: { locale: 'en', width: 1280 } }, app).reads('Sign in');
    expect(page.url()).toBe(href);
    await citizen.follows('Dark');
    await page.locator('html[data-kern-theme=dark]').waitFor();
    expect(page.url()).toBe(href);
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background).toMatch(/oklch\(0\.1/);
    expect(window.complaints).toEqual([]);
  });

  test('the control: a page with seeded faults fails in every way, one without passes', async () => {
    const control = await startControl();
    try {
      const found = (await inspectAll('de', [control.faulty])).join('\n');
      for (const fault of [
        /html: no-dup-id/,
        /html: close-order|html: close-attr|html: no-implicit-close/,
        /axe: label/,
        /axe: image-alt/,
        /axe: color-contrast.*light/,
        /axe: color-contrast.*dark/,
        /axe: target-size|target: a/,
        /target: button/,
        /scroll: .* at 320 px/,
        /enter: no button sends the form/,
        /keyboard: not in the order/,
        /keyboard: no visible focus/,
        /Content Security Policy/,
        /error: Failed to load resource.*404/,
      ])
        expect(found).toMatch(fault);
      expect(found).not.toMatch(/scroll: .* at 1280 px/);
      expect(await inspectAll('de', [control.flawless])).toEqual([]);
      expect(await transferred(new URL('/gross', control.faulty).href)).toBeGreaterThan(most);
    } finally {
      control.close();
    }
  });
});
