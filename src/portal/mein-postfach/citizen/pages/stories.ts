import type { Attachment, Letter, LetterSummary } from '../../letters/letter.ts';
import type { Level } from '../../../../assurance/levels.ts';
import type { Stories } from '../../../../web/pages/stories.tsx';
import type { PageContext } from '../../../../web/page-context.ts';
import type { VNode } from 'preact';
import type { Application } from '../../records/applications.ts';
import type { ApplicationState, ShownStatus } from '../../letters/letter.ts';
import { catalogues } from '../i18n/messages.ts';
import { readQuery } from '../inbox-query.ts';
import { treeOf } from '../letter-tree.ts';
import { applicationPage, applicationsPage } from './applications-pages.tsx';
import { closedPage } from './closed-page.tsx';
import { damagedPage } from './damaged-page.tsx';
import type { Frame } from './frame.tsx';
import { inboxPage, type InboxView } from './inbox-page.tsx';
import { letterPage, type LetterView } from './letter-page.tsx';
import { purgePage } from './purge-page.tsx';
import { draftGonePage, notSentPage, previewPage, replyPage } from './reply-pages.tsx';
import { settingsPage, type SettingsView } from './settings-page.tsx';

const at = Date.UTC(2026, 10, 23, 8, 15);
const day = 86_400_000;

const framed =
  (show: (frame: Frame) => VNode, unread = 2) =>
  (page: PageContext): VNode =>
    show({ page, t: catalogues[page.locale], unread, portal: 'https://portal.example', csrf: 'x' });

const town = {
  id: 'stadt-musterstadt',
  authority: 'musterstadt',
  name: { de: 'Stadt Musterstadt, Bürgeramt', en: 'City of Musterstadt, citizens’ office' },
};
const county = {
  id: 'landratsamt',
  authority: 'landkreis',
  name: { de: 'Landratsamt Musterkreis', en: 'District office of Musterkreis' },
};

const envelope = (id: string, own: Partial<Letter> = {}) => ({
  id,
  sender: town,
  level: 'basic' as Level,
  providedAt: at,
  folder: 'inbox' as const,
  unread: false,
  flagged: false,
  ...own,
});

const summary = (id: string, subject: string, own: Partial<Letter> = {}): LetterSummary => ({
  ...envelope(id, own),
  locked: false,
  service: 'Wohngeld',
  subject,
  attachments: 0,
  ...own,
});

const locked = (id: string, level: Level, own: Partial<Letter> = {}): LetterSummary => ({
  ...envelope(id, { sender: county, level, ...own }),
  locked: true,
});

const letters: readonly LetterSummary[] = [
  summary('a', 'Ihr Antrag auf Wohngeld: Bitte reichen Sie die Mietbescheinigung nach', {
    unread: true,
    attachments: 2,
    flagged: true,
  }),
  locked('b', 'high', { unread: true, providedAt: at - day }),
  locked('c', 'substantial', { providedAt: at - 3 * day }),
  summary('d', 'Ihr Termin im Bürgeramt', { providedAt: at - 9 * day, repliedAt: at - 8 * day }),
  summary('e', 'Hundesteuer 2026', { providedAt: at - 40 * day, attachments: 1 }),
];

const choices = { senders: [town, county], years: [2026, 2025], applications: [{ id: 'v1', name: 'Wohngeld' }] };

const inbox = (search: string, own: Partial<InboxView> = {}) =>
  framed((frame) =>
    inboxPage(
      {
        query: readQuery(new URLSearchParams(search)),
        letters,
        choices,
        trashDays: 30,
        trashEnds: () => undefined,
        ...own,
      },
      frame,
    ),
  );

const text = `Sehr geehrte Frau Mustermann,

über Ihren Antrag auf Wohngeld können wir noch nicht entscheiden. Es fehlt die Mietbescheinigung Ihrer Vermieterin.

Bitte schicken Sie sie uns bis zum 15. Dezember 2026. Sie können einfach hier antworten.

Mit freundlichen Grüßen
Ihr Bürgeramt`;

