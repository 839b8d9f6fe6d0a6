import type { PageContext } from '../../../web/page-context.ts';
import type { Stories } from '../../../web/pages/stories.tsx';
import { kontoTexts } from '../texts/konto.ts';
import { countriesOf } from '../countries.ts';
import { ActivitiesPage, type ActivitiesView, type ActivityRow } from './ActivitiesPage.tsx';
import { DataPage, type CardRow, type DataView } from './DataPage.tsx';
import { ConfirmDeletionPage, DeletionPage, PlannedDeletionPage } from './DeletionPage.tsx';
import { EditDataPage, type EditDataView } from './EditDataPage.tsx';
import { ExportPage } from './ExportPage.tsx';
import { HomePage, type HomeView } from './HomePage.tsx';
import type { KontoPage } from './konto-frame.tsx';
import { LanguagePage } from './LanguagePage.tsx';
import { NoticesPage } from './NoticesPage.tsx';
import { NotMeDonePage, NotMeInvalidPage, NotMePage } from './NotMePage.tsx';
import { ServicePage, type ServiceDetailsView } from './ServicePage.tsx';
import { ServicesPage } from './ServicesPage.tsx';
import { SessionsPage, type SessionsView } from './SessionsPage.tsx';

const at = Date.UTC(2026, 10, 23, 14, 30);
const day = 86_400_000;
const csrf = 'token';

const story =
  <View extends object>(Page: KontoPage<View>, view: View) =>
  (raw: PageContext) => {
    const account = { name: 'Erika Mustermann', href: '/konto', logout: { action: '/konto/abmelden', csrf } };
    const page = { ...raw, account };
    return Page({ ...view, page, t: kontoTexts[page.locale] });
  };

const home: HomeView = {
  name: 'Erika Mustermann',
  level: 'substantial',
  lastLogin: { at: at - day, method: 'eid' },
  todo: [],
};

const row = (name: string, value: string): CardRow => ({ name, value, level: 'high', at, assumed: false });
const rows: readonly CardRow[] = [
  row('given_name', 'ERIKA'),
  row('family_name', 'MUSTERMANN'),
  row('birthdate', '12. August 1964'),
  { ...row('nationalities', 'deutsch'), assumed: true },
  row('address', 'HEIDESTRASSE 17, 51147 KÖLN, Deutschland'),
];
const withoutValues = rows.map(({ value: _value, ...rest }) => rest);
const data: DataView = {
  card: { rows, validUntil: at + 800 * day },
  hidden: false,
  own: [
    { group: 'name', value: 'Erika Mustermann', at, locked: true },
    { group: 'birthdate', locked: true },
    { group: 'address', locked: true },
    { group: 'phone', value: '+49 89 123456', at, locked: false },
    { group: 'email', value: 'erika.mustermann@example.org', at, locked: false },
    { group: 'loginName', value: 'erika', locked: false },
  ],
  history: [{ at: at - 90 * day, rows: [{ name: 'address', value: 'ALTE GASSE 2, 94032 PASSAU' }] }],
  saved: false,
};

const edit = (view: Partial<EditDataView> & Pick<EditDataView, 'group'>) => (raw: PageContext) =>
  story(EditDataPage, { csrf, values: {}, errors: {}, countries: countriesOf(raw.locale), ...view })(raw);

const sessions: SessionsView = {
  csrf,
  now: at,
  sessions: [
    {
      id: 'a',
      kind: { browser: 'Firefox', system: 'Windows' },
      current: true,
      means: 'eid',
      level: 'high',
      beganAt: at - 600_000,
      seenAt: at,
      services: ['Bayern-Portal', 'Führungszeugnis'],
    },
    {
      id: 'b',
      kind: { browser: 'Safari', system: 'iPhone' },
      current: false,
      means: 'passkey_synced',
      level: 'low',
      beganAt: at - 5 * 3600_000,
      seenAt: at - 3 * 3600_000,
      services: [],
    },
    {
      id: 'c',
      kind: {},
      current: false,
      means: 'password',
      level: 'basic',
      beganAt: at - 3600_000,
      seenAt: at - 1800_000,
      services: ['Bayern-Portal'],
    },
  ],
};

const service: ServiceDetailsView = {
  clientId: 'fuehrungszeugnis',
  name: 'Führungszeugnis',
  host: 'fuehrungszeugnis.example',
  state: 'given',
  consent: {
    at,
    claims: ['given_name', 'family_name', 'verified:birthdate'],
    refused: ['email'],
    access: ['Mein Postfach'],
  },
  mailbox: { authority: 'Freistaat Bayern', since: at - 10 * day, others: ['Hundesteuer'] },
  withdrawable: true,
  past: [{ from: at - 100 * day, to: at - 10 * day, claims: ['given_name'] }],
  releases: [
    { at, claims: ['given_name', 'family_name', 'verified:birthdate'] },
    { at: at - day, claims: [] },
  ],
  older: '/konto/dienste/fuehrungszeugnis?vor=x',
  csrf,
  withdrawn: false,
};

