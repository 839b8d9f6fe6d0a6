import type { PageContext } from '../../../../web/page-context.ts';
import type { Stories } from '../../../../web/pages/stories.tsx';
import { catalogues as words } from '../../i18n/messages.ts';
import type { Application } from '../../records/applications.ts';
import { catalogues } from '../i18n/messages.ts';
import { applicationPage, type ApplicationView } from './application-page.tsx';
import type { OfficeFrame } from './frame.ts';
import { deniedPage, listPage } from './list-page.tsx';

const frameOf = (page: PageContext): OfficeFrame => ({
  page,
  t: catalogues[page.locale],
  words: words[page.locale],
  csrf: 'csrf',
});

const read = (value: string) => ({ value, level: 'high', readAt: Date.UTC(2026, 10, 23) }) as const;

const application: Application = {
  id: '1',
  state: 'filed',
  createdAt: Date.UTC(2026, 10, 23),
  updatedAt: Date.UTC(2026, 10, 23),
  checks: 0,
  content: {
    locale: 'de',
    kind: { form: 'N', extended: true },
    person: { given_name: read('ERIKA'), family_name: read('MUSTERMANN'), birthdate: read('1964-08-12') },
    typed: { place_of_birth: 'Berlin', nationality: 'DE' },
    fee: { way: 'exempt', reason: 'volunteer' },
  },
  reference: 'FZ-2026-0123456789',
  filedAt: Date.UTC(2026, 10, 23, 9, 30),
};

const documents = [
  { id: '1', purpose: 'demand', name: 'aufforderung.pdf', type: 'application/pdf', size: 120_000 },
] as const;

const one = (more: Partial<ApplicationView>) => (page: PageContext) =>
  applicationPage({ application, documents, ...more }, frameOf(page));

/** Every state of the caseworkers' pages. */
export const officeStories: Stories = {
  'registerbehoerde-antraege': (page) =>
    listPage({ applications: [application], answered: false, more: '/antraege?ab=20' }, frameOf(page)),
  'registerbehoerde-antraege-keine': (page) => listPage({ applications: [], answered: true }, frameOf(page)),
  'registerbehoerde-antrag': one({}),
  'registerbehoerde-antrag-wieder-da': one({ kept: true, given: { outcome: 'issued', text: 'Alles Gute.' } }),
  'registerbehoerde-antrag-eigener': one({ own: true }),
  'registerbehoerde-antrag-fehler': one({ problem: 'text', given: { outcome: 'refused', text: '' } }),
  'registerbehoerde-antrag-ohne-entscheidung': one({ problem: 'outcome', given: { outcome: '', text: '' } }),
  'registerbehoerde-antrag-beantwortet': one({
    late: true,
    application: { ...application, state: 'answered', answer: { outcome: 'issued', text: 'Alles Gute.' } },
  }),
  'registerbehoerde-kein-zugriff': (page) => deniedPage(frameOf(page)),
};