const html = `<h2>Was fehlt</h2><p>Sehr geehrte Frau Mustermann,</p><p>für Ihren Antrag brauchen wir noch:</p>
<ul><li>die <strong>Mietbescheinigung</strong></li><li>den Nachweis Ihres Einkommens</li></ul>
<h3>Vordrucke</h3><p>Sie finden sie <a href="https://www.musterstadt.example/wohngeld/vordrucke">auf unserer Seite</a>.</p>
<table><thead><tr><th>Monat</th><th>Betrag</th></tr></thead><tbody><tr><td>Januar</td><td>312,00 €</td></tr><tr><td>Februar</td><td>312,00 €</td></tr></tbody></table>
<blockquote>Wer mitwirkt, bekommt schneller Bescheid.</blockquote>`;

const file = (id: string, name: string, type: string, length: number): Attachment => ({
  id,
  name,
  type,
  length,
  sha512: id.repeat(128).slice(0, 128),
});

const letter = (own: Partial<Letter> = {}): Letter => ({
  ...envelope('a'),
  locked: false,
  service: 'Wohngeld',
  subject: 'Ihr Antrag auf Wohngeld: Bitte reichen Sie die Mietbescheinigung nach',
  attachments: 0,
  openedAt: at + 3_600_000,
  content: { type: 'text', body: text },
  reply: { allowed: false },
  files: [],
  replies: [],
  deemedDelivery: { rule: 'none' },
  ...own,
});

const opened = (own: Partial<Letter> = {}, view: Partial<LetterView> = {}) =>
  framed((frame) => {
    const shown = letter(own);
    return letterPage(
      {
        letter: shown,
        content: treeOf(shown.content),
        journal: [
          { type: 'provided', at },
          { type: 'notice_enqueued', at },
          { type: 'notice_dispatched', at: at + 20_000 },
          { type: 'opened', at: at + 3_600_000 },
        ],
        open: shown.reply.allowed,
        ...view,
      },
      frame,
    );
  });

type OpenStatus = Extract<ShownStatus, { locked: false }>;

const status = (state: ApplicationState, days: number, own: Partial<OpenStatus> = {}): OpenStatus => ({
  locked: false,
  level: 'basic',
  status: state,
  publicServiceName: 'Wohngeld',
  senderName: 'Stadt Musterstadt',
  createdAt: at - days * day,
  receivedAt: at - days * day,
  ...own,
});

const statuses = [
  status('SUBMITTED', 30),
  status('RECEIVED', 29, { reference: 'WG-2026/4711' }),
  status('PROCESSING', 20),
  status('ACTION_REQUIRED', 1, {
    reference: 'WG-2026/4711',
    statusDetails: 'Mietbescheinigung fehlt',
    additionalInformation: 'Bitte bis zum 15. Dezember 2026 nachreichen',
  }),
];

const hidden = (days: number): ShownStatus => ({
  locked: true,
  level: 'high',
  createdAt: at - days * day,
  receivedAt: at - days * day,
});

const application = <Status extends ShownStatus>(
  id: string,
  latest: Status,
): Application & { readonly latest: Status } => ({
  id,
  applicationId: id,
  sender: town,
  latest,
});

const settings = (own: Partial<SettingsView> = {}) =>
  framed((frame) =>
    settingsPage(
      {
        notices: true,
        consents: {},
        history: [],
        senders: [{ sender: town }, { sender: county, blockedAt: at }],
        trashDays: 30,
        ...own,
      },
      frame,
    ),
  );

const reply = { letter: letter({ reference: 'WG-2026/4711' }) };
const answer = 'Guten Tag,\n\ndie Mietbescheinigung reiche ich bis zum 10. Dezember nach.\n\nErika Mustermann';

