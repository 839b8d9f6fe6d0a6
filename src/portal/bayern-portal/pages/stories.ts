import type { VNode } from 'preact';
import { levels, type Level } from '../../../assurance/levels.ts';
import type { PageContext } from '../../../web/page-context.ts';
import type { Stories } from '../../../web/pages/stories.tsx';
import { catalogues } from '../i18n/messages.ts';
import { applicationStates } from '../overview/sources.ts';
import type { Overview } from '../overview/overview.ts';
import type { ListQuery } from '../paths.ts';
import type { Place } from '../places/places.ts';
import type { Authority, Service } from '../services/catalogue.ts';
import type { ServiceGroup } from '../services/listing.ts';
import { authorityPage } from './authority-page.tsx';
import type { Frame } from './frame.ts';
import { listPage, type ListView } from './list-page.tsx';
import { placePage } from './place-page.tsx';
import { servicePage } from './service-page.tsx';
import { startPage } from './start-page.tsx';
import type { PersonView } from './tiles.tsx';

const framed =
  (show: (frame: Frame) => VNode) =>
  (page: PageContext): VNode =>
    show({ page, t: catalogues[page.locale], places: 2092 });

const state: Authority = {
  id: 'bayern',
  name: { de: 'Freistaat Bayern', en: 'Free State of Bavaria' },
  area: 'bayern',
};
const town: Authority = {
  id: 'musterstadt',
  name: { de: 'Stadt Musterstadt', en: 'City of Musterstadt' },
  area: { municipality: 'Musterstadt', county: '09999' },
  office: {
    address: ['Rathausplatz 1', '99999 Musterstadt'],
    hours: { de: 'Montag bis Freitag 8 bis 12 Uhr', en: 'Monday to Friday 8 am to 12 noon' },
  },
};
const village: Authority = {
  id: 'musterdorf',
  name: {
    de: 'Verwaltungsgemeinschaft Musterdorf-Oberunterleitenbach an der Beispielach',
    en: 'Administrative community of Musterdorf-Oberunterleitenbach an der Beispielach',
  },
  area: { municipality: 'Musterdorf', county: '09999' },
};
const county: Authority = {
  id: 'musterkreis',
  name: { de: 'Landratsamt Musterkreis', en: 'District office of Musterkreis' },
  area: { county: '09999' },
};

const service = (own: Partial<Service> & Pick<Service, 'service' | 'title' | 'authority'>): Service => ({
  id: `${own.authority.id}/${own.service}`,
  summary: {
    de: 'Wofür diese Leistung da ist, in ein oder zwei Sätzen ohne Fachwörter.',
    en: 'What this service is for, in one or two sentences without technical terms.',
  },
  words: { de: ['Beispiel'], en: ['example'] },
  situations: ['moving'],
  level: 'low',
  documents: { de: [], en: [] },
  fee: 'none',
  time: { de: 'etwa 2 Wochen', en: 'about 2 weeks' },
  online: 'https://online.musterstadt.example/beispiel',
  often: false,
  ...own,
});

const dog = service({
  service: 'hundesteuer',
  title: { de: 'Hund anmelden (Hundesteuer)', en: 'Register a dog (dog tax)' },
  authority: town,
  documents: { de: ['Nummer des Chips'], en: ['Number of the chip'] },
  fee: { depends: { de: 'Ihre Gemeinde legt die Steuer fest', en: 'Your municipality sets the tax' } },
  department: { de: 'Steueramt', en: 'Tax department' },
});
const licence = service({
  service: 'fuehrerschein-ersatz',
  title: { de: 'Führerschein ersetzen', en: 'Replace a driving licence' },
  authority: county,
  level: 'substantial',
});
const land = service({
  service: 'grundbuchauszug',
  title: { de: 'Grundbuchauszug', en: 'Extract from the land register' },
  authority: state,
  level: 'high',
  fee: { euro: 1000, note: { de: 'Beglaubigt 20 Euro', en: 'Certified 20 euros' } },
  online: 'https://grundbuch.bayern.de/beginnen',
  leika: { key: '99000000000000', source: 'https://leika.example.org/99000000000000' },
});

const groups: readonly ServiceGroup[] = [
  { services: [land] },
  { services: [licence] },
  { services: [dog, { ...dog, id: 'musterdorf/hundesteuer', authority: village }] },
];

const place: Place = {
  id: 'musterstadt-09999',
  name: 'Musterstadt',
  county: '09999',
  countyName: 'Landkreis Musterkreis',
  postalCodes: ['99999'],
};

const query: ListQuery = { search: '', place: '', situation: undefined, letter: undefined };

const list = (own: Partial<ListView>): Stories[string] =>
  framed((frame) => listPage({ query, place: undefined, unknownPlace: false, groups, guesses: [], ...own }, frame));

const nothing = { groups: [], guesses: [] } as const;

const applications = (count: number, locked = 0): Overview['applications'] => ({
  state: 'told',
  data: {
    applications: Array.from({ length: count }, (_, i) => ({
      id: `${i}`,
      sender: town.name,
      service: 'Wohngeld',
      status: applicationStates[(i + 3) % applicationStates.length] ?? ('PROCESSING' as const),
      since: '2026-11-20T08:15:00Z',
      address: `https://postfach.example/vorgaenge/${i}`,
    })),
    locked,
  },
});

