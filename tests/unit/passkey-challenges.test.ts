import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createChallenges, type Challenges } from '../../src/id/authentication/passkey/challenges.ts';
import type { Artifacts } from '../../src/storage/artifacts.ts';
import { resetClock, shiftClock } from '../support/clock.ts';

/** Only what challenges need: set if absent. */
const memory = (): Artifacts => {
  const kept = new Set<string>();
  const saveNew: Artifacts['saveNew'] = (kind, id) => {
    const isNew = !kept.has(`${kind} ${id}`);
    kept.add(`${kind} ${id}`);
    return Promise.resolve(isNew);
  };
  return { saveNew } as Artifacts;
};

describe('challenges', () => {
  let challenges: Challenges;
  let artifacts: Artifacts;
  beforeEach(() => {
    artifacts = memory();
    challenges = createChallenges(artifacts, Buffer.alloc(32, 7));
  });
  afterEach(() => resetClock());

  test('each is new, and good for one answer to what it was made for', async () => {
    const [one, two] = [challenges.issue('flow a'), challenges.issue('flow a')];
    expect(one).not.toBe(two);
    expect(Buffer.from(one, 'base64url').length).toBeGreaterThanOrEqual(16);
    expect(await challenges.take(one, 'flow b')).toBe(false);
    expect(await Promise.all(Array.from({ length: 20 }, () => challenges.take(one, 'flow a')))).toEqual([
      true,
      ...Array.from({ length: 19 }, () => false),
    ]);
    expect(await challenges.take(two, 'flow a')).toBe(true);
  });

  test('lasts for an hour', async () => {
    const challenge = challenges.issue('flow');
    shiftClock(60 * 60_000 - 1000);
    const late = challenges.issue('flow');
    shiftClock(2000);
    expect(await challenges.take(challenge, 'flow')).toBe(false);
    expect(await challenges.take(late, 'flow')).toBe(true);
  });

  test('one that was changed, cut, or made with another key is none', async () => {
    const challenge = challenges.issue('flow');
    const bytes = Buffer.from(challenge, 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await challenges.take(changed.toString('base64url'), 'flow')).toBe(false);
    }
    for (const length of [0, 1, 22, bytes.length - 1])
      expect(await challenges.take(bytes.subarray(0, length).toString('base64url'), 'flow')).toBe(false);
    const other = createChallenges(artifacts, Buffer.alloc(32, 8)).issue('flow');
    expect(await challenges.take(other, 'flow')).toBe(false);
    // Written otherwise, it is still the same one.
    expect(await challenges.take(challenge, 'flow')).toBe(true);
    expect(await challenges.take(`${challenge}==`, 'flow')).toBe(false);
  });
});
