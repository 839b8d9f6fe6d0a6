import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createGuard, waitAfter, type Guard, type GuardOutcome } from '../../src/id/authentication/guard.ts';
import type { AttemptContext } from '../../src/id/authentication/method.ts';
import type { Counters } from '../../src/storage/counters.ts';
import { networkKey } from '../../src/web/client-address.ts';
import { createOutside } from '../model/stores.ts';
import { createTurns } from '../model/turns.ts';
import { freezeClock, resetClock, shiftClock } from '../support/clock.ts';

const start = Date.UTC(2026, 10, 23);
const second = 1000;
const name = { failures: 3, window: 86_400, first_wait: 1, longest_wait: 16 };
const limits = {
  name,
  address: { failures: 6, window: 3600, first_wait: 10, longest_wait: 10 },
  network: { failures: 9, window: 3600, first_wait: 20, longest_wait: 20 },
  consecutive: { failures: 1000, window: 86_400 },
};

let counters: Counters;
let guard: Guard;
let alarms: string[];
const nodeWith = (given: typeof limits): Guard =>
  createGuard(counters, Buffer.alloc(32), given, {
    everywhere: { failures: 50, window: 3600 },
    tell: (what) => alarms.push(what),
  });
beforeEach(() => {
  freezeClock(start);
  counters = createOutside(createTurns()).counters;
  alarms = [];
  guard = nodeWith(limits);
});
afterEach(() => resetClock());

const unknown: AttemptContext['device'] = { id: 'unknown', isKnown: false, knows: () => false };
const own: typeof unknown = { id: 'own', isKnown: true, knows: (accountId: string) => accountId === 'erika' };

interface Try {
  readonly who?: string;
  readonly address?: string;
  readonly device?: typeof unknown;
  readonly beside?: 'totp';
  readonly right?: boolean;
  readonly on?: Guard;
}

/** What came of it, and whether the secret was looked at. */
const attempt = async (given: Try = {}): Promise<{ outcome: GuardOutcome; looked: boolean }> => {
  const { who = 'erika', address = '192.0.2.1', device = unknown, right = false, on = guard, beside } = given;
  let looked = false;
  const outcome = await on.attempt(
    { accountId: who, ...(beside ? { beside } : {}) },
    { address, device, clientId: 'x', referenceId: 'x' },
    () => {
      looked = true;
      return Promise.resolve(right);
    },
  );
  return { outcome, looked };
};
const fail = async (times: number, given: Try = {}): Promise<void> => {
  for (let i = 0; i < times; i++) expect(await attempt(given)).toEqual({ outcome: 'wrong', looked: true });
};
const looked = async (given: Try = {}): Promise<boolean> => (await attempt(given)).looked;
const right = { outcome: 'right', looked: true } as const;

describe('waits rise', () => {
  test('nothing, then one second, twice as long each time, and no longer than the longest', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 5000].map((failures) => waitAfter(failures, name))).toEqual([
      0, 0, 1, 2, 4, 8, 16, 16, 16,
    ]);
  });

  test('until then the right answer is refused as well, unlooked at, and from then on it is right', async () => {
    await fail(2);
    expect(await attempt({ right: true })).toEqual(right);
    await fail(1);
    for (const wait of [1, 2, 4, 8, 16, 16]) {
      // From another place each time, so that this name alone is counted.
      const address = `198.51.${wait}.1`;
      shiftClock(wait * second - 1);
      expect(await looked({ address, right: true })).toBe(false);
      shiftClock(1);
      expect(await attempt({ address, right: true })).toEqual(right);
      // A right answer gives nothing back: the next failure waits longer.
      await fail(1, { address });
    }
  });

  test('a refused attempt makes nobody wait longer', async () => {
    await fail(3);
    for (let i = 0; i < 50; i++) expect(await looked()).toBe(false);
    shiftClock(second);
    expect(await attempt({ right: true })).toEqual(right);
  });

  test('when the window is over all of it is forgotten', async () => {
    await fail(3);
    shiftClock(name.window * second);
    await fail(2);
    expect(await attempt({ right: true })).toEqual(right);
  });

  test('another node, and a process started anew, remember', async () => {
    await fail(3);
    const other = nodeWith(limits);
    expect(await looked({ on: other, right: true })).toBe(false);
    shiftClock(second);
    expect(await attempt({ on: other, right: true })).toEqual(right);
  });
});

