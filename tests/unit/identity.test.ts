import { describe, expect, test } from '@jest/globals';
import {
  cardAttributes,
  type Attribute,
  type Attributes,
  type CardAttribute,
} from '../../src/id/identity/attribute.ts';
import { birthDateClaim, birthDatesAgree } from '../../src/id/identity/birth-date.ts';
import type { Citizen } from '../../src/id/identity/citizen.ts';
import { linkObstacle, namesDiffer } from '../../src/id/identity/linking.ts';
import { canonicalLoginName } from '../../src/id/identity/login-name.ts';
import { levels, type Level } from '../../src/assurance/levels.ts';
import { cardFrom, requestFor } from '../../src/id/authentication/eid/attributes.ts';
import { claimsFrom } from '../../src/id/oidc/claims.ts';
import { parsePrincipal, principalText } from '../../src/id/oidc/principal.ts';
import { verifiedClaims, type VerifiedContext } from '../../src/id/oidc/verified-claims.ts';

const at = Date.UTC(2026, 10, 23);
const everything = requestFor({ announcement: '', attributes: cardAttributes, level: 'basic' }).operations;
const self = <Value>(value: Value): Attribute<Value> => ({ value, source: 'self', level: 'basic', at });
const read = <Value>(value: Value): Attribute<Value> => ({ value, source: 'card', level: 'high', at });

describe('birth dates', () => {
  test.each([
    ['1964-08-12', '1964-08-12'],
    ['19640812', '1964-08-12'],
    ['196408  ', '1964'],
    ['1964    ', '1964'],
    ['1964-00-00', '1964'],
    ['    0812', undefined],
    ['        ', undefined],
  ])('%p is given out as %p: never an invented day', (text, claim) => expect(birthDateClaim(text)).toBe(claim));

  test.each([
    ['1964-08-12', '19640812', true],
    ['1964-08-12', '1964    ', true],
    ['1964-08-12', '196408  ', true],
    ['1964-08-12', '1964-08-13', false],
    ['1964-08-12', '1965    ', false],
    ['1964-08-12', '        ', false],
  ])('%p and %p agree: %p', (a, b, agree) => {
    expect(birthDatesAgree(a, b)).toBe(agree);
    expect(birthDatesAgree(b, a)).toBe(agree);
  });
});

describe('one form of a login name', () => {
  test.each([
    ['Erika', 'erika'],
    [' erika ', 'erika'],
    ['ＥＲＩＫＡ', 'erika'],
    ['Zoe\u0308', 'zoë'],
    ['erika@post.test.', 'erika@post.test'],
    ['ERIKA@Post.Test', 'erika@post.test'],
  ])('%p is %p', (typed, canonical) => {
    expect(canonicalLoginName(typed)).toBe(canonical);
    expect(canonicalLoginName(canonical)).toBe(canonical);
  });
});

describe('adding a card', () => {
  const citizen = (own: Attributes, card?: Citizen['card']): Citizen => ({
    account: { id: 'a', epoch: 1, state: 'active', createdAt: at },
    preferences: {},
    self: own,
    ...(card ? { card } : {}),
  });
  const cardOf = (birthdate?: string): Attributes => (birthdate === undefined ? {} : { birthdate: read(birthdate) });

  test.each([
    ['the same birth date', citizen({ birthdate: self('1964-08-12') }), cardOf('1964-08-12'), undefined],
    ['another birth date', citizen({ birthdate: self('1964-08-12') }), cardOf('1964-08-13'), 'birthDate'],
    ['an incomplete one that fits', citizen({ birthdate: self('1964-08-12') }), cardOf('1964    '), undefined],
    ['no birth date in the account', citizen({}), cardOf('1964-08-12'), undefined],
    [
      'another name',
      citizen({ family_name: self('Gabler'), birthdate: self('1964-08-12') }),
      cardOf('1964-08-12'),
      undefined,
    ],
    [
      'a card that is linked already',
      citizen({}, { link: { id: 'l', ceiling: 'high', linkedAt: at }, asked: [], attributes: {} }),
      cardOf('1964-08-12'),
      'otherCardLinked',
    ],
  ])('%s', (_, account, card, obstacle) => expect(linkObstacle(account, card)).toBe(obstacle));

  test.each([
    ['capitals are no difference', { given_name: self('Erika') }, { given_name: read('ERIKA') }, false],
    ['diacritics are none', { given_name: self('Zoe') }, { given_name: read('ZOË') }, false],
    ['another family name is one', { family_name: self('Gabler') }, { family_name: read('MUSTERMANN') }, true],
    ['what nobody typed cannot differ', {}, { family_name: read('MUSTERMANN') }, false],
  ])('%s', (_, own, card, differ) => expect(namesDiffer(own, card)).toBe(differ));
});

