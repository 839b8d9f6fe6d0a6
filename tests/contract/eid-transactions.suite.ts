import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EidRequest, EidSession } from '../../src/id/authentication/eid/port.ts';
import {
  createEidTransactions,
  eidMigrations,
  transactionLife,
  type EidState,
  type EidTables,
  type EidTransactions,
} from '../../src/id/authentication/eid/transactions.ts';
import type { Database } from '../../src/storage/database.ts';
import { createSealer } from '../../src/storage/sealing.ts';
import { resetClock, shiftClock } from '../support/clock.ts';

export interface EidDatabase {
  open(): Promise<Database<EidTables>>;
  stop(): Promise<void>;
}

const request: EidRequest = { operations: { RestrictedID: 'required' } };
const session: EidSession = { sessionId: 's', pskId: 'p', psk: 'ab', paosAddress: 'https://localhost/paos' };
const sealer = createSealer([{ id: '1', key: Buffer.alloc(32, 1) }]);
const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');
const open: readonly EidState[] = ['created', 'token_issued', 'bound', 'result_ok'];

/** What holds for the uses of the card on every database, with two nodes at work. */
export function describeEidTransactions(start: () => Promise<EidDatabase>): void {
  let store: EidDatabase;
  let one: Database<EidTables>;
  let other: Database<EidTables>;
  let here: EidTransactions;
  let there: EidTransactions;
  let interactions = 0;
  const newInteraction = (): string => `interaction ${interactions++}`;

  const statesOf = async (interaction: string): Promise<EidState[]> => {
    const rows = await one.query
      .selectFrom('eid_transactions')
      .select('state')
      .where('interaction', '=', hash(interaction))
      .execute();
    return rows.map(({ state }) => state);
  };

  beforeAll(async () => {
    store = await start();
    [one, other] = await Promise.all([store.open(), store.open()]);
    const { '0003-eid-transactions': first } = eidMigrations;
    if (!first) throw new Error('the first migration is gone');
    await one.migrate({ '0003-eid-transactions': first });
    // An interaction of the time before the rule has begun twice.
    await one.query
      .insertInto('eid_transactions')
      .values(
        ['a', 'b'].map((id) => ({
          id,
          interaction: hash('old'),
          token_hash: id,
          refresh_hash: null,
          state: 'created' as const,
          cause: null,
          counter: 0,
          sealed: Buffer.alloc(1),
          expires_at: Date.now() + 60_000,
        })),
      )
      .execute();
    await Promise.all([one.migrate(eidMigrations), other.migrate(eidMigrations)]);
    here = createEidTransactions(one, sealer);
    there = createEidTransactions(other, sealer);
  }, 60_000);
  afterAll(async () => {
    await one.close();
    await other.close();
    await store.stop();
  });

  test('what was open before the rule is ended', async () => {
    expect(await statesOf('old')).toEqual(['superseded', 'superseded']);
  });

  const nodes = (): EidTransactions[] => Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? here : there));

  describe('each secret works once', () => {
    const won = <Value>(all: readonly Value[]): Value[] => all.filter(Boolean);

    test('T, R, the result: of 20 uses at once, on two nodes, one succeeds', async () => {
      const interaction = newInteraction();
      const { id, token } = await here.create(interaction, request);
      const taken = won(await Promise.all(nodes().map((node) => node.takeToken(token))));
      expect(taken.map((transaction) => transaction?.id)).toEqual([id]);
      const [transaction] = taken;
      if (!transaction) throw new Error('nobody took T');
      const [refresh, ...more] = won(await Promise.all(nodes().map((node) => node.issue(transaction, session))));
      expect([typeof refresh, more]).toEqual(['string', []]);
      const bound = won(await Promise.all(nodes().map((node) => node.bind(refresh ?? '', interaction))));
      expect(bound.map((bound) => [bound?.id, bound?.sessionId, bound?.counter])).toEqual([[id, 's', 1]]);
      const counters = await Promise.all(nodes().map((node) => node.nextCounter(id)));
      expect(counters.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
      expect(won(await Promise.all(nodes().map((node) => node.consume(id))))).toEqual([true]);
    });

    test('R in its own browser and in a foreign one at once: bound or burned, or first the one and then the other', async () => {
      for (let round = 0; round < 10; round++) {
        const interaction = newInteraction();
        const { id, token } = await here.create(interaction, request);
        const taken = await here.takeToken(token);
        const refresh = (taken && (await here.issue(taken, session))) ?? '';
        const burned = await Promise.all([
          ...Array.from({ length: 10 }, () => there.burn(refresh, 'somebody else')),
          here.bind(refresh, interaction),
        ]);
        expect(burned.slice(0, -1).filter((outcome) => outcome === 'now')).toHaveLength(1);
        expect((await here.find(id))?.state).toBe('burned');
        expect(await here.nextCounter(id)).toBeUndefined();
        expect(await here.consume(id)).toBe(false);
      }
    });

    test('after its time neither T nor R nor the result is worth anything', async () => {
      const interaction = newInteraction();
      const late = await here.create(interaction, request);
      shiftClock(transactionLife + 1000);
      try {
        expect(await here.takeToken(late.token)).toBeUndefined();
        const { token } = await here.create(interaction, request);
        const taken = await here.takeToken(token);
        const refresh = (taken && (await here.issue(taken, session))) ?? '';
        shiftClock(transactionLife + 1000);
        expect(await there.bind(refresh, interaction)).toBeUndefined();
        await here.purge();
        expect(await here.find(taken?.id ?? '')).toBeDefined();
        shiftClock(3600_000);
        await here.purge();
        expect(await here.find(taken?.id ?? '')).toBeUndefined();
      } finally {
        resetClock();
      }
    });
  });

  describe('one open transaction per interaction', () => {
    test('a second start ends the first, whatever it has reached', async () => {
      const steps: ((token: string, interaction: string) => Promise<unknown>)[] = [
        () => Promise.resolve(),
        (token) => here.takeToken(token),
        async (token, interaction) => {
          const taken = await here.takeToken(token);
          const refresh = taken && (await here.issue(taken, session));
          await here.bind(refresh ?? '', interaction);
        },
      ];
      for (const [index, step] of steps.entries()) {
        const interaction = newInteraction();
        const first = await here.create(interaction, request);
        await step(first.token, interaction);
        expect(await statesOf(interaction)).toEqual([open[index]]);
        const second = await there.create(interaction, request);
        expect((await statesOf(interaction)).sort()).toEqual(['created', 'superseded']);
        expect(await here.takeToken(first.token)).toBeUndefined();
        expect(await here.nextCounter(first.id)).toBeUndefined();
        expect(await here.consume(first.id)).toBe(false);
        expect((await here.takeToken(second.token))?.id).toBe(second.id);
      }
    });

    test('what is over stays what it was', async () => {
      const interaction = newInteraction();
      const { id } = await here.create(interaction, request);
      await here.fail(id, 'busy');
      await here.create(interaction, request);
      expect((await statesOf(interaction)).sort()).toEqual(['created', 'failed']);
    });

    test('a failure is told under one reference, however many ask at once; what did not fail is not', async () => {
      const { id } = await here.create(newInteraction(), request);
      expect(await here.tell(id, 'too early')).toBeUndefined();
      expect(await here.fail(id, 'busy')).toBe(true);
      expect(await there.fail(id, 'connection')).toBe(false);
      const told = await Promise.all(nodes().map((node, i) => node.tell(id, `reference ${i}`)));
      const [reference] = told.flatMap((one) => (one?.first === true ? [one.referenceId] : []));
      expect(told.filter((one) => one?.first === true)).toHaveLength(1);
      expect(told.map((one) => one?.referenceId)).toEqual(told.map(() => reference));
      expect(await there.find(id)).toMatchObject({ state: 'told', cause: 'busy' });
    });

    test('another interaction is not touched', async () => {
      const first = await here.create(newInteraction(), request);
      await there.create(newInteraction(), request);
      expect((await here.find(first.id))?.state).toBe('created');
    });

    test('20 starts at once, on two nodes: one is open in the end, and each was answered', async () => {
      const interaction = newInteraction();
      const begun = await Promise.all(
        Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? here : there).create(interaction, request)),
      );
      expect(new Set(begun.map(({ token }) => token)).size).toBe(20);
      const states = await statesOf(interaction);
      expect(states).toHaveLength(20);
      expect(states.filter((state) => open.includes(state))).toEqual(['created']);
      const taken = await Promise.all(begun.map(({ token }) => here.takeToken(token)));
      expect(taken.filter((transaction) => transaction !== undefined)).toHaveLength(1);
    });

    test('ended while the eID-Server was being asked: there is no R', async () => {
      const interaction = newInteraction();
      const { token } = await here.create(interaction, request);
      const taken = await here.takeToken(token);
      await there.create(interaction, request);
      expect(taken && (await here.issue(taken, session))).toBeUndefined();
      expect(taken).toBeDefined();
    });

    test('R of an ended one binds nowhere, and its first appearance elsewhere still counts', async () => {
      const interaction = newInteraction();
      const { token } = await here.create(interaction, request);
      const taken = await here.takeToken(token);
      const refresh = (taken && (await here.issue(taken, session))) ?? '';
      await there.create(interaction, request);
      expect(await here.bind(refresh, interaction)).toBeUndefined();
      expect(await here.burn(refresh, interaction)).toBeUndefined();
      expect(await here.burn(refresh)).toBe('now');
      expect(await there.burn(refresh)).toBe('before');
    });
  });
}
