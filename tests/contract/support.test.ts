import { afterEach, describe, expect, test } from '@jest/globals';
import { resetClock, shiftClock } from '../support/clock.ts';
import { need } from '../support/lack.ts';

describe('clock', () => {
  afterEach(resetClock);

  test('moves Date.now() and new Date(), and leaves dates that are given', () => {
    const before = Date.now();
    shiftClock(3_600_000);
    shiftClock(1000);
    expect(Date.now() - before).toBeGreaterThanOrEqual(3_601_000);
    expect(Date.now() - before).toBeLessThan(3_611_000);
    expect(Math.abs(new Date().getTime() - Date.now())).toBeLessThan(1000);
    expect(new Date(5).getTime()).toBe(5);
    expect(new Date('2026-11-23T00:00:00Z').toISOString()).toBe('2026-11-23T00:00:00.000Z');
    expect(new Date(5)).toBeInstanceOf(Date);
    resetClock();
    expect(Date.now() - before).toBeLessThan(10_000);
  });
});

describe('need', () => {
  test('finds a program by its name and says undefined for one that is missing', () => {
    expect(need('sh')).toMatch(/\/sh$/);
    expect(need('no-such-program')).toBeUndefined();
  });
});
