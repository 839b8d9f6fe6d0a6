import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../support/free-port.ts';
import { describeIf, need } from '../support/lack.ts';

interface Node {
  readonly server: Server;
  readonly port: number;
  ready: boolean;
  /** How often it was asked for its health. */
  asked: number;
}

const startNode = async (name: string): Promise<Node> => {
  const node = { ready: true, asked: 0 };
  const server = createServer((request, response) => {
    const isHealth = request.url === '/health/ready';
    if (isHealth) node.asked += 1;
    response.writeHead(isHealth && !node.ready ? 503 : 200).end(name);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return Object.assign(node, { server, port: (server.address() as AddressInfo).port });
};

describeIf(need('haproxy'), 'deploy/haproxy.cfg in HAProxy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bayern-id-proxy-'));
  let nodes: readonly Node[];
  let port: number;
  let proxy: ChildProcess;

  beforeAll(async () => {
    nodes = await Promise.all(['one', 'two'].map(startNode));
    port = await freePort();
    const written = readFileSync('deploy/haproxy.cfg', 'utf8');
    const section = (head: string): string => new RegExp(`^${head}\n(?:  .*\n)+`, 'm').exec(written)?.[0] ?? '';
    // Its own defaults and its own backend; names and certificates are those of containers.
    const backend = section('backend id').replaceAll(
      /id-([12]):3000/g,
      (_, n: string) => `127.0.0.1:${nodes[Number(n) - 1]?.port}`,
    );
    const defaults = section('defaults').replace(' init-addr last,libc,none resolvers engine', '');
    const frontend = `frontend here\n  bind 127.0.0.1:${port}\n  default_backend id\n`;
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, [defaults, frontend, backend].join('\n'));
    proxy = spawn(need('haproxy') ?? '', ['-db', '-f', file], { stdio: 'ignore' });
    while ((await ask().catch(() => 0)) !== 200) await pause(50);
  });
  afterAll(async () => {
    proxy.kill('SIGKILL');
    await once(proxy, 'exit');
    for (const { server } of nodes) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (): Promise<number> => (await fetch(`http://127.0.0.1:${port}/`)).status;
  const whoAnswers = async (): Promise<Set<string>> => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, async () => (await fetch(`http://127.0.0.1:${port}/`)).text()),
    );
    return new Set(answers);
  };
  /** Resolves when each node was asked for its health, and its answer taken in, since now. */
  const seen = async (): Promise<void> => {
    const before = nodes.map(({ asked }) => asked);
    while (nodes.some(({ asked }, i) => asked < (before[i] ?? 0) + 3)) await pause(50);
  };

  test('requests go to whoever is ready, and to any when nobody is', async () => {
    const [one, two] = nodes as readonly [Node, Node];
    await seen();
    expect(await whoAnswers()).toEqual(new Set(['one', 'two']));
    two.ready = false;
    await seen();
    expect(await whoAnswers()).toEqual(new Set(['one']));
    one.ready = false;
    await seen();
    expect(await whoAnswers()).toEqual(new Set(['one', 'two']));
  });
});
