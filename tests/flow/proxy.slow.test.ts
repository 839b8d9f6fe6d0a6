import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { startHaproxy } from '../support/cluster/haproxy.ts';
import type { Proxy } from '../support/cluster/proxy.ts';
import { freePort } from '../support/free-port.ts';
import { describeIf, need } from '../support/lack.ts';
import { makeOwnCertificate } from '../support/own-certificate.ts';

interface Node {
  readonly server: Server;
  readonly port: number;
  ready: boolean;
  /** How often it was asked for its health. */
  asked: number;
}

const compose = parse(readFileSync('compose.yaml', 'utf8'), { version: '1.1', maxAliasCount: 1000 }) as {
  readonly services: {
    readonly proxy: { readonly deploy: { readonly resources: { readonly limits: { memory: string } } } };
  };
};

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
  let nodes: readonly Node[] = [];
  let proxy: Proxy | undefined;

  beforeAll(async () => {
    nodes = await Promise.all(['one', 'two'].map(startNode));
    const { certificate, key } = await makeOwnCertificate(['localhost']);
    proxy = await startHaproxy({
      port: await freePort(),
      nodes: nodes.map(({ port }) => port),
      host: () => 'id.example.de',
      tls: `${certificate}\n${key}`,
    });
    while (!(await ask()).startsWith('HTTP/1.1 200 ')) await pause(50);
  });
  afterAll(async () => {
    await proxy?.close();
    for (const { server } of nodes) server.close();
  });

  /** Asks on a connection of its own, from one of this machine's many loopback addresses; '' for one that was closed. */
  const ask = async (from = '127.0.0.1'): Promise<string> => {
    const socket = connectTls({
      socket: connect({ port: proxy?.port ?? 0, host: '127.0.0.1', localAddress: from }),
      rejectUnauthorized: false,
    });
    socket.on('error', () => {});
    socket.end('GET / HTTP/1.1\r\nHost: id.example.de\r\nConnection: close\r\n\r\n');
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    await new Promise((resolve) => void socket.once('close', resolve));
    return answer;
  };
  const whoAnswers = async (): Promise<Set<string | undefined>> => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask()));
    return new Set(answers.map((answer) => /one|two/.exec(answer)?.[0]));
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
    [one.ready, two.ready] = [true, true];
    await seen();
  });

  test('DS-10: speaks no HTTP/2, whose streams can be opened and reset without end', async () => {
    const socket = connectTls({
      port: proxy?.port ?? 0,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
  });

  test('DS-11: ten thousand idle connections keep nobody out, and fit into its memory', async () => {
    const held: Socket[] = [];
    try {
      // From as many addresses as the most that one may hold asks for.
      for (let address = 1; held.length < 10_000; address++) {
        const more = Array.from({ length: 500 }, () =>
          connect({ port: proxy?.port ?? 0, host: '127.0.0.1', localAddress: `127.0.1.${address}` }),
        );
        await Promise.all(more.map((socket) => once(socket, 'connect')));
        held.push(...more);
      }
      expect(await ask()).toMatch(/^HTTP\/1\.1 200 /);
      const { limits } = compose.services.proxy.deploy.resources;
      const [, gigabytes] = /^(\d+)G$/.exec(limits.memory) ?? [];
      const [, resident] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${proxy?.pid}/status`, 'utf8')) ?? [];
      expect(Number(resident) / 1024).toBeLessThan((Number(gigabytes) * 1024) / 2);
    } finally {
      for (const socket of held) socket.destroy();
    }
  });

  test('one address cannot take the connections of all others', async () => {
    const held: Socket[] = [];
    const closed = new Set<Socket>();
    try {
      for (let n = 0; n < 1100; n++) {
        const socket = connect({ port: proxy?.port ?? 0, host: '127.0.0.1', localAddress: '127.0.2.1' });
        held.push(socket);
        await new Promise<void>((resolve) => {
          socket.on('error', () => {});
          socket
            .once('connect', () => resolve())
            .on('close', () => {
              closed.add(socket);
              resolve();
            });
        });
      }
      while (closed.size < 100) await pause(20);
      expect(await ask('127.0.2.1')).toBe('');
      expect(await ask('127.0.2.2')).toMatch(/^HTTP\/1\.1 200 /);
      expect(closed.size).toBe(100);
    } finally {
      for (const socket of held) socket.destroy();
    }
    while ((await ask('127.0.2.1')) === '') await pause(50);
  });
});
