import type { Database } from '../storage/database.ts';
import type { Metrics } from '../web/metrics.ts';
import type { AuditChainTables } from './audit/chain.ts';
import type { AuditTables, Journal } from './audit/journal.ts';
import type { PasswordHashing } from './authentication/password/hashing.ts';
import { turns, type Turn } from './authentication/password/queue.ts';
import { isOfUse, keyUses, stageOf, type KeyTables } from './oidc/keys.ts';

export interface IdMetricsParts {
  readonly metrics: Metrics;
  readonly records: Database<AuditTables & AuditChainTables & KeyTables>;
  readonly journal: Pick<Journal, 'waiting'>;
  readonly hashing: Pick<PasswordHashing, 'load'>;
}

const total = (numbers: Readonly<Record<Turn, number>>): number => turns.reduce((sum, turn) => sum + numbers[turn], 0);

/** An event's id begins with its time in ms (journal.ts). */
const timeOf = (id: string): number => Number.parseInt(id.slice(0, 12), 16);

/** Since when the oldest event waits for its link, in seconds; 0 when all are linked. */
const unlinkedFor = async ({ query }: Database<AuditTables & AuditChainTables>): Promise<number> => {
  const { newest } = await query
    .selectFrom('audit_chain')
    .select(({ fn }) => fn.max('event_id').as('newest'))
    .executeTakeFirstOrThrow();
  const { oldest } = await query
    .selectFrom('audit_events')
    .select(({ fn }) => fn.min('id').as('oldest'))
    .where('id', '>', newest ?? '')
    .executeTakeFirstOrThrow();
  return oldest ? Math.max(0, (Date.now() - timeOf(oldest)) / 1000) : 0;
};

/** What is Bayern-ID's own to tell: hashing, journal, keys. */
export const addIdMetrics = ({ metrics, records, journal, hashing }: IdMetricsParts): void => {
  const hashes = metrics.gauges('password_hashes', 'Password hashes under way, waiting, and places for them.', {
    state: ['running', 'waiting', 'places'],
  });
  const waitingHashes = metrics.gauges('password_hashes_waiting', 'Logins that wait for a hash, by their turn.', {
    turn: turns,
  });
  metrics.readCounter('password_hashes_refused_total', 'Logins sent away for a moment because too many waited.', () =>
    total(hashing.load().refused),
  );
  metrics.readGauge('journal_waiting_events', 'Events of the journal that are not written yet.', () =>
    journal.waiting(),
  );
  const unlinked = metrics.gauge('journal_unlinked_seconds', 'How long the oldest event has waited for its link.');
  const keys = metrics.gauges('keys', 'Signing and cookie keys by what they are for and their stage.', {
    use: keyUses,
    stage: ['next', 'current', 'retired'],
  });
  const since = metrics.gauges('key_in_use_since_timestamp_seconds', 'Since when the current key is used.', {
    use: keyUses,
  });
  const until = metrics.gauges(
    'key_expiry_timestamp_seconds',
    'When the current key ends; absent while nobody has set an end.',
    {
      use: keyUses,
    },
  );
  metrics.look(async () => {
    const { running, waiting, places } = hashing.load();
    hashes.set({ state: 'running' }, running);
    hashes.set({ state: 'waiting' }, total(waiting));
    for (const turn of turns) waitingHashes.set({ turn }, waiting[turn]);
    hashes.set({ state: 'places' }, places);
    unlinked.set(await unlinkedFor(records));
    const rows = await records.query.selectFrom('keys').selectAll().execute();
    const now = Date.now();
    for (const use of keyUses) {
      const mine = rows.filter((row) => isOfUse(row, use));
      for (const stage of ['next', 'current', 'retired'] as const)
        keys.set({ use, stage }, mine.filter((row) => stageOf(row, rows, now) === stage).length);
      const current = mine.find((row) => stageOf(row, rows, now) === 'current');
      if (!current) continue;
      since.set({ use }, Math.floor(current.sign_from / 1000));
      if (current.retire_at !== null) until.set({ use }, Math.floor(current.retire_at / 1000));
    }
  });
};
