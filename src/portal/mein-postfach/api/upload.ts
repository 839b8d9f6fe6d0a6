import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { watchBody, type BodyBounds } from './body.ts';
import { Problem } from './problems.ts';

/** One part of a body. The next one comes only when this one was read to its end. */
export interface Part {
  readonly name: string;
  readonly content: AsyncIterable<Buffer>;
}

export interface Upload {
  /** Undefined after the last. @throws Problem when the body is broken or ends before its time. */
  next(): Promise<Part | undefined>;
  /** Reads no more; what still comes is the caller's to leave. */
  stop(): void;
}

const broken = (detail: string): Problem => new Problem('envelope_invalid', { detail });

/**
 * Reads `multipart/form-data` (RFC 7578) as it comes, never more of it than the reader asks for.
 *
 * @param bounds beyond which the body is refused, wherever in it that is: in a part, before the first or after the last.
 * @throws Problem when the request is of another type, or says that it is too large.
 */
export const readUpload = (
  request: IncomingMessage,
  { parts: mostParts, ...bounds }: BodyBounds & { readonly parts: number },
): Upload => {
  const type = request.headers['content-type'];
  if (type === undefined || !/^multipart\/form-data\s*;/i.test(type))
    throw broken('the body must be multipart/form-data');
  const tooLarge = new Problem('too_large', { detail: `the body is larger than ${bounds.bytes} bytes` });
  if (Number(request.headers['content-length'] ?? 0) > bounds.bytes) throw tooLarge;
  let busboy: BusboyInstance;
  try {
    busboy = new Busboy({
      headers: { ...request.headers, 'content-type': type },
      // The letter comes as bytes, too: they are hashed.
      isPartAFile: () => true,
      limits: { parts: mostParts, fieldNameSize: 100, headerPairs: 20, headerSize: 8 * 1024 },
    });
  } catch {
    throw broken('the body must be multipart/form-data with a boundary');
  }

  const waiting: Part[] = [];
  let current: Readable | undefined;
  let failure: Error | undefined;
  let ended = false;
  let wake: () => void = () => {};
  const notice = (): void => wake();

  const fail = (problem: Error): void => {
    failure ??= problem;
    current?.destroy(failure);
    notice();
  };
  async function* contentOf(stream: Readable): AsyncGenerator<Buffer> {
    try {
      yield* stream as AsyncIterable<Buffer>;
    } catch (error) {
      throw failure ?? (error instanceof Problem ? error : broken('a part is broken'));
    }
  }
  busboy.on('file', (name: string, stream: BusboyFileStream) => {
    current = stream;
    // Its reader hears of it; without one it must not end the process.
    stream.on('error', () => {});
    waiting.push({ name, content: contentOf(stream) });
    notice();
  });
  busboy.on('partsLimit', () => fail(broken(`more than ${mostParts} parts`)));
  busboy.on('error', () => fail(broken('the multipart body is broken')));
  busboy.on('finish', () => {
    ended = true;
    notice();
  });
  request.on('close', () => {
    if (!request.complete) fail(broken('the body ended before its time'));
  });
  request.on('error', () => fail(broken('the body ended before its time')));
  // Of what has ended before anybody listened nothing is told any more: whoever waited for it would wait for ever.
  if (request.destroyed && !request.complete) fail(broken('the body ended before its time'));
  request.pipe(busboy);
  watchBody(request, bounds, (what) => fail(what === 'bytes' ? tooLarge : new Problem('too_slow')));

  return {
    async next() {
      for (;;) {
        if (failure) throw failure;
        const part = waiting.shift();
        if (part) return part;
        if (ended) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    stop() {
      request.unpipe(busboy);
      failure ??= broken('the body was not read');
      current?.destroy();
    },
  };
};

/** A part as a whole. @throws Problem `too_large` */
export const readPart = async ({ content }: Part, most: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of content) {
    length += chunk.length;
    if (length > most) throw new Problem('too_large', { detail: `the letter is larger than ${most} bytes` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