describe('what is asked of a card', () => {
  const identity = {
    DocumentType: 'required',
    DateOfExpiry: 'required',
    GivenNames: 'allowed',
    FamilyNames: 'required',
    DateOfBirth: 'required',
    PlaceOfBirth: 'allowed',
    BirthName: 'allowed',
    RestrictedID: 'required',
  };
  const ask = (attributes: readonly CardAttribute[], level: Level = 'basic') =>
    requestFor({ announcement: 'Anmeldung bei Hundesteuer', attributes, level });

  test('only what identity needs, when the service needs nothing', () => {
    expect(ask([])).toEqual({ operations: identity, transactionInfo: 'Anmeldung bei Hundesteuer' });
  });
  test('what the service needs comes on top, and can be deselected', () => {
    expect(ask(['address', 'nationalities', 'family_name']).operations).toEqual({
      ...identity,
      PlaceOfResidence: 'allowed',
      Nationality: 'allowed',
    });
  });
  test('the level that the service needs goes along', () => {
    expect(ask([], 'high').level).toBe('high');
    expect('level' in ask([], 'basic')).toBe(false);
  });
  test('a card says nothing of what it was not asked', () => {
    const data = { restrictedId: 'AB', documentType: 'ID', familyNames: 'MUSTERMANN' };
    const card = cardFrom(data, ask(['address']).operations, 'high', at);
    expect(card?.asked).toEqual([
      'given_name',
      'family_name',
      'birth_family_name',
      'birthdate',
      'place_of_birth',
      'address',
      'document_type',
    ]);
    expect(card?.attributes.nationalities).toBeUndefined();
  });
});

describe('what a card says', () => {
  const card = cardFrom(
    {
      restrictedId: 'AB',
      documentType: 'ID',
      givenNames: 'ERIKA',
      familyNames: 'MUSTERMANN',
      dateOfBirth: '1964    ',
      dateOfExpiry: '2034-10-31',
      placeOfResidence: 'none',
    },
    everything,
    'high',
    at,
  );
  test('is kept as read, with source, level and time', () =>
    expect(card?.attributes).toMatchObject({
      given_name: { value: 'ERIKA', source: 'card', level: 'high', at },
      birthdate: { value: '1964    ' },
    }));
  test('“no place” is no address', () => expect(card?.attributes.address).toBeUndefined());
  test('a missing nationality of an identity card is assumed, and marked so', () =>
    expect(card?.attributes.nationalities).toMatchObject({ value: ['DE'], assumed: true }));
  test('no pseudonym, nobody', () =>
    expect(cardFrom({ familyNames: 'MUSTERMANN' }, everything, 'high', at)).toBeUndefined());
  test('the card is valid to the end of its last day', () =>
    expect(card?.validUntil).toBe(Date.parse('2034-10-31T23:59:59+01:00')));
  test.each(levels)('nothing that was read counts for more than the eID itself: %s', (level) => {
    const weak = cardFrom({ restrictedId: 'AB', familyNames: 'MUSTERMANN', documentType: 'ID' }, everything, level, at);
    expect(weak?.assured).toBe(level);
    expect(Object.values(weak?.attributes ?? {}).map((attribute) => attribute.level)).toEqual([level, level, level]);
  });
});

describe('claims', () => {
  test('are named by OpenID Connect; what has no such form is left out', () => {
    expect(
      claimsFrom({
        given_name: read('ERIKA'),
        birthdate: read('    0812'),
        place_of_birth: read({ formatted: 'BERLIN' }),
        email: self('e@post.test'),
      }),
    ).toEqual({
      given_name: 'ERIKA',
      name: 'ERIKA',
      place_of_birth: { locality: 'BERLIN' },
      email: 'e@post.test',
      email_verified: false,
    });
  });
  test.each([
    ['e@post.test', true],
    ['E@post.test', false],
    [undefined, false],
  ])('an address is verified when it is the one that was confirmed: %p', (confirmed, verified) =>
    expect(claimsFrom({ email: self('e@post.test') }, confirmed)['email_verified']).toBe(verified),
  );
  test('an account of the library names account and epoch, and nothing else is one', () => {
    const principal = { accountId: '6b3f7c9e-0000-4000-8000-000000000000', epoch: 3 };
    expect(parsePrincipal(principalText(principal))).toEqual(principal);
    for (const text of [
      '',
      'x',
      '6b3f7c9e-0000-4000-8000-000000000000',
      '6b3f7c9e-0000-4000-8000-000000000000~',
      '~1',
      '6b3f7c9e-0000-4000-8000-000000000000~1~2',
    ])
      expect(parsePrincipal(text)).toBeUndefined();
  });
});

