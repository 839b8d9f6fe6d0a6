import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';

export interface Told {
  /** Whom it was for. */
  readonly clientId: string;
  readonly sub: string | undefined;
  readonly sid: unknown;
  readonly jti: string | undefined;
  readonly token: string;
  /** The content type of the request. */
  readonly type: string | undefined;
}

/** Where services are told that sessions, or accounts, have ended. */
export interface Listener {
  uri(clientId: string): string;
  /** What has arrived since the last call. */
  taken(): readonly Told[];
  /** What is answered from now on; 200 at first. */
  answer(status: number): void;
  close(): Promise<void>;
}

export const startListener = async (): Promise<Listener> => {
  let status = 200;
  let arrived: Told[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { 'content-type': type } = request.headers;
      // A security event is the body itself (RFC 8935).
      const token = type === 'application/secevent+jwt' ? body : (new URLSearchParams(body).get('logout_token') ?? '');
      const { aud, sub, sid, jti } = decodeJwt(token);
      arrived.push({ clientId: String(aud), sub, sid, jti, token, type });
      response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    uri: (clientId) => `${origin}/${clientId}`,
    taken() {
      const all = arrived;
      arrived = [];
      return all;
    },
    answer(next) {
      status = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
