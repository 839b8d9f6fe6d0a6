import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Set by the reporter in Jest's main process, and inherited by its workers. */
const variable = 'BAYERN_ID_TEST_RUN';

/** Names this run, in Jest's main process before any worker starts. */
export function nameRun() {
  process.env[variable] = String(process.pid);
}

/** A folder that all test files of one run share: what the machine lacks, and an initialised PostgreSQL. */
export function runFolder() {
  return join(tmpdir(), `bayern-id-tests-${process.env[variable] ?? process.ppid}`);
}
