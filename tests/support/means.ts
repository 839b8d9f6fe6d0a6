import { matchingStep, timeStep, totpCode } from '../../src/id/authentication/totp/codes.ts';
import type { TestApp } from './app.ts';
import { createAuthenticator, type Authenticator } from './authenticator.ts';
import { createPerson, textOf, type Person } from './browse.ts';
import type { Page } from './cookie-browser.ts';
import { useCard } from './journey.ts';

/** Somebody who has an account, and how they get in. */
export interface Access {
  readonly login?: string;
  readonly password?: string;
  readonly card?: string;
  readonly passkey?: Authenticator;
  readonly totp?: Totp;
}

/** An authenticator app: shows the code of the moment, or of one before or after. */
export interface Totp {
  readonly secret: string;
  code(steps?: number): string;
}

export const createTotp = (secret: string): Totp => ({
  secret,
  code: (steps = 0) => totpCode(secret, timeStep(Date.now()) + steps),
});

/** Whether a code could be of this secret now: for making one that is wrong. */
export const wrongCode = (secret: string): string => {
  for (let number = 0; ; number++) {
    const code = String(number).padStart(6, '0');
    if (matchingStep(secret, code, Date.now()) === undefined) return code;
  }
};

/** Ticks every means that the page would take away: whoever says so knows all of them. */
export const keepAll = (page: Page): Readonly<Record<string, string>> =>
  Object.fromEntries([...page.body.matchAll(/name="(keep-[\w-]+)"/g)].map(([, name = '']) => [name, '1']));

const has = (page: Page, ending: string): boolean => new RegExp(`action="[^"]*${ending}"`).test(page.body);

/** Goes on from a page of a login by whatever of the means it asks for, until it asks for none of them. */
export const proceed = async (app: TestApp, person: Person, from: Page, access: Access): Promise<Page> => {
  let page = from;
  const left: { -readonly [Key in keyof Access]: Access[Key] } = { ...access };
  for (let step = 0; step < 8 && page.url.pathname.startsWith('/anmelden/'); step++) {
    const { passkey, password, card } = left;
    if (left.totp && has(page, '/code')) {
      page = await person.submit(page, '/code', { code: left.totp.code(), with: 'app' });
      delete left.totp;
    } else if (passkey && has(page, '/passkey')) {
      page = await person.submit(page, '/passkey', { answer: passkey.answer(page) });
      delete left.passkey;
    } else if (password !== undefined && has(page, '/passwort')) {
      page = await person.submit(page, '/passwort', { login: access.login ?? '', password });
      delete left.password;
    } else if (card !== undefined && has(page, '/eid')) {
      page = await useCard(app, person, page, card);
      delete left.card;
    } else if (has(page, '/ausweis-hinzufuegen'))
      page = await person.submit(page, '/ausweis-hinzufuegen', { answer: 'add', ...keepAll(page) });
    else break;
  }
  return page;
};

/** A page of Mein Konto, logged in by these means as far as it asks. */
export const openAccount = async (app: TestApp, person: Person, path: string, access: Access): Promise<Page> => {
  const page = await proceed(app, person, await person.visit(`${app.issuer}${path}`), access);
  if (page.url.pathname + page.url.search !== path)
    throw new Error(`at ${page.url.href} (${page.status}) and not at ${path}: ${textOf(page).slice(0, 400)}`);
  return page;
};

/** Adds a passkey as a citizen does. */
export const addPasskey = async (
  app: TestApp,
  access: Access,
  authenticator: Authenticator = createAuthenticator(),
  person: Person = createPerson(),
): Promise<Authenticator> => {
  const page = await openAccount(app, person, '/konto/zugaenge/passkey', access);
  const done = await person.submit(page, '/konto/zugaenge/passkey', {
    name: 'Mein Telefon',
    answer: authenticator.make(page),
  });
  if (done.url.search !== '?getan=passkey-hinzugefuegt') throw new Error(textOf(done).slice(0, 600));
  return authenticator;
};

/** Sets up an authenticator app as a citizen does; `used` is the code that was typed for it, and is used up. */
export const addTotp = async (
  app: TestApp,
  access: Access,
  person: Person = createPerson(),
): Promise<Totp & { readonly used: string }> => {
  const page = await openAccount(app, person, '/konto/zugaenge/app', access);
  const secret = /secret=([A-Z2-7]+)/.exec(page.body)?.[1];
  if (secret === undefined) throw new Error(textOf(page).slice(0, 600));
  const totp = createTotp(secret);
  const used = totp.code();
  const done = await person.submit(page, '/konto/zugaenge/app', { code: used });
  if (done.url.search !== '?getan=app-hinzugefuegt') throw new Error(textOf(done).slice(0, 600));
  return { ...totp, used };
};

/** Makes recovery codes as a citizen does. */
export const makeCodes = async (
  app: TestApp,
  access: Access,
  person: Person = createPerson(),
): Promise<readonly string[]> => {
  const page = await openAccount(app, person, '/konto/zugaenge/codes', access);
  const shown = await person.submit(page, '/konto/zugaenge/codes');
  return [...shown.body.matchAll(/<code[^>]*>([0-9A-Z-]{23})<\/code>/g)].map(([, code = '']) => code);
};

/** An account of its own, with nothing but a name and a password. */
export const newcomer = async (app: TestApp, login: string): Promise<{ login: string; password: string }> => {
  const { id } = app.app;
  if (!id) throw new Error('Bayern-ID does not run');
  const password = `passwort von ${login}`;
  await id.citizens.create({ loginName: login, passwordHash: await id.hashing.hash(password), ceiling: 'basic' }, []);
  return { login, password };
};

/** Shows a card to an account that has none: from now on its person is known. */
export const linkCard = async (app: TestApp, access: Access, card: string): Promise<void> => {
  const person = createPerson();
  await openAccount(app, person, '/konto', access);
  await proceed(app, person, await person.visit(`${app.fz}/fuehrungszeugnis/daten`), { card });
  if (!(await app.citizen(access.login ?? ''))?.card) throw new Error(`the card of ${card} was not linked`);
};
