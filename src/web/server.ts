import {
  createServer as createHttpServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type ServerOptions as TlsOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { types } from 'node:util';
import { refusal } from './host.ts';
import { errorFields, type Log } from './log.ts';

/** As `http.createServer` takes it; koa's `callback()` fits. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface ListenOptions {
  /** The part, for the log and for the error about a taken port. */
  readonly name: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Addresses to listen on; loopback of both families unless told otherwise. */
  readonly hosts?: readonly string[];
  /** Host header values with port, small letters. A function when the port is not known before. */
  readonly knownHosts: readonly string[] | ((port: number) => readonly string[]);
  readonly tls?: Pick<
    TlsOptions,
    | 'key'
    | 'cert'
    | 'ca'
    | 'requestCert'
    | 'rejectUnauthorized'
    | 'minVersion'
    | 'maxVersion'
    | 'ciphers'
    | 'secureOptions'
    | 'pskCallback'
    | 'pskIdentityHint'
  >;
  readonly handler: Handler;
  readonly log: Log;
  /** Methods beyond those of pages (GET, HEAD, POST, OPTIONS): those of an API. */
  readonly methods?: readonly string[];
  /** ms that a request may take to come in as a whole; a part that takes large uploads gives more than the default 30 s. */
  readonly requestTimeout?: number;
  /** Connections per address; beyond them new ones are closed at once. */
  readonly maxConnections?: number;
}

export interface Listening {
  readonly port: number;
  /** From now on every answer is the last one of its connection; everything is served on. */
  drain(): void;
  /** Takes no new connection, lets running requests end and cuts what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** The port of a part is in use, or may not be used by this user. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  readonly part: string;
  readonly port: number;
  constructor(part: string, port: number, cause: unknown) {
    super(`${part} cannot listen on port ${port}: it is in use or not allowed`, { cause });
    this.part = part;
    this.port = port;
  }
}

const codeOf = (error: unknown): unknown => (types.isNativeError(error) && 'code' in error ? error.code : undefined);

const answerPlainly = (response: ServerResponse, status: number): void => {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
    ...(status === 405 ? { allow: 'GET, HEAD, POST' } : {}),
  });
  response.end(`${status} ${STATUS_CODES[status] ?? ''}\n`);
};

const refuseBroken = (error: Error, socket: Socket): void => {
  if (codeOf(error) === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = codeOf(error);
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Longer than proxies and our own services keep a connection for the next request (60 s at most by habit): whoever is
  // the first to close it must not be the one that cannot repeat a request.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
};

const bind = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, ipv6Only: host.includes(':') }, () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

/**
 * Opens the listeners of one part, all on the same port. Refuses unknown, doubled and malformed Host headers, targets
 * that are no path and unknown methods before the handler sees the request. Throws PortTaken; an address family that
 * this machine does not have is left out, as long as one address remains.
 */
export const listen = async (options: ListenOptions): Promise<Listening> => {
  let known: ReadonlySet<string> = new Set();
  let draining = false;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await options.handler(request, response);
    } catch (error) {
      options.log.error('request_failed', { part: options.name, ...errorFields(error) });
      response.destroy();
    }
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    if (draining) response.setHeader('connection', 'close');
    response.once('close', () => {
      if (draining) setImmediate(closeIdle);
    });
    const status = refusal(request, known, options.methods);
    if (status === undefined) void handle(request, response);
    else {
      options.log.warn('request_refused', { part: options.name, status });
      answerPlainly(response, status);
    }
  };
  const servers: Server[] = [];
  const closeIdle = (): void => {
    for (const server of servers) server.closeIdleConnections();
  };
  const create = (): Server => {
    const { requestTimeout = limits.requestTimeout } = options;
    const server: Server = options.tls
      ? createHttpsServer({ minVersion: 'TLSv1.2', ...options.tls, ...limits, requestTimeout }, onRequest)
      : createHttpServer({ ...limits, requestTimeout }, onRequest);
    server.maxConnections = options.maxConnections ?? 12_000;
    server.timeout = 60_000;
    server.on('clientError', refuseBroken);
    server.on('connect', (_request, socket) => {
      socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
    return server;
  };

  const close = async (graceMs: number): Promise<void> => {
    draining = true;
    const ended = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    closeIdle();
    const cut = setTimeout(() => {
      for (const server of servers) server.closeAllConnections();
    }, graceMs);
    await Promise.all(ended);
    clearTimeout(cut);
  };

  let port = options.port;
  let missing: unknown;
  for (const host of options.hosts ?? ['127.0.0.1', '::1']) {
    const server = create();
    try {
      port = await bind(server, port, host);
      servers.push(server);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
        missing = error;
        continue;
      }
      await close(0);
      throw code === 'EADDRINUSE' || code === 'EACCES' ? new PortTaken(options.name, port, error) : error;
    }
  }
  if (servers.length === 0) throw new Error(`${options.name}: none of its addresses exists here`, { cause: missing });
  known = new Set(typeof options.knownHosts === 'function' ? options.knownHosts(port) : options.knownHosts);
  return {
    port,
    drain: () => {
      draining = true;
    },
    close,
  };
};
