import { spawnSync } from 'node:child_process';

/**
 * `npm run dev`: node runs this file anew at every change in `src/` and `config/`, and each run compiles first. tsc's own
 * watch mode does not see changes in every file system, and knows nothing of style sheets.
 */
const { status } = spawnSync('tsc', ['--noCheck'], { stdio: ['ignore', 'inherit', 'inherit'] });

if (status === 0) await import(new URL('../dist/main.js', import.meta.url).href);
else process.exitCode = 1;
