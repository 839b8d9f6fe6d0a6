import { describe, expect, test } from '@jest/globals';
import type { Evidence, MeansTable } from '../../src/assurance/evidence.ts';
import { standardAgeing } from '../../src/assurance/policy.ts';
import type { Level } from '../../src/assurance/levels.ts';
import type { Citizen } from '../../src/id/identity/citizen.ts';
import type { Credential } from '../../src/id/identity/credentials.ts';
import { loginBy, strongestOwnMeans } from '../../src/id/identity/means.ts';
import { strongestMeans } from '../../src/id/identity/strongest-means.ts';
import { recentProof, waysTo } from '../../src/id/interaction/proofs.ts';

const table: MeansTable = {
  password: 'low',
  password_totp: 'substantial',
  passkey_synced: 'low',
  passkey_bound: 'substantial',
  eid: 'high',
};
const now = Date.now();
const rules = { table, ageing: standardAgeing, counts: () => true };
const withoutPasskeys = { ...rules, counts: ({ means }: Evidence) => !means.startsWith('passkey') };

const credential = (id: string, kind: Credential['kind'], over: Partial<Credential> = {}): Credential => ({
  id,
  kind,
  ceiling: 'high',
  createdAt: 0,
  changedAt: 0,
  ...over,
});
const password = credential('password', 'password');
const totp = credential('totp', 'totp');
const codes = credential('codes', 'recovery_codes');
const synced = credential('synced', 'passkey', { synced: true });
const bound = credential('bound', 'passkey', { synced: false });

const account = { id: 'erika', epoch: 1, state: 'active', createdAt: 0 } as const;
const known: Citizen = {
  account,
  self: {},
  preferences: {},
  card: { link: { id: 'card', ceiling: 'high', linkedAt: 0, validUntil: now + 86_400_000 }, asked: [], attributes: {} },
};
const unknown: Citizen = { account, self: {}, preferences: {} };
const expired: Citizen = {
  ...unknown,
  card: { link: { id: 'card', ceiling: 'high', linkedAt: 0, validUntil: now - 1000 }, asked: [], attributes: {} },
};

describe('logging in by a credential', () => {
  test.each<[string, Credential, readonly Credential[], Partial<Evidence> | undefined]>([
    ['a password', password, [password], { means: 'password', credentialId: 'password', ceiling: 'high' }],
    ['with an app beside it', password, [password, totp], { means: 'password_totp', beside: ['totp'] }],
    ['codes alone are no app', password, [password, codes], { means: 'password' }],
    [
      'the weaker ceiling of two',
      password,
      [password, { ...totp, ceiling: 'basic' }],
      { means: 'password_totp', ceiling: 'basic' },
    ],
    ['a synced passkey', synced, [synced], { means: 'passkey_synced' }],
    ['one bound to its device', bound, [bound, password, totp], { means: 'passkey_bound', ceiling: 'high' }],
    ['an app by itself', totp, [password, totp], undefined],
    ['codes by themselves', codes, [password, totp, codes], undefined],
  ])('%s', (_title, one, all, evidence) => {
    const login = loginBy(one, all, now);
    if (evidence === undefined) expect(login).toBeUndefined();
    else expect(login).toMatchObject({ ...evidence, at: now });
  });
});

describe('the strongest own means', () => {
  test.each<[string, readonly Credential[], readonly string[]]>([
    ['nothing', [], []],
    ['a password', [password], ['password']],
    ['password and app', [password, totp], ['password_totp']],
    ['a passkey of the same row', [password, synced], ['password', 'passkey_synced']],
    ['a stronger passkey', [password, synced, bound], ['passkey_bound']],
    ['both', [password, totp, bound], ['password_totp', 'passkey_bound']],
    ['ceilings are left aside', [{ ...bound, ceiling: 'basic' }, password], ['passkey_bound']],
  ])('%s', (_title, credentials, means) => expect(strongestOwnMeans(credentials, rules, now)).toEqual(means));

  test('what is switched off is none', () =>
    expect(strongestOwnMeans([password, bound], withoutPasskeys, now)).toEqual(['password']));
});

describe('what a dangerous act asks for', () => {
  test.each<[string, Citizen, readonly Credential[], Level]>([
    ['a card', known, [password], 'high'],
    ['no card', unknown, [password, totp, bound], 'basic'],
    ['a card that has expired', expired, [password, totp], 'basic'],
  ])('%s', (_title, citizen, credentials, level) => expect(strongestMeans(citizen, credentials, rules)).toBe(level));
});

describe('the proof for adding a card', () => {
  const by = (means: Evidence['means'], over: Partial<Evidence> = {}): Evidence => ({
    means,
    credentialId: means.startsWith('passkey') ? 'bound' : 'password',
    at: now - 60_000,
    amr: [],
    ceiling: 'high',
    ...over,
  });

  test.each<[string, readonly Evidence[], readonly Credential[], boolean]>([
    ['nothing', [], [password], false],
    ['a password that is all there is', [by('password')], [password], true],
    ['older than ten minutes', [by('password', { at: now - 10 * 60_000 - 1 })], [password], false],
    ['a password where an app stands beside it', [by('password')], [password, totp], false],
    ['password and code', [by('password_totp', { beside: ['totp'] })], [password, totp], true],
    ['a password where a passkey is stronger', [by('password')], [password, bound], false],
    ['that passkey', [by('passkey_bound')], [password, bound], true],
    ['a passkey that was removed since', [by('passkey_bound')], [password], false],
    ['a code of an app that was removed since', [by('password_totp', { beside: ['totp'] })], [password], false],
    ['the card before', [by('eid', { credentialId: 'card' })], [password, bound], true],
    ['another card', [by('eid', { credentialId: 'other' })], [password], false],
  ])('%s', (_title, evidence, credentials, recent) =>
    expect(recentProof(evidence, known, credentials, rules, now)).toBe(recent),
  );

  test('with the stronger one switched off, the password is', () =>
    expect(recentProof([by('password')], unknown, [password, bound], withoutPasskeys, now)).toBe(true));
});

describe('ways up', () => {
  test.each<[string, Level, Citizen, readonly Credential[], readonly string[]]>([
    ['password and app', 'substantial', known, [password, totp], ['password']],
    ['a passkey', 'substantial', known, [password, bound], ['passkey']],
    ['one that is too weak', 'substantial', known, [password, synced], []],
    ['both', 'low', known, [password, synced], ['passkey', 'password']],
    ['held down by its ceiling', 'substantial', known, [{ ...bound, ceiling: 'low' }], []],
    ['of nobody who is known', 'low', unknown, [password, totp, bound], []],
    ['none of them reaches high', 'high', known, [password, totp, bound], []],
  ])('%s', (_title, wanted, citizen, credentials, ways) =>
    expect(waysTo(wanted, citizen, credentials, rules)).toEqual(ways),
  );

  test('what is switched off is none', () =>
    expect(waysTo('low', known, [password, bound], withoutPasskeys)).toEqual(['password']));
});
