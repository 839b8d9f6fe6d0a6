import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createCoalescer } from '../../src/config/coalesce.ts';
import { watchDirectories, type Watching } from '../../src/config/watch.ts';

describe('a stream of changes', () => {
  let runs: number[];
  let answer: boolean;
  let began: number;
  const coalescer = () =>
    createCoalescer({
      interval: 10_000,
      run: () => {
        runs.push(performance.now() - began);
        return Promise.resolve(answer);
      },
    });
  beforeEach(() => {
    jest.useFakeTimers();
    runs = [];
    answer = true;
    began = performance.now();
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

  test('is one run for the steps of one change, and soon', async () => {
    const { notice, close } = coalescer();
    for (let step = 0; step < 5; step++) {
      notice();
      await pass(50);
    }
    await pass(1000);
    expect(runs).toEqual([350]);
    close();
  });

  test('is a run after two seconds when it never gets quiet, and then one in ten seconds', async () => {
    const { notice, close } = coalescer();
    for (let step = 0; step < 600; step++) {
      notice();
      await pass(50);
    }
    expect(runs).toEqual([2000, 12_000, 22_000]);
    close();
  });

  test('waits for the ten seconds only when the last run changed something', async () => {
    const { notice, close } = coalescer();
    answer = false;
    notice();
    await pass(1000);
    notice();
    await pass(1000);
    expect(runs).toEqual([150, 1150]);
    answer = true;
    notice();
    await pass(1000);
    notice();
    await pass(5000);
    expect(runs).toEqual([150, 1150, 2150]);
    await pass(10_000);
    expect(runs).toEqual([150, 1150, 2150, 12_150]);
    close();
  });

  test('never has two runs at once, and forgets nothing that came during one', async () => {
    let end = (_changed: boolean): void => {};
    let count = 0;
    const { notice, close } = createCoalescer({
      interval: 0,
      run: () => {
        count++;
        return new Promise((resolve) => {
          end = resolve;
        });
      },
    });
    notice();
    await pass(200);
    notice();
    await pass(5000);
    expect(count).toBe(1);
    end(false);
    await pass(200);
    expect(count).toBe(2);
    close();
  });

  test('ends when it is closed', async () => {
    const { notice, close } = coalescer();
    notice();
    close();
    notice();
    await pass(60_000);
    expect(runs).toEqual([]);
  });
});

describe('folders', () => {
  let folder: string;
  let watching: Watching | undefined;
  let waiting: (() => void) | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bayern-id-watch-'));
    mkdirSync(join(folder, 'inner'));
  });
  afterEach(() => {
    watching?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const directories = (...names: readonly string[]): Map<string, string> =>
    new Map(names.map((name) => [join(folder, name), String(statSync(join(folder, name)).birthtimeMs)]));
  const start = (poll = 3600_000): Watching =>
    watchDirectories(() => {
      waiting?.();
    }, poll);
  const noticed = (): Promise<void> =>
    new Promise((resolve) => {
      waiting = resolve;
    });

  test('a new one counts as a change, a known one does not', () => {
    let count = 0;
    watching = watchDirectories(() => count++, 3600_000);
    watching.cover(directories('.'));
    expect(count).toBe(1);
    watching.cover(directories('.'));
    expect(count).toBe(1);
    watching.cover(directories('.', 'inner'));
    expect(count).toBe(2);
  });

  test('a file in any of them is noticed, and one in a folder made anew too', async () => {
    watching = start();
    watching.cover(directories('.', 'inner'));
    let change = noticed();
    writeFileSync(join(folder, 'inner', 'a.yaml'), 'x');
    await change;
    rmSync(join(folder, 'inner'), { recursive: true });
    mkdirSync(join(folder, 'inner'));
    watching.cover(directories('.', 'inner'));
    await new Promise((resolve) => setImmediate(resolve));
    change = noticed();
    writeFileSync(join(folder, 'inner', 'b.yaml'), 'x');
    await change;
  });

  test('where the system tells nothing, looking again does', async () => {
    watching = start(20);
    await noticed();
    watching.cover(new Map([[join(folder, 'missing'), '']]));
    await noticed();
  });
});
