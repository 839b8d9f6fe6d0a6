import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listKeys, keySchedule, purgeKeys, rotateKey, type KeySchedule } from '../../src/id/oidc/key-rotation.ts';
import { createKeyStore, keyUses, signingKeyAlgorithms } from '../../src/id/oidc/keys.ts';
import { lifetimeSettings } from '../../src/id/oidc/configuration.ts';
import { standardAgeing } from '../../src/assurance/policy.ts';
import { createSealer } from '../../src/storage/sealing.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { onEveryDatabase, type TwoNodes } from './databases.ts';

const sealer = createSealer([{ id: '1', key: Buffer.alloc(32, 5) }]);
const hours = 3_600_000;
const schedule: KeySchedule = { publication: hours, overlap: 2 * hours };

describe('how long a key stays', () => {
  const lifetimes = lifetimeSettings.parse({});
  test('longer than any session, token or flow that it has signed for', () => {
    const { publication, overlap } = keySchedule(3600, lifetimes, standardAgeing);
    expect(publication).toBe(hours);
    expect(overlap).toBeGreaterThan(12 * hours);
    expect(overlap).toBeLessThan(13 * hours);
    const short = { ...standardAgeing, basic: { longest: 60, idle: 60 }, low: { longest: 60, idle: 60 } };
    expect(keySchedule(3600, { ...lifetimes, id_token: 20_000 }, short).overlap).toBeGreaterThan(20_000_000);
  });
});

onEveryDatabase('keys', (start) => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await start();
  }, 60_000);
  afterAll(() => nodes.stop());
  beforeEach(async () => {
    await nodes.one.query.deleteFrom('keys').execute();
  });
  afterEach(() => resetClock());

  const stages = async (use: string): Promise<string> =>
    (await listKeys(nodes.one))
      .filter((key) => key.use === use)
      .map(({ stage }) => stage)
      .join();

  test('are made once, however many nodes start at once, and are the same on all', async () => {
    const [one, other] = [createKeyStore(nodes.one, sealer), createKeyStore(nodes.other, sealer)];
    await Promise.all([one.complete(), other.complete()]);
    const [mine, theirs] = [await one.load(), await other.load()];
    expect(mine).toEqual(theirs);
    expect(mine.signing.map(({ alg }) => alg)).toEqual([...signingKeyAlgorithms]);
    expect(mine.cookie.map(({ length }) => length)).toEqual([32]);
    expect(mine.changesAt).toBe(Infinity);
    expect(await nodes.one.query.selectFrom('keys').selectAll().execute()).toHaveLength(keyUses.length);
  });

  test('another master key opens none of them', async () => {
    await createKeyStore(nodes.one, sealer).complete();
    const foreign = createKeyStore(nodes.one, createSealer([{ id: '1', key: Buffer.alloc(32, 6) }]));
    await expect(foreign.load()).rejects.toThrow('could not be opened');
  });

  test('one rotation wins, and its stages follow the clock', async () => {
    const store = createKeyStore(nodes.one, sealer);
    await store.complete();
    const [before] = (await store.load()).signing;
    const outcomes = await Promise.all(
      [nodes.one, nodes.other].map((node) => rotateKey(node, sealer, 'ES256', schedule, 'test')),
    );
    expect(outcomes.filter((made) => made !== undefined)).toHaveLength(1);
    const next = outcomes.find((made) => made !== undefined);
    const kids = async (): Promise<unknown[]> =>
      (await store.load()).signing.filter(({ alg }) => alg === 'ES256').map(({ kid }) => kid);
    expect([await stages('ES256'), await kids()]).toEqual(['next,current', [before?.kid, next?.kid]]);
    expect(Math.abs((await store.load()).changesAt - Date.now() - hours)).toBeLessThan(5000);
    shiftClock(hours - 5000);
    expect(await kids()).toEqual([before?.kid, next?.kid]);
    shiftClock(5001);
    expect([await stages('ES256'), await kids()]).toEqual(['current,retired', [next?.kid, before?.kid]]);
    shiftClock(2 * hours);
    expect([await stages('ES256'), await kids()]).toEqual(['current,gone', [next?.kid]]);
    expect((await store.load()).changesAt).toBe(Infinity);
    await purgeKeys(nodes.other);
    expect(await stages('ES256')).toBe('current,gone');
    shiftClock(25 * hours);
    await purgeKeys(nodes.other);
    expect(await stages('ES256')).toBe('current');
    expect(await stages('RS256')).toBe('current');
  });

  test('the version tells when something is to be built anew, and only then', async () => {
    const store = createKeyStore(nodes.one, sealer);
    await store.complete();
    const versions = [(await store.load()).version];
    await rotateKey(nodes.other, sealer, 'cookie', schedule, 'test');
    for (const step of [0, 1000, hours, 1000, 2 * hours, 1000]) {
      shiftClock(step);
      versions.push((await store.load()).version);
    }
    const changes = versions.map((version, i) => version !== versions[i - 1]);
    expect(changes).toEqual([true, true, false, true, false, true, false]);
  });
});
