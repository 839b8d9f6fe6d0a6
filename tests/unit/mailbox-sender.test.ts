import { expect, test } from '@jest/globals';
import { createMailboxSender } from '../../src/portal/module-api/mailbox-sender.ts';

/** What becomes of a letter that Mein Postfach answers like this, and whether the token is used again. */
const put = async (status: number): Promise<{ readonly outcome: string; readonly forgotten: number }> => {
  let forgotten = 0;
  const sender = createMailboxSender({
    meinPostfachOrigin: 'https://postfach.example',
    token: { get: async () => 'token', forget: () => (forgotten += 1) },
    fetch: async () => new Response(null, { status }),
    timeout: 1000,
  });
  const outcome = await sender.put('/api/letters/1', '{}', 'application/json').then(
    () => 'taken',
    (error: Error) => error.name,
  );
  return { outcome, forgotten };
};

test.each([
  [200, 'taken'],
  [201, 'taken'],
  // Sent before, and the process died before that was written down.
  [409, 'taken'],
  [403, 'PermanentFailure'],
  [422, 'PermanentFailure'],
  // No such address at all: an origin that is wrong is mended, and the letters still arrive.
  [404, 'NotTaken'],
  [429, 'NotTaken'],
  [500, 'NotTaken'],
  [503, 'NotTaken'],
])('a letter that Mein Postfach answers with %i: %s', async (status, outcome) => {
  expect(await put(status)).toEqual({ outcome, forgotten: 0 });
});

test('a token that it does not take is not used again', async () => {
  expect(await put(401)).toEqual({ outcome: 'NotTaken', forgotten: 1 });
});

test('a letter is sent with the token, and follows no redirect', async () => {
  const asked: [string, RequestInit][] = [];
  const sender = createMailboxSender({
    meinPostfachOrigin: 'https://postfach.example',
    token: { get: async () => 'token', forget: () => {} },
    fetch: async (url, init) => {
      asked.push([url, init]);
      return new Response(null, { status: 201 });
    },
    timeout: 1000,
  });
  await sender.put('/api/letters/1', new FormData());
  const [[url, { method, redirect, headers }] = ['', {} as RequestInit]] = asked;
  expect([url, method, redirect]).toEqual(['https://postfach.example/api/letters/1', 'PUT', 'error']);
  expect(headers).toEqual({ authorization: 'Bearer token' });
});
