import type { VNode } from 'preact';
import type { PageContext } from '../../../web/page-context.ts';
import type { Stories } from '../../../web/pages/stories.tsx';
import type { PasswordFault } from '../../authentication/password/rules.ts';
import type { EmailCodeFault } from '../../email-code/EmailCode.tsx';
import { CodeElsewherePage } from './pages/CodeElsewherePage.tsx';
import { registrationFrame, type Frame } from './pages/frame.tsx';
import { RegisterCodePage } from './pages/RegisterCodePage.tsx';
import { RegisteredPage, RegisterTakenPage } from './pages/RegisteredPage.tsx';
import { RegisterEmailPage } from './pages/RegisterEmailPage.tsx';
import { RegisterPage } from './pages/RegisterPage.tsx';
import { RegisterPasswordPage } from './pages/RegisterPasswordPage.tsx';
import { RegisterPersonPage } from './pages/RegisterPersonPage.tsx';
import { nobody } from './person.ts';
import type { EmailFault, RegisterCodeView, RegisterEmailView, RegisterPasswordView } from './views.ts';

const flow = {
  service: { name: 'Stadt Musterstadt – Wohnsitz anmelden', host: 'wohnsitz.musterstadt.example', wanted: 'basic' },
  base: '/anmelden/beispiel',
  csrf: 'token',
} as const;

const email = 'erika.mustermann@post.example';

const highFlow = { ...flow, service: { ...flow.service, wanted: 'high' } } as const;

const story =
  <View extends object>(Page: (props: View & Frame) => VNode, view: View) =>
  (page: PageContext): VNode =>
    Page({ ...view, ...registrationFrame(page) });

const each = <Key extends string>(prefix: string, keys: readonly Key[], make: (key: Key) => Stories[string]): Stories =>
  Object.fromEntries(
    keys.map((key) => [`${prefix}-${key.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`, make(key)]),
  );

const emailFaults = ['empty', 'notAnAddress', 'tooMany'] as const satisfies readonly EmailFault[];
const codeFaults = ['empty', 'wrong', 'spent', 'gone', 'tooMany'] as const satisfies readonly EmailCodeFault[];
export const passwordFaults = [
  'empty',
  'tooShort',
  'tooLong',
  'common',
  'pattern',
  'personal',
] as const satisfies readonly PasswordFault[];

const emailView: RegisterEmailView = { ...flow, email: '' };

const code: RegisterCodeView = {
  ...flow,
  email,
  validUntil: Date.UTC(2026, 10, 23, 14, 30),
  byCard: false,
  sentAgain: false,
};

const password: RegisterPasswordView = { ...flow, login: email, secondFactor: false, byCard: false };

const erika = { ...nobody, given_name: 'Erika', family_name: 'Mustermann', 'birthdate-year': '1964' };

/** Every state of every page of a registration, for `/entwickler/bausteine` and the browser gate. */
export const registrationStories: Stories = {
  registrieren: story(RegisterPage, { ...flow, off: [], needsCard: false }),
  'registrieren-hoch': story(RegisterPage, { ...highFlow, off: [], needsCard: true }),
  'registrieren-ohne-ausweis': story(RegisterPage, { ...flow, off: ['eid'], needsCard: false }),
  'registrieren-ohne-passwort': story(RegisterPage, { ...flow, off: ['password'], needsCard: false }),
  'registrieren-e-mail': story(RegisterEmailPage, emailView),
  'registrieren-e-mail-mit-ausweis': story(RegisterEmailPage, {
    ...emailView,
    person: { givenNames: 'ERIKA', familyNames: 'MUSTERMANN', dateOfBirth: '1964-08-12', address: '51147 KÖLN' },
  }),
  ...each('registrieren-e-mail', emailFaults, (fault) => story(RegisterEmailPage, { ...emailView, email, fault })),
  'registrieren-code': story(RegisterCodePage, code),
  'registrieren-code-link': story(RegisterCodePage, { ...code, code: '123456' }),
  'registrieren-code-neu': story(RegisterCodePage, { ...code, sentAgain: true }),
  ...each('registrieren-code', codeFaults, (fault) => story(RegisterCodePage, { ...code, fault })),
  'registrieren-code-anderswo': (page) => CodeElsewherePage({ t: registrationFrame(page).t, page, code: '123456' }),
  'registrieren-angaben': story(RegisterPersonPage, { ...flow, typed: nobody, faults: [] }),
  'registrieren-angaben-fehler': story(RegisterPersonPage, {
    ...flow,
    typed: { ...erika, 'birthdate-day': '42', 'birthdate-month': '13', 'birthdate-year': '64' },
    faults: [
      { field: 'birthdate-day', what: 'day' },
      { field: 'birthdate-month', what: 'month' },
      { field: 'birthdate-year', what: 'year' },
    ],
  }),
  'registrieren-angaben-ohne-namen': story(RegisterPersonPage, {
    ...flow,
    typed: nobody,
    faults: [{ field: 'given_name', what: 'noName' }],
  }),
  'registrieren-angaben-kein-tag': story(RegisterPersonPage, {
    ...flow,
    typed: { ...erika, 'birthdate-day': '31', 'birthdate-month': '2' },
    faults: [{ field: 'birthdate-day', what: 'noSuchDay' }],
  }),
  'registrieren-passwort': story(RegisterPasswordPage, password),
  'registrieren-passwort-mit-ausweis': story(RegisterPasswordPage, { ...password, byCard: true }),
  ...each('registrieren-passwort', passwordFaults, (fault) => story(RegisterPasswordPage, { ...password, fault })),
  'registrieren-vergeben': story(RegisterTakenPage, { ...flow, email }),
  'registrieren-fertig': story(RegisteredPage, { ...flow, email }),
  'registrieren-fertig-mit-ausweis': story(RegisteredPage, flow),
};
