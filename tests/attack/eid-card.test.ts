import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { loginAtPortal, max, useCard } from '../support/journey.ts';
import { startServices, type Service, type Services } from './service.ts';

let app: TestApp;
let services: Services;
let plain: Service;
const scope = 'openid profile address identity';
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  plain = await services.add({ clientId: 'plain', file: { scope, verified_claims_minimum: 'basic' } });
});
afterAll(async () => {
  await services.close();
  await app.stop();
});

const byCard = async (person: Person, page: Page, card: string): Promise<Page> => {
  const read = await useCard(app, person, page, card);
  return read.body.includes('/zuordnen') ? person.submit(read, '/zuordnen', { answer: 'new' }) : read;
};

describe('EI-22: a card that does not count', () => {
  test.each(['abgelaufen', 'gesperrt'])('%s: no login, no account, no link', async (card) => {
    await app.events();
    const person = createPerson();
    const page = await useCard(app, person, await plain.ask(person, { scope }), card);
    expect(page.url.pathname).toMatch(/\/eid\/fehler$/);
    // Over SOAP nobody says which of the three it is, so neither does the page.
    expect(textOf(page)).toContain('Er kann abgelaufen, gesperrt oder nicht echt sein');
    expect(textOf(page)).not.toMatch(/ABGELAUFEN|GESPERRT/);
    expect((await app.events()).map(({ type }) => type)).toEqual(['eid.started', 'eid.failed']);
    expect(formsOf(await plain.ask(person, { scope })).some(({ action }) => action.endsWith('/passwort'))).toBe(true);
  });

  test.each(['abgelaufen', 'gesperrt'])('%s: a step-up stays where it was', async (card) => {
    const person = createPerson();
    await loginAtPortal(app, person, max);
    const stepUp = await person.visit(`${app.fz}/fuehrungszeugnis/daten`);
    const page = await useCard(app, person, stepUp, card);
    expect(page.url.pathname).toMatch(/\/eid\/fehler$/);
    expect((await app.citizen('max'))?.card).toBeUndefined();
    const next = await person.visit(`${app.fz}/fuehrungszeugnis/daten`);
    expect(textOf(next)).toContain('Bitte weisen Sie sich aus');
  });
});

describe('EI-23: what the eID-Server does not vouch for as high is not high', () => {
  test.each([
    ['smart-eid', 'substantial'],
    ['max', 'high'],
  ])('%s counts as %s', async (card, level) => {
    const person = createPerson();
    const { claims } = await plain.redeem(await byCard(person, await plain.ask(person, { scope }), card));
    expect(claims.acr).toBe(`http://eidas.europa.eu/LoA/${level}`);
  });
});

describe('EI-24: stored exactly as the card says it', () => {
  test.each<[string, Record<string, unknown>]>([
    ['ohne-geburtstag', { birthdate: '1960' }],
    [
      'titel',
      {
        title: 'DR.',
        also_known_as: 'DORA DUR',
        family_name: 'FREIFRAU VON UND ZU TITEL',
        birth_family_name: 'SCHLICHT',
      },
    ],
    [
      'zeichen',
      {
        given_name: 'ZOË ŻANETA',
        family_name: 'LÍN-ÇELİK O’ĐỨC',
        place_of_birth: { locality: 'ÎLE-D’AIX' },
        address: expect.objectContaining({ street_address: 'STRAẞE „AM MÜHLBACH“ 5 & 7' }),
      },
    ],
    ['ein-name', { family_name: 'SUHARTO', name: 'SUHARTO' }],
    ['aufenthaltstitel', { nationalities: ['TUN'], document_type: 'AR' }],
  ])('%s', async (card, expected) => {
    const person = createPerson();
    const tokens = await plain.redeem(await byCard(person, await plain.ask(person, { scope }), card));
    const me = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    const claims = (await me.json()) as Record<string, unknown>;
    expect(claims).toMatchObject(expected);
    if (card === 'ein-name') expect(claims).not.toHaveProperty('given_name');
  });
});
