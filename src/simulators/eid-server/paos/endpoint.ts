import { constants } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { errorFields, type Log } from '../../../web/log.ts';
import { listen, type Listening } from '../../../web/server.ts';
import type { KeyAndCertificate } from '../../certificates.ts';
import { readBody } from '../body.ts';
import type { EidServerSession, EidServerSessions } from '../sessions.ts';
import type { Conversations } from './conversation.ts';

export interface PaosOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls: KeyAndCertificate;
  readonly sessions: EidServerSessions;
  readonly converse: Conversations;
  readonly log: Log;
}

export const paosPath = '/paos';

/** What TR-03116-4 names and OpenSSL knows: the key of the TC Token beside the certificate (RFC 4279, RFC 5487). */
const ciphers = 'RSA-PSK-AES256-GCM-SHA384:RSA-PSK-AES128-GCM-SHA256:RSA-PSK-AES256-CBC-SHA384';

/**
 * Where the eID client talks to the eID-Server: TLS 1.2 with the pre-shared key of one session, so that who is connected
 * has fetched that session's TC Token. Every request carries the client's message, every response the next question
 * (PAOS).
 */
export const listenForClients = (options: PaosOptions): Promise<Listening> => {
  const { sessions, converse, log } = options;
  const sessionOf = new WeakMap<Socket, EidServerSession>();

  const refuse = (response: ServerResponse, status: number): void => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${status}\n`);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const session = sessionOf.get(request.socket);
    if (session === undefined) return refuse(response, 403);
    if (request.url?.split('?')[0] !== paosPath) return refuse(response, 404);
    if (request.method !== 'POST') return refuse(response, 400);
    const body = await readBody(request);
    if (body === undefined) return refuse(response, 413);
    const answer = Buffer.from(converse(session, body, Date.now()), 'utf8');
    response.writeHead(200, {
      'content-type': 'application/vnd.paos+xml; charset=UTF-8',
      'content-length': answer.byteLength,
    });
    response.end(answer);
  };

  return listen({
    name: 'eid-simulator PAOS',
    port: options.port,
    knownHosts: (port) => ['localhost', '127.0.0.1', '[::1]'].map((host) => `${host}:${port}`),
    tls: {
      cert: options.tls.certificate,
      key: options.tls.key,
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      ciphers,
      // A resumed connection would not say again whose it is.
      secureOptions: constants.SSL_OP_NO_TICKET,
      pskIdentityHint: 'bayern-id',
      pskCallback(socket, identity) {
        const session = sessions.findByPsk(identity, Date.now());
        if (session === undefined) return null;
        sessionOf.set(socket, session);
        return Buffer.from(session.psk.key, 'hex');
      },
    },
    handler: (request, response) => {
      handle(request, response).catch((error: unknown) => {
        log.error('eid_paos_failed', errorFields(error));
        response.destroy();
      });
    },
    log,
  });
};
