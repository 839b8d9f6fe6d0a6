import { messages, pageContext } from '../../web/page-context.ts';
import { renderPage } from '../../web/render.ts';
import { satisfies } from '../../assurance/levels.ts';
import { createModule, type Module, type ModuleDeps } from '../relying-party/module.ts';
import { seeOther } from '../../web/see-other.ts';
import type { Session } from '../relying-party/session.ts';
import { catalogues } from './i18n/messages.ts';
import { dataPage } from './pages/data-page.tsx';
import { fuehrungszeugnisStories } from './pages/stories.ts';
import { startPage } from './pages/start-page.tsx';
import type { FuehrungszeugnisSettings } from './settings.ts';
import { verifiedClaimsRequest, verifiedPerson } from './verified-person.ts';

/** The card's name, and only while the level lasts at which it was shown: a tab left open must not tell who sat there. */
const nameOf = (session: Session): string => {
  if (!satisfies(session.level, 'high')) return '';
  const { given_name: given, family_name: family } = verifiedPerson(session.claims);
  return [given?.value, family?.value].filter((part) => typeof part === 'string').join(' ');
};

/** Führungszeugnis: § 30c BZRG demands the Online-Ausweis, so every login here is at high. */
export const createFuehrungszeugnis = (deps: ModuleDeps<FuehrungszeugnisSettings>): Module => {
  const own = {
    scope: 'openid',
    level: 'high',
    claims: verifiedClaimsRequest,
    nameOf,
    stories: fuehrungszeugnisStories,
  } as const;
  return createModule('fuehrungszeugnis', deps, own, (router, relyingParty) => {
    router.get('/', (ctx) => seeOther(ctx, '/fuehrungszeugnis'));
    router.get('/fuehrungszeugnis', (ctx) => {
      const view = { portal: deps.settings.portal_origin };
      renderPage(ctx, startPage(view, pageContext(ctx), messages(ctx, catalogues)));
    });
    router.get('/fuehrungszeugnis/daten', relyingParty.requireLevel('high'), async (ctx) => {
      const session = await relyingParty.session(ctx);
      const view = { person: verifiedPerson(session?.claims ?? {}), portal: deps.settings.portal_origin };
      renderPage(ctx, dataPage(view, pageContext(ctx), messages(ctx, catalogues)));
    });
  });
};
