import type { TestApp } from './app.ts';
import type { Person } from './browse.ts';
import type { Page } from './cookie-browser.ts';
import { useCard } from './journey.ts';
import { openAccount, proceed, type Access } from './means.ts';

export const joinPath = '/konto/zusammenlegen';

/** Logged in by these means, to the page on which a second account is to be proved. */
export const beginJoining = async (app: TestApp, person: Person, kept: Access): Promise<Page> =>
  person.submit(await openAccount(app, person, joinPath, kept), joinPath);

/** To the page that says what would happen, with both accounts proved. */
export const proveBoth = async (app: TestApp, person: Person, kept: Access, closed: Access): Promise<Page> =>
  proceed(app, person, await beginJoining(app, person, kept), closed);

/** Agrees on that page. */
export const agree = (person: Person, review: Page, fields: Readonly<Record<string, string>> = {}): Promise<Page> =>
  person.submit(review, review.url.pathname, { agree: '1', ...fields });

/** From a login page with a card that belongs to nobody to an account of its own: the wrong click. */
export const newAccountByCard = async (app: TestApp, person: Person, login: Page, card: string): Promise<Page> =>
  person.submit(await useCard(app, person, login, card), '/zuordnen', { answer: 'new' });
