import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect } from '@jest/globals';
import { findProgram } from './programs.ts';
import { runFolder } from './run-folder.js';

/** Programs of Debian that some suites need. */
export type Program =
  'redis-server' | 'redis-cli' | 'postgres' | 'initdb' | 'chromium' | 'xmlsec1' | 'AusweisApp' | (string & {});

/** Missing programs of this test file. */
const missing = new Set<string>();

/** The path of a program; undefined when the machine lacks it, which the end of the test run then says. */
export function need(program: Program): string | undefined {
  const found = findProgram(program);
  if (found === undefined) missing.add(program);
  return found;
}

/** The path of a file of a Debian package, for what is no program in PATH; undefined when the package is not installed. */
export function needFile(path: string, debianPackage: string): string | undefined {
  if (existsSync(path)) return path;
  missing.add(debianPackage);
  return undefined;
}

const record = (suite: string, reason?: string): void => {
  const file = relative(process.cwd(), expect.getState().testPath ?? '');
  mkdirSync(runFolder(), { recursive: true, mode: 0o755 });
  appendFileSync(
    join(runFolder(), 'lacks.jsonl'),
    `${JSON.stringify({ file, suite, programs: [...missing], reason })}\n`,
  );
};

/** A suite that runs when the machine has what it needs. Otherwise it is skipped, and named at the end of the run. */
export function describeIf(has: unknown, name: string, suite: () => void): void {
  if (has !== undefined && has !== false) {
    describe(name, suite);
    return;
  }
  record(name);
  describe.skip(name, suite);
}

/**
 * A suite that is skipped for a reason that no installation cures, such as another version in the distribution. The end of
 * the run says it, and with CI=true it is no failure either.
 */
export function describeUnless(reason: string | undefined, name: string, suite: () => void): void {
  if (reason === undefined) {
    describe(name, suite);
    return;
  }
  record(name, reason);
  describe.skip(name, suite);
}
