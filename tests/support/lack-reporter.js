import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nameRun, runFolder } from './run-folder.js';

const readLacks = () => {
  try {
    const lines = readFileSync(join(runFolder(), 'lacks.jsonl'), 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  } catch {
    return [];
  }
};

const mustNotLack = () => process.env['CI'] === 'true';

/**
 * Says in the last lines what the machine lacks and which suites were skipped for it. With CI=true a lack fails the run;
 * a suite that was skipped for a reason of its own is only named.
 */
export default class LackReporter {
  #lacks = [];
  #excused = [];

  constructor() {
    nameRun();
  }

  onRunStart() {
    rmSync(runFolder(), { recursive: true, force: true });
  }

  onRunComplete() {
    const skipped = readLacks();
    this.#excused = skipped.filter(({ reason }) => reason !== undefined);
    this.#lacks = skipped.filter(({ reason }) => reason === undefined);
    rmSync(runFolder(), { recursive: true, force: true });
    if (skipped.length === 0) return;
    const lines = ['', ...this.#excusedLines(), ...this.#lackLines(), ''];
    // Jest's own summary comes after every reporter: said now, it would not be among the last lines.
    process.once('exit', () => process.stderr.write(`${lines.join('\n')}\n`));
  }

  #excusedLines() {
    return this.#excused.map(({ file, suite, reason }) => `SKIPPED: ${file} › ${suite} (${reason})`);
  }

  #lackLines() {
    if (this.#lacks.length === 0) return [];
    const programs = new Set(this.#lacks.flatMap((lack) => lack.programs));
    return [
      `SKIPPED, because this machine lacks: ${[...programs].join(', ')}`,
      ...this.#lacks.map(({ file, suite, programs: missing }) => `  ${file} › ${suite} (${missing.join(', ')})`),
      ...(mustNotLack() ? ['With CI=true nothing may be skipped: the run has failed.'] : []),
    ];
  }

  getLastError() {
    return this.#lacks.length > 0 && mustNotLack() ? new Error('Suites were skipped') : undefined;
  }
}
