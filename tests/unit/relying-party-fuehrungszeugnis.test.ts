import { describe, expect, test } from '@jest/globals';
import { formatClaim } from '../../src/portal/fuehrungszeugnis/format-claim.ts';
import { cardClaims, verifiedPerson, type CardClaim } from '../../src/portal/fuehrungszeugnis/verified-person.ts';
import type { Json, JsonObject } from '../../src/storage/artifacts.ts';

const verification = { trust_framework: 'eidas', assurance_level: 'high', time: '2026-11-23T00:00:00Z' };

describe('what counts as verified', () => {
  test('every value keeps its level and time', () => {
    const person = verifiedPerson({
      verified_claims: { verification, claims: { given_name: 'ERIKA', nationalities: ['DE'] } },
    });
    const source = { level: 'high', readAt: Date.UTC(2026, 10, 23) };
    expect(person).toEqual({
      given_name: { value: 'ERIKA', ...source },
      nationalities: { value: ['DE'], ...source },
    });
  });

  test('several sets: the first that has a claim gives it', () => {
    const sets = [
      { verification, claims: { given_name: 'ERIKA' } },
      { verification: { ...verification, assurance_level: 'low' }, claims: { given_name: 'EVA', family_name: 'M' } },
    ];
    const person = verifiedPerson({ verified_claims: sets });
    expect(person.given_name).toMatchObject({ value: 'ERIKA', level: 'high' });
    expect(person.family_name).toMatchObject({ value: 'M', level: 'low' });
  });

  test.each<[string, JsonObject]>([
    ['claims beside verified_claims', { given_name: 'ERIKA' }],
    [
      'another trust framework',
      { verified_claims: { verification: { ...verification, trust_framework: 'x' }, claims: { given_name: 'E' } } },
    ],
    ['no level', { verified_claims: { verification: { trust_framework: 'eidas' }, claims: { given_name: 'E' } } }],
    [
      'an unknown level',
      {
        verified_claims: {
          verification: { ...verification, assurance_level: 'toString' },
          claims: { given_name: 'E' },
        },
      },
    ],
    ['no verification', { verified_claims: { claims: { given_name: 'E' } } }],
    ['no claims', { verified_claims: { verification } }],
    [
      'empty values',
      {
        verified_claims: { verification, claims: { given_name: '', nationalities: [], address: {}, birthdate: null } },
      },
    ],
    ['text', { verified_claims: 'x' }],
    ['null', { verified_claims: null }],
    ['a list of nonsense', { verified_claims: [null, 'x', 7, []] }],
  ])('%s counts for nothing', (_, userinfo) => {
    expect(verifiedPerson(userinfo)).toEqual({});
  });

  test('a time that is none leaves the day unknown', () => {
    const claims = { given_name: 'E' };
    const person = verifiedPerson({
      verified_claims: { verification: { ...verification, time: 'yesterday' }, claims },
    });
    expect(person.given_name).toEqual({ value: 'E', level: 'high', readAt: undefined });
  });
});

describe('how a claim is read', () => {
  test.each<[CardClaim, Json, string[], string[]]>([
    ['family_name', 'MÜLLER', ['MÜLLER'], ['MÜLLER']],
    ['birthdate', '1964-08-12', ['12. August 1964'], ['12 August 1964']],
    ['birthdate', '1964', ['1964'], ['1964']],
    ['place_of_birth', { locality: 'BERLIN' }, ['BERLIN'], ['BERLIN']],
    ['place_of_birth', { locality: 'GRAZ', country: 'AT' }, ['GRAZ, Österreich'], ['GRAZ, Austria']],
    ['place_of_birth', 'AUF SEE', ['AUF SEE'], ['AUF SEE']],
    ['nationalities', ['DE'], ['deutsch'], ['German']],
    ['nationalities', ['TN'], ['Tunesien'], ['Tunisia']],
    ['nationalities', ['DE', 'FR'], ['deutsch und Frankreich'], ['German and France']],
    [
      'address',
      { street_address: 'HEIDESTRASSE 17', postal_code: '51147', locality: 'KÖLN', country: 'DE' },
      ['HEIDESTRASSE 17', '51147 KÖLN', 'Deutschland'],
      ['HEIDESTRASSE 17', '51147 KÖLN', 'Germany'],
    ],
    ['address', { locality: 'KÖLN' }, ['KÖLN'], ['KÖLN']],
    ['address', { formatted: 'HOF 1\nWEILER' }, ['HOF 1', 'WEILER'], ['HOF 1', 'WEILER']],
  ])('%s %j', (claim, value, de, en) => {
    expect(formatClaim('de', claim, value)).toEqual(de);
    expect(formatClaim('en', claim, value)).toEqual(en);
  });

  test('odd values are no crash', () => {
    for (const claim of cardClaims) {
      for (const value of [null, 7, true, [], {}, [[]], 'x'] as Json[]) {
        expect(formatClaim('de', claim, value).every((line) => typeof line === 'string')).toBe(true);
      }
    }
  });
});
