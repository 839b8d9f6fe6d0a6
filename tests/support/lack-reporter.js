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

/** Says in the last lines what the machine lacks and which suites were skipped for it. With CI=true a lack fails the run. */
export default class LackReporter {
  #lacks = [];

  constructor() {
    nameRun();
  }

  onRunStart() {
    rmSync(runFolder(), { recursive: true, force: true });
  }

  onRunComplete() {
    this.#lacks = readLacks();
    rmSync(runFolder(), { recursive: true, force: true });
    if (this.#lacks.length === 0) return;
    const programs = new Set(this.#lacks.flatMap((lack) => lack.programs));
    const lines = [
      '',
      `SKIPPED, because this machine lacks: ${[...programs].join(', ')}`,
      ...this.#lacks.map(({ file, suite, programs: missing }) => `  ${file} › ${suite} (${missing.join(', ')})`),
      ...(mustNotLack() ? ['With CI=true nothing may be skipped: the run has failed.'] : []),
      '',
    ];
    // Jest's own summary comes after every reporter: said now, it would not be among the last lines.
    process.once('exit', () => process.stderr.write(`${lines.join('\n')}\n`));
  }

  getLastError() {
    return this.#lacks.length > 0 && mustNotLack() ? new Error('Suites were skipped') : undefined;
  }
}
