import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { createBayernPortal } from '../../src/portal/bayern-portal/app.ts';
import { createFuehrungszeugnis } from '../../src/portal/fuehrungszeugnis/app.ts';
import { fuehrungszeugnisSettings } from '../../src/portal/fuehrungszeugnis/settings.ts';
import { createMetrics } from '../../src/web/metrics.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { createCookieBrowser, type CookieBrowser, type Page } from '../support/cookie-browser.ts';
import { portalVariables } from '../support/portal.ts';
import { startScene, type Scene } from '../support/relying-parties.ts';

const minutes = 60_000;
const high = 'http://eidas.europa.eu/LoA/high';
const english = { 'accept-language': 'en' };

const verified = (claims: Record<string, unknown>): Record<string, unknown> => ({
  verified_claims: {
    verification: { trust_framework: 'eidas', assurance_level: 'high', time: '2026-11-23T00:00:00Z' },
    claims,
  },
});

let scene: Scene;
let portal: string;
let certificate: string;
let browser: CookieBrowser;

/** What a person reads: without markup, blanks as one. */
const text = (page: Page): string =>
  page.body
    .replaceAll(/<[^>]+>/gu, ' ')
    .replaceAll('\u00a0', ' ')
    .replaceAll(/\s+/gu, ' ');

beforeAll(async () => {
  scene = await startScene({
    'bayern-portal': (deps) =>
      createBayernPortal({
        ...deps,
        settings: {
          ...deps.settings,
          fuehrungszeugnis_origin: 'http://localhost:3004',
          mein_postfach_origin: 'http://localhost:3002',
          bezahlsystem_origin: 'http://localhost:3003',
        },
        metrics: createMetrics(),
        services: { directory: 'config', variables: portalVariables, production: false },
      }),
    fuehrungszeugnis: (deps) =>
      createFuehrungszeugnis({
        ...deps,
        settings: fuehrungszeugnisSettings.parse(deps.settings),
        keys: { ...deps.keys, part: randomBytes(32) },
        metrics: createMetrics(),
      }),
  });
  portal = scene.party('bayern-portal').origin;
  certificate = scene.party('fuehrungszeugnis').origin;
});

afterAll(() => scene.close());

beforeEach(() => {
  browser = createCookieBrowser();
  scene.provider.claims.set('erika', {
    name: 'Erika Mustermann',
    ...verified({
      given_name: 'ERIKA',
      family_name: 'MUSTERMANN',
      birth_family_name: 'GABLER',
      birthdate: '1964-08-12',
      place_of_birth: { locality: 'BERLIN' },
      nationalities: ['DE'],
      address: { street_address: 'HEIDESTRASSE 17', postal_code: '51147', locality: 'KÖLN', country: 'DE' },
    }),
  });
  Object.assign(scene.provider.next, {
    accountId: 'erika',
    acr: 'urn:bayern-id:acr:basic',
    authTime: undefined,
    amr: ['sc', 'pin', 'mfa', 'eid'],
  });
  scene.provider.requests.length = 0;
});

afterEach(resetClock);

