import { DatabaseSync } from 'node:sqlite';
import type { Payment } from './payment.ts';

/** Payments by reference and by the token of their page. Each is written before anybody is told of it. */
export interface PaymentStore {
  find(reference: string): Payment | undefined;
  findByToken(token: string): Payment | undefined;
  save(payment: Payment): void;
  /** Those with something to happen until then: a decision, an expiry or a call-back. `until` in ms since the epoch, or Infinity. */
  due(until: number): readonly Payment[];
  latest(most: number): readonly Payment[];
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS payments (
    reference TEXT PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    due_at INTEGER,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS payments_due ON payments (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX IF NOT EXISTS payments_created ON payments (created_at);
`;

/** When the next thing happens; null: nothing will. */
const dueAtOf = ({ state, callbacks, decidesAt, order }: Payment): number | null => {
  const undecided = state === 'open' || state === 'processing' ? (decidesAt ?? order?.expiresAt) : undefined;
  const times = [undecided, ...callbacks.map(({ dueAt }) => dueAt)].filter((at) => at !== undefined);
  return times.length === 0 ? null : Math.min(...times);
};

/** ms that what has ended is kept. */
const keptFor = 30 * 24 * 3600_000;

/** @param file `:memory:` keeps nothing. */
export const openPaymentStore = (file: string): PaymentStore => {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  database.exec(schema);
  database.prepare('DELETE FROM payments WHERE due_at IS NULL AND created_at < ?').run(Date.now() - keptFor);
  const byReference = database.prepare('SELECT document FROM payments WHERE reference = ?');
  const byToken = database.prepare('SELECT document FROM payments WHERE token = ?');
  const due = database.prepare('SELECT document FROM payments WHERE due_at <= ?');
  const latest = database.prepare('SELECT document FROM payments ORDER BY created_at DESC, rowid DESC LIMIT ?');
  const save = database.prepare(
    `INSERT INTO payments (reference, token, created_at, due_at, document) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (reference) DO UPDATE SET due_at = excluded.due_at, document = excluded.document`,
  );
  const read = (row: unknown): Payment | undefined =>
    row === undefined ? undefined : (JSON.parse((row as { document: string }).document) as Payment);
  const readAll = (rows: readonly unknown[]): Payment[] => rows.flatMap((row) => read(row) ?? []);
  return {
    find: (reference) => read(byReference.get(reference)),
    findByToken: (token) => read(byToken.get(token)),
    save(payment) {
      const { reference, token, createdAt } = payment;
      save.run(reference, token, createdAt, dueAtOf(payment), JSON.stringify(payment));
    },
    due: (until) => readAll(due.all(Math.min(until, Number.MAX_SAFE_INTEGER))),
    latest: (most) => readAll(latest.all(most)),
    close() {
      if (database.isOpen) database.close();
    },
  };
};
