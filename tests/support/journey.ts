import type { TestApp } from './app.ts';
import { createPerson, type Person } from './browse.ts';
import type { Page } from './cookie-browser.ts';

export const erika = { login: 'erika', password: 'zwiebel-turm-laterne' };
export const max = { login: 'max', password: 'nebel-kutsche-anker' };

/** Logs in at Bayern-Portal with user name and password. */
export const loginAtPortal = async (
  app: TestApp,
  person: Person,
  who: { login: string; password: string } = erika,
): Promise<Page> => person.submit(await person.visit(`${app.portal}/login`), '/passwort', who);

/** The address that stands behind the link to the eID client. */
export const tcTokenUrlOf = (page: Page): string => {
  const match = /tcTokenURL=([^"&]+)/.exec(page.body);
  if (match?.[1] === undefined) throw new Error(`no link to the eID client on ${page.url.href}`);
  return decodeURIComponent(match[1]);
};

/** Starts the Online-Ausweis on a page that offers it, and lays a card on the reader; without a card the citizen ends it. */
export const useCard = async (app: TestApp, person: Person, page: Page, card: string | undefined): Promise<Page> => {
  const eid = await person.submit(page, '/eid');
  const { simulator } = app.app;
  if (!simulator) throw new Error('the simulator does not run');
  const end = await simulator.runClient({ tcTokenUrl: tcTokenUrlOf(eid), ...(card === undefined ? {} : { card }) });
  return person.visit(end.location);
};

/** From nothing to the data page of Führungszeugnis: password at the portal, step-up with Erika's card, linked, released. */
export const erikaAtFuehrungszeugnis = async (
  app: TestApp,
  person: Person = createPerson(),
): Promise<{ person: Person; page: Page }> => {
  await loginAtPortal(app, person);
  const stepUp = await person.visit(`${app.fz}/fuehrungszeugnis/daten`);
  let page = await useCard(app, person, stepUp, 'erika');
  if (page.body.includes('/ausweis-hinzufuegen'))
    page = await person.submit(page, '/ausweis-hinzufuegen', { answer: 'add' });
  if (page.body.includes('/freigabe')) page = await person.submit(page, '/freigabe', { decision: 'release' });
  return { person, page };
};
