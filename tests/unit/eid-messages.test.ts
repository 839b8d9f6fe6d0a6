import { describe, expect, test } from '@jest/globals';
import { eidOperations, type EidRequest } from '../../src/id/authentication/eid/port.ts';
import {
  expectAnswer,
  readAllowedByUser,
  readResult,
  readServerInfo,
  readUseId,
} from '../../src/id/authentication/eid/tr03130/answers.ts';
import { failureOf, judge } from '../../src/id/authentication/eid/tr03130/judgement.ts';
import { namespaces, resultMinor } from '../../src/id/authentication/eid/tr03130/names.ts';
import { readPersonalData } from '../../src/id/authentication/eid/tr03130/personal-data.ts';
import { writeGetResult, writeGetServerInfo, writeUseId } from '../../src/id/authentication/eid/tr03130/requests.ts';
import { isUsableAddress } from '../../src/id/authentication/eid/tr03130/settings.ts';
import {
  children,
  escapeXml,
  MessageRefused,
  parseRoot,
  type Element,
} from '../../src/id/authentication/eid/tr03130/xml.ts';
import { cpuTime } from '../support/cpu-time.ts';

const psk = { id: 'i'.repeat(32), key: 'ab'.repeat(32) };
const wrap = (content: string): Element => {
  const root = parseRoot(`<b xmlns:eid="${namespaces.eid}" xmlns:dss="${namespaces.dss}">${content}</b>`);
  const [first] = children(root);
  if (first === undefined) throw new Error('nothing to read');
  return first;
};
const names = (parent: Element | undefined): string[] =>
  (parent ? children(parent) : []).map(({ localName }) => localName ?? '');

describe('writing', () => {
  const request: EidRequest = {
    operations: { AgeVerification: 'required', GivenNames: 'required', CommunityID: 'allowed' },
    age: 18,
    transactionInfo: 'Anmeldung bei „A & B“ <jetzt>',
  };

  test('2.4: all 17 operations, in the order of the schema', () => {
    const message = wrap(writeUseId(request, psk, { schema: '2.4' }));
    expect(names(message)).toEqual(['UseOperations', 'AgeVerificationRequest', 'TransactionInfo', 'PSK']);
    const [operations, age, info] = children(message);
    expect(names(operations)).toEqual([...eidOperations]);
    expect((operations ? children(operations) : []).map((element) => element.textContent)).toEqual(
      eidOperations.map((name) =>
        name === 'CommunityID'
          ? 'ALLOWED'
          : ['AgeVerification', 'GivenNames'].includes(name)
            ? 'REQUIRED'
            : 'PROHIBITED',
      ),
    );
    expect(age?.textContent).toBe('18');
    expect(info?.textContent).toBe('Anmeldung bei „A & B“ <jetzt>');
  });

  test('2.0: MunicipalityID, and no TransactionInfo', () => {
    const message = wrap(writeUseId(request, psk, { schema: '2.0' }));
    expect(names(message)).toEqual(['UseOperations', 'AgeVerificationRequest', 'PSK']);
    expect(names(children(message)[0])).toEqual(
      eidOperations.map((name) => (name === 'CommunityID' ? 'MunicipalityID' : name)),
    );
  });

  test('the PSK comes as ID and Key', () => {
    const message = wrap(writeUseId({ operations: {} }, psk, { schema: '2.4' }));
    const last = children(message).at(-1) as Element;
    expect(children(last).map((element) => [element.localName, element.textContent])).toEqual([
      ['ID', psk.id],
      ['Key', psk.key],
    ]);
  });

  test('a verification without what it compares with is a mistake of ours', () => {
    expect(() => writeUseId({ operations: { AgeVerification: 'allowed' } }, psk, { schema: '2.4' })).toThrow(/age/);
    expect(() => writeUseId({ operations: { PlaceVerification: 'allowed' } }, psk, { schema: '2.4' })).toThrow(/place/);
  });

  test('getResult and getServerInfo', () => {
    const message = wrap(writeGetResult('ab"<', 7));
    expect(names(message)).toEqual(['Session', 'RequestCounter']);
    expect(children(message).map((element) => element.textContent)).toEqual(['ab"<', '7']);
    expect(wrap(writeGetServerInfo()).localName).toBe('getServerInfoRequest');
  });

  test.each([
    ['a & b < c > d "e"', 'a &amp; b &lt; c &gt; d &quot;e&quot;'],
    ['bell\u0007 nul\u0000 end', 'bell nul end'],
    ['half \ud800 pair', 'half \ufffd pair'],
    ['line\r\nend', 'line&#13;\nend'],
    ['Ž̧ 𝒵', 'Ž̧ 𝒵'],
  ])('escaping %j', (text, escaped) => expect(escapeXml(text)).toBe(escaped));
});

