import { join } from 'node:path';
import { createClientLoader, type ClientLoader, type ClientLoaderOptions } from './id/clients/load.ts';
import type { Settings } from './settings.ts';

/**
 * The client files that are in force: those of the configuration and, where the playground runs, its own, which stand
 * apart in config/development so that no other installation has to know them.
 */
export const createFilesLoader = (
  settings: Pick<Settings, 'spielwiese'>,
  options: ClientLoaderOptions,
): ClientLoader => {
  const configured = createClientLoader(options);
  if (!settings.spielwiese) return configured;
  const own = createClientLoader({ ...options, directory: join(options.directory, 'development') });
  return {
    async load() {
      const [first, second] = [await configured.load(), await own.load()];
      const both = {
        // That the playground asks for more than its lowest login gives is its purpose and needs no warning.
        findings: [...first.findings, ...second.findings.filter(({ severity }) => severity === 'error')],
        changed: first.changed || second.changed,
        directories: new Map([...first.directories, ...second.directories]),
        fileOf: (clientId: string) => first.fileOf(clientId) ?? second.fileOf(clientId),
      };
      if (!first.set || !second.set) return both;
      const set = {
        clients: new Map([...second.set.clients, ...first.set.clients]),
        authorities: new Map([...second.set.authorities, ...first.set.authorities]),
      };
      return { ...both, set };
    },
  };
};
