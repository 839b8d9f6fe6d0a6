import { createCoalescer } from '../../config/coalesce.ts';
import { ConfigError, formatFinding, type Finding } from '../../config/report.ts';
import { watchDirectories } from '../../config/watch.ts';
import type { Log } from '../../web/log.ts';
import type { Metrics } from '../../web/metrics.ts';

/** Files of one kind, as they were read together. */
export interface LoadedFiles<All> {
  /** Absent when any file is wrong: all or nothing. */
  readonly set?: All;
  readonly findings: readonly Finding[];
  readonly fileOf: (id: string) => string | undefined;
  readonly changed: boolean;
  readonly directories: ReadonlyMap<string, string>;
}

export interface FilesLoader<All> {
  /** Reads what has changed. Never rejects. */
  load(): Promise<LoadedFiles<All>>;
}

export interface FilesReload<All> {
  current(): All;
  /** Reads the files at once. @returns what is wrong with them */
  now(): Promise<readonly Finding[]>;
  /** For the operator. */
  state(): { readonly state: 'in_force' | 'refused'; readonly findings: readonly string[] };
  close(): Promise<void>;
}

/** ms: between two sets under a stream of changes, and between two looks where the system tells nothing. */
const interval = 1000;
const poll = 30_000;

/**
 * Puts files into force as they change, all or nothing: with one broken file the old set stays.
 *
 * @param options.what names them in the log and in metrics: `senders`.
 * @throws ConfigError at the start, which has no earlier set to stay with.
 */
export const createFilesReload = async <All extends { readonly all: { readonly size: number } }>(
  loader: FilesLoader<All>,
  { what, log, metrics }: { readonly what: string; readonly log: Log; readonly metrics: Metrics },
): Promise<FilesReload<All>> => {
  const first = await loader.load();
  if (!first.set) throw new ConfigError(first.findings);
  const successful = metrics.gauge(
    `${what}_last_reload_successful`,
    `1 when the files of ${what} as they are now are in force.`,
  );
  const count = metrics.gauge(what, `${what[0]?.toUpperCase()}${what.slice(1)} in force.`);
  let set = first.set;
  let findings = first.findings;
  const tell = (good: boolean): void => {
    successful.set(good ? 1 : 0);
    count.set(set.all.size);
  };
  tell(true);

  /** @returns whether another set is in force now. */
  const once = async (): Promise<boolean> => {
    const loaded = await loader.load();
    watching.cover(loaded.directories);
    if (!loaded.changed) return false;
    findings = loaded.findings;
    if (!loaded.set) {
      for (const line of findings.slice(0, 20).map(formatFinding)) log.error(`${what}_refused`, { reason: line });
      tell(false);
      return false;
    }
    set = loaded.set;
    tell(true);
    log.info(`${what}_loaded`, { count: set.all.size });
    return true;
  };

  let running: Promise<boolean> = Promise.resolve(false);
  /** One after the other, since the loader keeps what it has read. */
  const queue = (): Promise<boolean> => {
    running = running.then(once, once);
    return running;
  };
  const coalescer = createCoalescer({ run: queue, interval });
  const watching = watchDirectories(() => coalescer.notice(), poll);
  watching.cover(first.directories);
  return {
    current: () => set,
    async now() {
      await queue();
      return findings;
    },
    state: () => ({
      state: findings.some(({ severity }) => severity === 'error') ? 'refused' : 'in_force',
      findings: findings.map(formatFinding),
    }),
    async close() {
      coalescer.close();
      watching.close();
      await running;
    },
  };
};
