import { createModule, type Module, type ModuleDeps } from '../../relying-party/module.ts';
import type { FuehrungszeugnisRecords } from '../records/records.ts';
import { officeStories } from './pages/stories.ts';
import { addOfficeRoutes } from './routes.ts';
import type { RegisterbehoerdeSettings } from './settings.ts';

export interface RegisterbehoerdeDeps extends ModuleDeps<RegisterbehoerdeSettings> {
  /** Of the applications: the one thing that both parts share. */
  readonly records: FuehrungszeugnisRecords;
  /** Looks at once for what waits to be sent, where that part runs in this process. */
  readonly wake: () => void;
}

/** Registerbehörde: caseworkers read and answer applications. A client of its own, with sessions and keys of its own. */
export const createRegisterbehoerde = (deps: RegisterbehoerdeDeps): Module => {
  const { records, wake, log, settings } = deps;
  const own = { scope: 'openid profile email', level: 'high', stories: officeStories } as const;
  return createModule('registerbehoerde', deps, own, (router, relyingParty) => {
    addOfficeRoutes(router, relyingParty, { records, caseworkers: settings.caseworkers, wake, log });
  });
};
