import { createPrivateKey, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { integer, tlv, valueAt } from '../../src/simulators/eid-server/eac/ber-tlv.ts';
import {
  agree,
  generateKey,
  keyOfPoint,
  pointFromSecret,
  pointOf,
  publicKeyObject,
} from '../../src/simulators/eid-server/eac/brainpool.ts';
import { chipAuthenticationPoint } from '../../src/simulators/eid-server/eac/card-security.ts';
import { authenticateChip, authenticationToken } from '../../src/simulators/eid-server/eac/chip-authentication.ts';
import { cmac, shortMac } from '../../src/simulators/eid-server/eac/cmac.ts';
import { certificateBody } from '../../src/simulators/eid-server/eac/cv-certificate.ts';
import { deriveSessionKeys } from '../../src/simulators/eid-server/eac/key-derivation.ts';
import { oid, oids } from '../../src/simulators/eid-server/eac/object-identifiers.ts';
import { createSecureMessaging, NotAuthentic } from '../../src/simulators/eid-server/eac/secure-messaging.ts';
import { terminalProof } from '../../src/simulators/eid-server/eac/terminal-authentication.ts';
import { protectAnswer } from '../support/chip.ts';
import { workedExample } from './eac-vectors.ts';

const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');
const of = (name: keyof typeof workedExample): Buffer => hex(workedExample[name]);

/** ECPrivateKey (RFC 5915). */
const privateKeyOf = (scalar: Buffer): KeyObject => {
  const content = [integer(1), tlv(0x04, scalar), tlv(0xa0, oid(oids.brainpoolP256r1))];
  return createPrivateKey({ key: tlv(0x30, ...content), format: 'der', type: 'sec1' });
};

describe('AES-CMAC (RFC 4493, 4)', () => {
  const key = hex('2b7e151628aed2a6abf7158809cf4f3c');
  const message = hex(
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
  );
  test.each([
    [0, 'bb1d6929e95937287fa37d129b756746'],
    [16, '070a16b46b4d4144f79bdd9dd04a287c'],
    [40, 'dfa66747de9ae63030ca32611497c827'],
    [64, '51f0bebf7e3b9d92fc49741779363cfe'],
  ])('%d bytes', (length, mac) => {
    expect(cmac(key, message.subarray(0, length)).toString('hex')).toBe(mac);
    expect(shortMac(key, message.subarray(0, length)).toString('hex')).toBe(mac.slice(0, 16));
  });
});

describe('without a nonce (ICAO Doc 9303-11, appendix G.1: PACE with AES-128)', () => {
  const { encryption, authentication } = deriveSessionKeys(
    hex('28768d20701247dae81804c9e780ede582a9996db4a315020b2733197db84925'),
  );
  test('keys', () => {
    expect(encryption.toString('hex')).toBe('f5f0e35c0d7161ee6724ee513a0d9a7f');
    expect(authentication.toString('hex')).toBe('fe251c7858b356b24514b3bd5f4297d1');
  });
  test('the token over a public key data object', () => {
    // id-PACE-ECDH-GM-AES-CBC-CMAC-128, and the chip's ephemeral point.
    const object = publicKeyObject(
      '0.4.0.127.0.7.2.2.4.2.2',
      hex(
        '049e880f842905b8b3181f7af7caa9f0efb743847f44a306d2d28c1d9ec65df6db7764b22277a2eddc3c265a9f018f9cb852e111b768b326904b59a0193776f094',
      ),
    );
    expect(shortMac(authentication, object).toString('hex')).toBe('c2b0bd78d94ba866');
  });
});

describe('Chip Authentication (BSI, EAC worked example)', () => {
  const ephemeral = privateKeyOf(of('terminalEphemeralKey'));

  test('the public key is found in EF.CardSecurity', () => {
    expect(chipAuthenticationPoint(of('cardSecurity'))).toEqual(of('chipPoint'));
  });

  test('shared secret, keys and token', () => {
    expect(agree(ephemeral, of('chipPoint'))).toEqual(of('sharedSecret'));
    expect(deriveSessionKeys(of('sharedSecret'), of('nonce'))).toEqual({
      encryption: of('encryption'),
      authentication: of('authentication'),
    });
    expect(authenticationToken(of('authentication'), pointOf(ephemeral))).toEqual(of('token'));
  });

  const answer = { cardSecurity: of('cardSecurity'), nonce: of('nonce'), token: of('token') };
  test('the chip of the example is accepted', () => {
    expect(() => authenticateChip(ephemeral, answer)).not.toThrow();
  });
  test.each([
    ['another token', { token: hex('ff0117d68dee8e73') }],
    ['half a token', { token: of('token').subarray(0, 4) }],
    ['another nonce', { nonce: hex('4287b3072a3edc61') }],
  ])('%s is not', (_, change) => {
    expect(() => authenticateChip(ephemeral, { ...answer, ...change })).toThrow(NotAuthentic);
  });
  test('a chip with another key is not', () => {
    expect(() => authenticateChip(generateKey(), answer)).toThrow(NotAuthentic);
  });
  test('a point beside the curve is no key', () => {
    const beside = Buffer.from(of('chipPoint'));
    beside[64] = 0;
    expect(() => keyOfPoint(beside)).toThrow();
  });
});

describe('secure messaging (BSI, EAC worked example)', () => {
  const keys = { encryption: of('paceEncryption'), authentication: of('paceAuthentication') };
  const command = { header: [0x00, 0x22, 0x81, 0xb6], data: of('command') } as const;
  const answer = (body: Buffer, mac: Buffer): Buffer =>
    Buffer.concat([body, tlv(0x8e, mac), Buffer.from([0x90, 0x00])]);

  test('a command is encrypted, and the header says so', () => {
    const { apdu } = createSecureMessaging(keys).protect(command);
    expect(apdu.subarray(0, 4).toString('hex')).toBe('0c2281b6');
    expect(valueAt(apdu.subarray(7, -2), 0x87).subarray(1)).toEqual(of('cryptogram'));
  });
  test('the MAC covers counter, header and cryptogram', () => {
    const { apdu } = createSecureMessaging(keys).protect(command);
    const covered = Buffer.concat([
      hex('00000000000000000000000000000001'),
      hex('0c2281b6800000000000000000000000'),
      tlv(0x87, Buffer.from([1]), of('cryptogram')),
      hex('80000000000000000000000000'),
    ]);
    expect(covered.length % 16).toBe(0);
    expect(valueAt(apdu.subarray(7, -2), 0x8e)).toEqual(shortMac(keys.authentication, covered));
  });
  test('the answer is authentic', () => {
    const protectedCommand = createSecureMessaging(keys).protect(command);
    expect(protectedCommand.open(answer(of('answer'), of('answerMac')))).toEqual({
      status: 0x9000,
      data: Buffer.alloc(0),
    });
  });
  test.each([
    ['a changed status', answer(hex('99026300'), of('answerMac'))],
    ['a changed MAC', answer(of('answer'), hex('a89570a68664a7d7'))],
    ['no protection', hex('9000')],
    ['an error of the chip outside the channel', hex('6988')],
  ])('%s is refused', (_, received) => {
    const { open } = createSecureMessaging(keys).protect(command);
    expect(() => open(received)).toThrow(NotAuthentic);
  });
  test('the answer to one command does not answer the next', () => {
    const channel = createSecureMessaging(keys);
    channel.protect(command);
    const { open } = channel.protect(command);
    expect(() => open(answer(of('answer'), of('answerMac')))).toThrow(NotAuthentic);
  });
  test('an answer with data is decrypted, without the padding', () => {
    const { open } = createSecureMessaging(keys).protect(command);
    const received = protectAnswer(keys, 2, { status: 0x6282, data: Buffer.from('ERIKA') });
    expect(open(received)).toEqual({ status: 0x6282, data: Buffer.from('ERIKA') });
  });
});

describe('Terminal Authentication (BSI, EAC worked example)', () => {
  test('the signature of the example is one over what we compose', () => {
    const proof = terminalProof({
      chipId: of('paceChipPoint').subarray(1, 33),
      challenge: of('challenge'),
      ephemeral: privateKeyOf(of('terminalEphemeralKey')),
      auxiliaryData: Buffer.alloc(0),
    });
    const brainpoolP512r1 = '1.3.36.3.3.2.8.1.1.13';
    const point = valueAt(of('terminal'), 0x7f21, 0x7f4e, 0x7f49, 0x86);
    const info = tlv(0x30, tlv(0x30, oid(oids.ecPublicKey), oid(brainpoolP512r1)), tlv(0x03, Buffer.from([0]), point));
    const key = createPublicKey({ key: info, format: 'der', type: 'spki' });
    const isSigned = (message: Buffer): boolean =>
      verify('sha512', message, { key, dsaEncoding: 'ieee-p1363' }, of('terminalSignature'));
    expect(isSigned(proof)).toBe(true);
    expect(isSigned(Buffer.concat([proof, Buffer.from([0])]))).toBe(false);
  });

  test.each([
    ['documentVerifier', 'DECVCAAT00001', 'DETESTDVDE019', '801fffff10'],
    ['terminal', 'DETESTDVDE019', 'DETESTATDE019', '0000000110'],
  ] as const)('a certificate with the content of the %s has its bytes', (name, authority, holder, rights) => {
    const body = valueAt(of(name), 0x7f21, 0x7f4e);
    const written = certificateBody({
      authority,
      holder,
      publicKey: publicKeyObject('0.4.0.127.0.7.2.2.2.2.5', valueAt(body, 0x7f49, 0x86)),
      rights: tlv(0x7f4c, oid(oids.authenticationTerminal), tlv(0x53, hex(rights))),
      effective: '2010-09-30',
      expires: '2010-10-30',
    });
    expect(valueAt(written, 0x7f4e).toString('hex')).toBe(body.toString('hex'));
  });
});

test('a sector has one public key, on the curve, and another sector another one', () => {
  expect(pointFromSecret('one')).toEqual(pointFromSecret('one'));
  expect(pointFromSecret('one')).not.toEqual(pointFromSecret('two'));
  expect(() => keyOfPoint(pointFromSecret('one'))).not.toThrow();
});
