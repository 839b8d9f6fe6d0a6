import '../support/realm.ts';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { freezeClock, resetClock } from '../support/clock.ts';
import { beginning } from './people.ts';
import { stories } from './model.ts';
import { createStage, Story, type Stage } from './story.ts';

/** What must have happened at least once, or the stories prove nothing. */
const everything = [
  'registered', 'linked', 'unlinked', 'replaced', 'locked', 'leaving', 'active', 'deleted', 'crash', 'restart',
  'new password', 'new passkey', 'new totp', 'answer basic', 'answer low', 'answer substantial', 'answer high',
] as const;

/** Plays so many stories of two browsers at once against what may never be. */
const seed = process.env['MODEL_SEED'] === undefined ? undefined : Number(process.env['MODEL_SEED']);

export const describeModel = (runs: number, timeout: number): void => {
  describe('whatever people do, in two browsers at once', () => {
    let folder: string;
    let stage: Stage;
    beforeAll(async () => {
      // In memory where there is such a place: it is written a hundred thousand times, and nobody pulls the plug.
      folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bayern-id-model-'));
      stage = await createStage(join(folder, 'records.sqlite'));
    });
    afterAll(async () => {
      resetClock();
      await stage.close();
      rmSync(folder, { recursive: true, force: true });
    });

    test('no level is too high, no card in two accounts, no stranger gains, nothing ended works, and everybody gets in', async () => {
      const run = await fc.check(
        fc.asyncProperty(stories, async ({ alone, opening, look, events }) => {
          freezeClock(beginning);
          const t0 = performance.now();
          if (process.env["MODEL_TIMES"]) writeFileSync("/tmp/m2now.json", JSON.stringify([{ alone, opening, events }]));
          const story = new Story(stage, alone);
          for (const event of [...opening, ...events]) await story.play(event);
          if (look) await story.lastLook();
          if (process.env['MODEL_TIMES']) console.log(Math.round(performance.now() - t0), [...opening, ...events].length, [...opening, ...events].map((e) => e.kind).join(' '));
        }),
        { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
      );
      if (run.failed) {
        const why = run.errorInstance instanceof Error ? (run.errorInstance.stack ?? run.errorInstance.message) : '';
        throw new Error(
          (writeFileSync('/tmp/m2story.json', JSON.stringify(run.counterexample)), '') + `story ${run.numRuns} of ${runs}, MODEL_SEED=${run.seed}, path ${run.counterexamplePath ?? ''}: ${why}\n` +
            JSON.stringify(run.counterexample, undefined, 1).replaceAll(/\n\s{4,}/g, ' '),
        );
      }
      console.log(JSON.stringify(Object.fromEntries([...stage.happened].sort())));
      expect(everything.filter((what) => !stage.happened.has(what))).toEqual([]);
    }, timeout);
  });
};
