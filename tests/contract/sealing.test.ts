import { describe, expect, test } from '@jest/globals';
import { createDataKey, createSealer, deriveKey, keyedHash, openDataKey } from '../../src/storage/sealing.ts';

const keyOf = (byte: number): Buffer => Buffer.alloc(32, byte);
const first = createSealer([{ id: 'k1', key: keyOf(1) }]);

describe('sealer', () => {
  test.each([
    ['text', 'Zoë Müller'],
    ['nothing', ''],
    ['bytes', Buffer.from([0, 255, 128])],
  ])('opens what it sealed: %s', (_, plain) => {
    expect(first.open(first.seal(plain, 'account 1'), 'account 1')).toEqual(Buffer.from(plain));
  });

  test('the same plain text never gives the same box, and the box does not show it', () => {
    const [box, again] = [first.seal('secret words', 'c'), first.seal('secret words', 'c')];
    expect(Buffer.from(box).equals(again)).toBe(false);
    expect(Buffer.from(box).includes('secret')).toBe(false);
  });

  test('every single changed byte and every missing end is refused', () => {
    const box = first.seal('abc', 'c');
    for (let index = 0; index < box.length; index += 1) {
      const changed = Uint8Array.from(box);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => first.open(changed, 'c')).toThrow('could not be opened');
      expect(() => first.open(box.subarray(0, index), 'c')).toThrow('could not be opened');
    }
    expect(() => first.open(new Uint8Array(), 'c')).toThrow('could not be opened');
  });

  test('a box of another context is refused', () => {
    expect(() => first.open(first.seal('abc', 'account 1 email'), 'account 2 email')).toThrow('could not be opened');
  });

  test('a box can be a view into a larger buffer, as databases give it', () => {
    const box = first.seal('abc', 'c');
    const larger = Buffer.concat([Buffer.alloc(5), box, Buffer.alloc(5)]);
    expect(first.open(new Uint8Array(larger.buffer, larger.byteOffset + 5, box.length), 'c').toString()).toBe('abc');
  });

  test('after a rotation the new key seals and both open', () => {
    const both = createSealer([
      { id: 'k2', key: keyOf(2) },
      { id: 'k1', key: keyOf(1) },
    ]);
    expect(both.open(first.seal('old', 'c'), 'c').toString()).toBe('old');
    const box = both.seal('new', 'c');
    expect(both.open(box, 'c').toString()).toBe('new');
    expect(() => first.open(box, 'c')).toThrow('could not be opened');
  });

  test('a key under the id of another one opens nothing', () => {
    const wrong = createSealer([{ id: 'k1', key: keyOf(9) }]);
    expect(() => wrong.open(first.seal('abc', 'c'), 'c')).toThrow('could not be opened');
  });

  test.each([
    ['no key', []],
    ['a short key', [{ id: 'k', key: Buffer.alloc(16) }]],
    ['no id', [{ id: '', key: keyOf(1) }]],
    [
      'one id twice',
      [
        { id: 'k', key: keyOf(1) },
        { id: 'k', key: keyOf(2) },
      ],
    ],
  ])('is not made with %s', (_, keys) => {
    expect(() => createSealer(keys)).toThrow();
  });
});

describe('keys', () => {
  test('one purpose gives one key, another gives another', () => {
    expect(deriveKey(keyOf(1), 'a')).toEqual(deriveKey(keyOf(1), 'a'));
    expect(deriveKey(keyOf(1), 'a')).not.toEqual(deriveKey(keyOf(1), 'b'));
    expect(deriveKey(keyOf(1), 'a')).not.toEqual(deriveKey(keyOf(2), 'a'));
    expect(deriveKey(keyOf(1), 'a')).toHaveLength(32);
    expect(() => deriveKey(Buffer.alloc(31), 'a')).toThrow('at least 32 bytes');
  });

  test('keyedHash is HMAC-SHA-256 (RFC 4231, test case 2)', () => {
    const expected = Buffer.from('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'hex');
    expect(keyedHash(Buffer.from('Jefe'), 'what do ya want for nothing?')).toBe(expected.toString('base64url'));
  });

  test('a data key opens for its owner only', () => {
    const { key, wrapped } = createDataKey(first, 'account 1');
    expect(openDataKey(first, wrapped, 'account 1')).toEqual(key);
    expect(() => openDataKey(first, wrapped, 'account 2')).toThrow('could not be opened');
    expect(createDataKey(first, 'account 1').key).not.toEqual(key);
  });
});
