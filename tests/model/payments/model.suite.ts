import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { bezahlMigrations } from '../../../src/portal/bezahlsystem/records/migrations.ts';
import type { BezahlTables } from '../../../src/portal/bezahlsystem/records/tables.ts';
import { openDatabase, type Database } from '../../../src/storage/database.ts';
import { freezeClock, resetClock, shiftClock } from '../../support/clock.ts';
import { bankActs } from './bank.ts';
import { payable, Story } from './world.ts';

const beginning = Date.parse('2026-03-28T22:00:00Z');

/** What somebody does; several of them at once. */
const act = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: 'create' } as const) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('pay' as const), method: fc.constantFrom('CREDITCARD', 'PAYPAL') }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'cancel' } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: 'look' } as const) },
  { weight: 3, arbitrary: fc.constant({ kind: 'work' } as const) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('deliver' as const), which: fc.nat(5), keep: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('bank' as const), which: fc.nat(3), act: fc.constantFrom(...bankActs) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('refund' as const), cents: fc.integer({ min: 1, max: 1400 }) }),
  },
);
type Act = Parameters<Parameters<typeof act.map>[0]>[0];

const event = fc.record({
  acts: fc.array(act, { minLength: 1, maxLength: 4 }),
  order: fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }),
  crash: fc.option(fc.nat(14), { freq: 3, nil: undefined }),
  away: fc.constantFrom(undefined, undefined, undefined, 'before' as const, 'after' as const),
  /** Seconds that go by before it. */
  later: fc.constantFrom(0, 0, 0, 20, 700, payable),
});

const done = (story: Story, one: Act): Promise<void> => {
  switch (one.kind) {
    case 'create':
      return story.create();
    case 'pay':
      return story.pay(one.method);
    case 'cancel':
      return story.cancel();
    case 'look':
      return story.look();
    case 'work':
      return story.work();
    case 'deliver':
      return story.deliver(one.which, one.keep);
    case 'bank':
      return story.atBank(one.which, one.act);
    case 'refund':
      return story.refund(one.cents);
  }
};

type Event = Parameters<Parameters<typeof event.map>[0]>[0];
const pay: Act = { kind: 'pay', method: 'CREDITCARD' };
const quiet = { crash: undefined, away: undefined, later: 0 } as const;

/** Found once: a payment that the provider never got to know is begun again at the moment at which it counts as over. */
const late: Event[] = [
  { ...quiet, acts: [pay, { kind: 'create' }], order: [0], away: 'before' },
  { ...quiet, acts: [pay, pay, { kind: 'look' }, { kind: 'cancel' }], order: [2, 0], later: 700 },
  { ...quiet, acts: [{ kind: 'create' }], order: [0] },
];

/** What must have happened at least once, or the stories prove nothing. */
const everything = [
  'crash',
  'delivered',
  'end PAYED',
  'end FAILED',
  'end CANCELED',
  'pay redirect',
  'pay checking',
  'pay ended',
  'pay unavailable',
  'bank decide',
  'seen checking',
  'seen open',
];

/** Plays so many stories of one fee against what may never be. PAYMENT_SEED and PAYMENT_RUNS play others. */
export const describePayments = (scope: {
  readonly runs: number;
  readonly seed: number;
  readonly timeout: number;
  /** What must happen beside `everything`. */ readonly also: readonly string[];
}): void => {
  const seed = Number(process.env['PAYMENT_SEED'] ?? scope.seed);
  const numRuns = Number(process.env['PAYMENT_RUNS'] ?? scope.runs);

  describe(`requests, call-backs, cancellations, expiries, deaths in any order (PAYMENT_SEED=${seed})`, () => {
    let folder: string;
    let database: Database<BezahlTables>;
    const key = randomBytes(32);
    beforeAll(async () => {
      folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bayern-id-payments-'));
      database = await openDatabase<BezahlTables>({ file: join(folder, 'model.sqlite'), durability: 'normal' });
      await database.migrate(bezahlMigrations);
    });
    afterAll(async () => {
      resetClock();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    });

    test(
      'nobody pays twice, no paid fee is lost, both sides agree in the end, the statement adds up',
      async () => {
        const happened = new Set<string>();
        freezeClock(beginning);
        const run = await fc.check(
          fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), async (events) => {
            const story = new Story(database, key, happened);
            await story.create();
            for (const { acts, order, crash, away, later } of events) {
              if (later > 0) shiftClock(later * 1000);
              story.bank.away = away;
              await story.together(
                acts.map((one) => () => done(story, one)),
                order,
                crash,
              );
            }
            await story.last();
          }),
          { numRuns, seed, examples: [[late]] },
        );
        if (run.failed) {
          const { errorInstance: error, counterexamplePath } = run;
          const why = error instanceof Error ? (error.stack ?? error.message) : '';
          throw new Error(
            `story ${run.numRuns}, PAYMENT_SEED=${seed}, path ${counterexamplePath}: ${why}\n${JSON.stringify(run.counterexample, undefined, 1)}`,
          );
        }
        expect([...everything, ...scope.also].filter((what) => !happened.has(what))).toEqual([]);
      },
      scope.timeout,
    );
  });
};
