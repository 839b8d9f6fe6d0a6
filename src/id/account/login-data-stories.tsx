import type { VNode } from 'preact';
import type { PageContext } from '../../web/page-context.ts';
import type { Stories } from '../../web/pages/stories.tsx';
import {
  EmailCodePage,
  EmailPage,
  EmailUndoPage,
  type EmailCodeView,
  type EmailUndoView,
  type EmailView,
} from './pages/login-data/EmailPages.tsx';
import type { Frame } from './pages/login-data/frame.ts';
import { LoginNamePage, type LoginNameView } from './pages/login-data/LoginNamePage.tsx';
import { PasswordPage, type PasswordView } from './pages/login-data/PasswordPage.tsx';
import { loginDataTexts } from './texts/login-data.tsx';

const csrf = 'token';
const address = 'erika.mustermann@post.example';

const story =
  <View extends object>(Page: (props: View & Frame) => VNode, view: View) =>
  (page: PageContext): VNode =>
    Page({
      ...view,
      t: loginDataTexts[page.locale],
      page: { ...page, account: { name: 'Erika Mustermann', href: '/konto' } },
    });

const password: PasswordView = {
  csrf,
  login: address,
  secondFactor: false,
  first: false,
  askCurrent: true,
  done: false,
  noName: false,
};
const email: EmailView = { csrf, present: address, email: '', done: false };
const code: EmailCodeView = {
  csrf,
  email: 'neu@post.example',
  validUntil: Date.UTC(2026, 10, 23, 14, 30),
  sentAgain: false,
  replaces: true,
};
const undo: EmailUndoView = { csrf, action: '/konto/e-mail-zuruecknehmen/beispiel', state: 'open' };
const name: LoginNameView = { csrf, name: '', removable: false };

const emailFaults = ['empty', 'notAnAddress', 'same', 'tooMany'] as const;
const codeFaults = ['empty', 'wrong', 'spent', 'gone', 'tooMany'] as const;
const nameFaults = ['empty', 'form', 'taken', 'tooMany'] as const;

const each = <Key extends string>(prefix: string, keys: readonly Key[], make: (key: Key) => Stories[string]): Stories =>
  Object.fromEntries(
    keys.map((key) => [`${prefix}-${key.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`, make(key)]),
  );

/** Every state of the pages about password, address and user name in Mein Konto. */
export const loginDataStories: Stories = {
  'konto-passwort': story(PasswordPage, password),
  'konto-passwort-erstes': story(PasswordPage, { ...password, first: true, askCurrent: false, secondFactor: true }),
  'konto-passwort-ohne-namen': story(PasswordPage, { ...password, first: true, noName: true }),
  'konto-passwort-gespeichert': story(PasswordPage, { ...password, done: true }),
  'konto-passwort-bisheriges-leer': story(PasswordPage, { ...password, currentFault: 'currentEmpty' }),
  'konto-passwort-bisheriges-falsch': story(PasswordPage, { ...password, currentFault: 'currentWrong' }),
  'konto-passwort-haeufig': story(PasswordPage, { ...password, fault: 'common' }),
  'konto-e-mail': story(EmailPage, email),
  'konto-e-mail-erste': story(EmailPage, { csrf, email: '', done: false }),
  'konto-e-mail-geaendert': story(EmailPage, { ...email, done: true }),
  ...each('konto-e-mail', emailFaults, (fault) => story(EmailPage, { ...email, email: 'neu@post.example', fault })),
  'konto-e-mail-code': story(EmailCodePage, code),
  'konto-e-mail-code-erste': story(EmailCodePage, { ...code, replaces: false }),
  'konto-e-mail-code-neu': story(EmailCodePage, { ...code, sentAgain: true }),
  'konto-e-mail-code-link': story(EmailCodePage, { ...code, code: '123456' }),
  ...each('konto-e-mail-code', codeFaults, (fault) => story(EmailCodePage, { ...code, fault })),
  'konto-e-mail-zuruecknehmen': story(EmailUndoPage, undo),
  'konto-e-mail-zurueckgenommen': story(EmailUndoPage, { ...undo, state: 'done' }),
  'konto-e-mail-zuruecknehmen-alt': story(EmailUndoPage, { ...undo, state: 'gone' }),
  'konto-benutzername': story(LoginNamePage, name),
  'konto-benutzername-vorhanden': story(LoginNamePage, { ...name, name: 'erika.m', removable: true }),
  'konto-benutzername-gespeichert': story(LoginNamePage, { ...name, name: 'erika.m', removable: true, done: 'done' }),
  'konto-benutzername-entfernt': story(LoginNamePage, { ...name, done: 'removed' }),
  ...each('konto-benutzername', nameFaults, (fault) => story(LoginNamePage, { ...name, name: 'erika m', fault })),
};
