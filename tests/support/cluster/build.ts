import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { freshCheckout, run } from '../process.ts';
import { runFolder } from '../run-folder.js';

/** Builds a checkout, after `change` has made another version of it. @returns its folder */
const build = async (change?: (directory: string) => void): Promise<string> => {
  const { directory } = freshCheckout();
  change?.(directory);
  const compiling = run('npm', ['exec', '--', 'tsc', '--noCheck'], { cwd: directory });
  if ((await compiling.ended) !== 0) throw new Error(compiling.output());
  return directory;
};

/** The program as it is built for production: once for all test files of a run, and once for each further version. */
export const builtProgram = async (version = 'now', change?: (directory: string) => void): Promise<string> => {
  const ready = join(runFolder(), `program-${version}`);
  if (existsSync(ready)) return ready;
  mkdirSync(runFolder(), { recursive: true, mode: 0o755 });
  try {
    renameSync(await build(change), ready);
  } catch (error) {
    // Another worker was first; its build serves as well.
    if (!existsSync(ready)) throw error;
  }
  return ready;
};