/** Every state of the citizen's pages. */
export const postfachStories: Stories = {
  'postfach-eingang': inbox(''),
  'postfach-leer': inbox('', { letters: [], choices: { ...choices, applications: [] } }),
  'postfach-gefiltert': inbox('ungelesen=1&absender=stadt-musterstadt&zeitraum=d30', { next: { after: '1.a' } }),
  'postfach-filter-leer': inbox('zeitraum=2025', { letters: [] }),
  'postfach-archiv': inbox('ordner=archiv', { letters: letters.slice(3), done: 'papierkorb' }),
  'postfach-papierkorb': inbox('ordner=papierkorb', {
    letters: [
      summary('f', 'Hundesteuer 2025', { folder: 'trash', trashedAt: at }),
      locked('g', 'high', { folder: 'trash', trashedAt: at }),
    ],
    trashEnds: () => at + 30 * day,
  }),
  'postfach-suche': inbox('suche=Mietbescheinigung', { letters: letters.slice(0, 2), found: 41, next: { page: 2 } }),
  'postfach-suche-leer': inbox('suche=Xylophon', { letters: [], found: 0 }),
  'postfach-seite': inbox('ab=1.a', { next: { after: '1.b' }, noneChosen: true }),
  'postfach-loeschen': framed((frame) => purgePage({ letters: letters.slice(0, 2) }, frame)),
  'postfach-brief': opened({
    reply: { allowed: true, until: at + 22 * day },
    attachments: 2,
    files: [
      file('1', 'Bescheid über Wohngeld vom 23.11.2026.pdf', 'application/pdf', 184_230),
      file('2', 'Lageplan.png', 'image/png', 1_840_000),
    ],
    deemedDelivery: { rule: 'ozg_9', date: '2026-11-27', from: 'provision' },
    reference: 'WG-2026/4711',
    unread: false,
  }),
  'postfach-brief-html': opened(
    {
      content: { type: 'html', body: html },
      deemedDelivery: { rule: 'baydig_24', date: '2026-11-26', from: 'notice' },
    },
    { application: 'v1' },
  ),
  'postfach-brief-beantwortet': opened(
    {
      reply: { allowed: true },
      repliedAt: at + day,
      replies: [
        { id: 'r1', text: answer, createdAt: at + day, takenAt: at + 2 * day },
        { id: 'r2', text: 'Anbei noch die Nummer des Vertrags: 12345.', createdAt: at + 3 * day },
      ],
      deemedDelivery: { rule: 'baydig_24', date: '2026-11-23', from: 'retrieval' },
    },
    { done: 'gesendet' },
  ),
  'postfach-brief-papierkorb': opened(
    { folder: 'trash', trashedAt: at, reply: { allowed: true, until: at - day }, flagged: true },
    { trashEnds: at + 30 * day, open: false },
  ),
  'postfach-anlage-beschaedigt': framed((frame) => damagedPage({ letterId: 'a', name: 'Bescheid.pdf' }, frame)),
  'postfach-antwort': framed((frame) => replyPage({ ...reply, text: '' }, frame)),
  'postfach-antwort-fehler': framed((frame) => replyPage({ ...reply, text: '', error: 'empty' }, frame)),
  'postfach-antwort-lang': framed((frame) => replyPage({ ...reply, text: 'x'.repeat(20_100), error: 'long' }, frame)),
  'postfach-antwort-vorschau': framed((frame) => previewPage({ ...reply, text: answer, draft: 'd' }, frame)),
  'postfach-antwort-zu-spaet': framed((frame) => notSentPage({ ...reply, text: answer }, frame)),
  'postfach-entwurf-weg': framed((frame) => draftGonePage({ letterId: 'a' }, frame)),
  'postfach-vorgaenge': framed((frame) =>
    applicationsPage(
      {
        applications: [
          application('v1', statuses[3] ?? status('RECEIVED', 1)),
          application('v2', status('COMPLETED', 60, { publicServiceName: 'Führungszeugnis' })),
          application('v4', hidden(3)),
          application('v3', status('PROCESSING', 5, { publicServiceName: 'Ummeldung' })),
        ],
      },
      frame,
    ),
  ),
  'postfach-vorgaenge-leer': framed((frame) => applicationsPage({ applications: [] }, frame), 0),
  'postfach-vorgang': framed((frame) =>
    applicationPage(
      {
        application: {
          ...application('v1', statuses[3] ?? status('RECEIVED', 1)),
          statuses: [hidden(40), ...statuses],
        },
        letters: letters.slice(0, 2),
      },
      frame,
    ),
  ),
  'postfach-einstellungen': settings(),
  'postfach-einstellungen-eingewilligt': settings({
    notices: false,
    consents: { bekanntgabe: at },
    history: [{ type: 'consent_given', at, consent: 'bekanntgabe' }],
    senders: [],
    done: 'hinweise-aus',
  }),
  'postfach-einstellungen-fehler': settings({ notUnderstood: 'zustellung' }),
  'postfach-geschlossen': (page) => closedPage(page, catalogues[page.locale].closed.purged),
  'postfach-umgezogen': (page) => closedPage(page, catalogues[page.locale].closed.moved),
};
