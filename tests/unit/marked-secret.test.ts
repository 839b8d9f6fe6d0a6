import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createMarkedSecrets } from '../../src/portal/relying-party/marked-secret.ts';
import { freezeClock, resetClock } from '../support/clock.ts';

const key = randomBytes(32);
const marks = createMarkedSecrets(key);
const start = Date.UTC(2026, 10, 27, 4, 30);
afterEach(() => resetClock());

describe('a marked secret', () => {
  test('has the form that secrets always had, is new each time, and says when it was made', () => {
    freezeClock(start + 999);
    const secrets = Array.from({ length: 50 }, () => marks.create('session a'));
    expect(new Set(secrets.map((secret) => secret.slice(6))).size).toBe(50);
    for (const secret of secrets) {
      expect(secret).toMatch(/^[\w-]{43}$/);
      expect(marks.madeAt(secret, 'session a')).toBe(start);
    }
  });

  test('is the same on every node', () =>
    expect(createMarkedSecrets(Buffer.from(key)).madeAt(marks.create('session a'), 'session a')).toBeDefined());

  test('counts for what it was made for alone, and under its own key', () => {
    const secret = marks.create('session a');
    for (const other of ['session b', 'session a ', 'login a', '']) expect(marks.madeAt(secret, other)).toBeUndefined();
    expect(createMarkedSecrets(randomBytes(32)).madeAt(secret, 'session a')).toBeUndefined();
  });

  test('has one spelling: with any letter changed it counts for nothing', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=.é';
    const secret = marks.create('session a');
    const taken = Array.from({ length: 43 }, (_, at) =>
      Array.from(letters).filter(
        (letter) => marks.madeAt(`${secret.slice(0, at)}${letter}${secret.slice(at + 1)}`, 'session a') !== undefined,
      ),
    );
    expect(taken).toEqual(Array.from(secret, (letter) => [letter]));
    for (const other of ['', secret.slice(1), secret.slice(0, 42), `${secret}A`, `${secret}\n`, 'A'.repeat(43)])
      expect(marks.madeAt(other, 'session a')).toBeUndefined();
  });
});
