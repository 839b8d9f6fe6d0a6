import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands in front of the nodes of one part, as nginx or HAProxy would: it knows no cookie and no path. */
export interface Proxy {
  readonly port: number;
  /** Where it is a process of its own. */
  readonly pid?: number;
  /** Requests that no node has answered. */
  readonly failures: readonly string[];
  /** Times that a node which had said it was ready took no connection: it closed before it had said that it leaves. */
  readonly surprises: () => number;
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Ports of the nodes on loopback. */
  readonly nodes: readonly number[];
  /** The Host under which the nodes know themselves; for their health. */
  readonly host: () => string;
  /** ms between two looks at their health. */
  readonly interval?: number;
}

interface Node {
  readonly port: number;
  ready: boolean;
}

const longestBody = 1_000_000;

const readBody = async (incoming: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** Whether the node cannot have begun anything: nobody listened. */
const refused = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';

/**
 * Sends each request to the next node that says it is ready, or to any when none is. What was not taken, and what may be
 * repeated (GET, HEAD), goes to another one when a node does not answer; everything else ends with 502.
 */
export const startProxy = async ({ port, nodes: ports, host, interval = 200 }: ProxyOptions): Promise<Proxy> => {
  const nodes = ports.map((one): Node => ({ port: one, ready: false }));
  const failures: string[] = [];
  // A connection for each request, as proxies have it by default: none is closed under a request that was just sent.
  const agent = new Agent({ keepAlive: false });
  let turn = 0;
  let surprises = 0;

  const look = async (node: Node): Promise<void> => {
    node.ready = await new Promise<boolean>((resolve) => {
      const options = { host: '127.0.0.1', port: node.port, path: '/health/ready', agent, timeout: 3000 };
      const asking = request({ ...options, headers: { host: host() } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      });
      asking.on('timeout', () => asking.destroy());
      asking.on('error', () => resolve(false));
      asking.end();
    });
  };
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const watch = async (): Promise<void> => {
    await Promise.all(nodes.map(look));
    if (!stopped) timer = setTimeout(() => void watch(), interval);
  };

  const order = (): Node[] => {
    turn += 1;
    const turned = nodes.map((_, i) => nodes[(turn + i) % nodes.length]).filter((node) => node !== undefined);
    const ready = turned.filter((node) => node.ready);
    return ready.length > 0 ? [...ready, ...turned.filter((node) => !node.ready)] : turned;
  };

  const pass = (node: Node, incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): Promise<void> =>
    new Promise((resolve, reject) => {
      const { method = 'GET', url: path = '/', headers, socket } = incoming;
      const asking = request(
        {
          host: '127.0.0.1',
          port: node.port,
          method,
          path,
          agent,
          headers: { ...headers, connection: 'close', 'x-forwarded-for': socket.remoteAddress ?? '' },
        },
        (answer) => {
          const { connection: _, 'keep-alive': __, ...rest } = answer.headers;
          outgoing.writeHead(answer.statusCode ?? 502, rest);
          answer.pipe(outgoing);
          answer.on('end', resolve);
          answer.on('aborted', () => {
            outgoing.destroy();
            reject(new Error('cut'));
          });
        },
      );
      asking.on('error', reject);
      asking.end(body);
    });

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await readBody(incoming);
    if (body === undefined) {
      outgoing.writeHead(413, { connection: 'close' }).end();
      return;
    }
    const repeatable = incoming.method === 'GET' || incoming.method === 'HEAD';
    let last: unknown;
    for (const node of order())
      try {
        await pass(node, incoming, body, outgoing);
        return;
      } catch (error) {
        last = error;
        if (refused(error)) {
          if (node.ready) surprises += 1;
          node.ready = false;
        } else if (!repeatable) break;
        if (outgoing.headersSent) break;
      }
    failures.push(`${incoming.method} ${(incoming.url ?? '').split('?')[0]}: ${(last as Error).message}`);
    if (!outgoing.headersSent) outgoing.writeHead(502, { 'content-type': 'text/plain' }).end('502\n');
  };

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, 'localhost', resolve);
  });
  await watch();
  return {
    port: (server.address() as AddressInfo).port,
    failures,
    surprises: () => surprises,
    close: () =>
      new Promise((resolve) => {
        stopped = true;
        clearTimeout(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
