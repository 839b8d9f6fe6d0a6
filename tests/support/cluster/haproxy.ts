import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findProgram } from '../programs.ts';
import { answers } from '../servers.ts';
import type { Proxy, ProxyOptions } from './proxy.ts';

/** As deploy/haproxy.cfg has it for one part, on loopback and without TLS. */
const configuration = (port: number, { nodes, host }: ProxyOptions): string =>
  [
    'global',
    '  maxconn 6000',
    'defaults',
    '  mode http',
    '  timeout connect 2s',
    '  timeout client 60s',
    '  timeout server 65s',
    '  timeout http-request 10s',
    '  timeout http-keep-alive 60s',
    '  timeout queue 5s',
    '  retries 2',
    '  retry-on conn-failure',
    '  option redispatch 1',
    '  option http-server-close',
    '  default-server check inter 1s fall 1 rise 2 maxconn 2000',
    'frontend citizens',
    `  bind 127.0.0.1:${port}`,
    '  http-request del-header X-Forwarded-For',
    '  option forwardfor',
    '  default_backend nodes',
    'backend nodes',
    '  option httpchk',
    `  http-check send meth GET uri /health/ready ver HTTP/1.1 hdr Host ${host()}`,
    ...nodes.map((node, i) => `  server node-${i + 1} 127.0.0.1:${node}`),
    '',
  ].join('\n');

/** The proxy of compose.yaml as a process of its own, so that what it costs is not the driver's. It needs a port. */
export const startHaproxy = async (options: ProxyOptions): Promise<Proxy> => {
  const program = findProgram('haproxy');
  if (program === undefined) throw new Error('haproxy is missing');
  const folder = mkdtempSync(join(tmpdir(), 'bayern-id-haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, configuration(options.port, options));
  const child = spawn(program, ['-db', '-f', file], { stdio: 'ignore' });
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
      await close();
      throw new Error('haproxy did not start');
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
