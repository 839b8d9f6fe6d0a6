import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fetchOver } from '../../src/fetch-over.ts';
import { createOutbound } from '../../src/web/outbound.ts';

interface Arrived {
  readonly type: string | undefined;
  readonly body: Buffer;
}

let arrived: Arrived[];
let address: string;

const server = createServer((request: IncomingMessage, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    arrived.push({ type: request.headers['content-type'], body: Buffer.concat(chunks) });
    response.writeHead(201).end();
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const send = async (init: RequestInit): Promise<Arrived> => {
  arrived = [];
  const response = await fetchOver(createOutbound({ allowSpecialUse: true }))(address, { method: 'PUT', ...init });
  expect(response.status).toBe(201);
  const [found] = arrived;
  if (found === undefined) throw new Error('nothing arrived');
  return found;
};

test('a letter with a file arrives whole over an authority of our own', async () => {
  const file = new Uint8Array([0, 255, 13, 10, 128]);
  const form = new FormData();
  form.append('letter', new Blob(['{"ä":1}'], { type: 'application/json' }), 'letter.json');
  form.append('file', new Blob([file], { type: 'application/pdf' }), 'x.pdf');
  const { type, body } = await send({ body: form });
  const read = await new Response(new Uint8Array(body), { headers: { 'content-type': type ?? '' } }).formData();
  expect(await (read.get('letter') as File).text()).toBe('{"ä":1}');
  expect(new Uint8Array(await (read.get('file') as File).arrayBuffer())).toEqual(file);
});

test.each<[string, RequestInit, string | undefined, string]>([
  [
    'JSON with its type',
    { body: '{"ä":1}', headers: { 'content-type': 'application/json' } },
    'application/json',
    '{"ä":1}',
  ],
  ['a form', { body: new URLSearchParams({ a: 'ä' }) }, 'application/x-www-form-urlencoded;charset=UTF-8', 'a=%C3%A4'],
  ['nothing', {}, undefined, ''],
])('%s arrives as it is', async (_title, init, type, text) => {
  const found = await send(init);
  expect([found.type, found.body.toString()]).toEqual([type, text]);
});
