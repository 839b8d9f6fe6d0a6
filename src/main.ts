import { runCli } from './cli.ts';

/** `npm start`: every part and both sides of the Online-Ausweis in one process. The same as `bayern-id serve all`. */
process.exitCode = await runCli(['serve', 'all', ...process.argv.slice(2)]);
