import { ConfigError, formatFinding, type Finding } from '../config/report.ts';
import { createClientLoader, type ClientSet } from '../id/clients/load.ts';
import { loadPlaces } from '../portal/bayern-portal/places/places.ts';
import { createServiceLoader } from '../portal/bayern-portal/services/load.ts';
import { createOriginatorLoader, unknownClientsOfOriginators } from '../portal/bezahlsystem/originators.ts';
import { createSenderLoader, unknownClients } from '../portal/mein-postfach/senders.ts';
import { join } from 'node:path';
import { changedKeys, clientChanges } from './check-changes.ts';

export interface CheckOptions {
  readonly directory: string;
  readonly production: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly json: boolean;
  readonly withoutSecrets: boolean;
  /** The folder that is in force, to be told what this one would change. */
  readonly against?: string;
  /** Reads the settings of a folder: what is unfit in them, and what the client files may refer to. Throws ConfigError. */
  readonly settings: (directory: string) => {
    readonly findings: readonly Finding[];
    readonly variables: Readonly<Record<string, string>>;
    /** Folder of the senders of Mein Postfach, relative to the configuration. */
    readonly senders: string;
    /** The same of the originators of the Bezahlsystem, and the providers that they may name. */
    readonly originators: string;
    readonly providers: readonly string[];
    /** All of them, to be compared. */
    readonly all?: unknown;
  };
  readonly print: (line: string) => void;
}

/** What would be otherwise with this folder in force; undefined where the other one is not usable. */
const changesAgainst = async (
  before: string,
  options: CheckOptions,
  { settings, set }: { readonly settings: ReturnType<CheckOptions['settings']>; readonly set: ClientSet },
): Promise<string[] | undefined> => {
  const known = options.settings(before);
  const loader = createClientLoader({ ...options, directory: before, variables: known.variables });
  const { set: clients } = await loader.load();
  if (!clients) return undefined;
  return [...changedKeys(known.all, settings.all).map((line) => `setting ${line}`), ...clientChanges(clients, set)];
};

/** Two loaders read the files of authorities, and find the same. */
const once = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((finding) => [formatFinding(finding), finding])).values(),
];

/**
 * Checks settings, authorities, clients, senders, originators and services without starting anything, and names everything at once.
 *
 * @returns the exit code: 0 when a server would start on it, warnings or not.
 */
export const checkConfiguration = async (options: CheckOptions): Promise<number> => {
  const { json, print } = options;
  const tell = (findings: readonly Finding[], summary: string, changes?: readonly string[]): void => {
    if (json) return print(JSON.stringify(changes ? { findings, changes } : findings, null, 2));
    for (const finding of findings) print(formatFinding(finding));
    for (const change of changes ?? []) print(change);
    return print(changes ? `${summary}; ${changes.length} changes` : summary);
  };
  let settings: ReturnType<CheckOptions['settings']>;
  try {
    settings = options.settings(options.directory);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    tell(error.findings, 'the settings are not usable');
    return 1;
  }
  const loader = createClientLoader({ ...options, variables: settings.variables });
  const { set, findings } = await loader.load();
  const sending = await createSenderLoader({
    directories: [join(options.directory, settings.senders)],
    variables: settings.variables,
    production: options.production,
  }).load();
  const asking = await createOriginatorLoader({
    directory: join(options.directory, settings.originators),
    variables: settings.variables,
    providers: settings.providers,
    production: options.production,
  }).load();
  const authorityOf = (clientId: string): string | undefined => set?.clients.get(clientId)?.authority;
  const strangers = set
    ? [...unknownClients(sending, authorityOf), ...unknownClientsOfOriginators(asking, authorityOf)]
    : [];
  const offered = await createServiceLoader({ ...options, variables: settings.variables, places: loadPlaces() }).load();
  const all = once([
    ...settings.findings,
    ...findings,
    ...sending.findings,
    ...asking.findings,
    ...strangers,
    ...offered.findings,
  ]);
  const count = (wanted: Finding['severity']): number => all.filter(({ severity }) => severity === wanted).length;
  const clients = set
    ? `${set.clients.size} clients of ${set.authorities.size} authorities`
    : 'the client files are not usable';
  const summary = `${clients}: ${count('error')} errors, ${count('warning')} warnings`;
  const { against } = options;
  const changes = against === undefined || !set ? undefined : await changesAgainst(against, options, { settings, set });
  tell(
    all,
    against === undefined || changes ? summary : `${summary}; nothing to compare with: one of the two is not usable`,
    changes,
  );
  return count('error') === 0 ? 0 : 1;
};
