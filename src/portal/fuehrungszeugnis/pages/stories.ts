import type { Json } from '../../../storage/artifacts.ts';
import type { PageContext } from '../../../web/page-context.ts';
import type { Stories } from '../../../web/pages/stories.tsx';
import type { Content, Document } from '../application/content.ts';
import { doneSteps, nextStep } from '../application/rules.ts';
import { catalogues } from '../i18n/messages.ts';
import type { Application } from '../records/applications.ts';
import type { VerifiedPerson } from '../verified-person.ts';
import { dataPage, type DataView } from './data-page.tsx';
import { documentsPage } from './documents-page.tsx';
import { feePage } from './fee-page.tsx';
import type { Frame } from './frame.tsx';
import { kindPage } from './kind-page.tsx';
import { otherMeansPage } from './obstacle-page.tsx';
import { paymentPage } from './payment-page.tsx';
import { recipientPage } from './recipient-page.tsx';
import { reviewPage } from './review-page.tsx';
import { sentListPage, sentPage } from './sent-pages.tsx';
import { startPage } from './start-page.tsx';
import { tasksPage } from './tasks-page.tsx';

const portal = 'https://portal.example';

const frameOf = (page: PageContext): Frame => ({ page, t: catalogues[page.locale], csrf: 'csrf', portal });

const read = (value: Json) => ({ value, level: 'high', readAt: Date.UTC(2026, 10, 23) }) as const;

const erika: VerifiedPerson = {
  given_name: read('ERIKA'),
  family_name: read('MUSTERMANN'),
  birth_family_name: read('GABLER'),
  birthdate: read('1964-08-12'),
  place_of_birth: read({ locality: 'BERLIN' }),
  nationalities: read(['DE']),
  address: read({ street_address: 'HEIDESTRASSE 17', postal_code: '51147', locality: 'KÖLN', country: 'DE' }),
};

const document: Document = {
  id: '1',
  purpose: 'demand',
  name: 'aufforderung-des-vereins.pdf',
  type: 'application/pdf',
  size: 120_000,
};

const content: Content = {
  locale: 'de',
  kind: { form: 'O', extended: true },
  person: erika,
  typed: { mother_birth_name: 'Muster' },
  recipient: {
    name: 'Stadt Musterstadt, Jugendamt',
    street_address: 'Rathausplatz 1',
    postal_code: '90000',
    locality: 'Musterstadt',
    reference: 'JA 4711/26',
    inspectAt: 'Amtsgericht Musterstadt',
  },
  fee: { way: 'exempt', reason: 'volunteer' },
  postfach: 'handle',
};

const paid: Content = {
  locale: 'de',
  kind: { form: 'N', extended: false },
  person: erika,
  fee: { way: 'pay' },
};

const sent = (more: Partial<Application> = {}): Application => ({
  id: '1',
  state: 'filed',
  createdAt: Date.UTC(2026, 10, 23),
  updatedAt: Date.UTC(2026, 10, 23),
  checks: 1,
  content,
  reference: 'FZ-2026-0123456789',
  filedAt: Date.UTC(2026, 10, 23, 9, 30),
  ...more,
});

const answered = sent({
  state: 'answered',
  answer: {
    outcome: 'refused',
    text: 'Die Aufforderung der Einrichtung fehlt.\nBitte stellen Sie einen neuen Antrag.',
  },
});

const data = (view: DataView) => (page: PageContext) => dataPage(view, frameOf(page));

const review =
  (of: Content, documents: readonly Document[], more: { problem?: 'self'; paymentFailed?: boolean } = {}) =>
  (page: PageContext) =>
    reviewPage({ id: 'a', content: of, documents, next: nextStep(of, documents), version: 1, ...more }, frameOf(page));

