import { createCoalescer } from '../../config/coalesce.ts';
import { ConfigError, formatFinding, type Finding } from '../../config/report.ts';
import { watchDirectories } from '../../config/watch.ts';
import type { Log } from '../../web/log.ts';
import type { Metrics } from '../../web/metrics.ts';
import type { SenderLoader, Senders } from './senders.ts';

export interface SenderReload {
  current(): Senders;
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
 * Puts the files of senders into force as they change, all or nothing: with one broken file the old set stays.
 *
 * @throws ConfigError at the start, which has no earlier set to stay with.
 */
export const createSenderReload = async (
  loader: SenderLoader,
  { log, metrics }: { readonly log: Log; readonly metrics: Metrics },
): Promise<SenderReload> => {
  const first = await loader.load();
  if (!first.senders) throw new ConfigError(first.findings);
  const successful = metrics.gauge(
    'senders_last_reload_successful',
    '1 when the files of senders as they are now are in force.',
  );
  const count = metrics.gauge('senders', 'Senders in force.');
  let senders = first.senders;
  let findings = first.findings;
  const tell = (good: boolean): void => {
    successful.set(good ? 1 : 0);
    count.set(senders.all.size);
  };
  tell(true);

  /** @returns whether another set is in force now. */
  const once = async (): Promise<boolean> => {
    const loaded = await loader.load();
    watching.cover(loaded.directories);
    if (!loaded.changed) return false;
    findings = loaded.findings;
    if (!loaded.senders) {
      for (const line of findings.slice(0, 20).map(formatFinding)) log.error('senders_refused', { reason: line });
      tell(false);
      return false;
    }
    senders = loaded.senders;
    tell(true);
    log.info('senders_loaded', { count: senders.all.size });
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
    current: () => senders,
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
