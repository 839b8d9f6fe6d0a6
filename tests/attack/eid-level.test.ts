import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { useCard } from '../support/journey.ts';
import { startServices, type Service, type Services } from './service.ts';

let app: TestApp;
let services: Services;
let plain: Service;
let high: Service;
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  plain = await services.add({ clientId: 'plain' });
  high = await services.add({ clientId: 'high', file: { minimum_level: 'high' } });
});
afterAll(async () => {
  await services.close();
  await app.stop();
});

/** Uses the card; whoever is new gets an account. */
const byCard = async (person: Person, page: Page, card: string): Promise<Page> => {
  const read = await useCard(app, person, page, card);
  return read.body.includes('/zuordnen') ? person.submit(read, '/zuordnen', { answer: 'new' }) : read;
};

/** The level that a service is told, at the first use of a card and at a later one. */
const levels = async (card: string): Promise<(string | undefined)[]> => {
  const told: (string | undefined)[] = [];
  for (let use = 0; use < 2; use++) {
    const person = createPerson();
    told.push((await plain.redeem(await byCard(person, await plain.ask(person), card))).claims.acr);
  }
  return told;
};

test.each([
  ['a Smart-eID', 'smart-eid', 'substantial'],
  ['a card', 'erika', 'high'],
])('%s gives no more than its level', async (_title, card, level) => {
  const acr = `http://eidas.europa.eu/LoA/${level}`;
  expect(await levels(card)).toEqual([acr, acr]);
  const logins = (await app.events()).filter(({ type }) => type === 'login.succeeded');
  expect(logins).toMatchObject([{ level }, { level }]);
});

test.each<[string, (person: Person) => Promise<Page>]>([
  ['by its file', (person) => high.ask(person)],
  ['by its request', (person) => plain.ask(person, { acr_values: 'high' })],
])('a service that needs high %s gets no code by a Smart-eID, however often', async (_title, ask) => {
  const person = createPerson();
  let page = await ask(person);
  for (let use = 0; use < 2; use++) {
    page = await byCard(person, page, 'smart-eid');
    expect(page.url.origin).toBe(app.issuer);
    expect(formsOf(page).some(({ action }) => action.endsWith('/eid'))).toBe(true);
    // The eID-Server was asked for high and refused it: nothing of it was read.
    expect(textOf(page)).toContain('Diese Art von Ausweis');
  }
});

test('an eID-Server that lets it through all the same raises nothing', async () => {
  const lenient = await startTestApp({ set: { ID__EID__SERVER__EID_TYPES: '{ SECertified: allowed }' } });
  const own = await startServices(lenient);
  try {
    const service = await own.add({ clientId: 'high', file: { minimum_level: 'high' } });
    const person = createPerson();
    let page = await service.ask(person);
    for (let use = 0; use < 2; use++) {
      const read = await useCard(lenient, person, page, 'smart-eid');
      page = read.body.includes('/zuordnen') ? await person.submit(read, '/zuordnen', { answer: 'new' }) : read;
      expect(page.url.origin).toBe(lenient.issuer);
      expect(formsOf(page).some(({ action }) => action.endsWith('/eid'))).toBe(true);
      // The page tells what was reached, and not that a stronger proof had run out.
      expect(textOf(page)).toContain('Sie haben substantiell Sie brauchen hoch');
      expect(textOf(page)).not.toContain('abgelaufen');
    }
  } finally {
    await own.close();
    await lenient.stop();
  }
});
