import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { silentLog } from '../../src/web/log.ts';
import { listen, type Handler, type Listening, type ListenOptions } from '../../src/web/server.ts';
import { startTestApp } from '../support/app.ts';

let open: Listening[] = [];
let sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(open.map((one) => one.close(0)));
  [open, sockets] = [[], []];
});

const serve = async (options: Partial<ListenOptions> = {}): Promise<number> => {
  const handler: Handler = (_, response) => void response.end('ok');
  const one = await listen({
    name: 'id',
    port: 0,
    hosts: ['127.0.0.1'],
    knownHosts: ['id.example'],
    handler,
    log: silentLog,
    ...options,
  });
  open.push(one);
  return one.port;
};
const reach = async (port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
};
const head = 'GET / HTTP/1.1\r\nHost: id.example\r\n';
/** What comes back on a connection of its own. */
const ask = async (port: number): Promise<string> => {
  const socket = await reach(port);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.write(`${head}Connection: close\r\n\r\n`);
  await once(socket, 'close');
  return text;
};

describe('DS-02: slow clients', () => {
  test('every part has limits for headers, for the whole request, for silence and for the number of connections', async () => {
    const servers = new Map<number, Server>();
    const look = (message: unknown): void => {
      const { server, socket } = message as { server: Server; socket: Socket };
      servers.set(socket.localPort ?? 0, server);
    };
    subscribe('http.server.request.start', look);
    const app = await startTestApp();
    try {
      const uploads = Number(new URL(app.postfach).port);
      const origins = [app.issuer, app.portal, app.fz, app.postfach, app.bezahlsystem];
      for (const origin of origins) await fetch(`${origin}/health/live`);
      for (const port of origins.map((origin) => Number(new URL(origin).port))) {
        const server = servers.get(port);
        if (!server) throw new Error(`nothing was seen on port ${port}`);
        const { headersTimeout, requestTimeout, timeout, maxConnections } = server;
        expect([port, headersTimeout]).toEqual([port, 10_000]);
        // Authorities send letters with attachments.
        if (port !== uploads) expect([port, requestTimeout]).toEqual([port, 30_000]);
        expect(requestTimeout).toBeGreaterThan(0);
        expect(requestTimeout).toBeLessThanOrEqual(600_000);
        expect([port, timeout, maxConnections]).toEqual([port, 60_000, 12_000]);
      }
    } finally {
      unsubscribe('http.server.request.start', look);
      await app.stop();
    }
  });

  test('more connections than there may be are closed at once, and there is room again when one has gone', async () => {
    const port = await serve({ maxConnections: 3 });
    const idle = [await reach(port), await reach(port), await reach(port)];
    expect(await ask(port)).toBe('');
    const [first] = idle;
    first?.destroy();
    // The server hears of it a moment later.
    let answer = '';
    while (answer === '') answer = await ask(port);
    expect(answer).toContain('200 OK');
  });

  test('readers that take nothing keep nobody else waiting', async () => {
    const large = Buffer.alloc(4 * 1024 * 1024, 'a');
    const port = await serve({
      handler: (request, response) => void response.end(request.url === '/large' ? large : 'ok'),
    });
    for (let i = 0; i < 20; i++) {
      const socket = await reach(port);
      socket.pause();
      socket.write('GET /large HTTP/1.1\r\nHost: id.example\r\n\r\n');
    }
    for (let i = 0; i < 20; i++) expect(await ask(port)).toContain('200 OK');
  });
});