describe('reading', () => {
  test('Result as the TR’s own examples write it: without namespaces, with blanks', () => {
    const answer = wrap(
      '<eid:getResultResponse><Result><ResultMajor>\n  http://www.bsi.bund.de/ecard/api/1.1/resultmajor#ok  </ResultMajor></Result></eid:getResultResponse>',
    );
    expect(readResult(answer)).toEqual({ ok: true, minor: undefined });
  });

  test.each([
    [
      '<dss:Result><dss:ResultMajor>http://www.bsi.bund.de/ecard/api/1.1/resultmajor#OK</dss:ResultMajor></dss:Result>',
      false,
    ],
    ['<dss:Result><dss:ResultMajor>ok</dss:ResultMajor></dss:Result>', false],
  ])('%s', (result, ok) => expect(readResult(wrap(`<a>${result}</a>`)).ok).toBe(ok));

  test('no Result, no answer', () => {
    expect(() => readResult(wrap('<a/>'))).toThrow(MessageRefused);
    expect(() => readResult(wrap('<a><Result/></a>'))).toThrow(MessageRefused);
  });

  test('the operation’s element may lack its namespace, but not have a foreign one', () => {
    expect(expectAnswer(wrap('<useIDResponse/>'), 'useID').localName).toBe('useIDResponse');
    expect(() => expectAnswer(wrap('<x:useIDResponse xmlns:x="urn:x"/>'), 'useID')).toThrow(MessageRefused);
    expect(() => expectAnswer(wrap('<eid:Fault/>'), 'useID')).toThrow(MessageRefused);
  });

  test('useID', () => {
    const answer = wrap(
      '<eid:useIDResponse><eid:PSK><eid:Key>CD</eid:Key><eid:ID> x </eid:ID></eid:PSK><eid:Session><eid:ID>\n12 </eid:ID></eid:Session>' +
        '<dss:Result><dss:ResultMajor>http://www.bsi.bund.de/ecard/api/1.1/resultmajor#ok</dss:ResultMajor></dss:Result></eid:useIDResponse>',
    );
    expect(readUseId(answer)).toEqual({
      result: { ok: true, minor: undefined },
      sessionId: '12',
      eCardServerAddress: undefined,
      psk: { id: 'x', key: 'CD' },
    });
  });

  test('server info', () => {
    const answer = wrap(
      '<eid:getServerInfoResponse><eid:ServerVersion><eid:Major>2</eid:Major><eid:Minor>4</eid:Minor></eid:ServerVersion>' +
        '<eid:DocumentVerificationRights><eid:RestrictedID> ALLOWED </eid:RestrictedID><eid:MunicipalityID>ALLOWED</eid:MunicipalityID><eid:GivenNames>PROHIBITED</eid:GivenNames></eid:DocumentVerificationRights></eid:getServerInfoResponse>',
    );
    const info = readServerInfo(answer);
    expect(info.version).toBe('2.4');
    expect([...info.allowed]).toEqual(['CommunityID', 'RestrictedID']);
  });

  test('operations that are not named are prohibited', () => {
    const allowed = readAllowedByUser(
      wrap(
        '<a><OperationsAllowedByUser><GivenNames>ALLOWED</GivenNames><BirthName>NOTONCHIP</BirthName><Nationality>YES</Nationality></OperationsAllowedByUser></a>',
      ),
    );
    expect([
      allowed.get('GivenNames'),
      allowed.get('BirthName'),
      allowed.get('Nationality'),
      allowed.get('RestrictedID'),
    ]).toEqual(['ALLOWED', 'NOTONCHIP', 'PROHIBITED', 'PROHIBITED']);
  });
});

