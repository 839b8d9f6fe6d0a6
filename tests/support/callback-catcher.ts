import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallbackRequest } from '../../src/portal/bezahlsystem/providers/provider.ts';

/** A shop's address for call-backs that keeps what comes. */
export interface CallbackCatcher {
  readonly origin: string;
  readonly caught: CallbackRequest[];
  /** What it answers from now on. */
  answer: number;
  stop(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
};

export const catchCallbacks = async (): Promise<CallbackCatcher> => {
  const caught: CallbackRequest[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { method = '', headers } = request;
      caught.push({ method, headers, body, receivedAt: Date.now() });
      response.writeHead(catcher.answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const catcher: CallbackCatcher = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caught,
    answer: 200,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return catcher;
};