describe('Bayern-Portal', () => {
  test('is open without login and says what each service needs', async () => {
    const page = await browser.visit(`${portal}/`);
    expect(page.status).toBe(200);
    expect(text(page)).toContain('Willkommen im Bayern-Portal');
    expect(text(page)).toContain('Benötigt: Niveau „hoch“');
    expect(text(page)).toContain('13,00 €');
    expect(page.body).toContain('href="http://localhost:3004/fuehrungszeugnis"');
    expect(page.body).toContain('href="http://localhost:3002/postfach"');
    expect(page.body).toContain('href="/login"');
    expect(scene.provider.requests).toHaveLength(0);
  });

  test('shows name and level once somebody is logged in', async () => {
    const page = await browser.visit(`${portal}/login`);
    expect(text(page)).toContain('Guten Tag, Erika Mustermann.');
    expect(text(page)).toContain('Basisregistrierung');
    expect(text(page)).toContain('Angemeldet als Erika Mustermann');
    expect(page.body).not.toContain('href="/login"');
  });

  test('shows the level that is left', async () => {
    scene.provider.next.acr = high;
    expect(text(await browser.visit(`${portal}/login`))).toContain('Vertrauensniveau „hoch“');
    shiftClock(5 * minutes);
    expect(text(await browser.visit(`${portal}/`))).toContain('Vertrauensniveau „substantiell“');
  });

  test('escapes a name', async () => {
    scene.provider.claims.set('erika', { name: '<script>alert(1)</script>' });
    expect((await browser.visit(`${portal}/login`)).body).not.toContain('<script>alert');
  });

  test('a person without a released name has an account all the same', async () => {
    scene.provider.claims.set('erika', {});
    expect(text(await browser.visit(`${portal}/login`))).toContain('Angemeldet als Ihr Konto');
  });

  test('speaks English', async () => {
    const page = await browser.visit(`${portal}/`, { headers: english });
    expect(page.body).toContain('<html lang="en"');
    expect(text(page)).toContain('Welcome to Bayern-Portal');
  });
});

describe('Führungszeugnis', () => {
  test('says before the login who may apply, what it costs and why the card is needed', async () => {
    const page = await browser.visit(`${certificate}/`);
    expect(page.url.pathname).toBe('/fuehrungszeugnis');
    for (const words of ['ab 16 Jahren', 'Eine Vertretung ist nicht erlaubt', '13,00 €', '1 bis 2 Wochen', '§ 30c']) {
      expect(text(page)).toContain(words);
    }
    expect(page.body).toContain('href="/fuehrungszeugnis/daten"');
    expect(scene.provider.requests).toHaveLength(0);
  });

  test('shows the data of the card, each with source, level and day', async () => {
    scene.provider.next.acr = high;
    const page = await browser.visit(`${certificate}/fuehrungszeugnis/daten`);
    expect(page.url.href).toBe(`${certificate}/fuehrungszeugnis/daten`);
    for (const words of ['ERIKA', 'MUSTERMANN', 'GABLER', '12. August 1964', 'BERLIN', '51147 KÖLN']) {
      expect(text(page)).toContain(words);
    }
    expect(text(page).match(/aus Ausweis Vertrauensniveau „hoch“, gelesen am 23\. November 2026/gu)).toHaveLength(7);
    expect(text(page)).not.toContain('Das steht nicht auf Ihrem Ausweis');
    expect(page.body.match(/<form[^>]*action="([^"]*)"/gu)).toEqual([
      '<form method="post" action="/abmelden"',
      '<form class="bid-form" method="post" action="/fuehrungszeugnis/daten"',
    ]);
  });

  test('asks for high and for exactly the data of the application', async () => {
    scene.provider.next.acr = high;
    await browser.visit(`${certificate}/fuehrungszeugnis/daten`);
    const claims = JSON.parse(scene.provider.requests[0]?.get('claims') ?? '');
    expect(claims.id_token.acr).toEqual({ essential: true, values: [high] });
    expect(claims.userinfo.verified_claims.verification.trust_framework).toEqual({ value: 'eidas' });
    expect(Object.keys(claims.userinfo.verified_claims.claims)).toEqual([
      'given_name',
      'family_name',
      'birth_family_name',
      'birthdate',
      'place_of_birth',
      'nationalities',
      'address',
    ]);
    expect(scene.provider.requests[0]?.get('scope')).toBe('openid postfach');
  });

  test('says what the card does not have', async () => {
    scene.provider.next.acr = high;
    scene.provider.claims.set('erika', verified({ family_name: 'MONONYM', birthdate: '1964' }));
    const page = await browser.visit(`${certificate}/fuehrungszeugnis/daten`);
    expect(text(page)).toContain('Das steht nicht auf Ihrem Ausweis');
    for (const words of ['Ihr Ausweis nennt nur einen Namen', 'Anschrift: Ihr Ausweis nennt keine', 'November 2019']) {
      expect(text(page)).toContain(words);
    }
    expect(text(page)).not.toContain('Geburtsdatum: Ihr Ausweis nennt keines');
  });

  test('shows nothing as verified that a person has only said', async () => {
    scene.provider.next.acr = high;
    scene.provider.claims.set('erika', { given_name: 'SELBST', family_name: 'GESAGT', address: { locality: 'HIER' } });
    const page = await browser.visit(`${certificate}/fuehrungszeugnis/daten`);
    expect(text(page)).toContain('Wir haben keine geprüften Daten erhalten');
    expect(text(page)).not.toMatch(/SELBST|GESAGT|HIER/u);
  });

  test('below high nobody comes in', async () => {
    const page = await browser.visit(`${certificate}/fuehrungszeugnis/daten`);
    expect(page.status).toBe(403);
    expect(text(page)).toContain('Das Vertrauensniveau reicht noch nicht aus');
    expect(text(page)).not.toContain('MUSTERMANN');
  });

  test('after five idle minutes the next visit asks again, and the header no longer tells the name', async () => {
    scene.provider.next.acr = high;
    await browser.visit(`${certificate}/fuehrungszeugnis/daten`);
    expect(text(await browser.visit(`${certificate}/fuehrungszeugnis`))).toContain('Angemeldet als ERIKA MUSTERMANN');
    shiftClock(5 * minutes);
    expect(text(await browser.visit(`${certificate}/fuehrungszeugnis`))).toContain('Angemeldet als Ihr Konto');
    const asked = scene.provider.requests.length;
    const page = await browser.visit(`${certificate}/fuehrungszeugnis/daten`);
    expect(scene.provider.requests).toHaveLength(asked + 1);
    expect(page.url.href).toBe(`${certificate}/fuehrungszeugnis/daten`);
  });

  test('speaks English', async () => {
    scene.provider.next.acr = high;
    const page = await browser.visit(`${certificate}/fuehrungszeugnis/daten`, { headers: english });
    expect(text(page)).toContain('Save and continue');
    expect(text(page)).toContain('12 August 1964');
    expect(scene.provider.requests[0]?.get('ui_locales')).toBe('en');
  });
});

