import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, Cookie } from 'playwright-core';
import type { TestApp } from '../support/app.ts';
import { defaultSeat, openBrowser } from '../support/browser.ts';
import { newCitizen, type Citizen } from '../support/browser-citizen.ts';
import { resolveTestNames } from '../support/browser-names.ts';
import { describeIf, need } from '../support/lack.ts';

const chromium = need('chromium');

// The product takes `lookup` along when it is imported.
resolveTestNames();
const { certificates, startTestApp } = await import('../support/app.ts');
const { createOutbound } = await import('../../src/web/outbound.ts');
const { describeJourneys } = await import('./journeys.suite.ts');

/** The public key of the development certificate as Chromium names it: certificates of all others stay refused. */
const trusted = (): string => {
  const { publicKey } = new X509Certificate(readFileSync(join(certificates, 'localhost.pem')));
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
};

describeIf(chromium, 'cookies on https, each part a site of its own', () => {
  let browser: Browser;
  let app: TestApp;
  let people: Citizen[];

  beforeAll(async () => {
    app = await startTestApp({ https: true });
    browser = await openBrowser(chromium ?? '', [trusted()]);
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });
  beforeEach(async () => {
    people = [];
    await app.events();
  });
  afterEach(async () => Promise.all(people.map(({ window }) => window.context.close())));

  const someone = async (journey: string): Promise<Citizen> => {
    const citizen = await newCitizen(browser, app, defaultSeat, journey);
    people.push(citizen);
    return citizen;
  };

  /** Every cookie that the browser was ever given, as the wire had it. */
  const watchCookies = (citizen: Citizen): string[] => {
    const lines: string[] = [];
    citizen.page.on('response', (response) => {
      void response.headersArray().then((headers) => {
        for (const { name, value } of headers) if (name.toLowerCase() === 'set-cookie') lines.push(value);
      });
    });
    return lines;
  };

  const expectStrict = (cookie: Cookie): void => {
    expect({ name: cookie.name, secure: cookie.secure, httpOnly: cookie.httpOnly, sameSite: cookie.sameSite }).toEqual({
      name: cookie.name,
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
    });
    expect(cookie.name).toMatch(cookie.path === '/' ? /^__Host-/ : /^__Secure-/);
    expect(cookie.domain).not.toMatch(/^\./);
  };

  test('SE-09: over login, step-up, the card alone and logout every cookie is strict, and nothing is blocked', async () => {
    const erika = await someone('https-1');
    const { flow, portal, fz, common } = erika.words;
    const wire = watchCookies(erika);
    await erika.logsInAtPortal('erika');
    expect(new URL(erika.page.url()).hostname).toBe('portal.dienste.test');
    expect(await erika.text()).toContain('Erika Mustermann');

    await erika.goesToFuehrungszeugnis();
    await erika.reads(flow.stepUp.title);
    expect(new URL(erika.page.url()).hostname).toBe('login.bayern-id.test');
    expect(await erika.text()).toContain('fz.dienste.test');
    const during = await erika.window.context.cookies();
    expect(during.some(({ path }) => path.startsWith('/anmelden/'))).toBe(true);
    await erika.provesAndLinks('erika');
    expect(erika.page.url()).toBe(`${app.fz}/fuehrungszeugnis/daten`);
    expect(await erika.text()).toContain('HEIDESTRASSE 17');
    const subjects = await app.subjects('erika');

    const again = await someone('https-3');
    await again.opensPortal();
    await again.opensClient(flow.login.eid.button);
    await again.usesCard('erika');
    await again.reads(portal.heading);
    expect(await again.text()).toContain('ERIKA MUSTERMANN');
    await again.goesToFuehrungszeugnis();
    await again.reads(fz.data.title);
    expect(await app.subjects('erika')).toEqual(subjects);

    const cookies = [...during, ...(await erika.window.context.cookies())];
    expect(new Set(cookies.map(({ domain }) => domain))).toEqual(
      new Set(['login.bayern-id.test', 'portal.dienste.test', 'fz.dienste.test']),
    );
    for (const cookie of cookies) expectStrict(cookie);
    expect(wire.length).toBeGreaterThan(cookies.length / 2);
    for (const line of wire) {
      expect(line).toMatch(/^__(Host|Secure)-/);
      expect(line).toMatch(/; ?secure/i);
      expect(line).toMatch(/; ?httponly/i);
      expect(line).toMatch(/; ?samesite=lax/i);
      expect(line).not.toMatch(/; ?domain=/i);
    }

    await app.events();
    await erika.visits(app.portal);
    await erika.reads(portal.heading);
    await erika.presses(common.account.logout);
    await erika.reads(flow.logout.title);
    await erika.presses(flow.logout.button);
    await erika.reads(flow.loggedOut.title);
    await app.outboxEmpty();
    expect((await app.events()).filter(({ type }) => type === 'logout.told')).toHaveLength(2);
    await erika.visits(`${app.fz}/fuehrungszeugnis/daten`);
    await erika.reads(flow.login.title);
    // Only this browser's session ended.
    await again.page.reload();
    await again.reads(fz.data.title);
    expect(people.flatMap(({ window }) => window.complaints)).toEqual([]);
  }, 60_000);
});

/** What a service asks Bayern-ID for itself: over the development PKI, which only this knows. */
const ownFetch = async (address: string, { method, headers, body }: RequestInit): Promise<Response> =>
  createOutbound({ allowSpecialUse: true, ca: readFileSync(join(certificates, 'ca.pem'), 'utf8') })(address, {
    ...(method === undefined ? {} : { method }),
    headers: Object.fromEntries(new Headers(headers)),
    ...(body instanceof URLSearchParams ? { body: body.toString() } : {}),
    timeout: 10_000,
  });

describeJourneys({
  name: 'on https, each part a site of its own',
  start: () => startTestApp({ https: true }),
  fetch: ownFetch,
  trust: () => [trusted()],
  seats: [
    ['German, 1280 px', defaultSeat],
    ['English, 390 px', { locale: 'en', width: 390 }],
  ],
  furtherSeats: [['German, 1280 px', defaultSeat]],
});
