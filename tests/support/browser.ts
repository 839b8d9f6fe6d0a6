import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { Locale } from '../../src/web/i18n/shape.ts';

const calm = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A Chromium with user data of its own. `.test` names mean this machine, as in the hosts of `startTestApp({ https: true })`;
 * `trust` are hashes of public keys (SPKI, base64) whose certificates it accepts besides those of the system.
 */
export const openBrowser = (executablePath: string, trust: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      ...calm,
      '--host-resolver-rules=MAP *.test 127.0.0.1',
      ...(trust.length === 0 ? [] : [`--ignore-certificate-errors-spki-list=${trust.join(',')}`]),
    ],
  });

/** In front of which kind of browser somebody sits. */
export interface Seat {
  readonly locale: Locale;
  readonly width: number;
  readonly theme?: 'light' | 'dark';
  /** False: scripts are switched off. */
  readonly script?: boolean;
}

export const defaultSeat: Seat = { locale: 'de', width: 1280 };

/** One person's browser window, and everything that it complained about. */
export interface Window {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly seat: Seat;
  /** Messages of the Content Security Policy, errors on the console, errors of scripts, answers 404 and 5xx. */
  readonly complaints: readonly string[];
}

/** Chromium says on the console when a page itself comes with a status from 400 on; the status is ours, and meant. */
const statusNote = 'Failed to load resource: the server responded with a status of';

/** Writes down what a page complains about. */
export const listen = (page: Page, complaints: string[]): void => {
  const documents = new Set<string>();
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents.add(request.url());
  });
  page.on('console', (message) => {
    const { url } = message.location();
    if (message.text().startsWith(statusNote) && documents.has(url)) return;
    if (message.type() === 'error' || message.type() === 'warning' || /Content Security Policy/.test(message.text()))
      complaints.push(`${message.type()}: ${message.text()} (${new URL(page.url()).pathname})`);
  });
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 500 && response.status() !== 503)
      complaints.push(`${response.status()} ${response.url()}`);
  });
};

/** A new window with empty cookies. */
export const openWindow = async (browser: Browser, seat: Seat = defaultSeat): Promise<Window> => {
  const context = await browser.newContext({
    viewport: { width: seat.width, height: seat.width < 600 ? 720 : 800 },
    locale: seat.locale === 'de' ? 'de-DE' : 'en-GB',
    timezoneId: 'Europe/Berlin',
    colorScheme: seat.theme ?? 'light',
    javaScriptEnabled: seat.script ?? true,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  listen(page, complaints);
  return { context, page, seat, complaints };
};

/** Where the journeys leave their pictures; not in git. */
const pictures = join('tests', 'e2e', 'pictures');

const taken = new Set<string>();

/** Those of the circle that README shows: `npm run circle:pictures` makes them again. */
const shownInReadme: ReadonlyMap<string, string> = new Map([
  ['gefunden de-1280-light', '1-search'],
  ['leistung de-1280-light', '2-service'],
  ['niveau de-1280-light', '3-step-up'],
  ['pruefen de-1280-light', '4-application'],
  ['uebersicht-offene-zahlung de-1280-light', '5-open-payment'],
  ['rechnung de-1280-light', '6-fee'],
  ['amt-antrag de-1280-light', '7-caseworker'],
  ['antwort de-1280-light', '8-answer'],
]);

/** The upper part of the page, small enough for git. */
const takeForReadme = async (page: Page, name: string): Promise<void> => {
  const folder = join('docs', 'pictures');
  mkdirSync(folder, { recursive: true });
  const session = await page.context().newCDPSession(page);
  const clip = { x: 0, y: 0, width: 1280, height: 800, scale: 0.625 };
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 80, clip });
  writeFileSync(join(folder, `${name}.webp`), data, 'base64');
  await session.detach();
};

/**
 * A picture of the whole page, by journey and step; the seat stands behind. The same page in the same kind of window
 * is taken once: in the journey that meets it first.
 */
export const takePicture = async (window: Window, journey: string, step: number, name: string): Promise<void> => {
  const { page, seat } = window;
  const kind = [seat.locale, seat.width, seat.theme ?? 'light', ...(seat.script === false ? ['noscript'] : [])].join(
    '-',
  );
  if (taken.has(`${name} ${kind}`)) return;
  taken.add(`${name} ${kind}`);
  mkdirSync(pictures, { recursive: true });
  const file = `${journey}-${String(step).padStart(2, '0')}-${name}-${kind}.png`;
  await page.screenshot({ path: join(pictures, file), fullPage: true });
  const shown = shownInReadme.get(`${name} ${kind}`);
  if (shown !== undefined && process.env['README_PICTURES'] === '1') await takeForReadme(page, shown);
};