const activity = (more: Partial<ActivityRow> & Pick<ActivityRow, 'id' | 'what'>): ActivityRow => ({
  at,
  details: [],
  tone: 'info',
  deniable: false,
  ...more,
});
const activities: ActivitiesView = {
  rows: [
    activity({
      id: '1',
      what: 'Angemeldet mit: Passwort',
      tone: 'success',
      deniable: true,
      details: ['Dienst: Bayern-Portal', 'Vertrauensniveau: niedrig'],
    }),
    activity({ id: '2', what: 'Anmeldung gescheitert: falsches Passwort', tone: 'warning', deniable: true }),
    activity({
      id: '3',
      what: 'Konto von den Betreibern gesperrt',
      details: ['Begründung der Betreiber: Ihre Karte wurde als gestohlen gemeldet.'],
    }),
  ],
  next: '00000000000a-000001-0123456789',
  later: false,
};

/** These pages in each of their states. */
export const kontoStories: Stories = {
  'konto-uebersicht': story(HomePage, home),
  'konto-uebersicht-zu-tun': story(HomePage, {
    name: 'erika',
    level: 'basic',
    todo: [
      { kind: 'cardExpires', on: at + 60 * day },
      { kind: 'secondFactor' },
      { kind: 'email' },
      { kind: 'recoveryCodes', left: 1 },
    ],
  }),
  'konto-daten': story(DataPage, { ...data, saved: true }),
  'konto-daten-verdeckt': story(DataPage, {
    ...data,
    hidden: true,
    card: { rows: withoutValues, validUntil: at },
    history: [{ at, rows: [{ name: 'address' }] }],
  }),
  'konto-daten-ohne-ausweis': (page) => {
    const { card: _card, ...rest } = data;
    const own = rest.own.map((one) => ({ ...one, locked: false }));
    return story(DataPage, { ...rest, own, history: [] })(page);
  },
  'konto-name-fehler': edit({ group: 'name', errors: { given_name: 'nameEmpty' } }),
  'konto-geburtsdatum-fehler': edit({
    group: 'birthdate',
    values: { 'birthdate-day': '31', 'birthdate-month': '2', 'birthdate-year': '1964' },
    errors: { 'birthdate-day': 'dateUnreal' },
  }),
  'konto-anschrift-fehler': edit({
    group: 'address',
    values: { postal_code: '8033' },
    errors: { locality: 'addressPart', postal_code: 'postcode' },
  }),
  'konto-telefon-fehler': edit({ group: 'phone', values: { phone_number: '12' }, errors: { phone_number: 'phone' } }),
  'konto-sitzungen': story(SessionsPage, sessions),
  'konto-sitzungen-beendet': story(SessionsPage, {
    ...sessions,
    sessions: sessions.sessions.slice(0, 1),
    done: 'endedOthers',
  }),
  'konto-dienste': story(ServicesPage, {
    services: [
      {
        clientId: 'fuehrungszeugnis',
        name: 'Führungszeugnis',
        host: 'fuehrungszeugnis.example',
        state: 'given',
        since: at - 100 * day,
        last: at,
        received: ['given_name', 'verified:given_name', 'birthdate'],
      },
      {
        clientId: 'bayern-portal',
        name: 'Bayern-Portal',
        host: 'portal.example',
        state: 'byLaw',
        since: at - 200 * day,
        last: at - day,
        received: [],
      },
      {
        clientId: 'alt',
        name: 'alt',
        state: 'withdrawn',
        since: at - 300 * day,
        last: at - 200 * day,
        received: ['name'],
      },
    ],
  }),
  'konto-dienste-leer': story(ServicesPage, { services: [] }),
  'konto-dienst': story(ServicePage, service),
  'konto-dienst-widerrufen': (page) => {
    const { consent: _consent, older: _older, mailbox: _mailbox, ...rest } = service;
    return story(ServicePage, { ...rest, withdrawable: false, state: 'withdrawn', withdrawn: true, releases: [] })(
      page,
    );
  },
  'konto-dienst-kraft-gesetzes': (page) => {
    const { consent: _consent, older: _older, host: _host, ...rest } = service;
    return story(ServicePage, { ...rest, withdrawable: false, state: 'byLaw', legalBasis: '§ 3 OZG', past: [] })(page);
  },
  'konto-aktivitaeten': story(ActivitiesPage, activities),
  'konto-aktivitaeten-leer': story(ActivitiesPage, { rows: [], group: 'failures', later: true }),
  'konto-nicht-ich': story(NotMePage, { action: '/konto/nicht-ich', csrf }),
  'konto-nicht-ich-erledigt': story(NotMeDonePage, {}),
  'konto-nicht-ich-alt': story(NotMeInvalidPage, {}),
  'konto-mitteilungen': story(NoticesPage, { email: 'erika.mustermann@example.org', language: 'de' }),
  'konto-mitteilungen-ohne-adresse': story(NoticesPage, { language: 'en' }),
  'konto-sprache-fehler': story(LanguagePage, { csrf, locale: 'en', theme: 'dark', saved: false, error: true }),
  'konto-auskunft': story(ExportPage, {}),
  'konto-loeschen': story(DeletionPage, { services: ['Bayern-Portal', 'Führungszeugnis'] }),
  'konto-loeschen-fehler': story(ConfirmDeletionPage, { csrf, on: at + 14 * day, error: true }),
  'konto-loeschen-geplant': story(PlannedDeletionPage, {}),
};
