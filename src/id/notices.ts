import { setTimeout as pause } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import type { Database } from '../storage/database.ts';
import type { Delivery } from '../storage/deliveries.ts';
import { groupCommit } from '../storage/group-commit.ts';
import { outboxStatus, type OutboxTables } from '../storage/outbox.ts';
import type { Log } from '../web/log.ts';
import type { Journal } from './audit/journal.ts';
import type { LogoutNotice } from './oidc/logout.ts';
import type { EnqueueNotice } from './oidc/session-register.ts';

/** Logout notices on their way: written down at once, delivered behind the request. */
export interface Notices {
  enqueue(notice: LogoutNotice, key: string): Promise<void>;
  /** Which of these are delivered; waits a moment for those that are not. */
  delivered(keys: readonly string[]): Promise<ReadonlySet<string>>;
}

export const createNotices = <Tables extends OutboxTables>(
  all: Database<Tables>,
  enqueue: EnqueueNotice,
  wake: () => void,
): Notices => {
  const database = all as unknown as Database<OutboxTables>;
  const look = async (keys: readonly string[]): Promise<Set<string>> => {
    const rows = keys.length === 0 ? [] : await outboxStatus(database, { dedupeKeys: keys });
    return new Set(
      rows.flatMap(({ state, dedupeKey }) => (state === 'delivered' && dedupeKey !== undefined ? [dedupeKey] : [])),
    );
  };
  // A logout writes one for each service, all at once.
  const enqueueGroup = groupCommit<{ readonly notice: LogoutNotice; readonly key: string }>(async (group) => {
    await database.transaction(async (trx: Transaction<OutboxTables>) => {
      for (const { notice, key } of group) await enqueue(trx, notice, key);
    });
    wake();
  });
  return {
    enqueue: (notice, key) => enqueueGroup({ notice, key }),
    async delivered(keys) {
      // Services that answer at all answer within a moment; nobody waits longer for one that does not.
      for (const wait of [50, 100, 200]) {
        const delivered = await look(keys);
        if (delivered.size >= keys.length) return delivered;
        await pause(wait);
      }
      return look(keys);
    },
  };
};

/** How logout notices leave the outbox. */
export const noticeDelivery = (
  tell: (notice: LogoutNotice) => Promise<void>,
  { log, journal }: { readonly log: Log; readonly journal: Journal },
): Delivery => ({
  async deliver(payload) {
    const notice = payload as unknown as LogoutNotice;
    await tell(notice);
    journal.record({ type: 'logout.told', outcome: 'delivered', clientId: notice.clientId });
  },
  gaveUp({ kind, id, lane }) {
    log.error('outbox_gave_up', { kind, referenceId: id, client: lane });
    journal.record({ type: 'logout.told', outcome: 'failed', ...(lane === undefined ? {} : { clientId: lane }) });
  },
});
