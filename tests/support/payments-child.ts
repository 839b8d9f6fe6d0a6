/**
 * A process that makes one fee, pays it and gives a part of it back, and dies (SIGKILL) before its n-th statement of SQL. What an earlier
 * one has left it brings to an end first. Run by tests/flow/payments-kill.slow.test.ts.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { StatementSync } from 'node:sqlite';
import pg from 'pg';
import { tellByOutbox } from '../../src/portal/bezahlsystem/notices/outbox.ts';
import { newKassenzeichen } from '../../src/portal/bezahlsystem/orders/kassenzeichen.ts';
import { originatorFile } from '../../src/portal/bezahlsystem/originators.ts';
import { createAsking } from '../../src/portal/bezahlsystem/paying/asking.ts';
import { createPayments } from '../../src/portal/bezahlsystem/paying/create-payments.ts';
import { createInbox } from '../../src/portal/bezahlsystem/paying/inbox.ts';
import { paymentJobs } from '../../src/portal/bezahlsystem/paying/jobs.ts';
import { createSandbox } from '../../src/portal/bezahlsystem/providers/sandbox.ts';
import { bezahlMigrations } from '../../src/portal/bezahlsystem/records/migrations.ts';
import { createRecords } from '../../src/portal/bezahlsystem/records/records.ts';
import type { BezahlTables } from '../../src/portal/bezahlsystem/records/tables.ts';
import { openDatabase, type DatabaseLocation } from '../../src/storage/database.ts';
import { createSealer } from '../../src/storage/sealing.ts';
import { createMetrics } from '../../src/web/metrics.ts';
import { createOutbound } from '../../src/web/outbound.ts';
import { resetClock, shiftClock } from './clock.ts';
import { atProvider } from './payer.ts';

export interface ChildTask {
  readonly location: DatabaseLocation;
  /** Hexadecimal. */
  readonly key: string;
  readonly provider: { readonly origin: string; readonly apiKey: string };
  /** The request whose fee an earlier process has left. */
  readonly unfinished?: string;
  readonly requestId: string;
  /** Absent: it lives. */
  readonly dieBefore?: number;
}

/** Of the unfinished fee. */
export interface ChildReport {
  readonly status: string;
  readonly booked: readonly number[];
  readonly notices: number;
  readonly refunds: readonly string[];
  readonly attempts: readonly string[];
}

const task = JSON.parse(process.argv[2] ?? '') as ChildTask;

let left = Infinity;
const count = (): void => {
  left -= 1;
  if (left < 0) process.kill(process.pid, 'SIGKILL');
};
for (const name of ['run', 'all'] as const) {
  const plain = StatementSync.prototype[name] as (...args: unknown[]) => unknown;
  StatementSync.prototype[name] = function (this: StatementSync, ...args: unknown[]) {
    count();
    return plain.apply(this, args);
  } as never;
}
const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  count();
  return query.apply(this, args);
} as never;

const database = await openDatabase<BezahlTables>(task.location);
await database.migrate(bezahlMigrations);
const key = Buffer.from(task.key, 'hex');
const originator = originatorFile.parse({
  originator: 'dienst',
  authority: 'bayern',
  name: 'Dienst',
  client_ids: ['dienst'],
  redirect_origins: ['https://dienst.test'],
  notice_uri: 'https://dienst.test/zahlungen',
  end_points: [{ id: 'amt', payee: { name: 'Amt', address: ['Weg 1'], account_reference: 'K' }, provider: 'sandbox' }],
});
const originators = () => ({ all: new Map([['dienst', originator]]) });
const records = createRecords(database, key, tellByOutbox(createSealer([{ id: '1', key }]), originators, false));
const provider = createSandbox({
  name: 'sandbox',
  ...task.provider,
  callbackSecrets: [randomBytes(32)],
  outbound: createOutbound({ allowSpecialUse: true }),
});
const parts = {
  settings: {
    origin: 'http://localhost:3003',
    lifetimes: { payable: 86_400, result: 86_400 },
    retention: { content: 1000, callbacks: 1000 },
  },
  records,
  providers: new Map([['sandbox', provider]]),
  originators,
  alarm: () => {},
  wake: () => {},
};
const asking = createAsking(parts);
const inbox = createInbox(parts, asking);
const payments = createPayments(parts, asking);
const jobs = paymentJobs(parts, asking, inbox, createMetrics());
const amount = 1300;

/** Everything that a service, a citizen and the provider do for one fee; each of them does again what was not answered. */
const play = async (requestId: string): Promise<string> => {
  const made = await records.orders.create({
    id: randomUUID(),
    pageId: randomBytes(32).toString('base64url'),
    originatorId: 'dienst',
    endPointId: 'amt',
    requestId,
    amount,
    currency: 'EUR',
    reference: newKassenzeichen({ prefix: 'K', digits: 14 }),
    content: {
      requestTimestamp: '2026-01-01T00:00:00Z',
      purpose: 'Gebuehr',
      items: [],
      payee: { name: 'Amt', address: ['Weg 1'], accountReference: 'K' },
      redirectUrl: 'https://dienst.test/zurueck',
    },
    createdAt: Date.now(),
    payableUntil: Date.now() + 86_400_000,
    canonical: 'the same',
  });
  if (made.outcome !== 'created' && made.outcome !== 'same') throw new Error(`the order was answered ${made.outcome}`);
  const { id, pageId } = made.order;
  const result = await payments.pay(pageId, { method: 'CREDITCARD', locale: 'de' });
  if (result?.kind === 'redirect') {
    await atProvider.pays(result.url, 'noCallback');
    const attempt = await records.attempts.alive(id);
    if (attempt) {
      const payment = { attemptId: attempt.id, state: 'paid', amount, currency: 'EUR' } as const;
      await inbox.take('sandbox', { eventId: `paid-${attempt.id}`, attemptId: attempt.id, payment }, Date.now());
      await inbox.work();
    }
  }
  await payments.look(pageId);
  await records.refunds.request(id, { requestId: `${requestId}-r`.slice(0, 36), amount: 300, at: Date.now() });
  for (const job of jobs) await job();
  return id;
};

const report = async (id: string): Promise<ChildReport> => {
  const booked = await database.query
    .selectFrom('bookings')
    .select('amount')
    .where('order_id', '=', id)
    .orderBy('at')
    .execute();
  const notices = await database.query
    .selectFrom('outbox')
    .select('id')
    .where('dedupe_key', '=', `order ${id}`)
    .execute();
  const attempts = await database.query.selectFrom('attempts').select('state').where('order_id', '=', id).execute();
  return {
    status: (await records.orders.byId(id))?.status ?? 'gone',
    booked: booked.map((row) => row.amount),
    notices: notices.length,
    refunds: (await records.refunds.ofOrder(id)).map(({ state }) => state),
    attempts: attempts.map(({ state }) => state),
  };
};

if (task.unfinished !== undefined) {
  // Only the jobs first: what they find by themselves needs nobody to come back.
  for (const job of jobs) await job();
  const id = await play(task.unfinished);
  // What an earlier process had just taken on is taken on again a little later.
  shiftClock(1200_000);
  for (const job of jobs) await job();
  resetClock();
  console.log(JSON.stringify(await report(id)));
}
left = task.dieBefore ?? Infinity;
await play(task.requestId);
left = Infinity;
console.log('lived');
await database.close();