describe('personal data', () => {
  const read = (data: string, beside = '') =>
    readPersonalData(wrap(`<a><PersonalData>${data}</PersonalData>${beside}</a>`));

  test.each([
    ['19640812', '19640812'],
    ['\n    19640812\n  ', '19640812'],
    ['1960    ', '1960    '],
    ['\n\t1960    \n', '1960    '],
    ['196008  ', '196008  '],
    ['1960', '1960    '],
    ['19600000', '19600000'],
  ])('EI-24: DateString %j is %j', (text, expected) => {
    expect(read(`<DateOfBirth><DateString>${text}</DateString></DateOfBirth>`)).toEqual({ dateOfBirth: expected });
  });

  test.each(['1964-08-12', '12.08.1964', '1964081x', '196408120', '        ', ''])(
    'DateString %j is refused',
    (text) => {
      expect(() => read(`<DateOfBirth><DateString>${text}</DateString></DateOfBirth>`)).toThrow(MessageRefused);
    },
  );

  test.each([
    ['2034-10-31', '2034-10-31'],
    [' 2034-10-31Z ', '2034-10-31'],
    ['2034-10-31+01:00', '2034-10-31'],
  ])('DateOfExpiry %j is %j', (text, expected) => {
    expect(read(`<DateOfExpiry>${text}</DateOfExpiry>`)).toEqual({ dateOfExpiry: expected });
  });

  test.each(['2034-02-30', '2034-13-01', '9999-99-99', '2034-10-31T00:00', '31.10.2034'])(
    'DateOfExpiry %j is refused: a card whose end nobody knows would never expire',
    (text) => {
      expect(() => read(`<DateOfExpiry>${text}</DateOfExpiry>`)).toThrow(MessageRefused);
    },
  );

  test('a birth date of blanks without end is refused at once', () => {
    const blanks = `${' '.repeat(200_000)}x`;
    const time = cpuTime(() =>
      expect(() => read(`<DateOfBirth><DateString>${blanks}</DateString></DateOfBirth>`)).toThrow(MessageRefused),
    );
    expect(time).toBeLessThan(100);
  });

  test.each<[string, string, object]>([
    [
      'a structured place, ZipCode after Country',
      '<PlaceOfResidence><StructuredPlace><Street>A 1</Street><City>B</City><Country>D</Country><ZipCode>12345</ZipCode></StructuredPlace></PlaceOfResidence>',
      { placeOfResidence: { street: 'A 1', city: 'B', country: 'D', zipCode: '12345' } },
    ],
    ['no place', '<PlaceOfResidence><NoPlaceInfo>keine</NoPlaceInfo></PlaceOfResidence>', { placeOfResidence: 'none' }],
    [
      'free text',
      '<PlaceOfBirth><FreetextPlace> BERLIN </FreetextPlace></PlaceOfBirth>',
      { placeOfBirth: { freetext: 'BERLIN' } },
    ],
    ['a birth place that is not known', '<PlaceOfBirth><NoPlaceInfo>x</NoPlaceInfo></PlaceOfBirth>', {}],
    [
      'two pseudonyms',
      `<RestrictedID><ID>${'ab'.repeat(32)}</ID><ID2>${'CD'.repeat(32)}</ID2></RestrictedID>`,
      { restrictedId: 'AB'.repeat(32), restrictedId2: 'CD'.repeat(32) },
    ],
    [
      'no first name',
      '<GivenNames></GivenNames><FamilyNames>SUHARTO</FamilyNames>',
      { givenNames: '', familyNames: 'SUHARTO' },
    ],
    ['an empty title', '<AcademicTitle/>', {}],
    ['DIN 91379', '<FamilyNames>C̨̆ĤŁ’ẞ-M&#x142;</FamilyNames>', { familyNames: 'C̨̆ĤŁ’ẞ-Mł' }],
    [
      'the 2.0 name of the municipality',
      '<MunicipalityID>02760503150000</MunicipalityID>',
      { communityId: '02760503150000' },
    ],
  ])('%s', (_, data, expected) => expect(read(data)).toEqual(expected));

  test.each([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ])('age %j', (text, expected) => {
    expect(
      read('', `<FulfilsAgeVerification><FulfilsRequest>${text}</FulfilsRequest></FulfilsAgeVerification>`),
    ).toEqual({ fulfilsAge: expected });
  });

  test.each([
    [
      'an age that is neither',
      '',
      '<FulfilsAgeVerification><FulfilsRequest>yes</FulfilsRequest></FulfilsAgeVerification>',
    ],
    ['both names of the municipality', '<MunicipalityID>1</MunicipalityID><CommunityID>2</CommunityID>', ''],
    ['two kinds of place', '<PlaceOfResidence><FreetextPlace>a</FreetextPlace><NoPlaceInfo/></PlaceOfResidence>', ''],
  ])('%s is refused', (_, data, beside) => expect(() => read(data, beside)).toThrow(MessageRefused));
});

