import { writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/*
 * Loaded into a node beside its program (`node --import`): on SIGUSR2 it collects everything that nothing refers to and says what is
 * left, so that what grows can be told from what only waits to be collected.
 */

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const breath = 200;

process.on('SIGUSR2', () => {
  collect();
  // What ends behind finalizers is only free after a second one.
  setTimeout(() => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    writeSync(1, `${JSON.stringify({ event: 'collected', bytes: heapUsed + external })}\n`);
  }, breath);
});
