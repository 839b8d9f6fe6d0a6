import { lookup as systemLookup } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { PreSharedKey } from '../../id/authentication/eid/tr03130/requests.ts';
import { decodeMessage, parseRoot, textOf, childNamed, type Element } from '../../id/authentication/eid/tr03130/xml.ts';

/** What a client needs of a TC Token (TR-03124-1, as far as eid.md section 4 knows it). */
export interface TcToken {
  readonly serverAddress: string;
  readonly psk: PreSharedKey;
  readonly refreshAddress: string;
  readonly communicationErrorAddress: string | undefined;
}

/** No usable TC Token: the client shows its own error page, since it knows no address to go back to. */
export class NoTcToken extends Error {
  override readonly name = 'NoTcToken';
}

export interface TcTokenOptions {
  /** The only origins that are asked: the simulator is no open fetcher. */
  readonly origins: ReadonlySet<string>;
  /** PEM: authority of an https origin's certificate. */
  readonly ca: string;
  readonly timeoutMs: number;
}

/** How the client presents itself; Bayern-ID answers it without cookies. */
export const userAgent = 'AusweisApp2/1.26.2 (simulator)';

const largestToken = 16 * 1024;
const mostRedirects = 3;

/** `.test` names exist in a browser's settings only (RFC 6761); they mean this machine. */
const lookup: LookupFunction = (hostname, options, callback) =>
  systemLookup(hostname.endsWith('.test') ? 'localhost' : hostname, options, callback);

const get = (url: URL, options: TcTokenOptions, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = { 'User-Agent': userAgent, Accept: 'text/xml', Connection: 'close' };
    const secure = url.protocol === 'https:';
    const outgoing = secure
      ? httpsRequest(url, { headers, lookup, signal, ca: options.ca, agent: false }, resolve)
      : httpRequest(url, { headers, lookup, signal, agent: false }, resolve);
    outgoing.on('error', (cause) => reject(new NoTcToken('not reachable', { cause })));
    outgoing.end();
  });

const readAll = async (answer: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > largestToken) throw new NoTcToken('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const isAllowed = (url: URL | null, options: TcTokenOptions): url is URL =>
  url !== null && options.origins.has(url.origin) && url.username === '' && url.password === '';

const required = (token: Element, name: string): string => {
  const text = textOf(token, name);
  if (text === undefined || text === '') throw new NoTcToken(`no ${name}`);
  return text;
};

const readToken = (root: Element): TcToken => {
  if (root.localName !== 'TCTokenType') throw new NoTcToken('not a TC Token');
  if (required(root, 'Binding') !== 'urn:liberty:paos:2006-08') throw new NoTcToken('unknown Binding');
  if (required(root, 'PathSecurity-Protocol') !== 'urn:ietf:rfc:4279') throw new NoTcToken('unknown PathSecurity');
  return {
    serverAddress: required(root, 'ServerAddress'),
    psk: {
      id: required(root, 'SessionIdentifier'),
      key: textOf(childNamed(root, 'PathSecurity-Parameters'), 'PSK') ?? '',
    },
    refreshAddress: required(root, 'RefreshAddress'),
    communicationErrorAddress: textOf(root, 'CommunicationErrorAddress') || undefined,
  };
};

/**
 * Fetches a TC Token as a client does: from the server side, without the browser's cookies. Redirects are followed to
 * allowed origins only.
 * @throws NoTcToken
 */
export const fetchTcToken = async (
  address: string,
  options: TcTokenOptions,
): Promise<{ token: TcToken; origin: string }> => {
  const signal = AbortSignal.timeout(options.timeoutMs);
  let url = URL.parse(address);
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    if (!isAllowed(url, options)) throw new NoTcToken('origin is not allowed');
    const answer = await get(url, options, signal);
    const status = answer.statusCode ?? 0;
    if ([302, 303, 307].includes(status)) {
      answer.destroy();
      const target: URL | null = URL.parse(answer.headers.location ?? '', url);
      if (target?.origin !== url.origin) throw new NoTcToken('redirect to another origin');
      url = target;
      continue;
    }
    if (status !== 200) {
      answer.destroy();
      throw new NoTcToken(`HTTP status ${status}`);
    }
    if (!/^text\/xml\b/.test(answer.headers['content-type'] ?? '')) throw new NoTcToken('not text/xml');
    try {
      return { token: readToken(parseRoot(decodeMessage(await readAll(answer)))), origin: url.origin };
    } catch (cause) {
      throw cause instanceof NoTcToken ? cause : new NoTcToken('not readable', { cause });
    }
  }
  throw new NoTcToken('too many redirects');
};
