import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createKeyDocuments, type KeyDocuments } from '../../src/id/oidc/key-documents.ts';
import { resetClock, shiftClock } from '../support/clock.ts';

const address = 'https://dienst.example/keys';
const key = (bits?: number): object =>
  bits === undefined
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
    : generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });

let asked: number;
let answer: () => Promise<Response>;
let documents: KeyDocuments;
beforeEach(() => {
  asked = 0;
  answer = () => Promise.resolve(Response.json({ keys: [key()] }));
  documents = createKeyDocuments(() => {
    asked++;
    return answer();
  });
});
afterEach(resetClock);

const keysOf = async (from = address): Promise<number | undefined> => {
  const response = await documents(from);
  return response.status === 200 ? ((await response.json()) as { keys: object[] }).keys.length : undefined;
};

describe('keys from a client’s address', () => {
  test('are asked for once a minute', async () => {
    await keysOf();
    answer = () => Promise.resolve(Response.json({ keys: [key(), key()] }));
    shiftClock(59_000);
    expect(await keysOf()).toBe(1);
    shiftClock(2000);
    expect(await keysOf()).toBe(2);
    expect(asked).toBe(2);
  });

  test('and by one request, however many wait for them (SR-07)', async () => {
    let go = (_response: Response): void => {};
    answer = () =>
      new Promise((resolve) => {
        go = resolve;
      });
    const waiting = Array.from({ length: 50 }, () => keysOf());
    go(Response.json({ keys: [key()] }));
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 50 }, () => 1));
    expect(asked).toBe(1);
  });

  test('are kept for an hour while the service does not answer', async () => {
    await keysOf();
    answer = () => Promise.reject(new Error('down'));
    shiftClock(59 * 60_000);
    expect(await keysOf()).toBe(1);
    shiftClock(2 * 60_000);
    expect(await keysOf()).toBeUndefined();
  });

  test.each([
    ['no connection', () => Promise.reject(new Error('refused'))],
    [
      'a redirect',
      () => Promise.resolve(new Response(null, { status: 302, headers: { location: 'http://10.0.0.1/' } })),
    ],
    ['no JSON', () => Promise.resolve(new Response('<html>'))],
    ['no keys', () => Promise.resolve(Response.json({ key: [] }))],
  ])('after %s the service is left alone for a while', async (_, failing) => {
    answer = failing;
    expect([await keysOf(), await keysOf()]).toEqual([undefined, undefined]);
    expect(asked).toBe(1);
    answer = () => Promise.resolve(Response.json({ keys: [key()] }));
    expect(await keysOf('https://other.example/keys')).toBe(1);
    shiftClock(11_000);
    expect(await keysOf()).toBe(1);
  });

  test('that are weak, private or symmetric do not count', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const unfit = [key(2048), privateKey.export({ format: 'jwk' }), { kty: 'oct', k: 'AAAA' }];
    answer = () => Promise.resolve(Response.json({ keys: [...unfit, key()] }));
    expect(await keysOf()).toBe(1);
  });
});
