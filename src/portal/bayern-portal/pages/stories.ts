import { levels } from '../../../assurance/levels.ts';
import type { PageContext } from '../../../web/page-context.ts';
import type { Stories } from '../../../web/pages/stories.tsx';
import { catalogues } from '../i18n/messages.ts';
import { startPage, type StartView } from './start-page.tsx';

const start = (person: StartView['person']) => (page: PageContext) =>
  startPage(
    { person, fuehrungszeugnis: 'https://service.example', postfach: 'https://postfach.example' },
    page,
    catalogues[page.locale],
  );

/** Every state of the portal's pages. */
export const portalStories: Stories = {
  'portal-offen': start(undefined),
  'portal-ohne-namen': start({ name: '', level: 'basic' }),
  ...Object.fromEntries(levels.map((level) => [`portal-${level}`, start({ name: 'Erika Mustermann', level })])),
};
