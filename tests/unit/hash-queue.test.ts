import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createGuessing } from '../../src/id/authentication/password/guessing.ts';
import { isHasty } from '../../src/id/authentication/password/hasty.ts';
import { createHashQueue, type HashQueue, type Turn } from '../../src/id/authentication/password/queue.ts';
import { Busy } from '../../src/id/authentication/method.ts';
import { freezeClock, resetClock, shiftClock } from '../support/clock.ts';

const start = Date.UTC(2026, 10, 23);

describe('the queue for hashes', () => {
  let queue: HashQueue;
  /** Names of those whose hash was begun, in order. */
  let begun: string[];
  let refused: string[];
  /** Ends the hash that runs. */
  let finish: (() => void)[];
  beforeEach(() => {
    jest.useFakeTimers();
    queue = createHashQueue({ places: 1, queue: 6, patience: 8 });
    begun = [];
    refused = [];
    finish = [];
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const come = async (name: string, turn: Turn, address = name): Promise<void> => {
    queue
      .run({ turn, address }, () => {
        begun.push(name);
        return new Promise<void>((resolve) => finish.push(resolve));
      })
      .catch((error: unknown) => {
        if (error instanceof Busy) refused.push(name);
      });
    await jest.advanceTimersByTimeAsync(0);
  };
  const drain = async (): Promise<void> => {
    for (let next = finish.shift(); next; next = finish.shift()) {
      next();
      await jest.advanceTimersByTimeAsync(0);
    }
  };

  test('known browsers first, then those who took their time, then the hasty', async () => {
    await come('running', 'hasty');
    await come('hasty', 'hasty');
    await come('typed', 'typed');
    await come('known', 'known');
    expect(queue.load()).toEqual({
      running: 1,
      waiting: { known: 1, typed: 1, hasty: 1 },
      places: 1,
      refused: { known: 0, typed: 0, hasty: 0 },
    });
    await drain();
    expect(begun).toEqual(['running', 'known', 'typed', 'hasty']);
    expect(queue.load().running).toBe(0);
  });

  test('addresses take turns: many attempts from one do not stand before the next', async () => {
    await come('running', 'typed');
    for (const name of ['a1', 'a2', 'a3']) await come(name, 'typed', 'a');
    await come('b', 'typed');
    await come('c', 'typed');
    await drain();
    expect(begun).toEqual(['running', 'a1', 'b', 'c', 'a2', 'a3']);
  });

  test('when it is full the address with most waiting gives way, and one address alone may fill it', async () => {
    await come('running', 'typed');
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']) await come(name, 'typed', 'a');
    expect(refused).toEqual([]);
    await come('b', 'typed');
    await come('a7', 'typed', 'a');
    expect(refused).toEqual(['a6', 'a7']);
    await drain();
    expect(begun).toEqual(['running', 'a1', 'b', 'a2', 'a3', 'a4', 'a5']);
  });

  test('a flood of the hasty cannot keep out anybody of a higher turn', async () => {
    await come('running', 'hasty');
    for (let i = 0; i < 20; i++) await come(`flood ${i}`, 'hasty');
    for (let i = 0; i < 6; i++) await come(`known ${i}`, 'known', 'one household');
    await drain();
    expect(begun).toEqual(['running', ...Array.from({ length: 6 }, (_, i) => `known ${i}`)]);
    expect(queue.load().refused).toEqual({ known: 0, typed: 0, hasty: 20 });
  });

  test('whoever waits too long is sent away, and their place is free', async () => {
    await come('running', 'known');
    await come('late', 'known');
    await jest.advanceTimersByTimeAsync(7999);
    await come('later', 'known');
    expect(refused).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(refused).toEqual(['late']);
    await drain();
    expect(begun).toEqual(['running', 'later']);
  });

  test('a hash that fails gives its place back', async () => {
    await expect(queue.run({ turn: 'known', address: '' }, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    await come('next', 'known');
    expect(begun).toEqual(['next']);
  });
});

test('RL-08: five times as many as can be hashed: nine tenths of what is possible is done, the rest is sent away in time', async () => {
  jest.useFakeTimers();
  try {
    const [places, hash, seconds] = [2, 50, 30];
    const queue = createHashQueue({ places, queue: 40, patience: 8 });
    const capacity = (places * 1000 * seconds) / hash;
    const every = (seconds * 1000) / (5 * capacity);
    const count = { done: 0, refused: 0, late: 0 };
    const come = (i: number): void => {
      const came = Date.now();
      queue
        .run({ turn: 'typed', address: String(i) }, () => new Promise((resolve) => setTimeout(resolve, hash)))
        .then(() => (count.done += 1))
        .catch((error: unknown) => {
          if (!(error instanceof Busy)) throw error;
          count.refused += 1;
        })
        .finally(() => {
          if (Date.now() - came > 8000 + hash) count.late += 1;
        });
    };
    for (let i = 0; i < 5 * capacity; i++) {
      come(i);
      await jest.advanceTimersByTimeAsync(every);
    }
    expect(count.done).toBeGreaterThanOrEqual(0.9 * capacity);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(queue.load()).toMatchObject({ running: 0, waiting: { known: 0, typed: 0, hasty: 0 } });
    expect(count).toEqual({ done: count.done, refused: 5 * capacity - count.done, late: 0 });
  } finally {
    jest.useRealTimers();
  }
});

describe('what is hasty, and what is guessing', () => {
  beforeEach(() => freezeClock(start));
  afterEach(() => resetClock());

  test('sooner than anybody types', () => {
    expect(isHasty(start)).toBe(true);
    shiftClock(3000);
    expect(isHasty(start)).toBe(false);
  });

  test('many wrong ones and few right ones, lately', () => {
    const guessing = createGuessing();
    const note = (wrong: number, right: number): void => {
      for (let i = 0; i < wrong; i++) guessing.note(false);
      for (let i = 0; i < right; i++) guessing.note(true);
    };
    note(19, 0);
    expect(guessing.isOn()).toBe(false);
    note(1, 0);
    expect(guessing.isOn()).toBe(true);
    // A busy morning: one in four is mistyped.
    note(0, 60);
    expect(guessing.isOn()).toBe(false);
    note(400, 0);
    expect(guessing.isOn()).toBe(true);
    shiftClock(120_000);
    expect(guessing.isOn()).toBe(false);
  });
});
