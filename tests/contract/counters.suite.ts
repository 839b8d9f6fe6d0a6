import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Counters } from '../../src/storage/counters.ts';
import { resetClock, shiftClock } from '../support/clock.ts';

/** One store that several handles reach, as several processes would. */
export interface CountersUnderTest {
  open(): Promise<Counters>;
  raw(): Promise<Buffer>;
  stop(): Promise<void>;
}

/** What every store of counters must do. `start` is called once, within beforeAll. */
export function describeCounters(start: () => Promise<CountersUnderTest>): void {
  let store: CountersUnderTest;
  let one: Counters;
  let other: Counters;
  let serial = 0;
  let key: string;

  beforeAll(async () => {
    store = await start();
    one = await store.open();
    other = await store.open();
  });

  afterAll(async () => {
    await one.close();
    await other.close();
    await store.stop();
  });

  afterEach(resetClock);

  const fresh = (): string => {
    serial += 1;
    key = `counter-${serial}`;
    return key;
  };

  describe('steps', () => {
    test('begin at 0 and add up over two handles', async () => {
      expect(await one.read(fresh())).toBe(0);
      expect(await one.add(key, 1, 60)).toBe(1);
      expect(await other.add(key, 4, 60)).toBe(5);
      expect(await one.read(key)).toBe(5);
      expect(await one.add(key, -2, 60)).toBe(3);
      expect(await one.add(key, 0, 60)).toBe(3);
    });

    test('never fall below 0, and what was below is not owed', async () => {
      expect(await one.add(fresh(), -3, 60)).toBe(0);
      expect(await one.add(key, 2, 60)).toBe(2);
      expect(await one.add(key, -5, 60)).toBe(0);
      expect(await one.add(key, 1, 60)).toBe(1);
    });

    test('20 at once over two handles lose none and give 20 different values', async () => {
      fresh();
      const values = await Promise.all(
        Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : other).add(key, 1, 60)),
      );
      expect(values.sort((first, second) => first - second)).toEqual(
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
      expect(await one.read(key)).toBe(20);
    });

    test('20 up and 30 down at once never show a value below 0', async () => {
      fresh();
      const values = await Promise.all(
        Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? one : other).add(key, index % 5 < 2 ? 1 : -1, 60)),
      );
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
      expect(await one.read(key)).toBeGreaterThanOrEqual(0);
    });

    test('a reset counter is at 0, others are not touched', async () => {
      await one.add(fresh(), 3, 60);
      await one.add(`${key}-other`, 3, 60);
      await other.reset(key);
      expect(await one.read(key)).toBe(0);
      expect(await one.read(`${key}-other`)).toBe(3);
    });
  });

  describe('life', () => {
    test('begins with the first step and is not prolonged by later ones', async () => {
      await one.add(fresh(), 1, 60);
      shiftClock(40_000);
      expect(await one.add(key, 1, 60)).toBe(2);
      shiftClock(21_000);
      expect(await one.read(key)).toBe(0);
      expect(await one.add(key, 1, 60)).toBe(1);
      shiftClock(59_000);
      expect(await one.read(key)).toBe(1);
    });

    test('is not begun by giving back', async () => {
      await one.add(fresh(), -1, 60);
      shiftClock(40_000);
      await one.add(key, 1, 60);
      shiftClock(40_000);
      expect(await one.read(key)).toBe(1);
    });
  });

  test('the raw store does not show whose counter it is', async () => {
    await one.add('RAW-COUNTER-address-192.0.2.7', 1, 60);
    const raw = await store.raw();
    expect(raw.length).toBeGreaterThan(50);
    expect(raw.includes('RAW-COUNTER')).toBe(false);
    expect(raw.includes('192.0.2.7')).toBe(false);
  });
}
