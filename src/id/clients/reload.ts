import { createCoalescer } from '../../config/coalesce.ts';
import { aboutFile } from '../../config/checked.ts';
import { formatFinding, type Finding } from '../../config/report.ts';
import { watchDirectories } from '../../config/watch.ts';
import { errorFields, type Log } from '../../web/log.ts';
import type { Metrics } from '../../web/metrics.ts';
import { ClientRefused } from './client.ts';
import type { ClientLoader, ClientSet, LoadedClients } from './load.ts';

export type Reloaded = Pick<LoadedClients, 'set' | 'findings'>;

export interface ReloadParts {
  readonly loader: ClientLoader;
  /** What is in force at the start. */
  readonly first: LoadedClients & { readonly set: ClientSet };
  /** Puts a set into force; rejects with ClientRefused, and then nothing has changed. */
  readonly swap: (set: ClientSet) => Promise<void>;
  readonly record: (
    event: { type: 'configuration.changed'; clients: number } | { type: 'configuration.refused'; findings: number },
  ) => void;
  readonly log: Log;
  readonly metrics: Metrics;
  /** ms between two sets under a stream of changes. */
  readonly interval: number;
  /** ms after which files are looked at although no change was noticed. */
  readonly poll: number;
}

export interface ClientReload {
  /** Reads the files at once, and says again what is wrong with them. */
  now(): Promise<Reloaded>;
  /** For the operator: whether the files are in force, since when, and what stands in the way. */
  state(): { readonly state: 'in_force' | 'refused'; readonly since: string; readonly findings: readonly string[] };
  /** Waits for a change that is under way. */
  close(): Promise<void>;
}

/** Lines about one change in the log; all of them are in `bayern-id check`. */
const longestReport = 20;

/** Watches the client files and puts them into force as they change, all or nothing: with one broken file the old set stays. */
export const createClientReload = (parts: ReloadParts): ClientReload => {
  const { loader, log, metrics } = parts;
  const failures = metrics.counter('config_reload_failed_total', 'Changes of client files that were refused.');
  const successful = metrics.gauge(
    'config_last_reload_successful',
    '1 when the client files as they are now are in force.',
  );
  const succeeded = metrics.gauge(
    'config_last_reload_success_timestamp_seconds',
    'When client files last came into force.',
  );
  const clients = metrics.gauge('clients', 'Clients in force.');
  let state: ReturnType<ClientReload['state']> = { state: 'in_force', since: '', findings: [] };
  let warned: ReadonlySet<string> = new Set();

  const inForce = (set: ClientSet, findings: readonly Finding[]): void => {
    const lines = findings.map(formatFinding);
    for (const line of lines.filter((one) => !warned.has(one)).slice(0, longestReport))
      log.warn('client_file_warning', { reason: line });
    warned = new Set(lines);
    state = { state: 'in_force', since: new Date().toISOString(), findings: lines };
    successful.set(1);
    succeeded.set(Math.floor(Date.now() / 1000));
    clients.set(set.clients.size);
  };
  const refused = (findings: readonly Finding[]): void => {
    const lines = findings.filter(({ severity }) => severity === 'error').map(formatFinding);
    for (const line of lines.slice(0, longestReport)) log.error('config_reload_failed', { reason: line });
    if (lines.length > longestReport) log.error('config_reload_failed', { count: lines.length });
    failures.add();
    successful.set(0);
    const since = state.state === 'refused' ? state.since : new Date().toISOString();
    state = { state: 'refused', since, findings: lines };
    parts.record({ type: 'configuration.refused', findings: lines.length });
  };

  /** What our own schema let pass and the protocol library did not. */
  const refusedByProvider = (loaded: LoadedClients, error: unknown): Finding => {
    const file = error instanceof ClientRefused ? loaded.fileOf(error.clientId) : undefined;
    return aboutFile(
      file ?? 'config/clients',
      error instanceof Error ? error.message.slice(0, 300) : 'refused by the provider',
    );
  };

  let last: Reloaded = parts.first;
  /** @returns whether the set in force is another one now. */
  const once = async (asked: boolean): Promise<boolean> => {
    const loaded = await loader.load();
    watching.cover(loaded.directories);
    if (!loaded.changed && !asked) return false;
    if (!loaded.changed && loaded.set && state.state === 'in_force') return false;
    last = loaded;
    if (loaded.set) {
      try {
        await parts.swap(loaded.set);
        inForce(loaded.set, loaded.findings);
        parts.record({ type: 'configuration.changed', clients: loaded.set.clients.size });
        log.info('clients_loaded', { count: loaded.set.clients.size });
        return true;
      } catch (error) {
        last = { findings: [...loaded.findings, refusedByProvider(loaded, error)] };
      }
    }
    refused(last.findings);
    return false;
  };

  let running: Promise<boolean> = Promise.resolve(false);
  /** One after the other, since the loader keeps what it has read. Never rejects. */
  const queue = (asked: boolean): Promise<boolean> => {
    running = running.then(async () => {
      try {
        return await once(asked);
      } catch (error) {
        failures.add();
        log.error('config_reload_failed', errorFields(error));
        last = { findings: [aboutFile('config/clients', 'could not be put into force; the log says more')] };
        return false;
      }
    });
    return running;
  };
  const coalescer = createCoalescer({ run: () => queue(false), interval: parts.interval });
  const watching = watchDirectories(() => coalescer.notice(), parts.poll);
  inForce(parts.first.set, parts.first.findings);
  watching.cover(parts.first.directories);
  return {
    async now() {
      await queue(true);
      return last;
    },
    state: () => state,
    async close() {
      coalescer.close();
      watching.close();
      await running;
    },
  };
};
