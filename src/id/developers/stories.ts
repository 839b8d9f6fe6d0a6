import type { PageContext } from '../../web/page-context.ts';
import type { Stories } from '../../web/pages/stories.tsx';
import { DevelopersPage, type DevelopersView } from './pages/DevelopersPage.tsx';
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
  'entwickler-schnellstart': (page) =>
    QuickStartPage({
      view: { start: { ...start, program: 'print("<&>")' }, others: [], issuer: 'https://id.example.de' },
      page,
      t: developerTexts[page.locale],
    }),
};
