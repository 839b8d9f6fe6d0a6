import type { PageContext } from '../../../web/page-context.ts';
import type { Stories } from '../../../web/pages/stories.tsx';
import { flowTexts } from '../texts/index.ts';
import type {
  AssignView,
  ConsentView,
  EidFailureCause,
  EidFailureView,
  EidView,
  ErrorView,
  FlowErrorCode,
  LinkView,
  LoggedOutView,
  LoginView,
  LogoutView,
  RefusedView,
  StepUpView,
} from '../views.ts';
import {
  AssignPage,
  ConsentPage,
  EidFailurePage,
  EidPage,
  ErrorPage,
  LeavingPage,
  LinkPage,
  LoggedOutPage,
  LoginPage,
  LogoutPage,
  RefusedPage,
  SelectAccountPage,
  StepUpPage,
  StillLoggedInPage,
  type FlowPage,
} from './index.ts';

export const flow = {
  service: { name: 'Stadt Musterstadt – Wohnsitz anmelden', host: 'wohnsitz.musterstadt.example', wanted: 'basic' },
  base: '/anmelden/beispiel',
  csrf: 'token',
} as const;

export const highFlow = {
  ...flow,
  service: { name: 'Führungszeugnis', host: 'fuehrungszeugnis.example', wanted: 'high' },
} as const;

export const login: LoginView = {
  ...flow,
  methods: [
    { method: 'eid', reach: 'enough', lastUsed: false },
    { method: 'password', reach: 'enough', lastUsed: false },
    { method: 'passkey', reach: 'enough', lastUsed: false },
  ],
  off: [],
  passkey: { challenge: 'aGVyYXVzZm9yZGVydW5n', rpId: 'id.example', userVerification: 'required' },
};

export const { passkey: _passkey, ...withoutPasskey } = login;

const linking: LoginView = {
  ...withoutPasskey,
  ...highFlow,
  reason: 'linkExisting',
  methods: [{ method: 'password', reach: 'enough', lastUsed: false }],
};

const testPersons = [
  { login: 'erika', password: 'Testpasswort-erika', about: 'Konto ohne Ausweis, Basisregistrierung' },
  { login: 'max', password: 'Testpasswort-max', about: 'Konto mit verbundenem Ausweis' },
] as const;

export const stepUp: StepUpView = {
  ...highFlow,
  have: 'low',
  account: 'Erika Mustermann',
  expired: false,
  confirms: [],
  ways: [],
};

const eid: EidView = {
  ...highFlow,
  reads: [
    { datum: 'givenNames', required: true },
    { datum: 'familyNames', required: true },
    { datum: 'birthName', required: false },
    { datum: 'dateOfBirth', required: true },
    { datum: 'placeOfBirth', required: true },
    { datum: 'address', required: false },
    { datum: 'dateOfExpiry', required: true },
    { datum: 'pseudonym', required: true },
  ],
  desktopLink: 'http://127.0.0.1:24727/eID-Client?tcTokenURL=https%3A%2F%2Fid.example%2Feid%2Ftctoken%2Fbeispiel',
  mobileLink: 'eid://127.0.0.1:24727/eID-Client?tcTokenURL=https%3A%2F%2Fid.example%2Feid%2Ftctoken%2Fbeispiel',
  mobileFirst: false,
  simulated: false,
  testPki: false,
  stepUp: false,
  registering: false,
  opened: false,
  expiresAt: Date.UTC(2026, 10, 23, 14, 30),
};

const failure: EidFailureView = {
  ...highFlow,
  cause: 'ended',
  referenceId: '7k2m9qx4ht',
  stepUp: false,
  registering: false,
};
const assign: AssignView = { ...highFlow, cardName: 'Erika Mustermann', guests: false };

export const link: LinkView = {
  ...highFlow,
  account: 'erika@example.org',
  card: {
    givenNames: 'Erika',
    familyNames: 'Mustermann',
    birthName: 'Gabler',
    dateOfBirth: '1964-08-12',
    placeOfBirth: 'Berlin',
    address: 'Heidestraße 17, 51147 Köln',
  },
  self: { givenNames: 'Erika', familyNames: 'Mustermann', dateOfBirth: '1964-08-12' },
  namesDiffer: false,
  replaces: false,
  confirms: [{ means: 'password', reaches: 'low' }],
  unproved: [],
  ask: [],
  blocked: false,
};

