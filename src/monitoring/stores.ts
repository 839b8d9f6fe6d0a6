import type { Database } from '../storage/database.ts';
import type { StoreObserver } from '../storage/observer.ts';
import { storeOperations } from '../storage/query-names.ts';
import type { Metrics } from '../web/metrics.ts';
import { parts } from '../web/parts.ts';

type WatchedRecords = Pick<Database<unknown>, 'connections' | 'clockOffset'>;

export interface StoreMetrics {
  /** For the stores of a part. */
  observe(part: string): StoreObserver;
  /** Looks at a part's connections from now on. */
  add(part: string, records: WatchedRecords): void;
}

/** What the stores are asked, how long they take, and how often they do not answer. */
export const addStoreMetrics = (metrics: Metrics): StoreMetrics => {
  const stores = ['sqlite', 'postgres', 'redis'] as const;
  const took = metrics.histograms('store_call_duration_seconds', 'How long a store took for one call.', {
    part: parts,
    store: stores,
    operation: storeOperations,
  });
  const errors = metrics.counters('store_errors_total', 'Calls that a store did not answer, or not in time.', {
    part: parts,
    store: stores,
  });
  const connections = metrics.gauges(
    'database_connections',
    'Connections to the database, and callers that wait for one.',
    { part: parts, state: ['busy', 'idle', 'waiting'] },
  );
  const offset = metrics.gauges(
    'clock_offset_seconds',
    'How far the clock of this machine is ahead of the one of the database; below 0 it is behind.',
    { part: parts },
  );
  const watched = new Map<string, WatchedRecords>();
  metrics.look(async () => {
    for (const [part, records] of watched) {
      const now = records.connections();
      const ahead = await records.clockOffset();
      if (ahead !== undefined) offset.set({ part }, ahead / 1000);
      if (!now) continue;
      connections.set({ part, state: 'busy' }, now.open - now.idle);
      connections.set({ part, state: 'idle' }, now.idle);
      connections.set({ part, state: 'waiting' }, now.waiting);
    }
  });
  return {
    observe:
      (part) =>
      ({ store, operation, took: ms, error }) => {
        took.observe({ part, store, operation }, ms / 1000);
        // Others say no, such as a constraint: that is an answer.
        if (error instanceof Error && error.name === 'StorageUnavailable') errors.add({ part, store });
      },
    add: (part, records) => void watched.set(part, records),
  };
};