const payments = (count: number): Overview['payments'] => ({
  state: 'told',
  data: {
    payments: Array.from({ length: count }, (_, i) => ({
      id: `${i}`,
      state: i === 1 ? ('checking' as const) : ('open' as const),
      service: { de: 'Führungszeugnis', en: 'Certificate of good conduct' },
      payee: 'Registerbehörde (Demonstration)',
      amount: 13,
      payableUntil: '2026-11-27T08:15:00Z',
      address: `https://bezahlen.example/meine-zahlungen/${i}`,
    })),
  },
});

const told = (unread: number, count: number, fees = 0): Overview => ({
  letters: { state: 'told', data: { unread } },
  applications: applications(count),
  payments: payments(fees),
});

const start = (person: PersonView | undefined): Stories[string] =>
  framed((frame) =>
    startPage(
      {
        person,
        often: groups,
        fuehrungszeugnis: 'https://service.example',
        modules: { postfach: 'https://postfach.example', bezahlsystem: 'https://bezahlen.example' },
      },
      frame,
    ),
  );

const person = (overview: Overview, level: Level = 'basic'): PersonView => ({
  name: 'Erika Mustermann',
  level,
  overview,
});

/** Every state of the portal's pages. */
export const portalStories: Stories = {
  'portal-offen': start(undefined),
  'portal-ohne-namen': start({ ...person(told(0, 0)), name: '' }),
  ...Object.fromEntries(levels.map((level) => [`portal-${level}`, start(person(told(2, 5), level))])),
  'portal-ein-brief': start(person(told(1, 1, 1))),
  'portal-zahlungen': start(person(told(1, 1, 4))),
  'portal-postfach-gestoert': start(
    person({ ...told(0, 0, 1), letters: { state: 'away' }, applications: { state: 'away' } }),
  ),
  'portal-geschuetzter-vorgang': start(person({ ...told(0, 0), applications: applications(0, 1) })),
  'portal-geschuetzte-vorgaenge': start(person({ ...told(0, 0), applications: applications(2, 2) })),
  'portal-ein-modul-gestoert': start(person({ ...told(3, 1), payments: { state: 'away' } })),
  'portal-neu-anmelden': start(
    person({
      letters: { state: 'loginAgain' },
      applications: { state: 'loginAgain' },
      payments: { state: 'loginAgain' },
    }),
  ),
  leistungen: list({}),
  'leistungen-leer': list({ ...nothing, query: { ...query, situation: 'ageing' } }),
  'leistungen-buchstabe': list({ query: { ...query, letter: 'H' } }),
  'leistungen-anlass': list({ query: { ...query, situation: 'moving' } }),
  'leistungen-ort': list({ query: { ...query, place: place.id, situation: 'family' }, place }),
  'leistungen-ort-ohne-gemeinde': list({ query: { ...query, place: place.id }, place, groups: groups.slice(0, 2) }),
  'leistungen-ort-unbekannt': list({ query: { ...query, place: 'Nirgendwo' }, unknownPlace: true }),
  'suche-treffer': list({ query: { ...query, search: 'Führerschein verloren' }, guesses: groups.slice(0, 1) }),
  'suche-vielleicht': list({ ...nothing, query: { ...query, search: 'Meldebescheinigung' }, guesses: groups }),
  'suche-nichts': list({ ...nothing, query: { ...query, search: 'Fischzucht' } }),
  'suche-nichts-aehnlich': list({
    ...nothing,
    query: { ...query, search: 'Hnudesteiher', place: place.id },
    place,
    similar: ['Hundesteuer', 'Hundemarke'],
    elsewhere: 3,
  }),
  'ort-waehlen': framed((frame) =>
    placePage(
      {
        query: { ...query, search: 'Hund', place: '99999' },
        found: [
          place,
          { ...place, id: 'musterdorf-09999', name: 'Musterdorf', postalCodes: ['99997', '99998', '99999', '99996'] },
        ],
      },
      frame,
    ),
  ),
  leistung: framed((frame) => servicePage({ service: dog, place: undefined, level: undefined }, frame)),
  'leistung-hoch': framed((frame) => servicePage({ service: land, place, level: undefined }, frame)),
  'leistung-genuegt': framed((frame) => servicePage({ service: dog, place, level: 'high' }, frame)),
  'leistung-mehr': framed((frame) => servicePage({ service: licence, place, level: 'basic' }, frame)),
  'leistung-anderer-ort': framed((frame) =>
    servicePage(
      { service: dog, place: { ...place, name: 'Musterdorf', id: 'musterdorf-09999' }, level: undefined },
      frame,
    ),
  ),
  behoerde: framed((frame) =>
    authorityPage({ authority: town, services: [dog, licence], county: 'Landkreis Musterkreis' }, frame),
  ),
  'behoerde-land': framed((frame) => authorityPage({ authority: state, services: [land] }, frame)),
};
