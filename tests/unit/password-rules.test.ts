import { beforeAll, describe, expect, test } from '@jest/globals';
import { commonPasswords } from '../../src/id/authentication/password/common-passwords.ts';
import { passwordFault, type PasswordContext, type PasswordFault } from '../../src/id/authentication/password/rules.ts';

let list: ReadonlySet<string>;
beforeAll(async () => {
  list = await commonPasswords();
});

const nobody: PasswordContext = { words: [] };
const erika: PasswordContext = {
  words: ['Erika', 'Müller-Mustermann', 'erika.m@post.test', 'die.erika'],
  birthdate: '1964-08-12',
};
const fault = (password: string, context = nobody, secondFactor = false): PasswordFault | undefined =>
  passwordFault(password, context, { secondFactor, isCommon: (text) => list.has(text) });

test('the list has at least 30,000 entries, all in small letters', () => {
  expect(list.size).toBeGreaterThan(30_000);
  expect(list.has('passwort')).toBe(true);
  expect([...list].filter((text) => text !== text.toLowerCase())).toEqual([]);
});

describe('length, in characters as people count them', () => {
  test.each<[string, string, boolean, PasswordFault | undefined]>([
    ['nothing', '', false, 'empty'],
    ['fourteen', 'wolke-brot-uhr', false, 'tooShort'],
    ['fifteen', 'wolke-brot-uhr-', false, undefined],
    ['eleven beside a second factor', 'wolke-brot-', true, 'tooShort'],
    ['twelve beside a second factor', 'wolke-brot-u', true, undefined],
    ['fourteen of four bytes each are fourteen', '🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤', false, 'tooShort'],
    ['fifteen of four bytes each', '🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤🦆', false, undefined],
    ['64 characters of three bytes', 'ᄀᄂᄃᄅᄆᄇᄉᄋᄌᄎᄏᄐᄑ하'.repeat(4) + 'wolke-br', false, undefined],
    ['1,024 bytes', 'wolke brot uhr kaffee '.repeat(46) + 'zwölf seen,', false, undefined],
    ['1,025 bytes', 'x'.repeat(1025), false, 'tooLong'],
  ])('%s', (_title, password, secondFactor, expected) => expect(fault(password, nobody, secondFactor)).toBe(expected));
});

describe('no rule of composition', () => {
  test.each([
    'nur kleine buchstaben hier',
    'NUR GROSSE BUCHSTABEN HIER',
    'wolkebrotuhrkaffee',
    'umlaute öffnen türen',
    '  blanks before and after  ',
    '829174650381746',
    'dragon monkey shadow master',
    'Sonne über Bayern am Morgen',
  ])('%s', (password) => expect(fault(password)).toBeUndefined());
});

describe('PW-08: common and breached ones', () => {
  test.each([
    'michaeljackson1',
    'qwerty123456789',
    'passwordpassword',
    'PasswordPassword',
    'P4ssw0rdP4ssw0rd',
    'iloveyou1234567',
    '!!!iloveyou2024!!!',
    'dragondragondragon',
    'weihnachtsbaum2024',
  ])('%s', (password) => expect(fault(password)).toBe('common'));
});

describe('patterns', () => {
  test.each([
    'aaaaaaaaaaaaaaaaaaaa',
    'abcabcabcabcabcabc',
    'abcdefghijklmnopqrst',
    'zyxwvutsrqponmlkjih',
    'asdfghjklöasdfghjklö',
    '987654321098765xyz',
    '1qay2wsx3edc4rfv5tgb',
  ])('%s', (password) => expect(['pattern', 'common']).toContain(fault(password)));
});

describe('the person and the service', () => {
  test.each([
    ['the given name', 'erika-turm-laterne-x'],
    ['in other letters', 'ERIKA turm laterne'],
    ['as numbers and signs', '3r1k4-turm-laterne'],
    ['the name with its umlaut', 'turm-müller-laterne'],
    ['the name without it', 'turm-mueller-laterne'],
    ['the second half of a double name', 'laterne mustermann turm'],
    ['the address', 'erika.m@post.test!!'],
    ['the birth date', 'laterne 12.08.1964'],
    ['the birth date backwards', 'laterne-1964-08-12'],
    ['the service', 'bayernidbayernid'],
    ['the service and a year', 'Bayern-ID-2024!!!'],
    ['what it is', 'mein passwort 1234'],
  ])('%s', (_title, password) => expect(fault(password, erika)).toBe('personal'));
  test('is no matter for somebody of another name', () => expect(fault('erika-turm-laterne-x')).toBeUndefined());
  test('names of three letters say nothing', () =>
    expect(fault('Banjo-Turm-Laterne', { words: ['Jo', 'Ban'] })).toBeUndefined());
  test('a birth date that is not known holds nothing up', () =>
    expect(fault('wolke-1964-brot-uhr', { words: [], birthdate: '1964    ' })).toBeUndefined());
});