/** Every state of the pages of the application. */
export const fuehrungszeugnisStories: Stories = {
  'fuehrungszeugnis-start': (page) => startPage({ portal }, page, catalogues[page.locale]),
  'fuehrungszeugnis-antrag': (page) =>
    tasksPage(
      {
        draft: { done: doneSteps(content, []), next: nextStep(content, []), paymentFailed: true },
        kept: 90,
        hasSent: true,
        discarded: false,
      },
      frameOf(page),
    ),
  'fuehrungszeugnis-antrag-keiner': (page) => tasksPage({ kept: 90, hasSent: false, discarded: true }, frameOf(page)),
  'fuehrungszeugnis-art': (page) => kindPage({ given: { form: 'N' } }, frameOf(page)),
  'fuehrungszeugnis-art-fehler': (page) => kindPage({ given: {}, errors: { form: 'missing' } }, frameOf(page)),
  'fuehrungszeugnis-daten': data({ person: erika, given: {} }),
  'fuehrungszeugnis-daten-geaendert': data({ person: erika, given: {}, changed: true }),
  'fuehrungszeugnis-daten-luecken': data({
    person: { family_name: read('MONONYM'), birthdate: read('1964') },
    given: {},
  }),
  'fuehrungszeugnis-daten-fehler': data({
    person: { family_name: read('MONONYM'), birthdate: read('1964') },
    given: { postal_code: '12' },
    errors: { place_of_birth: 'missing', nationality: 'country', street_address: 'long', postal_code: 'postalCode' },
  }),
  'fuehrungszeugnis-daten-keine': data({ person: {}, given: {}, obstacle: 'noData' }),
  'fuehrungszeugnis-daten-zu-jung': data({ person: erika, given: {}, obstacle: 'tooYoung' }),
  'fuehrungszeugnis-anderes-mittel': (page) => otherMeansPage(frameOf(page)),
  'fuehrungszeugnis-empfaenger': (page) => recipientPage({ needed: true, given: {} }, frameOf(page)),
  'fuehrungszeugnis-empfaenger-keiner': (page) => recipientPage({ needed: false, given: {} }, frameOf(page)),
  'fuehrungszeugnis-empfaenger-wieder-da': (page) =>
    recipientPage({ needed: true, given: { name: 'Jugendamt' }, kept: true }, frameOf(page)),
  'fuehrungszeugnis-empfaenger-fehler': (page) =>
    recipientPage(
      { needed: true, given: { inspect: '1' }, errors: { name: 'missing', inspect_at: 'missing' } },
      frameOf(page),
    ),
  'fuehrungszeugnis-nachweise': (page) =>
    documentsPage(
      { needed: ['demand', 'exemption'], documents: [document], largest: 5_000_000, most: 5 },
      frameOf(page),
    ),
  'fuehrungszeugnis-nachweise-wieder-da': (page) =>
    documentsPage({ needed: ['demand'], documents: [], largest: 5_000_000, most: 5, held: document }, frameOf(page)),
  'fuehrungszeugnis-nachweise-keine': (page) =>
    documentsPage({ needed: [], documents: [], largest: 5_000_000, most: 5 }, frameOf(page)),
  'fuehrungszeugnis-nachweise-fehler': (page) =>
    documentsPage({ needed: ['demand'], documents: [], largest: 5_000_000, most: 5, problem: 'type' }, frameOf(page)),
  'fuehrungszeugnis-nachweise-fehler-zweck': (page) =>
    documentsPage(
      { needed: ['demand'], documents: [], largest: 5_000_000, most: 5, problem: 'purpose' },
      frameOf(page),
    ),
  'fuehrungszeugnis-gebuehr': (page) => feePage({ given: { fee: 'pay' } }, frameOf(page)),
  'fuehrungszeugnis-gebuehr-fehler': (page) => feePage({ given: {}, errors: { fee: 'missing' } }, frameOf(page)),
  'fuehrungszeugnis-pruefen': review(content, [document, { ...document, id: '2', purpose: 'exemption' }]),
  'fuehrungszeugnis-pruefen-bezahlen': review(paid, [], { paymentFailed: true }),
  'fuehrungszeugnis-pruefen-fehler': review(paid, [], { problem: 'self' }),
  'fuehrungszeugnis-pruefen-unvollstaendig': review({ locale: 'de', kind: { form: 'N', extended: true } }, []),
  'fuehrungszeugnis-zahlung': (page) => paymentPage({ payAt: 'https://bezahlen.example/bezahlen/1' }, frameOf(page)),
  'fuehrungszeugnis-zahlung-ungewiss': (page) => paymentPage({ begun: true }, frameOf(page)),
  'fuehrungszeugnis-zahlung-gestoert': (page) => paymentPage({}, frameOf(page)),
  'fuehrungszeugnis-gesendet': (page) =>
    sentPage({ application: sent(), postfach: 'https://postfach.example/postfach' }, frameOf(page)),
  'fuehrungszeugnis-beantwortet': (page) => sentPage({ application: answered }, frameOf(page)),
  'fuehrungszeugnis-antraege': (page) =>
    sentListPage({ applications: [sent(), { ...answered, id: '2' }] }, frameOf(page)),
  'fuehrungszeugnis-antraege-keine': (page) => sentListPage({ applications: [] }, frameOf(page)),
};
