import type { Metrics } from '../../web/metrics.ts';
import { createFilesReload, type FilesReload } from '../module-api/files-reload.ts';
import { createModule, type Module, type ModuleDeps } from '../relying-party/module.ts';
import { patience } from './overview/overview.ts';
import { apisOf, sourcesOf } from './overview/sources.ts';
import { portalStories } from './pages/stories.ts';
import { loadPlaces } from './places/places.ts';
import { addPortalRoutes } from './routes.ts';
import type { Catalogue } from './services/catalogue.ts';
import { createServiceLoader, type ServiceLoaderOptions } from './services/load.ts';
import type { BayernPortalSettings } from './settings.ts';

export interface BayernPortalDeps extends ModuleDeps<BayernPortalSettings> {
  readonly services: Omit<ServiceLoaderOptions, 'places'>;
  /** The part's own: names are unique within one. */
  readonly metrics: Metrics;
}

export interface BayernPortal extends Module {
  readonly services: FilesReload<Catalogue>;
}

/**
 * Bayern-Portal: all services in one place, open to everybody. Who logs in sees name and level, and what the other modules
 * have for her, each read with her own token.
 *
 * @throws ConfigError for files of services or authorities that are not understood.
 */
export const createBayernPortal = async (deps: BayernPortalDeps): Promise<BayernPortal> => {
  const { settings, log, metrics } = deps;
  const places = loadPlaces();
  const services = await createFilesReload(createServiceLoader({ ...deps.services, places }), {
    what: 'services',
    log,
    metrics,
  });
  const sources = sourcesOf(settings);
  const fetching = deps.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));
  const own = {
    scope: 'openid profile',
    level: 'basic',
    resources: apisOf(sources),
    stories: portalStories,
  } as const;
  const module = createModule('bayern-portal', deps, own, (router, relyingParty) =>
    addPortalRoutes(router, relyingParty, {
      settings,
      catalogue: () => services.current(),
      places,
      sources,
      overview: { fetch: fetching, log, patience },
    }),
  );
  return {
    ...module,
    services,
    health: async () => ({ services: services.state() }),
    async close() {
      await services.close();
      await module.close();
    },
  };
};
