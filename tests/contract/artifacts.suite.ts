import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Artifacts } from '../../src/storage/artifacts.ts';
import { resetClock, shiftClock } from '../support/clock.ts';

/** One store that several handles reach, as several processes would. */
export interface ArtifactsUnderTest {
  open(): Promise<Artifacts>;
  /** Everything that the store keeps, as bytes. */
  raw(): Promise<Buffer>;
  /** Changes one byte in every sealed payload. */
  corrupt(): Promise<void>;
  stop(): Promise<void>;
}

const twenty = <Result>(step: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: 20 }, (_, index) => step(index)));

const count = (answers: readonly boolean[]): number => answers.filter(Boolean).length;

/** What every store of artifacts must do. `start` is called once, within beforeAll. */
export function describeArtifacts(start: () => Promise<ArtifactsUnderTest>): void {
  let store: ArtifactsUnderTest;
  let one: Artifacts;
  let other: Artifacts;
  let serial = 0;
  let id: string;

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
    id = `id-${serial}`;
    return id;
  };

  describe('saving and finding', () => {
    test('gives back what was saved, through another handle, as an object of its own', async () => {
      const payload = {
        text: 'Grüß Gott „ʼ“ \u0000 😀',
        list: [1, null, { deep: true }],
        number: 1.5,
        gone: undefined,
      };
      await one.save('Session', fresh(), payload, { ttl: 60 });
      const { gone, ...kept } = payload;
      expect(gone).toBeUndefined();
      const first = await other.find('Session', id);
      expect(first).toEqual({ payload: kept });
      (first?.payload['list'] as unknown[] | undefined)?.push(2);
      expect((await other.find('Session', id))?.payload).toEqual(kept);
    });

    test('what was never saved is absent', async () => {
      expect(await one.find('Session', 'never')).toBeUndefined();
      expect(await one.findByAlias('Session', 'never')).toBeUndefined();
      expect(await one.consume('Session', 'never')).toBe(false);
      await one.remove('Session', 'never');
      await one.removeGroup('Session', 'never');
    });

    test('a second save replaces payload, alias and group', async () => {
      const [alias, group] = [`alias-${fresh()}`, `group-${id}`];
      await one.save('Session', id, { version: 1 }, { ttl: 60, alias, group });
      await one.save('Session', id, { version: 2 }, { ttl: 60 });
      expect(await other.find('Session', id)).toEqual({ payload: { version: 2 } });
      expect(await other.findByAlias('Session', alias)).toBeUndefined();
      await other.removeGroup('Session', group);
      expect(await one.find('Session', id)).toEqual({ payload: { version: 2 } });
    });

    test('an id, alias or group of one kind is none of another', async () => {
      await one.save('AccessToken', fresh(), { kind: 'token' }, { ttl: 60, alias: id, group: id });
      expect(await one.find('AuthorizationCode', id)).toBeUndefined();
      expect(await one.findByAlias('AuthorizationCode', id)).toBeUndefined();
      expect(await one.consume('AuthorizationCode', id)).toBe(false);
      await one.remove('AuthorizationCode', id);
      await one.removeGroup('AuthorizationCode', id);
      expect(await one.find('AccessToken', id)).toEqual({ payload: { kind: 'token' } });
      expect(await one.saveNew('AuthorizationCode', id, {}, { ttl: 60 })).toBe(true);
    });

    test('kind and id cannot be shifted against each other', async () => {
      fresh();
      await one.save('Ab', `c${id}`, { at: 1 }, { ttl: 60 });
      expect(await one.find('A', `bc${id}`)).toBeUndefined();
    });

    test('what was removed is absent', async () => {
      await one.save('Session', fresh(), {}, { ttl: 60, alias: `alias-${id}` });
      await other.remove('Session', id);
      expect(await one.find('Session', id)).toBeUndefined();
      expect(await one.findByAlias('Session', `alias-${id}`)).toBeUndefined();
      expect(await one.saveNew('Session', id, {}, { ttl: 60 })).toBe(true);
    });
  });

  describe('expiry', () => {
    test('an expired artifact is absent in every way', async () => {
      await one.save('Code', fresh(), { a: 1 }, { ttl: 60, alias: `alias-${id}` });
      shiftClock(59_000);
      expect(await one.find('Code', id)).toEqual({ payload: { a: 1 } });
      shiftClock(1500);
      expect(await one.find('Code', id)).toBeUndefined();
      expect(await one.findByAlias('Code', `alias-${id}`)).toBeUndefined();
      expect(await one.consume('Code', id)).toBe(false);
    });

    test('an expired id can be taken again, and what is saved then is not consumed', async () => {
      await one.save('Code', fresh(), { a: 1 }, { ttl: 60 });
      expect(await one.consume('Code', id)).toBe(true);
      shiftClock(61_000);
      expect(await one.saveNew('Code', id, { a: 2 }, { ttl: 60 })).toBe(true);
      expect(await one.saveNew('Code', id, { a: 3 }, { ttl: 60 })).toBe(false);
      expect(await one.find('Code', id)).toEqual({ payload: { a: 2 } });
      shiftClock(61_000);
      await one.save('Code', id, { a: 4 }, { ttl: 60 });
      expect(await one.find('Code', id)).toEqual({ payload: { a: 4 } });
    });

    test('saving again prolongs, and shortens', async () => {
      await one.save('Code', fresh(), {}, { ttl: 60 });
      await one.save('Code', id, {}, { ttl: 120 });
      shiftClock(100_000);
      expect(await one.find('Code', id)).toBeDefined();
      await one.save('Code', id, {}, { ttl: 1 });
      shiftClock(2000);
      expect(await one.find('Code', id)).toBeUndefined();
    });
  });

  describe('single use', () => {
    test('20 at once over two handles: one consumes', async () => {
      await one.save('Code', fresh(), { a: 1 }, { ttl: 60 });
      const before = Date.now();
      const answers = await twenty((index) => (index % 2 === 0 ? one : other).consume('Code', id));
      expect(count(answers)).toBe(1);
      const found = await one.find('Code', id);
      expect(found?.payload).toEqual({ a: 1 });
      expect(found?.consumedAt).toBeGreaterThanOrEqual(before);
      expect(found?.consumedAt).toBeLessThanOrEqual(Date.now());
    });

    test('20 at once over two handles: one saves anew', async () => {
      fresh();
      const answers = await twenty((index) =>
        (index % 2 === 0 ? one : other).saveNew('Replay', id, { index }, { ttl: 60 }),
      );
      expect(count(answers)).toBe(1);
      expect((await one.find('Replay', id))?.payload).toEqual({ index: answers.indexOf(true) });
    });

    test('a late save of a consumed artifact does not make it usable again', async () => {
      await one.save('Code', fresh(), { a: 1 }, { ttl: 60 });
      expect(await one.consume('Code', id)).toBe(true);
      await other.save('Code', id, { a: 2 }, { ttl: 60 });
      expect(await one.consume('Code', id)).toBe(false);
      expect(await one.find('Code', id)).toEqual({ payload: { a: 2 }, consumedAt: expect.any(Number) });
    });
  });

  describe('alias', () => {
    test('finds the artifact, until it is removed', async () => {
      await one.save('Session', fresh(), { a: 1 }, { ttl: 60, alias: `alias-${id}` });
      expect(await other.findByAlias('Session', `alias-${id}`)).toEqual({ payload: { a: 1 } });
      expect(await other.find('Session', `alias-${id}`)).toBeUndefined();
    });

    test('a session that changes its id keeps its alias', async () => {
      const alias = `alias-${fresh()}`;
      await one.save('Session', id, { at: 'old' }, { ttl: 60, alias });
      await one.remove('Session', id);
      expect(await other.findByAlias('Session', alias)).toBeUndefined();
      await one.save('Session', `new-${id}`, { at: 'new' }, { ttl: 60, alias });
      expect(await other.findByAlias('Session', alias)).toEqual({ payload: { at: 'new' } });
    });

    test('of two that have it the one saved last is meant, and removing the old one leaves it', async () => {
      const alias = `alias-${fresh()}`;
      await one.save('Session', id, { at: 'old' }, { ttl: 60, alias });
      await one.save('Session', `new-${id}`, { at: 'new' }, { ttl: 60, alias });
      expect(await other.findByAlias('Session', alias)).toEqual({ payload: { at: 'new' } });
      await one.remove('Session', id);
      expect(await other.findByAlias('Session', alias)).toEqual({ payload: { at: 'new' } });
    });
  });

  describe('group', () => {
    test('is removed with all its members of the kind and no others', async () => {
      const group = `group-${fresh()}`;
      await twenty((index) => one.save('Token', `${id}-${index}`, { index }, { ttl: 60, group }));
      await one.save('Token', `${id}-outside`, {}, { ttl: 60, group: `${group}-2` });
      await one.save('Code', `${id}-0`, {}, { ttl: 60, group });
      await other.removeGroup('Token', group);
      const left = await twenty((index) => one.find('Token', `${id}-${index}`));
      expect(left.filter((artifact) => artifact !== undefined)).toEqual([]);
      expect(await one.find('Token', `${id}-outside`)).toBeDefined();
      expect(await one.find('Code', `${id}-0`)).toBeDefined();
    });

    test('of several hundred members is removed whole', async () => {
      const group = `group-${fresh()}`;
      await Promise.all(
        Array.from({ length: 250 }, (_, index) => one.save('Token', `${id}-${index}`, {}, { ttl: 60, group })),
      );
      await one.removeGroup('Token', group);
      for (const index of [0, 99, 100, 249]) expect(await one.find('Token', `${id}-${index}`)).toBeUndefined();
    });

    test('a member that was saved into another group stays', async () => {
      const group = `group-${fresh()}`;
      await one.save('Token', id, {}, { ttl: 60, group });
      await one.save('Token', id, {}, { ttl: 60, group: `${group}-2` });
      await one.removeGroup('Token', group);
      expect(await one.find('Token', id)).toBeDefined();
    });
  });

  describe('the raw store', () => {
    test('shows no id, alias, group or payload', async () => {
      const words = { id: 'RAW-ID-7c1f', alias: 'RAW-ALIAS-91ab', group: 'RAW-GROUP-33de', secret: 'RAW-PAYLOAD-d0a4' };
      await one.save(
        'RawKind',
        words.id,
        { secret: words.secret },
        { ttl: 60, alias: words.alias, group: words.group },
      );
      await one.saveNew('RawKind', `${words.id}-new`, { secret: words.secret }, { ttl: 60 });
      await one.consume('RawKind', words.id);
      const raw = await store.raw();
      expect(raw.length).toBeGreaterThan(500);
      for (const word of Object.values(words)) {
        expect(raw.includes(word)).toBe(false);
        expect(raw.includes(Buffer.from(word).toString('base64').slice(0, -4))).toBe(false);
        expect(raw.includes(Buffer.from(word).toString('hex'))).toBe(false);
      }
    });

    test('a payload that was changed there is an error, not an answer', async () => {
      await one.save('Session', fresh(), { a: 1 }, { ttl: 60 });
      await store.corrupt();
      await expect(one.find('Session', id)).rejects.toThrow('could not be opened');
    });
  });
}
