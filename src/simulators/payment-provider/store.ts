import { DatabaseSync } from 'node:sqlite';
import type { Payment } from './payment.ts';

/** Payments by reference and by the token of their page. Each is written before anybody is told of it. */
export interface PaymentStore {
  find(reference: string): Payment | undefined;
  findByToken(token: string): Payment | undefined;
  save(payment: Payment): void;
  /** What still has something to happen: a decision, an expiry or a call-back. */
  unfinished(): readonly Payment[];
  latest(most: number): readonly Payment[];
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS payments (
    reference TEXT PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    unfinished INTEGER NOT NULL,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS payments_unfinished ON payments (unfinished) WHERE unfinished = 1;
  CREATE INDEX IF NOT EXISTS payments_created ON payments (created_at);
`;

const isUnfinished = ({ state, callbacks }: Payment): boolean =>
  state === 'open' || state === 'processing' || callbacks.some(({ dueAt }) => dueAt !== undefined);

/** @param file `:memory:` keeps nothing. */
export const openPaymentStore = (file: string): PaymentStore => {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  database.exec(schema);
  const byReference = database.prepare('SELECT document FROM payments WHERE reference = ?');
  const byToken = database.prepare('SELECT document FROM payments WHERE token = ?');
  const unfinished = database.prepare('SELECT document FROM payments WHERE unfinished = 1');
  const latest = database.prepare('SELECT document FROM payments ORDER BY created_at DESC, rowid DESC LIMIT ?');
  const save = database.prepare(
    `INSERT INTO payments (reference, token, created_at, unfinished, document) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (reference) DO UPDATE SET unfinished = excluded.unfinished, document = excluded.document`,
  );
  const read = (row: unknown): Payment | undefined =>
    row === undefined ? undefined : (JSON.parse((row as { document: string }).document) as Payment);
  const readAll = (rows: readonly unknown[]): Payment[] => rows.flatMap((row) => read(row) ?? []);
  return {
    find: (reference) => read(byReference.get(reference)),
    findByToken: (token) => read(byToken.get(token)),
    save(payment) {
      const { reference, token, createdAt } = payment;
      save.run(reference, token, createdAt, isUnfinished(payment) ? 1 : 0, JSON.stringify(payment));
    },
    unfinished: () => readAll(unfinished.all()),
    latest: (most) => readAll(latest.all(most)),
    close: () => database.close(),
  };
};
