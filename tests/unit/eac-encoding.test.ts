import { describe, expect, test } from '@jest/globals';
import { eidOperations, type EidOperation } from '../../src/id/authentication/eid/port.ts';
import { restrictedIdFrom } from '../../src/simulators/eid-server/eac/apdu.ts';
import { findTlv, integer, MalformedTlv, readTlvs, tlv, valueAt } from '../../src/simulators/eid-server/eac/ber-tlv.ts';
import { certificateDescription } from '../../src/simulators/eid-server/eac/certificate-description.ts';
import { expiryOf } from '../../src/simulators/eid-server/eac/cv-certificate.ts';
import { readDataGroupContent } from '../../src/simulators/eid-server/eac/data-groups.ts';
import { oid } from '../../src/simulators/eid-server/eac/object-identifiers.ts';
import { operationsIn, terminalRights } from '../../src/simulators/eid-server/eac/terminal-rights.ts';
import { lastOldEnough } from '../../src/simulators/eid-server/reading.ts';
import { workedExample } from './eac-vectors.ts';

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex');

describe('BER-TLV (X.690)', () => {
  test.each([
    ['the short form', 127, '7f'],
    ['one byte more', 128, '8180'],
    // 8.1.3.5: the standard's own example.
    ['the example of the standard', 201, '81c9'],
    ['two bytes more', 256, '820100'],
    ['the most of two bytes', 65535, '82ffff'],
    ['three bytes more', 65536, '83010000'],
  ])('length in %s', (_, length, written) => {
    const object = tlv(0x04, Buffer.alloc(length));
    expect(object.subarray(1, 1 + written.length / 2).toString('hex')).toBe(written);
    expect(readTlvs(object)).toMatchObject([{ tag: 0x04, value: Buffer.alloc(length), raw: object }]);
  });
  test('tags of one and of two bytes', () => {
    expect(tlv(0x7f49, tlv(0x86, hex('04'))).toString('hex')).toBe('7f4903860104');
    expect(valueAt(hex('7f4903860104'), 0x7f49, 0x86)).toEqual(hex('04'));
    expect(findTlv(hex('0101ff 0201 05'), 0x02)?.value).toEqual(hex('05'));
    expect(findTlv(hex('0101ff'), 0x02)).toBeUndefined();
  });
  test.each([
    [0, '020100'],
    [127, '02017f'],
    // 8.3: the first bit is the sign.
    [128, '02020080'],
    [256, '02020100'],
  ])('INTEGER %d', (value, written) => {
    expect(integer(value).toString('hex')).toBe(written);
  });
  test.each([
    // 8.19.5: the standard's own example.
    ['2.100.3', '0603813403'],
    ['1.2.840.113549', '06062a864886f70d'],
    // id-AT, as in every certificate of a German terminal.
    ['0.4.0.127.0.7.3.1.2.2', '060904007f000703010202'],
  ])('OBJECT IDENTIFIER %s', (dotted, written) => {
    expect(oid(dotted).toString('hex')).toBe(written);
  });
  test.each([
    ['a value cut off', '0403 0102'],
    ['a length cut off', '0482 01'],
    ['a tag cut off', '7f'],
    ['the indefinite form', '3080 0000'],
    ['a length of five bytes', '0485 0000000001 00'],
    ['an endless tag', '1fffffffffff 01 00'],
  ])('%s is refused', (_, bytes) => {
    expect(() => readTlvs(hex(bytes))).toThrow(MalformedTlv);
  });
  test('what is not there is named', () => {
    expect(() => valueAt(hex('3003020105'), 0x30, 0x04)).toThrow('no data object 4');
  });
});

describe('rights of a terminal (TR-03110-4)', () => {
  test.each<[EidOperation[], string]>([
    [[], '0000000000'],
    [['AgeVerification'], '0000000001'],
    [['PlaceVerification'], '0000000002'],
    [['RestrictedID'], '0000000004'],
    [['DocumentType'], '0000000100'],
    [['ResidencePermitI'], '0004000000'],
    [[...eidOperations], '000713ff07'],
  ])('%j', (operations, bits) => {
    const chat = terminalRights(operations);
    expect(chat.toString('hex')).toBe(`7f4c12060904007f0007030102025305${bits}`);
    expect(operationsIn(chat)).toEqual(new Set(operations));
  });
  test('the document verifier of the worked example may let read everything, and nothing else', () => {
    const chat = findTlv(valueAt(hex(workedExample.documentVerifier), 0x7f21, 0x7f4e), 0x7f4c)?.raw;
    const others = ['RestrictedID', 'AgeVerification', 'PlaceVerification'];
    expect(operationsIn(chat ?? Buffer.alloc(0))).toEqual(
      new Set(eidOperations.filter((operation) => !others.includes(operation))),
    );
  });
  test.each([
    ['cvca', 'c0'],
    ['domestic', '80'],
    ['terminal', '00'],
  ] as const)('the role %s is in the topmost bits', (role, bits) => {
    expect(valueAt(terminalRights([], role), 0x7f4c, 0x53).toString('hex')).toBe(`${bits}00000000`);
  });
});