describe('verified_claims', () => {
  const context: VerifiedContext = {
    card: { given_name: read('ERIKA'), family_name: read('MUSTERMANN'), birthdate: read('1964-08-12') },
    documentExpires: '2034-10-31',
    released: () => true,
    now: at + 3600_000,
  };
  const eidas = { trust_framework: { value: 'eidas' } };
  const ask = (verification: object, claims: object, over: Partial<VerifiedContext> = {}): unknown =>
    verifiedClaims({ verification, claims }, { ...context, ...over });

  test('answers with framework, level and time as asked', () =>
    expect(ask({ ...eidas, assurance_level: null, time: null }, { given_name: null })).toEqual({
      verification: { trust_framework: 'eidas', assurance_level: 'high', time: '2026-11-23T00:00:00Z' },
      claims: { given_name: 'ERIKA' },
    }));
  test.each<[string, unknown]>([
    ['another trust framework', ask({ trust_framework: { value: 'de_aml' } }, { given_name: null })],
    [
      'a weaker level than asked as the only one',
      ask({ ...eidas, assurance_level: { value: 'low' } }, { given_name: null }),
    ],
    ['something younger than it is', ask({ ...eidas, time: { max_age: 60 } }, { given_name: null })],
    ['no claims at all', ask(eidas, {})],
    ['no trust framework', ask({}, { given_name: null })],
    ['only unknown claims', ask(eidas, { shoe_size: { essential: true } })],
    ['a fixed value that does not match', ask(eidas, { given_name: { value: 'Max' } })],
    ['what was not released', ask(eidas, { given_name: null }, { released: () => false })],
    ['an account without a card', ask(eidas, { given_name: null }, { card: {} })],
    ['nonsense', verifiedClaims('everything', context)],
  ])('nothing for %s', (_, answer) => expect(answer).toBeUndefined());
  test('an unknown claim is left out, the others stay', () =>
    expect(ask(eidas, { shoe_size: null, family_name: null })).toMatchObject({
      claims: { family_name: 'MUSTERMANN' },
    }));
  test('the expiry date is personal: only when it is asked for', () => {
    expect(
      JSON.stringify(ask({ ...eidas, evidence: [{ type: { value: 'document' } }] }, { given_name: null })),
    ).not.toContain('2034');
    expect(
      JSON.stringify(
        ask(
          { ...eidas, evidence: [{ type: { value: 'document' }, document_details: { date_of_expiry: null } }] },
          { given_name: null },
        ),
      ),
    ).toContain('2034-10-31');
  });
  test('of the evidence only what is asked goes out', () => {
    const evidence = (wish: object): unknown =>
      (ask({ ...eidas, evidence: [wish] }, { given_name: null }) as { verification: { evidence: unknown } } | undefined)
        ?.verification.evidence;
    expect(evidence({ type: { value: 'document' } })).toEqual([{ type: 'document' }]);
    expect(evidence({ type: null, check_details: [{ check_method: null }] })).toEqual([
      { type: 'document', check_details: [{ check_method: 'vcrypt' }] },
    ]);
    expect(
      evidence({ type: null, document_details: { type: null, issuer: { country_code: null }, number: null } }),
    ).toEqual([{ type: 'document', document_details: { type: 'idcard', issuer: { country_code: 'DE' } } }]);
    expect(evidence({ type: null, document_details: null })).toMatchObject([{ document_details: { type: 'idcard' } }]);
  });
  test.each<[string, object]>([
    ['another kind of evidence', { type: { value: 'electronic_record' } }],
    ['another document', { type: null, document_details: { type: { values: ['passport'] } } }],
    ['another way of checking', { type: null, check_details: [{ check_method: { value: 'pipp' } }] }],
  ])('%s than ours: nothing at all', (_, wish) =>
    expect(ask({ ...eidas, evidence: [wish] }, { given_name: null })).toBeUndefined(),
  );
  test.each([
    ['ID', 'idcard'],
    ['AR', 'de_erp'],
    ['UB', 'de_idcard_foreigners'],
  ])('a document %s is %s', (documentType, type) =>
    expect(
      ask(
        { ...eidas, evidence: [{ type: null, document_details: { type: null } }] },
        { given_name: null },
        { documentType },
      ),
    ).toMatchObject({ verification: { evidence: [{ document_details: { type } }] } }),
  );
  test('several requests are several answers', () =>
    expect(
      verifiedClaims(
        [
          { verification: eidas, claims: { given_name: null } },
          { verification: eidas, claims: { family_name: null } },
        ],
        context,
      ),
    ).toHaveLength(2));
});
