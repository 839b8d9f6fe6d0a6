import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/storage/artifacts.ts';
import type { Database } from '../../src/storage/database.ts';
import { outboxMigration, PermanentFailure, startOutbox } from '../../src/storage/outbox.ts';
import type { Outbox, OutboxMessage, OutboxOptions, OutboxTables } from '../../src/storage/outbox.ts';
import { createSealer } from '../../src/storage/sealing.ts';
import { resetClock, shiftClock } from '../support/clock.ts';

export interface OutboxUnderTest {
  open(): Promise<Database<OutboxTables>>;
  stop(): Promise<void>;
}

const hour = 3_600_000;
const sealer = createSealer([{ id: '1', key: Buffer.alloc(32, 3) }]);

/** Waits for what real servers and other connections do; ends with the test's own time limit. */
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise(setImmediate);
};

/** What an outbox must do on every database. `start` is called once, within beforeAll. */
export function describeOutbox(start: () => Promise<OutboxUnderTest>): void {
  let store: OutboxUnderTest;
  let one: Database<OutboxTables>;
  let other: Database<OutboxTables>;
  let started: Outbox<OutboxTables>[] = [];
  let logged: string[] = [];

  beforeAll(async () => {
    store = await start();
    one = await store.open();
    other = await store.open();
    await one.migrate({ '0001-outbox': outboxMigration });
  });

  afterAll(async () => {
    await one.close();
    await other.close();
    await store.stop();
  });

  beforeEach(async () => {
    await one.query.deleteFrom('outbox').execute();
    logged = [];
  });

  afterEach(async () => {
    await Promise.all(started.map((outbox) => outbox.stop()));
    started = [];
    resetClock();
  });

  const run = (
    deliver: (payload: JsonObject, attempt: number, signal: AbortSignal) => Promise<void>,
    options: Partial<OutboxOptions<OutboxTables>> & { on?: Database<OutboxTables> } = {},
  ): Outbox<OutboxTables> => {
    const { on = one, ...rest } = options;
    const outbox = startOutbox<OutboxTables>({
      database: on,
      sealer,
      handlers: { notice: (payload, { attempt, signal }) => deliver(payload, attempt, signal) },
      log: { warn: (event, fields) => logged.push(JSON.stringify({ event, ...fields })) },
      ...rest,
    });
    started.push(outbox);
    return outbox;
  };

  const put = async (outbox: Outbox<OutboxTables>, ...messages: Partial<OutboxMessage>[]): Promise<string[]> => {
    const ids = await one.transaction(async (trx) => {
      const put: string[] = [];
      for (const message of messages) put.push(await outbox.enqueue(trx, { kind: 'notice', payload: {}, ...message }));
      return put;
    });
    outbox.wake();
    return ids;
  };

  const stateOf = async (outbox: Outbox<OutboxTables>, ids: readonly string[]): Promise<string[]> =>
    (await outbox.status({ ids })).map(({ state, attempts }) => `${state} ${attempts}`);

  const settled = (outbox: Outbox<OutboxTables>, ids: readonly string[], state: string): Promise<void> =>
    until(async () => (await stateOf(outbox, ids)).every((found) => found === state));

  describe('delivery', () => {
    test('begins at once after wake, with the payload that was put in', async () => {
      const got: JsonObject[] = [];
      const outbox = run(async (payload) => void got.push(payload));
      const ids = await put(outbox, { payload: { to: 'Zoë', list: [1, 2] } });
      await settled(outbox, ids, 'delivered 1');
      expect(got).toEqual([{ to: 'Zoë', list: [1, 2] }]);
    });

    test('happens for what was committed, and only for that', async () => {
      const got: JsonObject[] = [];
      const outbox = run(async (payload) => void got.push(payload));
      const failing = one.transaction(async (trx) => {
        await outbox.enqueue(trx, { kind: 'notice', payload: { rolled: 'back' } });
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      await settled(outbox, await put(outbox, { payload: { a: 1 } }), 'delivered 1');
      expect(got).toEqual([{ a: 1 }]);
    });

    test('of what an earlier process left behind begins at the start', async () => {
      const idle = run(async () => {}, { handlers: {} });
      const ids = await put(idle, {});
      const outbox = run(async () => {});
      await settled(outbox, ids, 'delivered 1');
    });

    test('leaves kinds that this process does not know to another one', async () => {
      const outbox = run(async () => {});
      const [mine = '', theirs = ''] = await put(outbox, {}, { kind: 'letter' });
      await settled(outbox, [mine], 'delivered 1');
      expect(await stateOf(outbox, [theirs])).toEqual(['waiting 0']);
    });

    test('by three workers over two connections brings each of 100 messages once', async () => {
      const got: unknown[] = [];
      const note = async (payload: JsonObject): Promise<void> => {
        await new Promise(setImmediate);
        got.push(payload['index']);
      };
      const outboxes = [run(note), run(note, { on: other }), run(note, { on: other })];
      const messages = Array.from({ length: 100 }, (_, index) => ({ payload: { index } }));
      const [first] = outboxes;
      if (first === undefined) throw new Error('unreachable');
      const ids = await put(first, ...messages);
      for (const outbox of outboxes) outbox.wake();
      await settled(first, ids, 'delivered 1');
      expect(got.sort((a, b) => Number(a) - Number(b))).toEqual(messages.map(({ payload }) => payload.index));
    });
  });

  describe('a failed delivery', () => {
    test('that is for good is not repeated, raises the alarm at once, and is forgotten but for its row', async () => {
      const alarms: unknown[] = [];
      let tries = 0;
      const outbox = run(
        async () => {
          tries += 1;
          throw new PermanentFailure('Erika Mustermann is unknown here');
        },
        { onFailed: (...alarm) => alarms.push(...alarm) },
      );
      const ids = await put(outbox, { lane: 'service', payload: { to: 'Erika Mustermann' } });
      await settled(outbox, ids, 'failed 1');
      expect((await one.query.selectFrom('outbox').select('box').executeTakeFirst())?.box).toBeNull();
      shiftClock(9 * hour);
      outbox.wake();
      const [other = ''] = await put(outbox, {});
      await settled(outbox, [other], 'failed 1');
      expect(tries).toBe(2);
      expect(alarms.slice(0, 2)).toEqual([
        { id: ids[0], kind: 'notice', lane: 'service', attempts: 1 },
        { to: 'Erika Mustermann' },
      ]);
      expect(logged[0]).toContain('PermanentFailure');
      expect(logged.join('')).not.toContain('Mustermann');
    });

    test('by silence takes the time of its kind', async () => {
      const silent = (): Promise<void> => new Promise(() => {});
      const aborted: string[] = [];
      const outbox = run(silent, {
        handlers: {
          notice: async (_payload, { signal }) => {
            signal.addEventListener('abort', () => aborted.push('notice'));
            await silent();
          },
          letter: async (_payload, { signal }) => {
            signal.addEventListener('abort', () => aborted.push('letter'));
            await silent();
          },
        },
        timeout: 20,
        timeouts: { letter: 400 },
        maxAttempts: 1,
      });
      const ids = await put(outbox, {}, { kind: 'letter' });
      await settled(outbox, ids, 'failed 1');
      expect(aborted).toEqual(['notice', 'letter']);
    });

    test('is repeated as often as its kind asks for', async () => {
      const refuse = (): Promise<void> => Promise.reject(new Error('not now'));
      const outbox = run(refuse, {
        handlers: { notice: refuse, letter: refuse },
        backoff: () => 0,
        maxAttempts: 2,
        attempts: { letter: 4 },
      });
      const letter = await put(outbox, { kind: 'letter' });
      const notice = await put(outbox, {});
      await settled(outbox, letter, 'failed 4');
      await settled(outbox, notice, 'failed 2');
    });

    test('is repeated with growing gaps, at least 5 times over at least 1 h, then fails and raises an alarm (LO-10)', async () => {
      const begin = Date.now();
      const tries: number[] = [];
      const alarms: unknown[] = [];
      const tryOnce = async (): Promise<void> => {
        const tried = tries.length;
        const outbox = run(
          async () => {
            tries.push(Date.now());
            throw new Error('Erika Mustermann does not answer');
          },
          { onFailed: (message) => alarms.push(message) },
        );
        await until(() => tries.length > tried);
        await outbox.stop();
      };
      const reader = run(async () => {}, { handlers: {} });
      const ids = await put(reader, { payload: { secret: 'p' } });
      while (alarms.length === 0) {
        await tryOnce();
        const { due_at: due } = await one.query.selectFrom('outbox').select('due_at').executeTakeFirstOrThrow();
        shiftClock(Math.max(0, due - Date.now()));
      }
      const times = tries.map((at) => at - begin);
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      expect(times.filter((at) => at <= 1.3 * hour).length).toBeGreaterThanOrEqual(5);
      expect(times.at(-1)).toBeGreaterThan(hour);
      expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
      expect(await stateOf(reader, ids)).toEqual([`failed ${tries.length}`]);
      expect(alarms).toEqual([{ id: ids[0], kind: 'notice', attempts: tries.length }]);
      expect(logged).toHaveLength(tries.length);
      expect(logged.join()).not.toContain('Mustermann');
    });

    test('succeeds later', async () => {
      const outbox = run(
        async (_, attempt) => {
          if (attempt < 3) throw new Error('not yet');
        },
        { backoff: () => 0 },
      );
      await settled(outbox, await put(outbox, {}), 'delivered 3');
    });

    test('does not come back before its time', async () => {
      let tries = 0;
      const outbox = run(async () => {
        tries += 1;
        throw new Error('no');
      });
      const ids = await put(outbox, {});
      await settled(outbox, ids, 'waiting 1');
      await until(() => logged.length === 1);
      outbox.wake();
      const second = await put(outbox, { kind: 'notice', payload: {} });
      // A row counts as tried when it is claimed, which is before the handler runs.
      await until(() => logged.length >= 2);
      expect(tries).toBe(2);
      expect(await stateOf(outbox, [...ids, ...second])).toEqual(['waiting 1', 'waiting 1']);
    });

    test('of a payload that was changed in the store never reaches the handler', async () => {
      let tries = 0;
      const idle = run(async () => {}, { handlers: {} });
      const ids = await put(idle, {}, {});
      const rows = await one.query.selectFrom('outbox').select(['id', 'box']).execute();
      const [first, second] = rows;
      await one.query
        .updateTable('outbox')
        .set({ box: first?.box ?? null })
        .where('id', '=', second?.id ?? '')
        .execute();
      const outbox = run(async () => void (tries += 1), { maxAttempts: 1 });
      await until(async () => !(await stateOf(outbox, ids)).some((state) => state.startsWith('waiting')));
      expect((await stateOf(outbox, ids)).sort()).toEqual(['delivered 1', 'failed 1']);
      expect(tries).toBe(1);
    });
  });

  describe('RL-12: a receiver that hangs', () => {
    test('is given up after the timeout, and its signal says so', async () => {
      let aborted = false;
      const outbox = run(
        (_, attempt, signal) =>
          attempt > 1
            ? Promise.resolve()
            : new Promise(() => {
                signal.addEventListener('abort', () => {
                  aborted = true;
                });
              }),
        { timeout: 30, backoff: () => 0 },
      );
      await settled(outbox, await put(outbox, {}), 'delivered 2');
      expect(aborted).toBe(true);
    });

    test('delays nobody else, however many messages wait for it', async () => {
      let release: () => void = () => {};
      const hanging = new Promise<void>((resolve) => {
        release = resolve;
      });
      let hung = 0;
      const outbox = run(
        async (payload) => {
          if (payload['to'] !== 'slow') return;
          hung += 1;
          await hanging;
        },
        { concurrency: 4, perLane: 2 },
      );
      const slow = await put(outbox, ...Array.from({ length: 10 }, () => ({ lane: 'slow', payload: { to: 'slow' } })));
      const quick = await put(
        outbox,
        ...Array.from({ length: 10 }, () => ({ lane: 'quick', payload: { to: 'quick' } })),
      );
      await settled(outbox, quick, 'delivered 1');
      expect(hung).toBe(2);
      release();
      await settled(outbox, slow, 'delivered 1');
    });
  });

  describe('a node that dies', () => {
    test('leaves its delivery to another one when the lease ends, not before', async () => {
      const dead = run(() => new Promise(() => {}), { concurrency: 1, timeout: 1500, on: other });
      const ids = await put(dead, {});
      dead.wake();
      await settled(dead, ids, 'waiting 1');
      const lease = await one.query.selectFrom('outbox').select('due_at').executeTakeFirstOrThrow();
      expect(lease.due_at).toBeGreaterThan(Date.now());
      shiftClock(lease.due_at - Date.now());
      const outbox = run(async () => {});
      await settled(outbox, ids, 'delivered 2');
    });

    test('and comes back does not touch what another one has taken over', async () => {
      const alarms: unknown[] = [];
      const late = run(() => new Promise(() => {}), {
        // Its one place is taken until the other node has taken over, so that it cannot claim the row a second time itself.
        concurrency: 1,
        timeout: 1500,
        maxAttempts: 1,
        on: other,
        onFailed: (message) => alarms.push(message),
      });
      const ids = await put(late, {});
      late.wake();
      await settled(late, ids, 'waiting 1');
      await one.query.updateTable('outbox').set({ due_at: 0 }).execute();
      let release: () => void = () => {};
      const outbox = run(
        () =>
          new Promise<void>((resolve) => {
            release = resolve;
          }),
      );
      await settled(outbox, ids, 'waiting 2');
      await late.stop();
      expect(logged).toHaveLength(1);
      expect(await stateOf(outbox, ids)).toEqual(['waiting 2']);
      expect(alarms).toEqual([]);
      release();
      await settled(outbox, ids, 'delivered 2');
    });
  });

  describe('a dedupe key', () => {
    test('takes the first message only, also 20 times at once', async () => {
      const got: JsonObject[] = [];
      const outbox = run(async (payload) => void got.push(payload));
      const ids = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? one : other).transaction((trx) =>
            outbox.enqueue(trx, { kind: 'notice', dedupeKey: 'logout:s1:c1', payload: { index } }),
          ),
        ),
      );
      expect(new Set(ids).size).toBe(1);
      outbox.wake();
      await settled(outbox, ids.slice(0, 1), 'delivered 1');
      expect(await put(outbox, { dedupeKey: 'logout:s1:c1' })).toEqual(ids.slice(0, 1));
      expect(got).toHaveLength(1);
    });

    test('finds the state of its message', async () => {
      const outbox = run(async (payload) => {
        if (payload['fails'] === true) throw new Error('no');
      });
      await put(
        outbox,
        { dedupeKey: 'logout:s1:a', lane: 'a' },
        { dedupeKey: 'logout:s1:Ö', payload: { fails: true } },
        { dedupeKey: 'logout:s2:a' },
        { dedupeKey: 'LOGOUT:S1:A' },
        {},
      );
      await until(async () => {
        const rows = await outbox.status({ dedupeKeys: ['logout:s1:a', 'logout:s1:Ö'] });
        return rows.length === 2 && rows.every(({ attempts }) => attempts === 1) && logged.length === 1;
      });
      await until(async () => (await outbox.status({ dedupeKeys: ['logout:s1:a'] }))[0]?.state === 'delivered');
      const rows = await outbox.status({ dedupeKeys: ['logout:s1:a', 'logout:s1:Ö', 'logout:s3:a'] });
      const states = rows.map(({ dedupeKey, lane, state }) => ({ dedupeKey, lane, state }));
      expect(states.sort((a, b) => String(a.dedupeKey).localeCompare(String(b.dedupeKey), 'en'))).toEqual([
        { dedupeKey: 'logout:s1:a', lane: 'a', state: 'delivered' },
        { dedupeKey: 'logout:s1:Ö', lane: undefined, state: 'waiting' },
      ]);
    });
  });

  describe('what is kept', () => {
    test('is sealed while it waits, and erased with its delivery', async () => {
      const idle = run(async () => {}, { handlers: {} });
      const ids = await put(idle, { payload: { name: 'RAW-Mustermann' } });
      const before = await one.query.selectFrom('outbox').selectAll().executeTakeFirstOrThrow();
      expect(Buffer.from(before.box ?? []).includes('Mustermann')).toBe(false);
      expect(JSON.stringify({ ...before, box: undefined })).not.toContain('Mustermann');
      const outbox = run(async () => {});
      await settled(outbox, ids, 'delivered 1');
      expect((await one.query.selectFrom('outbox').select('box').executeTakeFirst())?.box).toBeNull();
    });

    test('is deleted a day after delivery; what failed stays for a month', async () => {
      const outbox = run(
        async (payload) => {
          if (payload['fails'] === true) throw new Error('no');
        },
        { maxAttempts: 1 },
      );
      const [delivered = '', failed = ''] = await put(outbox, {}, { payload: { fails: true } });
      await settled(outbox, [delivered], 'delivered 1');
      await settled(outbox, [failed], 'failed 1');
      shiftClock(25 * hour);
      outbox.wake();
      await until(async () => (await stateOf(outbox, [delivered])).length === 0);
      expect(await stateOf(outbox, [failed])).toEqual(['failed 1']);
      shiftClock(31 * 24 * hour);
      outbox.wake();
      await until(async () => (await stateOf(outbox, [failed])).length === 0);
    });
  });

  test('stopping waits for what runs and begins nothing more', async () => {
    let release: () => void = () => {};
    let begun = 0;
    const outbox = run(
      () =>
        new Promise<void>((resolve) => {
          begun += 1;
          release = resolve;
        }),
      { concurrency: 1 },
    );
    const ids = await put(outbox, {}, {});
    await until(() => begun === 1);
    let stopped = false;
    const stopping = outbox.stop().then(() => {
      stopped = true;
    });
    await new Promise(setImmediate);
    expect(stopped).toBe(false);
    release();
    await stopping;
    outbox.wake();
    expect((await stateOf(outbox, ids)).sort()).toEqual(['delivered 1', 'waiting 0']);
    expect(begun).toBe(1);
  });
}
