import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { mostTries } from '../../src/portal/bezahlsystem/orders/checks.ts';
import { newKassenzeichen } from '../../src/portal/bezahlsystem/orders/kassenzeichen.ts';
import type { Order } from '../../src/portal/bezahlsystem/orders/order.ts';
import { berlinDay, dayAfter } from '../../src/portal/bezahlsystem/orders/statement.ts';
import { bezahlMigrations } from '../../src/portal/bezahlsystem/records/migrations.ts';
import { createRecords, type BezahlRecords } from '../../src/portal/bezahlsystem/records/records.ts';
import type { BezahlTables } from '../../src/portal/bezahlsystem/records/tables.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { describeIf, need } from '../support/lack.ts';
import { startPostgres } from '../support/servers.ts';

interface Place {
  open(): Promise<Database<BezahlTables>>;
  stop(): Promise<void>;
}

/** What two nodes do with one order at the same moment, again and again. */
const describeRaces = (start: () => Promise<Place>): void => {
  let place: Place;
  let databases: Database<BezahlTables>[];
  let nodes: BezahlRecords[];
  let told: string[];

  beforeAll(async () => {
    place = await start();
    databases = [await place.open(), await place.open()];
    await databases[0]?.migrate(bezahlMigrations);
    const key = randomBytes(32);
    told = [];
    nodes = databases.map((database) =>
      createRecords(database, key, async (_trx, event) => {
        database.afterCommit(() => told.push(`${event.type} ${event.order.id} ${event.order.status}`));
      }),
    );
  });
  afterAll(async () => {
    for (const database of databases) await database.close();
    await place.stop();
  });

  const node = (number: number): BezahlRecords => {
    const found = nodes[number % nodes.length];
    if (!found) throw new Error('there is no node');
    return found;
  };
  const many = <Result>(count: number, work: (number: number) => Promise<Result>): Promise<Result[]> =>
    Promise.all(Array.from({ length: count }, (_, number) => work(number)));

  const create = async (requestId = randomUUID(), number = 0): Promise<Order> => {
    const made = await node(number).orders.create({
      id: randomUUID(),
      pageId: randomBytes(32).toString('base64url'),
      originatorId: 'dienst',
      endPointId: 'amt',
      requestId,
      amount: 1300,
      currency: 'EUR',
      reference: newKassenzeichen({ prefix: 'R', digits: 14 }),
      content: {
        requestTimestamp: '2026-01-01T00:00:00Z',
        purpose: 'Gebuehr',
        items: [],
        payee: { name: 'Amt', address: ['Weg 1'], accountReference: 'K' },
        redirectUrl: 'https://dienst.test/',
      },
      createdAt: Date.now(),
      payableUntil: Date.now() + 3600_000,
      canonical: 'the same',
    });
    if (made.outcome !== 'created' && made.outcome !== 'same') throw new Error(made.outcome);
    return made.order;
  };
  const begin = (orderId: string, number: number, id: string = randomUUID()) =>
    node(number).attempts.begin({
      id,
      orderId,
      provider: 'bank',
      method: 'CREDITCARD',
      locale: 'de',
      at: Date.now(),
      checkAt: Date.now(),
    });
  const word = (attemptId: string, number: number, state: 'paid' | 'cancelled' = 'paid') =>
    node(number).words.apply(
      attemptId,
      { state, amount: 1300, currency: 'EUR' },
      { provider: 'bank', at: Date.now(), overdueSince: 0 },
    );
  const end = (orderId: string, number: number) =>
    node(number).words.end(orderId, { status: 'CANCELED', detail: 'canceled_by_payer', at: Date.now() });
  const bookings = (orderId: string) =>
    databases[0]?.query.selectFrom('bookings').selectAll().where('order_id', '=', orderId).execute();

  test('one request id is one order', async () => {
    const requestId = randomUUID();
    const orders = await many(12, (number) => create(requestId, number));
    expect(new Set(orders.map(({ id }) => id)).size).toBe(1);
  });

  test('one attempt begins', async () => {
    const { id } = await create();
    const outcomes = await many(10, (number) => begin(id, number));
    expect(outcomes.filter((outcome) => outcome === 'begun')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'alive')).toHaveLength(9);
  });

  test('the word “paid” counts once, and is told once', async () => {
    const { id } = await create();
    const attempt = randomUUID();
    await begin(id, 0, attempt);
    const outcomes = await many(10, (number) => word(attempt, number));
    expect(outcomes.filter(({ kind }) => kind === 'paid')).toHaveLength(1);
    expect(await bookings(id)).toHaveLength(1);
    expect(told.filter((line) => line.includes(id))).toEqual([`order_ended ${id} PAYED`]);
  });

  test('what operators and the provider say of a payment in doubt at once counts once, and what is written down fits', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { id } = await create();
      const attempt = randomUUID();
      await begin(id, 0, attempt);
      await node(0).words.apply(
        attempt,
        { state: 'paid', amount: 1, currency: 'EUR' },
        { provider: 'bank', at: Date.now(), overdueSince: 0 },
      );
      const settle = (number: number, paid: boolean) =>
        node(number).words.settle(attempt, { paid, reason: 'seen', operator: 'op', word: '', at: Date.now() });
      const outcomes = await many(6, async (number) => {
        if (number % 3 === 0) return (await word(attempt, number)).kind;
        return settle(number, number % 3 === 1);
      });
      // Not paid at first, and then the provider corrects itself: that is paid.
      expect(outcomes.filter((outcome) => outcome === 'paid')).toHaveLength(1);
      expect(outcomes).not.toContain('surplus');
      expect(await bookings(id)).toHaveLength(1);
      expect(told.filter((line) => line.includes(id))).toEqual([`order_ended ${id} PAYED`]);
      expect((await node(1).settlements()).filter(({ attemptId }) => attemptId === attempt).length).toBeLessThan(2);
      expect(await settle(0, false)).toBe('not_in_doubt');
    }
    const { id } = await create();
    const attempt = randomUUID();
    await begin(id, 0, attempt);
    const at = Date.now();
    const doubtful = { state: 'paid', amount: 1, currency: 'EUR' } as const;
    await node(0).words.apply(attempt, doubtful, { provider: 'bank', at, overdueSince: 0 });
    const decision = { paid: false, reason: 'sent back', operator: 'op', word: 'paid 0.01 EUR', at };
    expect(await node(0).words.settle(attempt, decision)).toBe('not_paid');
    for (const change of ["update settlements set result = 'paid'", 'delete from settlements'])
      await expect(sql.raw(change).execute(databases[0]?.query as never)).rejects.toThrow('append-only');
  });

  test('who tries the same fee too often tries no more; presses at once count as one', async () => {
    const { id } = await create();
    for (let tried = 0; tried < mostTries; tried += 1) {
      const attempt = randomUUID();
      await begin(id, 0, attempt);
      expect(await begin(id, 1)).toBe('alive');
      await word(attempt, 0, 'cancelled');
    }
    expect(await begin(id, 0)).toBe('too_often');
  });

  test('paying and ending at once: either, never both, and money for nothing goes back once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await create();
      const attempt = randomUUID();
      await begin(id, 0, attempt);
      await many(6, async (number) => {
        if (number % 3 === 0) return word(attempt, number, 'cancelled');
        return number % 3 === 1 ? word(attempt, number) : end(id, number);
      });
      const { status } = (await node(0).orders.byId(id)) ?? { status: 'gone' };
      const refunds = await node(0).refunds.ofOrder(id);
      expect([status, refunds.length]).toEqual(status === 'PAYED' ? ['PAYED', 0] : ['CANCELED', 1]);
      expect(await bookings(id)).toHaveLength(1);
      expect(told.filter((line) => line.includes(id))).toHaveLength(1);
    }
  });

  test('beginning and ending at once: an order that has ended has no attempt alive', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await create();
      await many(6, async (number) => (number % 2 === 0 ? begin(id, number) : end(id, number)));
      const [order, alive] = [await node(0).orders.byId(id), await node(0).attempts.alive(id)];
      expect([order?.status, alive !== undefined]).toEqual(
        order?.status === 'CANCELED' ? ['CANCELED', false] : ['INITIAL', true],
      );
    }
  });

  test('refunds together never exceed what was paid, and are answered once', async () => {
    const { id } = await create();
    const attempt = randomUUID();
    await begin(id, 0, attempt);
    await word(attempt, 0);
    const outcomes = await many(9, (number) =>
      node(number).refunds.request(id, { requestId: `r${number}`, amount: 300, at: Date.now() }),
    );
    expect(outcomes.filter(({ kind }) => kind === 'made')).toHaveLength(4);
    const [first] = await node(0).refunds.ofOrder(id);
    const ended = await many(6, (number) => node(number).refunds.answer(first?.id ?? '', 'done', Date.now()));
    expect(ended.filter(Boolean)).toHaveLength(1);
    expect(await bookings(id)).toHaveLength(2);
  });

  test('a closed day stays as it was read, whoever books meanwhile; nothing in the books is changed', async () => {
    const yesterday = berlinDay(Date.now() - 86_400_000);
    const orders = await many(6, (number) => create(randomUUID(), number));
    const attempts = await Promise.all(
      orders.map(async ({ id }, number) => {
        const attempt = randomUUID();
        await begin(id, number, attempt);
        return attempt;
      }),
    );
    // A node whose clock is a day behind books while another one reads.
    const late = Date.now() - 86_400_000;
    const statements = await Promise.all(
      attempts.map(async (attempt, number) => {
        await node(number).words.apply(
          attempt,
          { state: 'paid', amount: 1300, currency: 'EUR' },
          { provider: 'bank', at: late, overdueSince: 0 },
        );
        return node(number + 1).books.statement('dienst', 'amt', yesterday);
      }),
    );
    expect(statements.every(({ closed }) => closed)).toBe(true);
    const sizes = statements.map((statement) => statement.bookings.length);
    const last = (await node(0).books.statement('dienst', 'amt', yesterday)).bookings.length;
    expect(sizes).toEqual(sizes.map(() => last));
    const next = await node(0).books.statement('dienst', 'amt', dayAfter(yesterday));
    const mine = new Set(orders.map(({ id }) => id));
    expect(last + next.bookings.filter(({ transactionId }) => mine.has(transactionId)).length).toBe(6);
    await expect(databases[0]?.query.updateTable('bookings').set({ amount: 1 }).execute()).rejects.toThrow();
    await expect(databases[0]?.query.deleteFrom('bookings').execute()).rejects.toThrow();
  });
};

describe('two nodes and one order in SQLite', () => {
  describeRaces(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bayern-id-payment-records-'));
    return {
      open: () => openDatabase<BezahlTables>({ file: join(folder, 'bezahlsystem.sqlite') }),
      stop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });
});

describeIf(need('postgres'), 'two nodes and one order in PostgreSQL', () => {
  describeRaces(async () => {
    const server = await startPostgres();
    return {
      open: () => openDatabase<BezahlTables>({ url: server.url, schema: 'bezahlsystem' }),
      stop: () => server.stop(),
    };
  });
});
