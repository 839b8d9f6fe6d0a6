import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { newKassenzeichen } from '../../../src/portal/bezahlsystem/orders/kassenzeichen.ts';
import type { PaymentMethod } from '../../../src/portal/bezahlsystem/orders/order.ts';
import { dayAfter, totalsOf } from '../../../src/portal/bezahlsystem/orders/statement.ts';
import { originatorFile, type Originators } from '../../../src/portal/bezahlsystem/originators.ts';
import { tellByOutbox } from '../../../src/portal/bezahlsystem/notices/outbox.ts';
import { createAsking } from '../../../src/portal/bezahlsystem/paying/asking.ts';
import { createPayments } from '../../../src/portal/bezahlsystem/paying/create-payments.ts';
import { createInbox, type Inbox } from '../../../src/portal/bezahlsystem/paying/inbox.ts';
import { paymentJobs } from '../../../src/portal/bezahlsystem/paying/jobs.ts';
import type { OrderView, Payments } from '../../../src/portal/bezahlsystem/payments.ts';
import { createRecords, type BezahlRecords } from '../../../src/portal/bezahlsystem/records/records.ts';
import type { BezahlTables } from '../../../src/portal/bezahlsystem/records/tables.ts';
import type { Database } from '../../../src/storage/database.ts';
import { createSealer } from '../../../src/storage/sealing.ts';
import { createMetrics } from '../../../src/web/metrics.ts';
import type { PolledTask } from '../../../src/web/polling.ts';
import { shiftClock } from '../../support/clock.ts';
import { createBank, type Bank, type BankAct } from './bank.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';

export const payable = 3600;
const amount = 1300;

const originator = originatorFile.parse({
  originator: 'dienst',
  authority: 'bayern',
  name: 'Dienst',
  client_ids: ['dienst'],
  redirect_origins: ['https://dienst.test'],
  notice_uri: 'https://dienst.test/zahlungen',
  end_points: [{ id: 'amt', payee: { name: 'Amt', address: ['Weg 1'], account_reference: 'K' }, provider: 'bank' }],
});
const originators: Originators = { all: new Map([['dienst', originator]]) };

interface Process {
  readonly payments: Payments;
  readonly inbox: Inbox;
  readonly jobs: readonly PolledTask[];
  readonly records: BezahlRecords;
}

/** Before each call of the store. */
const passing = <Group extends object>(group: Group, pass: () => Promise<void>): Group =>
  new Proxy(group, {
    get: (target, name) => {
      const member = target[name as keyof Group];
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]): Promise<unknown> => {
        await pass();
        return (member as (...args: unknown[]) => unknown).apply(target, args);
      };
    },
  });

/** One order, everybody who has to do with it, and what may never be. */
export class Story {
  readonly bank: Bank;
  readonly happened: Set<string>;
  readonly #database: Database<BezahlTables>;
  readonly #key: Buffer;
  readonly #scheduler: Scheduler = createScheduler();
  readonly #requestId = randomUUID();
  #process: Process;
  #pageId = '';
  #orderId = '';
  #ended: string | undefined;

