import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { runFolder } from './run-folder.js';

/** Browsers and fetch refuse some ports below (the fetch standard's list of bad ports), none from here on. */
const first = 12_000;

/** From here on the system gives ports to outgoing connections and to servers that ask for any port. */
const ephemeral = ((): number => {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0]);
  } catch {
    return 32_768;
  }
})();

/** A whole run takes some two thousand ports, so that most of them must be left. */
const last = ephemeral - first > 10_000 ? ephemeral : 32_768;

/** No port is given out twice in a run: a test may bring its server back where it was while others start theirs. */
const claimed = (port: number): boolean => {
  const folder = join(runFolder(), 'ports');
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, String(port)), '', { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const unused = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'EADDRINUSE' && code !== 'EACCES'));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });

/**
 * A port that is free, and stays free until the caller listens on it: asking the system for any port and giving it back
 * does not, since the next outgoing connection may get it.
 */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const port = randomInt(first, last);
    // Servers listen on both addresses of localhost.
    if ((await unused(port, '127.0.0.1')) && (await unused(port, '::1')) && claimed(port)) return port;
  }
  throw new Error('No free port found');
};
