import type { Database } from '../storage/database.ts';
import { outboxCounts, type OutboxTables } from '../storage/outbox.ts';
import type { Metrics } from '../web/metrics.ts';
import { parts } from '../web/parts.ts';

/** What waits in the outbox of which part. */
const kindsOf: Readonly<Record<string, readonly string[]>> = {
  id: ['logout', 'security-event', 'mail'],
  'mein-postfach': ['mail', 'webhook'],
  bezahlsystem: ['payment-notice', 'receipt-letter'],
  fuehrungszeugnis: ['letter', 'status'],
};

/** ms: every node and every reader of metrics would otherwise make the database count again. */
const lookAtMostEvery = 10_000;

export interface OutboxMetrics {
  /** Looks at a part's outbox from now on, if it has one. */
  add<Tables>(part: string, records: Database<Tables>): void;
}

/** What waits to be sent, since when, and what was given up. All nodes of a part see the same rows: take the maximum, not the sum. */
export const addOutboxMetrics = (metrics: Metrics): OutboxMetrics => {
  const labels = { part: parts, kind: Object.values(kindsOf).flat() };
  const waiting = metrics.gauges('outbox_waiting', 'Messages that wait to be delivered.', labels);
  const age = metrics.gauges('outbox_oldest_seconds', 'How long the oldest of them has waited.', labels);
  const tries = metrics.gauges('outbox_most_tries', 'How often the most stubborn of them was tried.', labels);
  const failed = metrics.gauges('outbox_failed', 'Messages given up within the last 30 days.', labels);
  const watched: { readonly part: string; readonly records: Database<OutboxTables>; lookedAt: number }[] = [];
  metrics.look(async () => {
    const now = performance.now();
    for (const one of watched) {
      if (now - one.lookedAt < lookAtMostEvery) continue;
      // One that is away, or not migrated yet, must not hide the others.
      const counts = await outboxCounts(one.records).catch(() => undefined);
      if (!counts) continue;
      one.lookedAt = now;
      for (const kind of kindsOf[one.part] ?? []) {
        const found = counts.get(kind);
        const at = { part: one.part, kind };
        waiting.set(at, found?.waiting ?? 0);
        age.set(at, found?.oldest === undefined ? 0 : Math.max(0, (Date.now() - found.oldest) / 1000));
        tries.set(at, found?.attempts ?? 0);
        failed.set(at, found?.failed ?? 0);
      }
    }
  });
  return {
    add(part, records) {
      if (kindsOf[part])
        watched.push({ part, records: records as unknown as Database<OutboxTables>, lookedAt: -Infinity });
    },
  };
};
