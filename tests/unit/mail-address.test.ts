import { describe, expect, test } from '@jest/globals';
import { canonicalLoginName } from '../../src/id/identity/login-name.ts';
import { mailAddress } from '../../src/id/identity/mail-address.ts';
import { cpuTime } from '../support/cpu-time.ts';

const long = (length: number): string => 'a'.repeat(length);

describe('an address that can be mailed to', () => {
  test.each([
    ['erika@example.de', 'erika@example.de'],
    ['  erika@example.de ', 'erika@example.de'],
    ['Erika.Mustermann@EXAMPLE.De', 'Erika.Mustermann@example.de'],
    ["o'brien+bayern_id@sub.example.de", "o'brien+bayern_id@sub.example.de"],
    ['erika@example.de.', 'erika@example.de'],
    ['erika@münchen.example', 'erika@xn--mnchen-3ya.example'],
    ['erika@MÜNCHEN.example', 'erika@xn--mnchen-3ya.example'],
    ['erika@mu\u0308nchen.example', 'erika@xn--mnchen-3ya.example'],
    ['erika@xn--mnchen-3ya.example', 'erika@xn--mnchen-3ya.example'],
    ['erika@straße.example', 'erika@xn--strae-oqa.example'],
    ['1@2.example', '1@2.example'],
    [`${long(64)}@example.de`, `${long(64)}@example.de`],
  ])('%j becomes %j, and stays so', (typed, address) => {
    expect(mailAddress(typed)).toBe(address);
    expect(mailAddress(address)).toBe(address);
  });
});

test('RG-11: an address is one login name, however its domain is written', () => {
  const written = [
    'erika@münchen.example',
    'Erika@MU\u0308NCHEN.example.',
    ' erika@xn--mnchen-3ya.example',
    'ｅrika@ｍünchen.example',
  ];
  expect(new Set(written.map(canonicalLoginName))).toEqual(new Set(['erika@xn--mnchen-3ya.example']));
});

describe('RG-10, RG-11: anything else is none', () => {
  test.each([
    // Nothing, or not all of it.
    '',
    ' ',
    'erika',
    '@',
    '@example.de',
    'erika@',
    'erika@localhost',
    'erika@example',
    // Several, or a name beside it: parsers differ about which one counts.
    'a@evil.example,b@example.de',
    'a@evil.example;b@example.de',
    'a@evil.example b@example.de',
    'a@evil.example\tb@example.de',
    '"a@evil.example" <b@example.de>',
    'Erika <erika@example.de>',
    '<erika@example.de>',
    'mailto:erika@example.de',
    'group:a@evil.example,b@example.de;',
    // Quoted, commented, escaped.
    '"v@x y"@evil.example',
    '"erika"@example.de',
    '"a@evil.example"@example.de',
    'xclow3n@gmail.com x"@internal.example',
    'a@b(c)d.example',
    'erika(comment)@example.de',
    'erika@(comment)example.de',
    'erika@example.de(comment)',
    'er\\ika@example.de',
    'erika@evil.example@example.de',
    // Routed on by the server in between.
    'erika%evil.example@example.de',
    'evil.example!erika@example.de',
    '@evil.example:erika@example.de',
    // Lines and other control characters.
    'erika@example.de\r\nBcc: a@evil.example',
    'erika@example.de\n',
    'erika\r@example.de',
    'erika@example.de\0',
    '\u0000erika@example.de',
    'erika@exam\u000bple.de',
    // Dots and hyphens where none may be.
    '.erika@example.de',
    'erika.@example.de',
    'er..ika@example.de',
    'erika@.example.de',
    'erika@example..de',
    'erika@example.de..',
    'erika@-example.de',
    'erika@example-.de',
    'erika@example.d-',
    // Not a name in the public DNS.
    'erika@127.0.0.1',
    'erika@[127.0.0.1]',
    'erika@[IPv6:::1]',
    'erika@0x7f.1',
    'erika@2130706433',
    'erika@1.2.3.4.',
    'erika@example.123',
    'root@mail.localhost',
    'root@mail.internal',
    'root@printer.local',
    'erika@home.arpa',
    'erika@abc.onion',
    'erika@nowhere.invalid',
    // What a URL would read as something else.
    'erika@example.de:25',
    'erika@example.de/evil',
    'erika@example.de?x',
    'erika@example.de#x',
    'erika@ex%61mple.de',
    'erika@user:pass.example.de',
    'erika@exam_ple.de',
    // Look-alikes and characters that are not seen.
    'erika＠example.de',
    'erika@ｅｘａｍｐｌｅ.de',
    'erika@example。de',
    'erika@example．de',
    'erika@ﬁsch.example',
    'erika@①.example',
    'erika@exam\u200bple.de',
    'erika@exam\u00adple.de',
    'erika@exam\u202eple.de',
    'erika@xn--.example',
    'erika@xn--a-ecp.ru\u200d',
    'еrika@example.de', // Cyrillic
    'ерика@example.de',
    'müller@example.de',
    'ａ@example.de',
    '\u00a0erika@example.de',
    // Too long for SMTP.
    `${long(65)}@example.de`,
    `erika@${long(64)}.de`,
    `erika@${`${long(60)}.`.repeat(5)}de`,
    `erika@${`${'ü'.repeat(48)}.`.repeat(5)}de`,
  ])('%j', (typed) => {
    expect(mailAddress(typed)).toBeUndefined();
  });

  test('DS-04: text of any length is judged at once', () => {
    for (const text of [
      'a.'.repeat(200_000),
      `a@${'a-'.repeat(200_000)}`,
      `${' '.repeat(400_000)}x`,
      `x${' '.repeat(400_000)}x`,
      `a@${'ü.'.repeat(200_000)}`,
    ]) {
      expect(cpuTime(() => expect(mailAddress(text)).toBeUndefined())).toBeLessThan(1000);
    }
  });
});
