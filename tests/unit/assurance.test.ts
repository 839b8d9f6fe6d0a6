import { describe, expect, test } from '@jest/globals';
import {
  credentialsOf,
  levelOfEvidence,
  proofedLevel,
  type Evidence,
  type MeansTable,
  type Proofing,
} from '../../src/assurance/evidence.ts';
import { levels, satisfies, strongest, weakest, type Level } from '../../src/assurance/levels.ts';
import { acrOf, acrValues, levelOf } from '../../src/assurance/names.ts';
import { agedEvidence, agedLevel, endOfEvidence, reachedNow, standardAgeing } from '../../src/assurance/policy.ts';
import { unknownEssential, wantedLevel } from '../../src/id/oidc/wanted-level.ts';

const table: MeansTable = {
  password: 'low',
  password_totp: 'substantial',
  passkey_synced: 'substantial',
  passkey_bound: 'substantial',
  eid: 'high',
};
const minute = 60_000;
const now = Date.UTC(2026, 10, 23, 12);

const login = (over: Partial<Evidence> = {}): Evidence => ({
  means: 'password',
  credentialId: 'c1',
  at: now,
  amr: ['pwd'],
  ceiling: 'high',
  ...over,
});
const card = (over: Partial<Evidence> = {}): Evidence =>
  login({ means: 'eid', credentialId: 'card', amr: ['eid'], ...over });

describe('levels', () => {
  test('are ordered, and a level satisfies itself and everything below', () => {
    for (const [i, reached] of levels.entries())
      for (const [j, wanted] of levels.entries()) expect(satisfies(reached, wanted)).toBe(i >= j);
  });
  test('nothing limits, and nothing is reached, by an empty list', () => {
    expect(weakest()).toBe('high');
    expect(strongest()).toBe('basic');
    expect(weakest('high', 'low', 'substantial')).toBe('low');
    expect(strongest('basic', 'substantial', 'low')).toBe('substantial');
  });
});

describe('names', () => {
  test.each<[string, Level | undefined]>([
    ['http://eidas.europa.eu/LoA/high', 'high'],
    ['http://eidas.europa.eu/LoA/low', 'low'],
    ['urn:bayern-id:acr:basic', 'basic'],
    ['STORK-QAA-Level-1', 'basic'],
    ['STORK-QAA-Level-4', 'high'],
    ['substantial', 'substantial'],
    ['level3', 'substantial'],
    ['http://eidas.europa.eu/LoA/High', undefined],
    ['STORK-QAA-Level-5', undefined],
    ['', undefined],
    ['constructor', undefined],
  ])('%s is %s', (name, level) => expect(levelOf(name)).toBe(level));

  test('what is given out is understood when it comes back, in every naming', () => {
    for (const level of levels)
      for (const naming of ['eidas', 'stork'] as const) expect(levelOf(acrOf(level, naming))).toBe(level);
    for (const value of acrValues) expect(levelOf(value)).toBeDefined();
  });
});

describe('the level of one login is the weakest of person, means and ceiling', () => {
  const high: Proofing = { level: 'high', until: now + minute };
  test.each<[string, Evidence, Proofing, Level]>([
    ['password of a self-asserted account', login(), { level: 'basic' }, 'basic'],
    ['password of an account with a card', login(), high, 'low'],
    ['password that was set by a weak session', login({ ceiling: 'basic' }), high, 'basic'],
    ['password and code', login({ means: 'password_totp' }), high, 'substantial'],
    ['passkey of a self-asserted account', login({ means: 'passkey_bound' }), { level: 'basic' }, 'basic'],
    ['passkey enrolled at low', login({ means: 'passkey_synced', ceiling: 'low' }), high, 'low'],
    ['card', card(), high, 'high'],
    ['card of a weaker kind of eID', card({ ceiling: 'substantial' }), high, 'substantial'],
    ['card that has expired meanwhile', card(), { level: 'high', until: now }, 'basic'],
    ['what was idled away', card({ left: 'low' }), high, 'low'],
  ])('%s', (_, evidence, proofing, level) => expect(levelOfEvidence(evidence, proofing, table, now)).toBe(level));

  test('an operator who is bound to § 3(4) OZG sets the passkey row to low', () => {
    expect(levelOfEvidence(login({ means: 'passkey_bound' }), high, { ...table, passkey_bound: 'low' }, now)).toBe(
      'low',
    );
  });
  test('a proof without an end has none', () =>
    expect(proofedLevel({ level: 'high' }, Number.MAX_SAFE_INTEGER)).toBe('high'));
});

test('a login names every credential it used', () => {
  expect(credentialsOf(login({ credentialId: 'a' }))).toEqual(['a']);
  expect(credentialsOf(login({ credentialId: 'a', beside: ['b'] }))).toEqual(['a', 'b']);
});

