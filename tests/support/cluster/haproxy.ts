import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findProgram } from '../programs.ts';
import { answers } from '../servers.ts';
import type { Proxy, ProxyOptions } from './proxy.ts';

export interface HaproxyOptions extends ProxyOptions {
  /** PEM of a certificate and its key; without it there is no TLS. */
  readonly tls?: string;
}

/**
 * deploy/haproxy.cfg as it is, for one part and on loopback: of its frontends the addresses are others, of its backends there
 * is Bayern-ID's alone, and names are those of this machine.
 */
const configuration = (port: number, { nodes, host }: ProxyOptions, certificate: string | undefined): string => {
  const written = readFileSync('deploy/haproxy.cfg', 'utf8');
  const section = (head: string): string => {
    const found = new RegExp(`^${head}\n(?:  .*\n)+`, 'm').exec(written)?.[0];
    if (found === undefined) throw new Error(`deploy/haproxy.cfg has no section ${head}`);
    return found;
  };
  const frontend = section('frontend citizens')
    .replace(/^  bind :8443 (ssl crt )\S+(.*)\n/m, (_, before: string, after: string) =>
      certificate === undefined
        ? `  bind 127.0.0.1:${port}\n`
        : `  bind 127.0.0.1:${port} ${before}${certificate}${after}\n`,
    )
    .replace(/^  bind :8080\n/m, '')
    .replace(/^  http-request redirect scheme https .*\n/m, '')
    .replace(/^  use_backend .*\n/m, '  default_backend id\n');
  const backend = section('backend id')
    .replaceAll(/^  server .*\n/gm, '')
    .replace(/ hdr Host \S+/, ` hdr Host ${host()}`);
  return [
    // This machine may allow fewer files than as many connections take; compose.yaml says what containers get.
    section('global').replace(/^  log .*\n/m, '  no strict-limits\n'),
    section('defaults')
      .replace(/^  log(-format)? .*\n/gm, '')
      .replace(' init-addr last,libc,none resolvers engine', ''),
    frontend,
    backend,
    ...nodes.map((node, i) => `  server node-${i + 1} 127.0.0.1:${node}`),
    ...nodes.map((node, i) => `  server node-${i + 1}-anyway 127.0.0.1:${node} backup no-check`),
    '',
  ].join('\n');
};

/** The proxy of compose.yaml as a process of its own, so that what it costs is not the driver's. It needs a port. */
export const startHaproxy = async (options: HaproxyOptions): Promise<Proxy> => {
  const program = findProgram('haproxy');
  if (program === undefined) throw new Error('haproxy is missing');
  const folder = mkdtempSync(join(tmpdir(), 'bayern-id-haproxy-'));
  const [file, certificate] = [join(folder, 'haproxy.cfg'), join(folder, 'tls.pem')];
  if (options.tls !== undefined) writeFileSync(certificate, options.tls, { mode: 0o600 });
  writeFileSync(file, configuration(options.port, options, options.tls === undefined ? undefined : certificate));
  const said = join(folder, 'stderr');
  const child = spawn(program, ['-db', '-f', file], { stdio: ['ignore', 'ignore', openSync(said, 'w')] });
  const ended = once(child, 'exit');
  child.unref();
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let look = 0; !(await answers(options.port)); look++) {
    if (child.exitCode !== null || look > 200) {
      const why = readFileSync(said, 'utf8');
      await close();
      throw new Error(`haproxy did not start: ${why}`);
    }
    await pause(50);
  }
  return {
    port: options.port,
    ...(child.pid === undefined ? {} : { pid: child.pid }),
    // HAProxy keeps what it sees to itself.
    failures: [],
    surprises: () => 0,
    close,
  };
};