describe('at once', () => {
  const many = (count: number, given: Try): Promise<{ outcome: GuardOutcome; looked: boolean }[]> =>
    Promise.all(Array.from({ length: count }, () => attempt(given)));

  test('of a hundred guesses no more are looked at than cost nothing, and after a wait one', async () => {
    expect((await many(100, {})).filter((one) => one.looked)).toHaveLength(3);
    shiftClock(second);
    expect((await many(20, {})).filter((one) => one.looked)).toHaveLength(1);
    shiftClock(2 * second);
    expect((await many(20, {})).filter((one) => one.looked)).toHaveLength(1);
  });

  test('right answers all pass, also after failures that cost a wait', async () => {
    expect((await many(12, { right: true })).every(({ outcome }) => outcome === 'right')).toBe(true);
    await fail(3);
    shiftClock(second);
    expect((await many(12, { right: true })).every(({ outcome }) => outcome === 'right')).toBe(true);
  });

  test('what was under way when a process died holds a place for a minute, not for the window', async () => {
    await fail(3);
    shiftClock(second);
    void guard.attempt(
      { accountId: 'erika' },
      { address: '192.0.2.1', device: unknown, clientId: 'x', referenceId: 'x' },
      () => new Promise<boolean>(() => {}),
    );
    await expect(attempt({ right: true })).rejects.toMatchObject({ name: 'Busy' });
    shiftClock(60 * second);
    expect(await attempt({ right: true })).toEqual(right);
  });
});

describe('who is counted with whom', () => {
  test('each means by itself', async () => {
    await fail(3);
    expect(await looked()).toBe(false);
    expect(await attempt({ beside: 'totp', right: true })).toEqual(right);
  });

  test('a known device by itself alone: neither its account’s wait nor its address’s touches it', async () => {
    for (const who of ['a', 'b', 'c']) await fail(2, { who });
    expect(await looked({ who: 'd', right: true })).toBe(false);
    await fail(3, { address: '198.51.100.7' });
    expect(await attempt({ device: own, right: true })).toEqual(right);
    await fail(3, { device: own });
    expect(await looked({ device: own, right: true })).toBe(false);
    // It is known for its own account, and is anybody for another one.
    expect(await looked({ who: 'max', device: own, right: true })).toBe(false);
  });

  test('an address over all names, and the network over all addresses', async () => {
    for (let i = 0; i < 6; i++) await fail(1, { who: `name ${i}` });
    expect(await looked({ who: 'max', right: true })).toBe(false);
    expect(await attempt({ who: 'max', address: '192.0.2.2', right: true })).toEqual(right);
    for (let i = 0; i < 3; i++) await fail(1, { who: `other ${i}`, address: `192.0.2.${i + 10}` });
    expect(await looked({ who: 'max', address: '192.0.2.99', right: true })).toBe(false);
    expect(await attempt({ who: 'max', address: '192.0.3.1', right: true })).toEqual(right);
    shiftClock(20 * second);
    expect(await attempt({ who: 'max', address: '192.0.2.99', right: true })).toEqual(right);
    expect(alarms).toEqual(['address', 'network']);
  });

  test('PW-08: one try each, from everywhere, is told once in an hour, and nobody waits because of it', async () => {
    const everywhere = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i++) await fail(1, { who: `name ${i}`, address: `192.${i}.2.1` });
    };
    await everywhere(0, 49);
    expect(alarms).toEqual([]);
    await everywhere(49, 120);
    expect(alarms).toEqual(['everywhere']);
    expect(await attempt({ right: true })).toEqual(right);
    shiftClock(3600 * second);
    await everywhere(120, 180);
    expect(alarms).toEqual(['everywhere', 'everywhere']);
  });

  test('a network of IPv6 is its /48, one of IPv4 its /24', () => {
    expect(networkKey('2001:db8:1:2::/64')).toBe('2001:db8:1::/48');
    expect(networkKey('2001:db8:1:3::/64')).toBe('2001:db8:1::/48');
    expect(networkKey('192.0.2.77')).toBe('192.0.2.0/24');
    expect(networkKey('unknown')).toBe('unknown');
  });
});

test('refusals without end are one event in a window', async () => {
  await fail(3);
  const outcomes: GuardOutcome[] = [];
  for (let i = 0; i < 4; i++) outcomes.push((await attempt()).outcome);
  expect(outcomes).toEqual(['throttled', 'throttledAgain', 'throttledAgain', 'throttledAgain']);
});