describe('ageing falls step by step', () => {
  test.each<[Level, number, number, Level | undefined]>([
    // level, minutes since the login, minutes since last seen, what is left
    ['high', 0, 0, 'high'],
    ['high', 29, 4, 'high'],
    ['high', 30, 0, 'substantial'],
    ['high', 10, 5, 'substantial'],
    ['high', 119, 29, 'substantial'],
    ['high', 120, 0, 'low'],
    ['high', 40, 30, 'low'],
    ['high', 719, 59, 'low'],
    ['high', 720, 0, undefined],
    ['high', 100, 60, undefined],
    ['substantial', 5, 5, 'substantial'],
    ['substantial', 125, 1, 'low'],
    ['low', 300, 10, 'low'],
    ['low', 300, 60, undefined],
    ['basic', 300, 10, 'basic'],
    ['basic', 720, 0, undefined],
  ])('%s after %i minutes, %i of them idle: %s', (level, age, idle, left) =>
    expect(agedLevel(level, { at: now - age * minute, seen: now - idle * minute, now }, standardAgeing)).toBe(left),
  );

  test('a level that was idled away stays away, whatever visits follow', () => {
    const fallen = agedEvidence([card({ at: now - 6 * minute })], { seen: now - 6 * minute, now }, standardAgeing);
    expect(fallen).toMatchObject([{ left: 'substantial' }]);
    const next = agedEvidence(fallen, { seen: now, now: now + 1000 }, standardAgeing);
    expect(next).toMatchObject([{ left: 'substantial' }]);
    expect(agedEvidence(next, { seen: now, now: now + 61 * minute }, standardAgeing)).toEqual([]);
  });
});

describe('what a session reaches', () => {
  const circumstances = { proofing: { level: 'high' } as const, table, ageing: standardAgeing, now, seen: now };
  test('nothing without evidence', () => expect(reachedNow([], circumstances)).toBeUndefined());
  test('the strongest counts, not the newest', () =>
    expect(reachedNow([card({ at: now - 10 * minute }), login()], circumstances)).toMatchObject({
      level: 'high',
      evidence: { credentialId: 'card' },
    }));
  test('among equals the newest counts', () =>
    expect(
      reachedNow([login({ credentialId: 'old', at: now - minute }), login({ credentialId: 'new' })], circumstances)
        ?.evidence.credentialId,
    ).toBe('new'));
  test('what is too old for a request does not carry an earlier card along', () =>
    expect(
      reachedNow([card({ at: now - 10 * minute }), login()], { ...circumstances, notBefore: now - minute })?.level,
    ).toBe('low'));
  test('a card that has aged falls behind nothing that is stronger', () =>
    expect(reachedNow([card({ at: now - 40 * minute }), login()], circumstances)).toMatchObject({
      level: 'substantial',
      evidence: { credentialId: 'card' },
    }));
});

describe('the level a request wants', () => {
  const claims = (acr: unknown): string => JSON.stringify({ id_token: { acr } });
  test.each<[string, Level, Parameters<typeof wantedLevel>[1], Level | typeof unknownEssential]>([
    ['nothing: the client’s minimum', 'low', {}, 'low'],
    ['acr_values above the minimum', 'low', { acr_values: 'http://eidas.europa.eu/LoA/high' }, 'high'],
    ['acr_values below the minimum', 'high', { acr_values: 'low' }, 'high'],
    ['several alternatives: the weakest known', 'basic', { acr_values: 'high substantial' }, 'substantial'],
    ['alternatives in the other order', 'basic', { acr_values: 'substantial high' }, 'substantial'],
    ['an unknown alternative is ignored', 'basic', { acr_values: 'gold high' }, 'high'],
    ['only unknown ones: nothing was asked', 'low', { acr_values: 'gold silver' }, 'low'],
    ['a level scope', 'basic', { scope: 'openid level4' }, 'high'],
    [
      'the greatest of several kinds',
      'basic',
      { scope: 'openid level2', acr_values: 'STORK-QAA-Level-3' },
      'substantial',
    ],
    [
      'an essential value',
      'basic',
      { claims: claims({ essential: true, value: 'http://eidas.europa.eu/LoA/high' }) },
      'high',
    ],
    [
      'essential values',
      'basic',
      { claims: claims({ essential: true, values: ['high', 'substantial'] }) },
      'substantial',
    ],
    [
      'essential beside acr_values, which the library would let overwrite it',
      'basic',
      { acr_values: 'low', claims: claims({ essential: true, value: 'high' }) },
      'high',
    ],
    ['unknown and essential', 'basic', { claims: claims({ essential: true, value: 'gold' }) }, unknownEssential],
    ['unknown and voluntary', 'basic', { claims: claims({ value: 'gold' }) }, 'basic'],
    ['essential without a value', 'low', { claims: claims({ essential: true }) }, 'low'],
    ['null', 'low', { claims: claims(null) }, 'low'],
  ])('%s', (_, minimum, params, wanted) => expect(wantedLevel(minimum, params)).toBe(wanted));
});

describe('when nothing will be left', () => {
  const hour = 60 * minute;
  test.each<[string, readonly Evidence[], number, number]>([
    ['of no login at all', [], now, 0],
    ['after the idle time', [login()], now, now + hour],
    ['counted from the last visit', [login({ at: now - 3 * hour })], now, now + hour],
    ['at the end of the longest life', [login({ at: now - 11.5 * hour })], now, now + 0.5 * hour],
    ['a login after the last visit counts as one', [login({ at: now })], now - 2 * hour, now + hour],
    ['the login that lasts longest decides', [card({ at: now - 11.8 * hour }), login()], now, now + hour],
    ['a card that idled down to basic still lasts', [card({ left: 'basic' })], now, now + hour],
  ])('%s', (_title, items, seen, end) => {
    expect(endOfEvidence(items, seen, standardAgeing)).toBe(end);
  });

  test('it is the moment from which ageing leaves nothing', () => {
    for (const items of [[login()], [card({ left: 'low' }), login({ at: now - 10 * hour })]]) {
      const end = endOfEvidence(items, now, standardAgeing);
      const left = (at: number): number => agedEvidence(items, { seen: now, now: at }, standardAgeing).length;
      expect([left(end - 1) > 0, left(end)]).toEqual([true, 0]);
    }
  });
});