const consent: ConsentView = {
  ...highFlow,
  account: 'Erika Mustermann',
  data: [
    { claim: 'given_name', value: 'Erika', source: 'card', required: true, sensitive: false },
    { claim: 'family_name', value: 'Mustermann', source: 'card', required: true, sensitive: false },
    { claim: 'birthdate', value: '1964-08-12', source: 'card', required: true, sensitive: true },
    { claim: 'address', value: 'Heidestraße 17, 51147 Köln', source: 'card', required: true, sensitive: false },
    { claim: 'email', value: 'erika@example.org', source: 'self', required: false, sensitive: false },
    { claim: 'phone_number', value: '+49 89 123456', source: 'self', required: false, sensitive: true },
    {
      claim: 'postfach',
      value:
        'Eine zufällige Kennung, die nur diese Behörde erhält. Damit kann sie Ihnen Nachrichten in Mein Postfach schicken.',
      source: 'issued',
      required: false,
      sensitive: false,
    },
  ],
  missing: ['birth_family_name'],
  withheld: [],
  withheldBelow: 'substantial',
  access: ['Mein Postfach'],
  lasting: true,
  legalBasis: '§ 30a Bundeszentralregistergesetz',
  purpose: 'Antrag auf ein Führungszeugnis',
  privacyPolicy: 'https://fuehrungszeugnis.example/datenschutz',
};

const logout: LogoutView = {
  action: '/session/end/confirm',
  xsrf: 'token',
  service: 'Bayern-Portal',
};

const loggedOut: LoggedOutView = {
  services: [
    { name: 'Bayern-Portal', state: 'told' },
    { name: 'Führungszeugnis', state: 'pending' },
  ],
  backTo: { name: 'Bayern-Portal', href: 'https://portal.example/' },
};

const error: ErrorView = { code: 'flow_expired', referenceId: '7k2m9qx4ht' };

export const story =
  <View extends object>(Page: FlowPage<View>, view: View) =>
  (page: PageContext) =>
    Page({ ...view, t: flowTexts[page.locale], page });

const failures = ['ended', 'connection', 'invalidDocument', 'deniedDocument', 'expired', 'server', 'busy'] as const;
const refusals = [
  'foreignCard',
  'birthDate',
  'otherCardLinked',
  'cardUnusable',
  'unreachable',
  'sameAccount',
  'leavingAccount',
  'unknownCard',
] as const;
const flowErrors = [
  'flow_expired',
  'flow_foreign',
  'flow_finished',
  'relay_warning',
  'csrf',
  'too_many_requests',
  'not_found',
  'method_not_allowed',
  'bad_request',
  'too_large',
  'unavailable',
  'internal',
  'unknown_client',
  'logout',
] as const satisfies readonly FlowErrorCode[];

const kebab = (text: string): string => text.replaceAll(/[A-Z_]/g, (c) => (c === '_' ? '-' : `-${c.toLowerCase()}`));

export const each = <Key extends string>(
  prefix: string,
  keys: readonly Key[],
  make: (key: Key) => Stories[string],
): Stories => Object.fromEntries(keys.map((key) => [`${prefix}-${kebab(key)}`, make(key)]));

