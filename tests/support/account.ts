import type { TestApp } from './app.ts';
import type { Person } from './browse.ts';
import type { Page } from './cookie-browser.ts';
import { erika, useCard } from './journey.ts';

/** Opens a page of Mein Konto and logs in with a password where that is asked for. */
export const openAccount = async (
  app: TestApp,
  person: Person,
  path = '/konto',
  who: { login: string; password: string } = erika,
): Promise<Page> => {
  const page = await person.visit(`${app.issuer}${path}`);
  return page.url.pathname.startsWith('/anmelden/') ? person.submit(page, '/passwort', who) : page;
};

/** Opens a page of Mein Konto and logs in with a card, also where a step-up asks for it. */
export const openAccountByCard = async (app: TestApp, person: Person, card: string, path = '/konto'): Promise<Page> => {
  const page = await person.visit(`${app.issuer}${path}`);
  return page.url.pathname.startsWith('/anmelden/') ? useCard(app, person, page, card) : page;
};

/** The same account in another browser, as Firefox on Windows says it. */
export const firefoxOnWindows = {
  'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
};