test('no link of a page leads nowhere', async () => {
  scene.provider.next.acr = high;
  const pages = [
    [portal, ['/', '/abgemeldet']],
    [certificate, ['/', '/abgemeldet', '/fuehrungszeugnis/daten']],
  ] as const;
  for (const [origin, paths] of pages) {
    const seen = new Set<string>();
    for (const path of paths) {
      const { body } = await browser.visit(`${origin}${path}`);
      for (const [, href = ''] of body.matchAll(/href="(\/[^"]*)"/gu)) seen.add(href.replaceAll('&amp;', '&'));
    }
    for (const href of seen) expect([href, (await browser.visit(`${origin}${href}`)).status]).toEqual([href, 200]);
    expect(seen.size).toBeGreaterThan(10);
  }
});

test.each(['bayern-portal', 'fuehrungszeugnis'])('the client file of %s fits the module', (name) => {
  const file = readFileSync(new URL(`../../config/clients/${name}.yaml`, import.meta.url), 'utf8');
  const variable = `\${${name.toUpperCase().replaceAll('-', '_')}_ORIGIN}`;
  expect(file).toMatch(/^# yaml-language-server: \$schema=\.\.\/schema\/client\.json\n/u);
  expect(parse(file)).toMatchObject({
    client_id: name,
    redirect_uris: [`${variable}/callback`],
    backchannel_logout_uri: `${variable}/backchannel-logout`,
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_file: `\${SECRETS}/${name}.public.json`,
    scope: name === 'bayern-portal' ? 'openid profile' : 'openid postfach',
    minimum_level: name === 'bayern-portal' ? 'basic' : 'high',
    consent: name === 'bayern-portal' ? 'none' : 'ask',
  });
});
