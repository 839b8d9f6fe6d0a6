import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { EidUnavailable } from '../port.ts';
import { soapAction, type SoapOperation } from './names.ts';
import { largestMessage } from './xml.ts';

export interface TransportOptions {
  readonly address: string;
  /** PEM: client certificate and key for mutual TLS, and the authorities of the server's certificate. */
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
  readonly timeoutMs: number;
}

/** One SOAP exchange over mutual TLS. */
export interface Transport {
  /** The answer's bytes, unchecked. @throws EidUnavailable */
  exchange(operation: SoapOperation, message: string): Promise<Uint8Array>;
  close(): void;
}

const unreachable = (message: string, cause?: unknown): EidUnavailable =>
  new EidUnavailable('unreachable', message, cause === undefined ? {} : { cause });

/**
 * Whether a message is sent once more. A kept connection that the server closed just now has not carried it there. On a
 * new one nobody knows: a second useID only leaves a session at the server that nobody uses, but getResult gives its
 * result once, and so is never repeated on a doubt. What took its time already is not repeated either.
 */
const isWorthAgain = (operation: SoapOperation, code: string | undefined, kept: boolean): boolean => {
  const broken = code === 'ECONNRESET' || code === 'EPIPE';
  return kept ? broken : operation !== 'getResult' && (broken || code === 'ECONNREFUSED');
};

/**
 * Posts messages to the eID-Server. TLS 1.2 or newer, the server's certificate must come from one of the given
 * authorities (the system's do not count) and carry its name. Redirects are not followed.
 */
export const createTransport = (options: TransportOptions): Transport => {
  const url = new URL(options.address);
  // A message that waits for a place uses up its time: with too few places a slow server would pass for a dead one.
  const agent = new Agent({ keepAlive: true, maxSockets: 512, maxFreeSockets: 32, scheduling: 'lifo' });
  const connection: RequestOptions & { secureContext: SecureContext } = {
    agent,
    method: 'POST',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 443 : Number(url.port),
    path: url.pathname + url.search,
    // Made once: with key and certificates in the options each connection would read and keep them anew.
    secureContext: createSecureContext({
      cert: options.certificate,
      key: options.key,
      ca: options.ca,
      minVersion: 'TLSv1.2',
    }),
    rejectUnauthorized: true,
  };

  const send = (operation: SoapOperation, body: Buffer, signal: AbortSignal, again: boolean): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      const headers = {
        'Content-Type': 'text/xml; charset=utf-8',
        'Content-Length': body.byteLength,
        Accept: 'text/xml',
        'Accept-Encoding': 'identity',
        SOAPAction: `"${soapAction(operation)}"`,
      };
      const outgoing = httpsRequest({ ...connection, headers, signal }, (answer) => {
        const give = (message: string): void => {
          answer.destroy();
          reject(unreachable(message));
        };
        if (!(answer.socket as TLSSocket).authorized) return give('TLS connection is not authorised');
        // 500 is SOAP's status for a Fault; whatever it says has to be signed like any other answer.
        if (answer.statusCode !== 200 && answer.statusCode !== 500) return give(`HTTP status ${answer.statusCode}`);
        if (answer.headers['content-encoding'] !== undefined) return give('answer with a content encoding');
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.byteLength;
          if (size > largestMessage) give('answer is too large');
          else chunks.push(chunk);
        });
        answer.on('end', () => resolve(Buffer.concat(chunks)));
        answer.on('error', (error) => reject(unreachable('answer broke off', error)));
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        if (again && isWorthAgain(operation, error.code, outgoing.reusedSocket)) {
          resolve(send(operation, body, signal, false));
        } else {
          reject(
            unreachable(
              error.name === 'AbortError' || error.name === 'TimeoutError' ? 'no answer in time' : 'connection failed',
              error,
            ),
          );
        }
      });
      outgoing.end(body);
    });

  return {
    exchange: (operation, message) =>
      send(operation, Buffer.from(message, 'utf8'), AbortSignal.timeout(options.timeoutMs), true),
    close: () => agent.destroy(),
  };
};
