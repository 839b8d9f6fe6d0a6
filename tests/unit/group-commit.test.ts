import { expect, test } from '@jest/globals';
import { groupCommit } from '../../src/storage/group-commit.ts';

test('what comes at once, and what comes while a write is under way, goes in one write each', async () => {
  const writes: (readonly number[])[] = [];
  let release: () => void = () => {};
  const add = groupCommit<number>(async (items) => {
    writes.push(items);
    if (writes.length === 1) await new Promise<void>((resolve) => (release = resolve));
  });
  const first = [add(1), add(2)];
  while (writes.length === 0) await new Promise(setImmediate);
  const second = [add(3), add(4), add(5)];
  release();
  await Promise.all([...first, ...second]);
  expect(writes).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
});

test('a write that fails fails those that were in it, and nobody else', async () => {
  let tries = 0;
  const add = groupCommit<string>((items) => {
    tries++;
    return items.includes('bad') ? Promise.reject(new Error('full')) : Promise.resolve();
  });
  const group = await Promise.allSettled([add('good'), add('bad')]);
  expect(group.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(add('good')).resolves.toBeUndefined();
  expect(tries).toBe(2);
});

test('nobody waits for more than 200 others', async () => {
  const sizes: number[] = [];
  const add = groupCommit<number>((items) => Promise.resolve(void sizes.push(items.length)));
  await Promise.all(Array.from({ length: 450 }, (_, i) => add(i)));
  expect(sizes).toEqual([200, 200, 50]);
});
