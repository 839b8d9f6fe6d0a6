import type { TestApp } from './app.ts';
import type { Person } from './browse.ts';
import type { Page } from './cookie-browser.ts';
import { mailTo } from './post.ts';

export const goodPassword = 'zwiebel-turm-laterne-kutsche';

/** From a page that offers it to the page where the code is asked for. */
export const asksForCode = async (person: Person, login: Page, email: string): Promise<Page> => {
  const start =
    login.body.includes('/registrieren"') && !login.url.pathname.endsWith('/registrieren')
      ? await person.visit(`${login.url.origin}${/\/anmelden\/[^/]+/.exec(login.url.pathname)?.[0] ?? ''}/registrieren`)
      : login;
  const address = await person.submit(start, '/registrieren');
  return person.submit(address, '/registrieren/e-mail', { email });
};

/** The same, up to the page where the password is chosen. */
export const confirmsAddress = async (app: TestApp, person: Person, login: Page, email: string): Promise<Page> => {
  const code = await asksForCode(person, login, email);
  const { code: sent } = await mailTo(app, email);
  return person.submit(code, '/registrieren/code', { code: sent ?? '' });
};

export interface NewPerson {
  readonly email: string;
  readonly password?: string;
  readonly given_name?: string;
  readonly family_name?: string;
}

/** The whole way, back to the service that asked. */
export const registers = async (app: TestApp, person: Person, login: Page, who: NewPerson): Promise<Page> => {
  const { email, password = goodPassword, ...names } = who;
  const about = await confirmsAddress(app, person, login, email);
  const choose = await person.submit(about, '/registrieren/angaben', {
    given_name: 'Nora',
    family_name: 'Neu',
    ...names,
  });
  const done = await person.submit(choose, '/registrieren/passwort', { password });
  return person.submit(done, '/registrieren/weiter');
};
