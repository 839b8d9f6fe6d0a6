import { ConfigError, formatFinding, type Finding } from '../config/report.ts';
import { createClientLoader } from '../id/clients/load.ts';
import { loadPlaces } from '../portal/bayern-portal/places/places.ts';
import { createServiceLoader } from '../portal/bayern-portal/services/load.ts';
import { createOriginatorLoader, unknownClientsOfOriginators } from '../portal/bezahlsystem/originators.ts';
import { createSenderLoader, unknownClients } from '../portal/mein-postfach/senders.ts';
import { join } from 'node:path';

export interface CheckOptions {
  readonly directory: string;
  readonly production: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly json: boolean;
  readonly withoutSecrets: boolean;
  /** Reads the settings: what is unfit in them, and what the client files may refer to. Throws ConfigError. */
  readonly settings: () => {
    readonly findings: readonly Finding[];
    readonly variables: Readonly<Record<string, string>>;
    /** Folder of the senders of Mein Postfach, relative to the configuration. */
    readonly senders: string;
    /** The same of the originators of the Bezahlsystem, and the providers that they may name. */
    readonly originators: string;
    readonly providers: readonly string[];
  };
  readonly print: (line: string) => void;
}

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
  const tell = (findings: readonly Finding[], summary: string): void => {
    if (json) return print(JSON.stringify(findings, null, 2));
    for (const finding of findings) print(formatFinding(finding));
    return print(summary);
  };
  let settings: ReturnType<CheckOptions['settings']>;
  try {
    settings = options.settings();
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
  tell(all, `${clients}: ${count('error')} errors, ${count('warning')} warnings`);
  return count('error') === 0 ? 0 : 1;
};
