import { randomBytes } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Database } from '../../storage/database.ts';
import type { AuditEvent, EventAside } from './events.ts';

export interface AuditTables {
  audit_events: {
    /** Sorts by time, then by order of writing. */
    id: string;
    at: number;
    type: string;
    account_id: string | null;
    client_id: string | null;
    reference_id: string | null;
    /** JSON of what is particular to the type; holds no personal data. */
    detail: string;
  };
}

export const auditMigrations: Record<string, Migration> = {
  '0002-audit': {
    async up(db) {
      await db.schema
        .createTable('audit_events')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .addColumn('type', 'text', (c) => c.notNull())
        .addColumn('account_id', 'text')
        .addColumn('client_id', 'text')
        .addColumn('reference_id', 'text')
        .addColumn('detail', 'text', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('audit_events_account').on('audit_events').columns(['account_id', 'at']).execute();
    },
  },
};

let sequence = 0;

/** Time, a counter of this process and 40 random bits, so that several nodes never make the same. */
const sortableId = (now: number): string => {
  sequence = (sequence + 1) % 0x1000000;
  return `${now.toString(16).padStart(12, '0')}-${sequence.toString(16).padStart(6, '0')}-${randomBytes(5).toString('hex')}`;
};

/** Appends events inside the caller's transaction, so that fact and event are written together or not at all. */
export const appendEvents = async <Tables extends AuditTables>(
  trx: Kysely<Tables>,
  events: readonly AuditEvent[],
): Promise<void> => {
  if (events.length === 0) return;
  const now = Date.now();
  await (trx as unknown as Kysely<AuditTables>)
    .insertInto('audit_events')
    .values(
      events.map(({ type, accountId, clientId, referenceId, ...detail }) => ({
        id: sortableId(now),
        at: now,
        type,
        account_id: accountId ?? null,
        client_id: clientId ?? null,
        reference_id: referenceId ?? null,
        detail: JSON.stringify(detail),
      })),
    )
    .execute();
};

/** An event on its way into the journal. */
export interface Noted {
  readonly event: AuditEvent;
  readonly aside?: EventAside;
}

export interface JournalWriter<Tables> {
  writeNoted(trx: Transaction<Tables>, noted: readonly Noted[]): Promise<void>;
  isMailed(noted: Noted): boolean;
}

export interface Journal {
  /** For events that change no record of their own. Written in small batches; `settled` waits for those under way. */
  record(event: AuditEvent, aside?: EventAside): void;
  /** Written before it returns: for what must not be lost even if the process ends now. */
  recordNow(events: readonly AuditEvent[]): Promise<void>;
  /** Counted and written nowhere: what would bury the rest. */
  countOnly(event: AuditEvent): void;
  /** Events that are not written yet. */
  waiting(): number;
  settled(): Promise<void>;
  /** Events written after the one with that id ('' for all), oldest first, at most 1,000. */
  after(id: string): Promise<AuditTables['audit_events'][]>;
}

/**
 * @param alarm called when a batch could not be written; its events are kept and tried again with the next.
 * @param writer writes events within a transaction, with the mails about them; `isMailed` says whether there are any.
 * @param count called with each event that changes no record of its own.
 */
export const createJournal = <Tables extends AuditTables>(
  database: Database<Tables>,
  alarm: (error: unknown) => void,
  writer: JournalWriter<Tables>,
  count: (event: AuditEvent) => void = () => {},
): Journal => {
  let waiting: Noted[] = [];
  let running: Promise<void> | undefined;
  // Most tell nobody: they are one statement, which needs no transaction around it and costs a third of the round trips.
  const write = (noted: readonly Noted[]): Promise<void> =>
    noted.some((one) => writer.isMailed(one))
      ? database.transaction((trx) => writer.writeNoted(trx, noted))
      : appendEvents(
          database.query,
          noted.map(({ event }) => event),
        );
  const flush = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 500);
      try {
        await write(batch);
      } catch (error) {
        waiting = [...batch, ...waiting].slice(-10_000);
        alarm(error);
        return;
      }
    }
  };
  return {
    record(event, aside) {
      count(event);
      waiting.push({ event, ...(aside ? { aside } : {}) });
      running ??= flush().finally(() => {
        running = undefined;
      });
    },
    async recordNow(events) {
      await write(events.map((event) => ({ event })));
      for (const event of events) count(event);
    },
    countOnly: count,
    waiting: () => waiting.length,
    after: (id) =>
      (database as unknown as Database<AuditTables>).query
        .selectFrom('audit_events')
        .selectAll()
        .where('id', '>', id)
        .orderBy('id')
        .limit(1000)
        .execute(),
    async settled() {
      // An event may come while the last batch is being written.
      for (let batch = running; batch; batch = running) await batch;
    },
  };
};
