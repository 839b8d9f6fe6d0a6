import { messages, pageContext } from '../../web/page-context.ts';
import { renderPage } from '../../web/render.ts';
import { createModule, type Module, type ModuleDeps } from '../relying-party/module.ts';
import { profileName } from '../relying-party/profile-name.ts';
import { catalogues } from './i18n/messages.ts';
import { portalStories } from './pages/stories.ts';
import { startPage } from './pages/start-page.tsx';
import type { BayernPortalSettings } from './settings.ts';

/** Bayern-Portal: open to everybody; who logs in sees name and level, and nothing else is asked for. */
export const createBayernPortal = (deps: ModuleDeps<BayernPortalSettings>): Module =>
  createModule(
    'bayern-portal',
    deps,
    { scope: 'openid profile', level: 'basic', stories: portalStories },
    (router, relyingParty) => {
      router.get('/', async (ctx) => {
        const session = await relyingParty.session(ctx);
        const person = session === undefined ? undefined : { name: profileName(session), level: session.level };
        const view = {
          person,
          fuehrungszeugnis: `${deps.settings.fuehrungszeugnis_origin}/fuehrungszeugnis`,
          postfach: `${deps.settings.mein_postfach_origin}/postfach`,
        };
        renderPage(ctx, startPage(view, pageContext(ctx), messages(ctx, catalogues)));
      });
    },
  );
