import { describe, expect, test } from '@jest/globals';
import { newRecoveryCodes } from '../../src/id/authentication/recovery-codes/recovery-codes.ts';
import { canonicalWrittenCode } from '../../src/id/authentication/written-code.ts';
import {
  base32,
  keyUri,
  matchingStep,
  newTotpSecret,
  timeStep,
  totpCode,
} from '../../src/id/authentication/totp/codes.ts';

describe('codes of an authenticator app', () => {
  const secret = base32(Buffer.from('12345678901234567890'));

  test.each([
    [0x1, '287082'],
    [0x23523ec, '081804'],
    [0x23523ed, '050471'],
    [0x273ef07, '005924'],
    [0x3f940aa, '279037'],
    [0x27bc86aa, '353130'],
  ])('RFC 6238, appendix B (last six digits): step %d', (step, code) => expect(totpCode(secret, step)).toBe(code));

  test('base32 (RFC 4648, 10)', () => {
    expect(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => base32(Buffer.from(text)))).toEqual([
      '',
      'MY',
      'MZXQ',
      'MZXW6',
      'MZXW6YQ',
      'MZXW6YTB',
      'MZXW6YTBOI',
    ]);
  });

  test('a code counts from one step before to one after, and names its step', () => {
    const at = 59_000;
    expect(timeStep(at)).toBe(1);
    const steps = [-2, -1, 0, 1, 2].map((by) => matchingStep(secret, totpCode(secret, 10 + by), 10 * 30_000));
    expect(steps).toEqual([undefined, 9, 10, 11, undefined]);
  });

  test.each([
    ['287 082', 1],
    [' 287082 ', 1],
    ['287\u00a0082', 1],
    ['287-082', 1],
    ['28708', undefined],
    ['2870820', undefined],
    ['２８７０８２', undefined],
    ['', undefined],
  ])('typed as “%s”', (typed, step) => expect(matchingStep(secret, typed, 30_000)).toBe(step));

  test('secrets have 160 bits and differ', () => {
    const secrets = Array.from({ length: 50 }, newTotpSecret);
    expect(new Set(secrets).size).toBe(50);
    for (const one of secrets) expect(one).toMatch(/^[A-Z2-7]{32}$/);
  });

  test('the address in the QR code holds whatever the account is called', () => {
    const url = new URL(keyUri(secret, 'erika & max?#@example.org'));
    expect([url.protocol, url.host, decodeURIComponent(url.pathname)]).toEqual([
      'otpauth:',
      'totp',
      '/Bayern-ID:erika & max?#@example.org',
    ]);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      secret,
      issuer: 'Bayern-ID',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });
});

test('recovery codes: ten to a set, none twice, and each is read as it was written', () => {
  const codes = Array.from({ length: 20 }, newRecoveryCodes).flat();
  expect(new Set(codes).size).toBe(200);
  for (const code of codes) {
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/);
    expect(canonicalWrittenCode(code)).toBe(code.replaceAll('-', ''));
  }
});
