import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { erika, max } from '../support/journey.ts';
import { letterTo, newId, startPostfach, type PostfachWorld, type TestSender } from '../support/postfach.ts';

let world: PostfachWorld;
let other: TestSender;
beforeAll(async () => {
  world = await startPostfach();
  other = await world.sender('anderes');
});
afterAll(() => world.stop());

test('1,000 letters at once: as many as its file allows, the others are told when; other senders notice nothing', async () => {
  const allowed = 50;
  const flooding = await world.sender('flut', { file: { letters_per_minute: allowed } });
  const to = await flooding.handleOf(max);
  const token = await flooding.token();
  const own = await other.handleOf(erika);
  const body = `--b\r\ncontent-disposition: form-data; name="letter"; filename="l"\r\n\r\n${JSON.stringify(letterTo(to))}\r\n--b--\r\n`;
  const one = async (): Promise<{ readonly status: number; readonly wait: string | null }> => {
    const response = await fetch(`${world.app.postfach}/api/letters/${newId()}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=b' },
      body,
    });
    await response.arrayBuffer();
    return { status: response.status, wait: response.headers.get('retry-after') };
  };
  // All in one window of the counter, whatever the machine takes.
  const flooded = Promise.all(Array.from({ length: 1000 }, one));
  const meanwhile = await Promise.all(Array.from({ length: 20 }, () => other.deliver(newId(), letterTo(own))));
  expect(meanwhile.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201));
  const answers = await flooded;
  const taken = answers.filter(({ status }) => status === 201).length;
  const refused = answers.filter(({ status }) => status === 429);
  expect(taken + refused.length).toBe(1000);
  expect(taken % allowed).toBe(0);
  expect(taken).toBeGreaterThan(0);
  expect(refused.length).toBeGreaterThan(500);
  expect(refused.every(({ wait }) => /^\d+$/.test(wait ?? ''))).toBe(true);
  const { letters } = world.postfach.records;
  expect((await letters.counts(await world.mailboxOf(max.login))).inbox).toBe(taken);
});
