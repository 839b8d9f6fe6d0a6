import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

/** One mail as a server got it. */
export interface ReceivedMail {
  readonly from: string;
  /** Of the envelope. */
  readonly to: readonly string[];
  /** Names in small letters, values decoded. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
  readonly secure: boolean;
  readonly user: string | undefined;
}

/** An answer that refuses; 4xx for now, 5xx for good. */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

export interface SmtpServer {
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  /** Connections that came, whatever became of them. */
  connections(): number;
  /** Recipients that were named, whatever was answered. */
  asked(): number;
  /** How each recipient is answered from now on. `hang`: not at all. */
  recipients: Refusal | 'hang' | undefined;
  /** How each message is answered from now on, after it was taken in. */
  messages: Refusal | undefined;
  stop(): Promise<void>;
}

const decodeWords = (value: string): string =>
  value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, body: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(body, 'base64').toString('latin1')
        : body
            .replaceAll('_', ' ')
            .replace(/=([\dA-F]{2})/gi, (__, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    );

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

const parsePart = (raw: string): { readonly headers: Record<string, string>; readonly body: string } => {
  const end = raw.indexOf('\r\n\r\n');
  const headers: Record<string, string> = {};
  for (const line of raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (name in headers) throw new Error(`the header ${name} came twice`);
    const value = line.slice(colon + 1).trim();
    headers[name] = value.includes('=?') ? utf8(decodeWords(value)) : value;
  }
  const body = raw.slice(end + 4);
  const encoding = headers['content-transfer-encoding'];
  if (encoding === 'base64') return { headers, body: Buffer.from(body, 'base64').toString('utf8') };
  if (encoding !== 'quoted-printable') return { headers, body };
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([\dA-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return { headers, body: utf8(bytes) };
};

/** Reads what our own mails are: multipart/alternative of text/plain and text/html, in RFC 2045's encodings. */
export const parseMessage = (raw: string): Pick<ReceivedMail, 'headers' | 'text' | 'html'> => {
  const { headers, body } = parsePart(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers['content-type'] ?? '')?.[1] ?? '';
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => parsePart(part.replace(/^\r\n/, '').replace(/\r\n$/, '')));
  const of = (type: string): string =>
    (parts.find((part) => part.headers['content-type']?.startsWith(type))?.body ?? '').replaceAll('\r\n', '\n');
  return { headers, text: of('text/plain'), html: of('text/html') };
};

/** A real SMTP server, on a port of its own or on the given one. */
export const startSmtp = async (options: SMTPServerOptions & { readonly port?: number } = {}): Promise<SmtpServer> => {
  const received: ReceivedMail[] = [];
  let connections = 0;
  let asked = 0;
  const refuse = ({ code, text }: Refusal): Error => Object.assign(new Error(text), { responseCode: code });
  const users = new Map<string, string>();
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    closeTimeout: 1,
    disableReverseLookup: true,
    onConnect: (_session, done) => {
      connections += 1;
      done();
    },
    onRcptTo: (_address, _session, done) => {
      asked += 1;
      if (control.recipients === undefined) done();
      else if (control.recipients !== 'hang') done(refuse(control.recipients));
    },
    onData: (stream, session: SMTPServerSession, done) => {
      void readText(stream).then((raw) => {
        if (control.messages !== undefined) return done(refuse(control.messages));
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          ...parseMessage(raw),
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: users.get(session.id),
        });
        return done();
      });
    },
    onAuth: ({ username, password }, session, done) => {
      if (username !== 'bayern-id' || password !== 'richtig') return done(new Error('no'));
      users.set(session.id, username);
      return done(null, { user: username });
    },
    ...options,
  });
  // A client that turns away from a certificate is no fault of this server.
  server.on('error', () => {});
  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const control: SmtpServer = {
    port: (server.server.address() as AddressInfo).port,
    received,
    connections: () => connections,
    asked: () => asked,
    recipients: undefined,
    messages: undefined,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
  return control;
};
