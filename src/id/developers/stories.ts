import type { PageContext } from '../../web/page-context.ts';
import type { Stories } from '../../web/pages/stories.tsx';
import { DevelopersPage, type DevelopersView } from './pages/DevelopersPage.tsx';
import type { Mail } from '../mail/mail.ts';
import { contentOf } from '../mail/content.ts';
import { plainText } from '../../mail/plain-text.ts';
import { PostPage, type ShownMail } from '../../mail/post/PostPage.tsx';
import { postTexts } from '../../mail/post/texts/index.ts';
import { mailAddress } from '../identity/mail-address.ts';
import { DiscoveryPage } from './pages/DiscoveryPage.tsx';
import { QuickStartPage } from './pages/QuickStartPage.tsx';
import { developerTexts } from './texts/index.ts';

const start = { language: 'node', name: 'Node', file: 'docs/quickstarts/node/server.js', command: 'node' } as const;
const quickStarts = {
  starts: [{ ...start, program: 'const who = "<Erika & Max>";\n' }],
  clientFile: 'client_id: mein-dienst\n',
};

const overview =
  (more: Partial<DevelopersView>, testEnvironment: boolean) =>
  (page: PageContext): ReturnType<typeof DevelopersPage> =>
    DevelopersPage({
      view: {
        issuer: 'https://id.example.de',
        document: 'https://id.example.de/.well-known/openid-configuration',
        quickStarts,
        means: { password: 'low', eid: 'high' },
        ...more,
      },
      page: { ...page, testEnvironment },
      t: developerTexts[page.locale],
    });

const issuer = 'https://id.example.de';
const shownMail = (id: string, mail: Omit<Mail, 'to'>): ShownMail => {
  const to = mailAddress('eine.sehr.lange.adresse.ohne.umbruch@abteilung.musterstadt.example');
  if (to === undefined) throw new TypeError('unreachable');
  const content = contentOf({ to, ...mail }, { issuer, testing: true });
  return { id, at: Date.UTC(2026, 10, 26, 9, 5), to, type: mail.message.type, content, text: plainText(content) };
};

const post =
  (...mails: readonly ShownMail[]) =>
  (page: PageContext): ReturnType<typeof PostPage> =>
    PostPage({
      view: { mails, overview: { href: '/entwickler', label: developerTexts[page.locale].toOverview } },
      page,
      t: postTexts[page.locale],
    });

/** The states of these pages that a test installation does not show by itself. */
export const developerStories: Stories = {
  'entwickler-betrieb': overview({}, false),
  'entwickler-ohne-niveaus': overview({ means: { password: 'basic', eid: 'substantial' } }, true),
  'entwickler-unbekannte-angabe': (page) =>
    DiscoveryPage({
      view: {
        metadata: { issuer: 'https://id.example.de', new_member_supported: true, list: ['<a>'], deep: { a: ['b'] } },
      },
      page,
      t: developerTexts[page.locale],
    }),
  'entwickler-post-leer': post(),
  'entwickler-post': post(
    shownMail('1', {
      locale: 'de',
      service: 'Führungszeugnis',
      message: {
        type: 'registration_code',
        code: '482913',
        link: `${issuer}/registrieren/${'x'.repeat(43)}`,
        validUntil: Date.UTC(2026, 10, 26, 9, 35),
      },
    }),
    shownMail('2', {
      locale: 'en',
      message: { type: 'registration_known', loginLink: `${issuer}/konto`, resetLink: `${issuer}/passwort-vergessen` },
    }),
    shownMail('3', { locale: 'de', message: { type: 'deletion_done' } }),
  ),
  'entwickler-schnellstart': (page) =>
    QuickStartPage({
      view: { start: { ...start, program: 'print("<&>")' }, others: [], issuer: 'https://id.example.de' },
      page,
      t: developerTexts[page.locale],
    }),
};
