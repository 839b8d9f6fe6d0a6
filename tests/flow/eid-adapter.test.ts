import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  eidOperations,
  type EidOperation,
  type EidPort,
  type EidRequest,
} from '../../src/id/authentication/eid/port.ts';
import type { Schema } from '../../src/id/authentication/eid/tr03130/names.ts';
import { eidWorld, paosAddress, type EidWorld } from './eid-adapter-world.ts';

const everything: EidRequest = {
  operations: {
    DocumentType: 'required',
    IssuingState: 'required',
    DateOfExpiry: 'required',
    GivenNames: 'required',
    FamilyNames: 'required',
    ArtisticName: 'allowed',
    AcademicTitle: 'allowed',
    DateOfBirth: 'required',
    PlaceOfBirth: 'allowed',
    Nationality: 'allowed',
    BirthName: 'allowed',
    PlaceOfResidence: 'allowed',
    CommunityID: 'allowed',
    ResidencePermitI: 'allowed',
    RestrictedID: 'required',
    AgeVerification: 'allowed',
  },
  age: 18,
  transactionInfo: 'Anmeldung bei „Führungszeugnis“ & Co.',
};

let world: EidWorld;
beforeAll(async () => {
  world = await eidWorld();
});
afterAll(() => world.close());

const loginAt = async (
  { simulator }: EidWorld,
  port: EidPort,
  card: string,
  request: EidRequest,
  deselected: readonly EidOperation[] = [],
) => {
  const { sessionId } = await port.start(request);
  simulator.insertCard({ sessionId, card, deselected });
  return port.fetchResult({ sessionId, counter: 1, request });
};

/** Nothing is asked about the eID itself. */
const unasked = { minimum_level: undefined, eid_types: undefined };

describe.each<[Schema, Record<string, unknown>]>([
  ['2.4', {}],
  ['2.0', { ...unasked, schema: '2.0', assured_without_loa: 'high' }],
])('a login through SOAP, mutual TLS and signatures, schema %s', (schema, settings) => {
  let server: EidWorld;
  let port: EidPort;
  beforeAll(async () => {
    server = await eidWorld({ pki: world.pki, schema });
    port = server.adapter(settings);
  });
  afterAll(() => server.close());
  const login = (card: string, request = everything, deselected: readonly EidOperation[] = []) =>
    loginAt(server, port, card, request, deselected);

  test('start gives what the TC Token needs', async () => {
    const session = await port.start(everything);
    expect(session.sessionId).toMatch(/^[0-9a-f]{64}$/);
    expect(session.psk).toMatch(/^[0-9a-f]{64}$/);
    expect(session.pskId).toMatch(/^[0-9a-f]{32}$/);
    expect(session.paosAddress).toBe(paosAddress);
    const another = await port.start(everything);
    expect(another.psk).not.toBe(session.psk);
    expect(another.sessionId).not.toBe(session.sessionId);
  });

  test('the standard card arrives whole', async () => {
    expect(await login('erika')).toEqual({
      kind: 'ok',
      data: {
        documentType: 'ID',
        issuingState: 'D',
        dateOfExpiry: '2034-10-31',
        givenNames: 'ERIKA',
        familyNames: 'MUSTERMANN',
        birthName: 'GABLER',
        dateOfBirth: '19640812',
        placeOfBirth: { freetext: 'BERLIN' },
        nationality: 'D',
        placeOfResidence: { street: 'HEIDESTRASSE 17', city: 'KÖLN', country: 'D', zipCode: '51147' },
        communityId: '02760503150000',
        restrictedId: expect.stringMatching(/^[0-9A-F]{64}$/),
        fulfilsAge: true,
      },
      assured: 'high',
    });
  });

  test.each([
    ['minderjaehrig', { fulfilsAge: false }],
    ['ohne-anschrift', { placeOfResidence: 'none' }],
    ['ohne-geburtstag', { dateOfBirth: '1960    ', fulfilsAge: true }],
    ['titel', { academicTitle: 'DR.', artisticName: 'DORA DUR', familyNames: 'FREIFRAU VON UND ZU TITEL' }],
    ['zeichen', { givenNames: 'ZOË ŻANETA', familyNames: 'LÍN-ÇELİK O’ĐỨC', placeOfBirth: { freetext: 'ÎLE-D’AIX' } }],
    ['ein-name', { givenNames: '', familyNames: 'SUHARTO' }],
    ['aufenthaltstitel', { documentType: 'AR', residencePermit: 'NIEDERLASSUNGSERLAUBNIS' }],
    ['unionsbuerger', { documentType: 'UB', nationality: 'FRA' }],
    ['wechsel', { restrictedId2: expect.stringMatching(/^[0-9A-F]{64}$/) }],
  ])('EI-24: the card %s is stored exactly as read', async (card, data) => {
    expect(await login(card)).toMatchObject({ kind: 'ok', data });
  });

  test('what is not on the chip is absent, not empty', async () => {
    const result = await login('unionsbuerger');
    expect(result).toMatchObject({ kind: 'ok' });
    for (const datum of ['placeOfResidence', 'communityId', 'birthName', 'artisticName']) {
      expect(result.kind === 'ok' && datum in result.data).toBe(false);
    }
  });

  test('a required datum that is not on the chip refuses the card', async () => {
    const request: EidRequest = { operations: { RestrictedID: 'required', PlaceOfResidence: 'required' } };
    expect(await login('unionsbuerger', request)).toEqual({ kind: 'failed', reason: 'deniedDocument' });
  });

  test.each(['abgelaufen', 'gesperrt'])('EI-22: the card %s is invalid', async (card) => {
    expect(await login(card)).toEqual({ kind: 'failed', reason: 'invalidDocument' });
  });

  test('deselected data are not delivered, required ones cannot be deselected', async () => {
    const result = await login('erika', everything, ['BirthName', 'PlaceOfBirth', 'FamilyNames']);
    expect(result).toMatchObject({ kind: 'ok', data: { familyNames: 'MUSTERMANN' } });
    expect(result.kind === 'ok' && ('birthName' in result.data || 'placeOfBirth' in result.data)).toBe(false);
  });

  test('the pseudonym stays with the card and changes with a new one', async () => {
    const pseudonym = async (card: string): Promise<string | undefined> => {
      const result = await login(card);
      return result.kind === 'ok' ? result.data.restrictedId : undefined;
    };
    const first = await pseudonym('erika');
    expect(await pseudonym('erika')).toBe(first);
    expect(await pseudonym('erika-neu')).not.toBe(first);
  });

  test('before the card was read there is no result; afterwards it is given once', async () => {
    const { sessionId } = await port.start(everything);
    const ask = (counter: number) => port.fetchResult({ sessionId, counter, request: everything });
    expect(await ask(1)).toEqual({ kind: 'pending' });
    server.simulator.insertCard({ sessionId, card: 'erika' });
    expect(await ask(2)).toMatchObject({ kind: 'ok' });
    expect(await ask(3)).toEqual({ kind: 'failed', reason: 'sessionExpired' });
  });

  test('EI-03: a counter that was used ends the session', async () => {
    const { sessionId } = await port.start(everything);
    const ask = (counter: number) => port.fetchResult({ sessionId, counter, request: everything });
    expect(await ask(1)).toEqual({ kind: 'pending' });
    expect(await ask(1)).toEqual({ kind: 'failed', reason: 'sessionExpired' });
    server.simulator.planFault({ name: 'cancel' });
    expect(await ask(2)).toEqual({ kind: 'failed', reason: 'sessionExpired' });
    await port.start(everything);
  });

  test('a citizen who cancels ends it', async () => {
    const { sessionId } = await port.start(everything);
    server.simulator.cancel(sessionId);
    const result = await port.fetchResult({ sessionId, counter: 1, request: everything });
    expect(result).toEqual({ kind: 'failed', reason: 'ended' });
  });

  test('info names version and rights', async () => {
    const info = await port.info();
    expect(info.version).toBe(`Simulator ${schema}`);
    expect([...info.allowed]).toEqual([...eidOperations]);
  });

  test.each(['rsa-sha512', 'rsa-pss-sha256'])('messages signed with %s are accepted', async (algorithm) => {
    const other = server.adapter({ ...settings, signature_algorithm: algorithm });
    expect((await other.info()).version).toBe(`Simulator ${schema}`);
  });
});