test('a certificate ends on the day that it names', () => {
  expect(expiryOf(hex(workedExample.terminal))).toBe('2010-10-30');
});

describe('data groups, as the documentation of the AusweisApp has them', () => {
  test.each<[EidOperation, string, object]>([
    ['DocumentType', '6104 1302 4944', { document_type: 'ID' }],
    ['IssuingState', '6203 1301 44', { issuing_state: 'D' }],
    ['DateOfExpiry', '630a 1208 3230323931303331', { date_of_expiry: '2029-10-31' }],
    ['FamilyNames', '650c 0c0a 4d55535445524d414e4e', { family_names: 'MUSTERMANN' }],
    ['ArtisticName', '6602 0c00', { artistic_name: '' }],
    ['DateOfBirth', '680a 1208 3139363430383132', { date_of_birth: '19640812' }],
    ['PlaceOfBirth', '690a a108 0c06 4245524c494e', { place_of_birth: { freetext: 'BERLIN' } }],
    ['CommunityID', '7209 0407 02760503150000', { community_id: '02760503150000' }],
    [
      'PlaceOfResidence',
      '712d302baa120c10484549444553545241e1ba9e45203137ab070c054bc3964c4ead03130144ae0713053531313437',
      {
        place_of_residence: {
          street: 'HEIDESTRAẞE 17',
          city: 'KÖLN',
          state: undefined,
          country: 'D',
          zip_code: '51147',
        },
      },
    ],
    [
      'ResidencePermitI',
      '7316a1140c125245534944454e4345205045524d49542031',
      { residence_permit: 'RESIDENCE PERMIT 1' },
    ],
    ['PlaceOfResidence', '7106 a204 0c02 2d2d', { place_of_residence: 'none' }],
    ['PlaceOfResidence', '7108 3106 a104 0c02 5858', { place_of_residence: { freetext: 'XX' } }],
  ])('%s %s', (operation, file, data) => {
    expect(readDataGroupContent(operation, hex(file))).toEqual(data);
  });

  test.each<[string, EidOperation, string]>([
    ['another data group', 'GivenNames', '650c0c0a4d55535445524d414e4e'],
    ['two values', 'FamilyNames', '6508 0c024142 0c024142'],
    ['a number in place of a text', 'FamilyNames', '6503 020101'],
    ['text that is not UTF-8', 'FamilyNames', '6503 0c01ff'],
    ['a date that is none', 'DateOfExpiry', '6306 1204 32303239'],
    ['a place that is none', 'PlaceOfBirth', '6903 020101'],
    ['compressed text', 'ResidencePermitI', '7306 a204 0402 0000'],
    ['an empty file', 'FamilyNames', ''],
  ])('%s is refused', (_, operation, file) => {
    expect(() => readDataGroupContent(operation, hex(file))).toThrow(MalformedTlv);
  });

  test('a pseudonym of another length is refused', () => {
    const answer = (bytes: number) => ({ status: 0x9000, data: tlv(0x7c, tlv(0x81, Buffer.alloc(bytes, 0xab))) });
    expect(restrictedIdFrom(answer(32))).toBe('AB'.repeat(32));
    expect(() => restrictedIdFrom(answer(31))).toThrow(MalformedTlv);
  });
});

test('a certificate description names issuer, service, address and terms, and sorts the hashes', () => {
  const certificates = [Buffer.from('one'), Buffer.from('two'), Buffer.from('three')];
  const description = {
    issuer: 'Prüfstelle',
    subject: 'Dienst',
    subjectUrl: 'https://dienst.example.de',
    termsOfUsage: 'Zeile eins\nZeile zwei',
  };
  const written = certificateDescription({ ...description, tlsCertificates: certificates });
  expect(written).toEqual(certificateDescription({ ...description, tlsCertificates: certificates.toReversed() }));
  const fields = readTlvs(valueAt(written, 0x30));
  expect(fields.map(({ tag }) => tag)).toEqual([0x06, 0xa1, 0xa3, 0xa4, 0xa5, 0xa7]);
  expect(fields[0]?.raw.toString('hex')).toBe('060a04007f00070301030101');
  expect(valueAt(written, 0x30, 0xa1, 0x0c).toString()).toBe('Prüfstelle');
  expect(valueAt(written, 0x30, 0xa4, 0x13).toString()).toBe('https://dienst.example.de');
  expect(readTlvs(valueAt(written, 0x30, 0xa7, 0x31)).map(({ value }) => value.length)).toEqual([32, 32, 32]);
});

test.each([
  ['2026-03-01', 18, '2008-03-01'],
  ['2028-02-29', 16, '2012-02-29'],
  // Whoever was born on 1 March 2010 is 18 one day later.
  ['2028-02-29', 18, '2010-02-28'],
])('on %s somebody is %d who was born on %s', (day, age, birthday) => {
  expect(lastOldEnough(day, age)).toBe(birthday);
});