describe('what the error codes mean', () => {
  test.each([
    [resultMinor.noResultYet, { kind: 'pending' }],
    [resultMinor.invalidSession, { kind: 'failed', reason: 'sessionExpired' }],
    [resultMinor.invalidCounter, { kind: 'failed', reason: 'sessionExpired' }],
    [resultMinor.deniedDocument, { kind: 'failed', reason: 'deniedDocument' }],
    [resultMinor.invalidDocument, { kind: 'failed', reason: 'invalidDocument' }],
    [resultMinor.cancellationByUser, { kind: 'failed', reason: 'ended' }],
    [resultMinor.internalError, { kind: 'failed', reason: 'serverError' }],
    [resultMinor.schemaViolation, { kind: 'failed', reason: 'serverError' }],
    ['urn:never-heard-of', { kind: 'failed', reason: 'serverError' }],
    ['constructor', { kind: 'failed', reason: 'serverError' }],
    ['__proto__', { kind: 'failed', reason: 'serverError' }],
    [undefined, { kind: 'failed', reason: 'serverError' }],
  ])('%s', (minor, expected) => expect(failureOf({ ok: false, minor })).toEqual(expected));

  test('a document is valid until the end of its last day in Bavaria', () => {
    const answer = wrap(
      '<a><PersonalData><DateOfExpiry>2026-11-23</DateOfExpiry></PersonalData><Result><ResultMajor>http://www.bsi.bund.de/ecard/api/1.1/resultmajor#ok</ResultMajor></Result></a>',
    );
    const at = (time: string) =>
      judge(answer, { operations: {} }, { assured_without_loa: 'high' }, Date.parse(time)).kind;
    expect(at('2026-11-23T22:59:59Z')).toBe('ok');
    expect(at('2026-11-23T23:00:00Z')).toBe('failed');
  });
});

test.each([
  ['https://eid.example/paos', true, true],
  ['http://localhost:3012/paos', false, true],
  ['http://[::1]:3012/paos', false, true],
  ['http://localhost:3012/paos', true, false],
  ['http://eid.example/paos', false, false],
  ['https://a:b@eid.example/', false, false],
  ['ftp://eid.example/', false, false],
  ['no address', false, false],
])('eCardServerAddress %s, production %s: %s', (address, production, usable) => {
  expect(isUsableAddress(address, production)).toBe(usable);
});