/** Every state of every page of a flow, for `/entwickler/bausteine` and the browser gate. */
export const flowStories: Stories = {
  anmelden: story(LoginPage, { ...login, registerHref: '/registrieren', forgotHref: '/passwort-vergessen' }),
  'anmelden-fehler': story(LoginPage, { ...login, error: 'credentials', login: 'erika' }),
  'anmelden-leer': story(LoginPage, { ...login, error: 'empty' }),
  'anmelden-hoch': story(LoginPage, {
    ...withoutPasskey,
    ...highFlow,
    methods: [
      { method: 'eid', reach: 'enough', lastUsed: false },
      { method: 'password', reach: 'tooWeak', lastUsed: true },
    ],
  }),
  'anmelden-vielleicht': story(LoginPage, {
    ...login,
    service: { ...flow.service, wanted: 'low' },
    methods: [
      { method: 'eid', reach: 'enough', lastUsed: false },
      { method: 'password', reach: 'maybe', lastUsed: true },
    ],
  }),
  'anmelden-erneut': story(LoginPage, { ...login, reason: 'fresh', login: 'erika' }),
  'anmelden-zusammenlegen': story(LoginPage, {
    ...login,
    service: { ...flow.service, name: 'Mein Konto' },
    reason: 'join',
  }),
  'anmelden-verbinden': story(LoginPage, linking),
  'anmelden-transfercode-fehler': story(LoginPage, { ...linking, error: 'transferCode' }),
  'anmelden-verbinden-fehler': story(LoginPage, { ...linking, error: 'credentials', login: 'erika' }),
  'anmelden-testpersonen': story(LoginPage, { ...login, testPersons }),
  'anmelden-ohne-ausweis': story(LoginPage, { ...login, methods: login.methods.slice(1), off: ['eid'] }),
  'anmelden-ausweis-gestoert': story(LoginPage, { ...login, methods: login.methods.slice(1), off: ['eidDown'] }),
  'anmelden-ohne-alles': story(LoginPage, { ...withoutPasskey, methods: [], off: ['eid', 'password', 'passkey'] }),
  niveau: story(StepUpPage, stepUp),
  'niveau-ohne-ausweis': story(StepUpPage, { ...stepUp, off: 'eid' }),
  'niveau-angaben': story(StepUpPage, { ...stepUp, have: 'high', expired: true, reads: ['address', 'nationality'] }),
  'niveau-bestaetigt': story(StepUpPage, { ...stepUp, confirms: [{ means: 'password', reaches: 'low' }] }),
  'niveau-abgelaufen': story(StepUpPage, { ...stepUp, have: 'substantial', expired: true }),
  eid: story(EidPage, eid),
  'eid-mobil': story(EidPage, { ...eid, mobileFirst: true }),
  'eid-test-pki': story(EidPage, { ...eid, testPki: true }),
  'eid-simulator': story(EidPage, { ...eid, simulated: true }),
  'eid-geoeffnet': story(EidPage, { ...eid, opened: true }),
  'eid-niveau': story(EidPage, { ...eid, stepUp: true }),
  ...each('eid-fehler', failures, (cause: EidFailureCause) => story(EidFailurePage, { ...failure, cause })),
  'eid-fehler-niveau': story(EidFailurePage, { ...failure, stepUp: true }),
  zuordnen: story(AssignPage, assign),
  'zuordnen-gast': story(AssignPage, { ...assign, guests: true }),
  'zuordnen-fehler': story(AssignPage, { ...assign, error: 'empty' }),
  verbinden: story(LinkPage, link),
  'verbinden-namen': story(LinkPage, {
    ...link,
    self: { ...link.self, familyNames: 'Gabler-Schmidt' },
    namesDiffer: true,
  }),
  'verbinden-neuer-ausweis': story(LinkPage, { ...link, replaces: true }),
  'verbinden-unbenutztes': story(LinkPage, {
    ...link,
    unproved: [
      { id: '1', kind: 'passkey', name: 'Mein Telefon', createdAt: Date.UTC(2026, 2, 3) },
      { id: '2', kind: 'recovery_codes', createdAt: Date.UTC(2026, 2, 4) },
    ],
  }),
  'verbinden-passwort': story(LinkPage, { ...link, ask: ['password'] }),
  'verbinden-passwort-fehler': story(LinkPage, { ...link, ask: ['password'], error: 'credentials' }),
  'verbinden-ohne-passwort': story(LinkPage, { ...link, blocked: true }),
  'verbinden-passwort-leer': story(LinkPage, { ...link, ask: ['password'], error: 'empty' }),
  ...each('abgelehnt', refusals, (cause: RefusedView['cause']) =>
    story(RefusedPage, { ...highFlow, cause, referenceId: '7k2m9qx4ht', otherAccount: false }),
  ),
  'abgelehnt-konto-waehlbar': story(RefusedPage, {
    ...highFlow,
    cause: 'foreignCard',
    referenceId: '7k2m9qx4ht',
    otherAccount: true,
  }),
  freigabe: story(ConsentPage, consent),
  'freigabe-nur-noetig': story(ConsentPage, {
    ...highFlow,
    account: consent.account,
    data: consent.data.slice(0, 2),
    missing: [],
    withheld: ['address', 'birthdate'],
    withheldBelow: 'substantial',
    access: [],
    lasting: false,
  }),
  'konto-wird-geloescht': story(LeavingPage, {
    ...flow,
    account: 'Erika Mustermann',
    deletedOn: Date.UTC(2026, 10, 23, 14, 30),
  }),
  'konto-waehlen': story(SelectAccountPage, { ...flow, account: 'Erika Mustermann' }),
  abmelden: story(LogoutPage, logout),
  'abmelden-allgemein': story(LogoutPage, { action: logout.action, xsrf: logout.xsrf }),
  abgemeldet: story(LoggedOutPage, loggedOut),
  'angemeldet-geblieben': story(StillLoggedInPage, {
    backTo: { name: 'Bayern-Portal', href: 'https://portal.example/' },
  }),
  'angemeldet-geblieben-ohne-dienst': story(StillLoggedInPage, {}),
  'abgemeldet-ohne-dienste': story(LoggedOutPage, { services: [] }),
  ...each('fehler-bei-anmeldung', flowErrors, (code) => story(ErrorPage, { ...error, code })),
  'fehler-bei-anmeldung-redirect-uri': story(ErrorPage, {
    code: 'redirect_uri',
    referenceId: '7k2m9qx4ht',
    developer: [
      { label: 'error', value: 'invalid_redirect_uri' },
      { label: 'client_id', value: 'hundesteuer' },
      { label: 'redirect_uri, gesendet', value: 'https://dienst.example/callback/' },
      {
        label: 'redirect_uri, eingetragen',
        value: 'https://dienst.example/callback',
        note: 'Unterschied: Schrägstrich am Ende',
      },
    ],
  }),
  'fehler-bei-anmeldung-oauth': story(ErrorPage, {
    code: 'oauth',
    referenceId: '7k2m9qx4ht',
    developer: [
      { label: 'error', value: 'invalid_request' },
      { label: 'error_description', value: '<script>alert(1)</script> is not supported' },
    ],
    backTo: { name: 'Bayern-Portal', href: 'https://portal.example/' },
  }),
};
