import '../support/realm.ts';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { freezeClock, resetClock } from '../support/clock.ts';
import { beginning } from './people.ts';
import { stories } from './model.ts';
import { createStage, Story, type Stage } from './story.ts';

/** What must have happened at least once, or the stories prove nothing. */
const everything = [
  'registered',
  'linked',
  'unlinked',
  'replaced',
  'locked',
  'leaving',
  'deleted',
  'restart',
  'new password',
  'new passkey',
  'new totp',
  'answer basic',
  'answer low',
  'answer substantial',
  'answer high',
] as const;

interface Scope {
  readonly runs: number;
  /** A number makes the stories the same each time. Overridden by MODEL_SEED and MODEL_RUNS. */
  readonly seed?: number;
  /** What must happen beside `everything`. */
  readonly also: readonly string[];
  readonly timeout: number;
}

const fromEnvironment = (name: string): number | undefined =>
  process.env[name] === undefined ? undefined : Number(process.env[name]);

/** Plays so many stories of two browsers at once against what may never be. */
export const describeModel = (scope: Scope): void => {
  const seed = fromEnvironment('MODEL_SEED') ?? scope.seed ?? Date.now() & 0x7f_ff_ff_ff;
  const runs = fromEnvironment('MODEL_RUNS') ?? scope.runs;

  describe(`whatever people do, in two browsers at once (MODEL_SEED=${seed})`, () => {
    let folder: string;
    let stage: Stage;
    beforeAll(async () => {
      // In memory where there is such a place: it is written a hundred thousand times, and nobody pulls the plug.
      folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bayern-id-model-'));
      stage = await createStage(join(folder, 'records.sqlite'));
    }, scope.timeout);
    afterAll(async () => {
      resetClock();
      await stage.close();
      rmSync(folder, { recursive: true, force: true });
    });

    test(
      'no level is too high, no card in two accounts, no stranger gains, nothing ended works, and everybody gets in',
      async () => {
        const run = await fc.check(
          fc.asyncProperty(stories, async ({ alone, opening, look, events }) => {
            freezeClock(beginning);
            const story = new Story(stage, alone);
            for (const event of [...opening, ...events]) await story.play(event);
            if (look) await story.lastLook();
          }),
          { numRuns: runs, seed },
        );
        if (run.failed) {
          const { errorInstance: error, counterexamplePath } = run;
          const why = error instanceof Error ? (error.stack ?? error.message) : '';
          const story = JSON.stringify(run.counterexample, undefined, 1).replaceAll(/\n\s{4,}/g, ' ');
          throw new Error(`story ${run.numRuns}, MODEL_SEED=${seed}, path ${counterexamplePath}: ${why}\n${story}`);
        }
        expect([...everything, ...scope.also].filter((what) => !stage.happened.has(what))).toEqual([]);
      },
      scope.timeout,
    );
  });
};
