import type { IncomingMessage } from 'node:http';
import { largestMessage } from '../../id/authentication/eid/tr03130/xml.ts';

/** The body of a message; undefined when it is too large or broke off. */
export const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > largestMessage) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
};