  constructor(database: Database<BezahlTables>, key: Buffer, happened: Set<string>) {
    this.#database = database;
    this.#key = key;
    this.happened = happened;
    this.bank = createBank(() => this.#scheduler.pass());
    this.#process = this.#start();
  }

  #start(): Process {
    const pass = (): Promise<void> => this.#scheduler.pass();
    const sealer = createSealer([{ id: '1', key: this.#key }]);
    const plain = createRecords(
      this.#database,
      this.#key,
      tellByOutbox(sealer, () => originators, true),
    );
    const records = Object.fromEntries(
      Object.entries(plain).map(([name, group]) => [name, passing(group as object, pass)]),
    ) as unknown as BezahlRecords;
    const parts = {
      settings: {
        origin: 'https://bezahlen.test',
        lifetimes: { payable, result: 10_000_000 },
        retention: { content: 10_000, callbacks: 10_000 },
      },
      records,
      providers: new Map([['bank', this.bank.provider]]),
      originators: () => originators,
      alarm: (reason: string) => void this.happened.add(reason),
      wake: () => {},
    };
    const asking = createAsking(parts);
    const inbox = createInbox(parts, asking);
    // Old orders are for other tests.
    const [work, refund] = paymentJobs(parts, asking, inbox, createMetrics());
    return {
      payments: createPayments(parts, asking),
      inbox,
      jobs: [work, refund].filter((job) => job !== undefined),
      records,
    };
  }

  /** The service asks, perhaps again. */
  async create(): Promise<void> {
    const made = await this.#process.records.orders.create({
      id: randomUUID(),
      pageId: randomBytes(32).toString('base64url'),
      originatorId: 'dienst',
      endPointId: 'amt',
      requestId: this.#requestId,
      amount,
      currency: 'EUR',
      reference: newKassenzeichen({ prefix: 'M', digits: 14 }),
      content: {
        requestTimestamp: '2026-01-01T00:00:00Z',
        purpose: 'Gebuehr',
        items: [],
        payee: { name: 'Amt', address: ['Weg 1'], accountReference: 'K' },
        redirectUrl: 'https://dienst.test/zurueck',
      },
      createdAt: Date.now(),
      payableUntil: Date.now() + payable * 1000,
      canonical: 'the same',
    });
    if (made.outcome !== 'created' && made.outcome !== 'same')
      throw new Error(`the order was answered ${made.outcome}`);
    if (this.#orderId !== '') expect(made.order.id).toBe(this.#orderId);
    this.#orderId = made.order.id;
    this.#pageId = made.order.pageId;
  }

  /** What a citizen is told must be true, and stay true. */
  #seen(view: OrderView | undefined): void {
    if (!view) throw new Error('the page is gone');
    const paid = [...this.bank.payments.values()].some(({ orderId, moved }) => orderId === this.#orderId && moved > 0);
    if (view.state === 'paid' && !paid) throw new Error('a payment is told of that never was');
    const end = ['paid', 'failed', 'cancelled'].includes(view.state) ? view.state : undefined;
    if (this.#ended !== undefined && end !== undefined && end !== this.#ended)
      throw new Error(`${this.#ended} became ${end}`);
    this.#ended ??= end;
    this.happened.add(`seen ${view.state}`);
  }

  async pay(method: PaymentMethod): Promise<void> {
    const result = await this.#process.payments.pay(this.#pageId, { method, locale: 'de' });
    this.happened.add(`pay ${result?.kind}`);
  }
  async cancel(): Promise<void> {
    this.#seen(await this.#process.payments.cancel(this.#pageId));
  }
  async look(): Promise<void> {
    this.#seen(await this.#process.payments.look(this.#pageId));
  }
  async work(): Promise<void> {
    for (const job of this.#process.jobs) await job();
  }
  /** The bank's message comes in, perhaps again. */
  async deliver(which: number, keep: boolean): Promise<void> {
    const { messages } = this.bank;
    const [message] = messages.slice(which % Math.max(1, messages.length));
    if (!message) return;
    if (!keep) messages.splice(messages.indexOf(message), 1);
    await this.#process.inbox.take('bank', message, Date.now());
    await this.#process.inbox.work();
    this.happened.add('delivered');
  }
  async refund(cents: number): Promise<void> {
    const outcome = await this.#process.records.refunds.request(this.#orderId, {
      requestId: randomUUID(),
      amount: cents,
      at: Date.now(),
    });
    this.happened.add(`refund ${outcome.kind}`);
  }
  async atBank(which: number, act: BankAct): Promise<void> {
    const ids = [...this.bank.payments.keys()];
    const id = ids[which % Math.max(1, ids.length)];
    if (id !== undefined && this.bank.act(id, act)) this.happened.add(`bank ${act}`);
  }

  /** All of them at once. */
  async together(works: readonly (() => Promise<unknown>)[], order: readonly number[], crash?: number): Promise<void> {
    if (await this.#scheduler.run(works, order, crash)) {
      this.happened.add('crash');
      this.#process = this.#start();
    }
  }

  /** Time goes by until nothing happens any more; then both sides must agree to the cent. */
  async last(): Promise<void> {
    this.bank.away = undefined;
    for (const hours of [1, 1, 1, 24, 24, 7 * 24, 7 * 24]) {
      shiftClock(hours * 3600_000);
      for (const id of this.bank.payments.keys()) this.bank.act(id, 'decide');
      await this.work();
    }
    const { records, payments } = this.#process;
    const order = await records.orders.byId(this.#orderId);
    if (!order) throw new Error('the order is gone');
    this.#seen(await payments.view(this.#pageId));
    this.happened.add(`end ${order.status}`);
    expect(['PAYED', 'FAILED', 'CANCELED']).toContain(order.status);
    const refunds = await records.refunds.ofOrder(this.#orderId);
    expect(refunds.filter(({ state }) => state === 'requested' || state === 'pending')).toEqual([]);
    const given = refunds
      .filter(({ reason, state }) => reason === 'service' && state === 'done')
      .reduce((sum, one) => sum + one.amount, 0);
    // Nobody pays twice, and nothing that was paid is lost.
    expect([order.status, this.bank.netOf(this.#orderId)]).toEqual([
      order.status,
      order.status === 'PAYED' ? amount - given : 0,
    ]);

    // The books say what the bank says, and the statements of all days make up the books.
    const bookings = await this.#database.query
      .selectFrom('bookings')
      .selectAll()
      .where('order_id', '=', this.#orderId)
      .orderBy('day')
      .execute();
    expect(bookings.reduce((sum, booking) => sum + booking.amount, 0)).toBe(this.bank.netOf(this.#orderId));
    let stated = 0;
    for (let day = bookings[0]?.day ?? ''; day !== '' && day <= (bookings.at(-1)?.day ?? ''); day = dayAfter(day)) {
      const statement = await records.books.statement('dienst', 'amt', day);
      const own = statement.bookings.filter(({ transactionId }) => transactionId === this.#orderId);
      stated += totalsOf({ ...statement, bookings: own }).total;
    }
    expect(stated).toBe(this.bank.netOf(this.#orderId));

    // The service was told once, and of nothing but the end.
    const told = await this.#database.query
      .selectFrom('outbox')
      .select('id')
      .where('kind', '=', 'payment-notice')
      .where('dedupe_key', '=', `order ${this.#orderId}`)
      .execute();
    expect(told).toHaveLength(1);
  }
}