describe('what the eID itself is worth (TR-03130-1, 3.3.12 and 3.3.13)', () => {
  const request: EidRequest = { operations: { RestrictedID: 'required' } };
  const denied = { kind: 'failed', reason: 'deniedDocument' };
  const ok = (assured: string) => ({ kind: 'ok', data: { restrictedId: expect.any(String) }, assured });

  test.each<[string, string, Record<string, unknown>, object]>([
    ['a card', 'erika', {}, ok('high')],
    ['a card, asked for at high', 'erika', { minimum_level: 'high' }, ok('high')],
    ['a Smart-eID', 'smart-eid', {}, ok('substantial')],
    ['a Smart-eID, no type asked for', 'smart-eid', { eid_types: undefined }, ok('substantial')],
    ['a Smart-eID where high is asked for', 'smart-eid', { minimum_level: 'high' }, denied],
    [
      'a Smart-eID where high is asked for, and its type expressly allowed',
      'smart-eid',
      { minimum_level: 'high', eid_types: { SECertified: 'allowed' } },
      ok('substantial'),
    ],
    ['a Smart-eID whose type is denied', 'smart-eid', { eid_types: { SECertified: 'denied' } }, denied],
    ['a card whose type is denied', 'erika', { eid_types: { CardCertified: 'denied' } }, denied],
    [
      'a Smart-eID, only types asked for, the rest said to be high',
      'smart-eid',
      { minimum_level: undefined, eid_types: { SECertified: 'allowed' }, assured_without_loa: 'high' },
      ok('substantial'),
    ],
    ['a card, nothing asked for', 'erika', { ...unasked, assured_without_loa: 'low' }, ok('low')],
    ['a card, nothing asked for, trusted', 'erika', { ...unasked, assured_without_loa: 'high' }, ok('high')],
  ])('%s', async (_title, card, settings, expected) => {
    expect(await loginAt(world, world.adapter(settings), card, request)).toEqual(expected);
  });
});

describe('an eID-Server with fewer rights or little room', () => {
  let small: EidWorld;
  beforeAll(async () => {
    small = await eidWorld({ withoutRights: ['CommunityID'], mostSessions: 1 });
  });
  afterAll(() => small.close());

  test('info shows the missing right, and asking for it fails', async () => {
    expect((await small.port.info()).allowed.has('CommunityID')).toBe(false);
    await expect(small.port.start({ operations: { CommunityID: 'allowed' } })).rejects.toMatchObject({
      name: 'EidUnavailable',
      reason: 'serverError',
    });
  });

  test('too many sessions are temporary', async () => {
    await small.port.start({ operations: { GivenNames: 'required' } });
    await expect(small.port.start({ operations: { GivenNames: 'required' } })).rejects.toMatchObject({
      reason: 'tooManyOpenSessions',
    });
  });
});
