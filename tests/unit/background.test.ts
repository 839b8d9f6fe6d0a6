import { expect, test } from '@jest/globals';
import { createBackground } from '../../src/id/background.ts';
import { StorageUnavailable } from '../../src/storage/artifacts.ts';

const away = (): StorageUnavailable => new StorageUnavailable('The store is away');

/** Work behind answers, and what was logged of it. */
const start = (pauses: readonly number[], writable: () => Promise<void> = async () => {}) => {
  const logged: string[] = [];
  const log = { error: (event: string) => void logged.push(event) };
  return { logged, background: createBackground({ writable }, log, pauses) };
};

test('nothing is begun, and whoever asks is told, when nothing can be written down', async () => {
  const { background, logged } = start([], () => Promise.reject(away()));
  let begun = false;
  const work = async (): Promise<void> => {
    begun = true;
  };
  await expect(background.run('failed', work)).rejects.toThrow(StorageUnavailable);
  await background.settled();
  expect([begun, logged]).toEqual([false, []]);
});

test('a step is done again while the store is away, and gives what the last one gave', async () => {
  const { background, logged } = start([0, 0, 0]);
  const given: number[] = [];
  let tries = 0;
  await background.run('failed', async (insist) => {
    const step = async (): Promise<number> => {
      tries += 1;
      if (tries < 4) throw away();
      return tries;
    };
    given.push(await insist(step));
  });
  await background.settled();
  expect([given, logged]).toEqual([[4], []]);
});

test.each([
  ['the store stays away', away, 3],
  ['something else is wrong', () => new Error('wrong'), 1],
] as const)('it is given up and logged when %s', async (_, error, times) => {
  const { background, logged } = start([0, 0]);
  let tries = 0;
  const step = async (): Promise<void> => {
    tries += 1;
    throw error();
  };
  await background.run('failed', (insist) => insist(step));
  await background.settled();
  expect([tries, logged]).toEqual([times, ['failed']]);
});

test('an end waits for no store', async () => {
  const { background, logged } = start([3_600_000, 3_600_000]);
  await new Promise<void>((tried) => {
    const step = async (): Promise<void> => {
      tried();
      throw away();
    };
    void background.run('failed', (insist) => insist(step));
  });
  await background.close();
  expect(logged).toEqual(['failed']);
});
