import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { silentLog } from '../../src/web/log.ts';
import { listen } from '../../src/web/server.ts';

test('DS-02: who sends headers or a body and does not go on is cut off, and others are served meanwhile', async () => {
  const server = await listen({
    name: 'id',
    port: 0,
    hosts: ['127.0.0.1'],
    knownHosts: (port) => [`127.0.0.1:${port}`],
    // The least that fits the limit for headers.
    requestTimeout: 10_000,
    handler: (request, response) => {
      request.on('end', () => response.end('ok')).resume();
    },
    log: silentLog,
  });
  try {
    const cut = async (text: string): Promise<string> => {
      const socket = connect(server.port, '127.0.0.1');
      let answer = '';
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1'))).on('error', () => {});
      socket.write(text);
      await once(socket, 'close');
      return answer;
    };
    const start = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`;
    let waiting = true;
    const slow = Promise.all([cut(start), cut(`${start}Content-Length: 100\r\n\r\na=b`)]).finally(() => {
      waiting = false;
    });
    let served = 0;
    const isWaiting = (): boolean => waiting;
    while (isWaiting()) {
      expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(200);
      served += 1;
    }
    for (const answer of await slow) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(served).toBeGreaterThan(10);
  } finally {
    await server.close(0);
  }
});
