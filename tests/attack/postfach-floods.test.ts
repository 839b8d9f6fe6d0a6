import { readdirSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createTurns } from '../../src/portal/mein-postfach/api/turns.ts';
import { readUpload } from '../../src/portal/mein-postfach/api/upload.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika } from '../support/journey.ts';
import { letterTo, newId, sha512, startPostfach, type PostfachWorld, type TestSender } from '../support/postfach.ts';

const attachmentBytes = 1_000_000;
const atOnce = 4;

let world: PostfachWorld;
let sender: TestSender;
let other: TestSender;
let handle: string;
beforeAll(async () => {
  world = await startPostfach({
    set: {
      MEIN_POSTFACH__LIMITS__ATTACHMENT_BYTES: String(attachmentBytes),
      MEIN_POSTFACH__LIMITS__DELIVERIES_AT_ONCE: String(atOnce),
    },
  });
  sender = await world.sender('amt');
  other = await world.sender('anderes');
  handle = await sender.handleOf(erika);
});
afterAll(() => world.stop());
afterEach(() => resetClock());

const files = (): string[] => {
  try {
    return readdirSync(join(world.app.data, 'data', 'mein-postfach-attachments'), {
      recursive: true,
      withFileTypes: true,
    }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch {
    return [];
  }
};

const part = (name: string, content: string): string =>
  `--b\r\ncontent-disposition: form-data; name="${name}"; filename="${name}"\r\n\r\n${content}\r\n`;
/** A letter that declares a file, and the beginning of that file. */
const opening = (length: number): string => {
  const content = Buffer.alloc(length, 'x');
  const attachments = [{ name: 'a.txt', type: 'text/plain', length, sha512: sha512(content) }];
  return `${part('letter', JSON.stringify(letterTo(handle, { attachments })))}--b\r\ncontent-disposition: form-data; name="a"; filename="a.txt"\r\n\r\n`;
};

interface Sending {
  readonly request: ClientRequest;
  readonly answer: Promise<{ readonly status: number; readonly code: unknown }>;
  readonly closed: Promise<void>;
}

const begin = async (who: TestSender | undefined, headers: Readonly<Record<string, string>> = {}): Promise<Sending> => {
  const sending = request(`${world.app.postfach}/api/letters/${newId()}`, {
    method: 'PUT',
    agent: false,
    headers: {
      ...(who === undefined ? {} : { authorization: `Bearer ${await who.token()}` }),
      'content-type': 'multipart/form-data; boundary=b',
      ...headers,
    },
  });
  const closed = new Promise<void>((resolve) => sending.once('close', () => resolve()));
  // A connection that the server ends while somebody still sends: the answer may be lost with it.
  sending.on('error', () => {});
  const answer = new Promise<IncomingMessage>((resolve) => sending.once('response', resolve)).then(
    async (response) => ({
      status: response.statusCode ?? 0,
      code: (JSON.parse(await text(response)) as { code?: unknown }).code,
    }),
  );
  return { request: sending, answer, closed };
};

/** Sends without end, as fast as it is taken, until the connection is closed. @returns bytes that were taken */
const flood = async ({ request: sending, closed }: Sending, piece: Buffer): Promise<number> => {
  let sent = 0;
  // What nobody bounds ends here, and fails.
  while (!sending.closed && sent < 200 * 1024 * 1024) {
    sent += piece.length;
    if (!sending.write(piece))
      await Promise.race([closed, new Promise<void>((resolve) => sending.once('drain', () => resolve()))]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  sending.destroy();
  return sent;
};

/** Undefined when the answer was lost: who still sends when the connection ends may never see it. */
const statusOf = ({ answer, closed }: Sending): Promise<number | undefined> =>
  Promise.race([answer.then(({ status }) => status), closed.then(() => undefined)]);

describe('MB-05: endless uploads', () => {
  const text = Buffer.alloc(64 * 1024, 'x');
  test.each<[string, string, Buffer, number]>([
    ['before the first part', '', text, 413],
    ['in a header', '--b\r\ncontent-disposition: form-data; name="', text, 413],
    ['of headers', '--b\r\n', Buffer.from('x: y\r\n'.repeat(10_000)), 413],
    ['in the letter', '--b\r\ncontent-disposition: form-data; name="letter"; filename="l"\r\n\r\n', text, 413],
    ['of parts', '', Buffer.from(part('x', 'y').repeat(500)), 400],
    ['in a file', 'file', text, 422],
    ['after the last part', 'whole', text, 413],
  ])('%s end', async (_name, head, piece, status) => {
    const before = files();
    const sending = await begin(sender);
    const heads: Readonly<Record<string, string>> = {
      file: opening(1000),
      whole: `${part('letter', JSON.stringify(letterTo(handle)))}--b--\r\n`,
    };
    sending.request.write(heads[head] ?? head);
    const sent = flood(sending, piece);
    expect([status, undefined]).toContain(await statusOf(sending));
    expect(await sent).toBeLessThan(100 * 1024 * 1024);
    expect(files()).toEqual(before);
  });

  test('of somebody without a token end, too', async () => {
    const sending = await begin(undefined);
    sending.request.write('--b\r\n');
    const sent = flood(sending, text);
    expect([401, undefined]).toContain(await statusOf(sending));
    expect(await sent).toBeLessThan(100 * 1024 * 1024);
  });

  test('what says that it is too large is not read', async () => {
    const sending = await begin(sender, { 'content-length': '99999999999' });
    sending.request.flushHeaders();
    expect(await sending.answer).toEqual({ status: 413, code: 'too_large' });
    sending.request.destroy();
  });
});

describe('MB-05: slow uploads', () => {
  test('end after upload_seconds and leave nothing, though bytes come all the time', async () => {
    const before = files();
    const sending = await begin(sender);
    sending.request.write(opening(500_000));
    sending.request.write(Buffer.alloc(200_000, 'x'));
    while (files().length === before.length) await new Promise((resolve) => setImmediate(resolve));
    shiftClock(299_000);
    sending.request.write(Buffer.alloc(1000, 'x'));
    shiftClock(2000);
    sending.request.write(Buffer.alloc(1000, 'x'));
    expect(await sending.answer).toEqual({ status: 408, code: 'too_slow' });
    expect(files()).toEqual(before);
    sending.request.destroy();
  });
});

describe('MB-06: one sender’s flood', () => {
  test('who goes away before anybody reads holds no turn for ever', async () => {
    const listening = createServer();
    listening.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const { port } = listening.address() as AddressInfo;
    const sending = request({
      port,
      method: 'PUT',
      agent: false,
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    });
    sending.on('error', () => {});
    sending.write(part('letter', '{}'));
    const [incoming] = (await once(listening, 'request')) as [IncomingMessage];
    incoming.on('error', () => {});
    const gone = new Promise<void>((resolve) => incoming.once('close', () => resolve()));
    sending.destroy();
    await gone;
    const upload = readUpload(incoming, { bytes: 1000, until: Date.now() + 60_000, parts: 3 });
    await expect(upload.next()).rejects.toThrow('envelope_invalid');
    const turns = createTurns(1, 1);
    const work = turns.take('amt', AbortSignal.abort(), async () => 'worked');
    await expect(work).rejects.toThrow('went away');
    listening.close();
  });

  test('deliveries that hang hold up their own sender alone, and wait unread', async () => {
    const hanging = await Promise.all(Array.from({ length: atOnce }, () => begin(sender)));
    const before = files().length;
    for (const { request: sending } of hanging) {
      sending.write(opening(500_000));
      sending.write(Buffer.alloc(200_000, 'x'));
    }
    while (files().length < before + atOnce) await new Promise((resolve) => setImmediate(resolve));
    let answered = 0;
    const next = sender.deliver(newId(), letterTo(handle)).then(({ status }) => {
      answered = status;
      return status;
    });
    const waiting = await begin(sender);
    waiting.request.write('--b\r\n');
    expect((await other.deliver(newId(), letterTo(handle))).status).toBe(201);
    expect(answered).toBe(0);
    // Whoever goes away while it waits takes no turn.
    waiting.request.destroy();
    await waiting.closed;
    for (const { request: sending } of hanging) sending.destroy();
    expect(await next).toBe(201);
    while (files().length > before) await new Promise((resolve) => setImmediate(resolve));
  });
});
