import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  /** Names in small letters; `set-cookie` is in `cookies`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: string;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

interface Parsed {
  readonly answer: Answer;
  /** Where the next answer begins. */
  readonly end: number;
}

const parseHead = (head: string): Omit<Answer, 'body'> => {
  const [first = '', ...lines] = head.split('\r\n');
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'set-cookie') cookies.push(value);
    else headers[name] = value;
  }
  return { status: Number(first.slice(9, 12)), headers, cookies };
};

/** Undefined as long as the answer is not there whole. */
const parseAnswer = (bytes: Buffer): Parsed | undefined => {
  const blank = bytes.indexOf('\r\n\r\n');
  if (blank === -1) return undefined;
  const head = parseHead(bytes.toString('latin1', 0, blank));
  if (head.headers['transfer-encoding'] !== undefined) throw new Error('a chunked answer was not expected');
  const start = blank + 4;
  const end = start + Number(head.headers['content-length'] ?? 0);
  return bytes.length < end ? undefined : { answer: { ...head, body: bytes.toString('utf8', start, end) }, end };
};

/**
 * One kept-alive HTTP/1.1 connection with one request at a time. Written over the socket, since Node's own client would
 * cost the driver more than some of the answers cost the server.
 */
export class Connection {
  readonly #port: number;
  #socket: Socket | undefined;
  #bytes: Buffer = Buffer.alloc(0);
  #waiting: Waiting | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  send(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#open().write(request);
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    if (this.#socket && !this.#socket.destroyed && this.#socket.writable) return this.#socket;
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true });
    this.#socket = socket;
    this.#bytes = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
      this.#read();
    });
    const end = (error: Error): void => {
      if (socket === this.#socket) this.#settle((waiting) => waiting.reject(error));
    };
    socket.on('error', end);
    socket.on('close', () => end(new Error('the server closed the connection')));
    return socket;
  }

  #read(): void {
    try {
      const parsed = parseAnswer(this.#bytes);
      if (!parsed) return;
      this.#bytes = this.#bytes.subarray(parsed.end);
      if (parsed.answer.headers['connection'] === 'close') this.#socket?.destroy();
      this.#settle((waiting) => waiting.resolve(parsed.answer));
    } catch (error) {
      this.#settle((waiting) => waiting.reject(error as Error));
    }
  }

  #settle(how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) how(waiting);
  }
}
