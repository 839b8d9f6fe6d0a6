import { randomBytes, randomInt } from 'node:crypto';
import { request } from 'node:http';
import { createConnection } from 'node:net';

/** What became of one hostile request. */
export type Outcome = 'refused' | 'overloaded' | 'cut' | 'served' | 'break-in';

export interface Target {
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Accounts that are attacked, by their login names. */
  readonly victims: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly cookies: readonly string[];
  readonly location: string;
}

/** Every attacker has an address of its own: on Linux all of 127.0.0.0/8 is this machine. */
const anyAddress = (): string => `127.${randomInt(1, 250)}.${randomInt(0, 250)}.${randomInt(1, 250)}`;

const send = (
  target: Target,
  from: string,
  path: string,
  options: { readonly body?: string | Buffer; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer | undefined> =>
  new Promise((resolve) => {
    const url = new URL(path, target.issuer);
    const { body, headers = {} } = options;
    const asking = request(
      {
        host: '127.0.0.1',
        port: url.port,
        path: `${url.pathname}${url.search}`,
        method: body === undefined ? 'GET' : 'POST',
        localAddress: from,
        agent: false,
        timeout: 30_000,
        headers: {
          host: url.host,
          accept: 'text/html',
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('error', () => resolve(undefined));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            body: text,
            cookies: (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0] ?? ''),
            location: answer.headers.location ?? '',
          }),
        );
      },
    );
    asking.on('timeout', () => asking.destroy());
    asking.on('error', () => resolve(undefined));
    asking.end(body);
  });

const outcome = (answer: Answer | undefined): Outcome => {
  if (!answer) return 'cut';
  if (answer.status === 503 || answer.status === 429 || answer.status === 502) return 'overloaded';
  return answer.status >= 400 ? 'refused' : 'served';
};

const authorize = ({ clientId, redirectUri }: Target): string => {
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid',
    code_challenge: randomBytes(32).toString('base64url'),
    code_challenge_method: 'S256',
  });
  return `/auth?${query.toString()}`;
};

/** A login page as a browser gets it, then one guess: three requests. */
const guessPassword = async (target: Target): Promise<Outcome[]> => {
  const from = anyAddress();
  const started = await send(target, from, authorize(target));
  if (!started || started.status !== 303) return [outcome(started)];
  const cookies: string[] = [...started.cookies];
  const page = await send(target, from, started.location, { headers: { cookie: cookies.join('; ') } });
  cookies.push(...(page?.cookies ?? []));
  const fields = Object.fromEntries(
    [...(page?.body ?? '').matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [
      /name="([^"]*)"/.exec(tag)?.[1] ?? '',
      /value="([^"]*)"/.exec(tag)?.[1] ?? '',
    ]),
  );
  const login = target.victims[randomInt(target.victims.length)] ?? '';
  const body = new URLSearchParams({ ...fields, login, password: `Sommer2026-${randomInt(1000)}` }).toString();
  const guess = await send(target, from, `${new URL(started.location, target.issuer).pathname}/passwort`, {
    body,
    headers: { cookie: cookies.join('; '), origin: target.issuer },
  });
  const inside =
    guess !== undefined && guess.status >= 300 && guess.status < 400 && /\/auth\/|code=/.test(guess.location);
  return [outcome(started), outcome(page), inside ? 'break-in' : guess?.status === 200 ? 'refused' : outcome(guess)];
};

const guessCode = async (target: Target): Promise<Outcome[]> => {
  const fields = {
    grant_type: 'authorization_code',
    code: randomBytes(32).toString('base64url'),
    redirect_uri: target.redirectUri,
  };
  const authorization = `Basic ${Buffer.from(`${target.clientId}:${randomBytes(16).toString('hex')}`).toString('base64')}`;
  const answer = await send(target, anyAddress(), '/token', {
    body: new URLSearchParams(fields).toString(),
    headers: { authorization },
  });
  return [answer?.status === 200 ? 'break-in' : outcome(answer)];
};

const guessToken = async (target: Target): Promise<Outcome[]> => {
  const authorization = `Bearer ${randomBytes(32).toString('base64url')}`;
  const answer = await send(target, anyAddress(), '/me', { headers: { authorization } });
  return [answer?.status === 200 ? 'break-in' : outcome(answer)];
};

const begin = async (target: Target): Promise<Outcome[]> => [
  outcome(await send(target, anyAddress(), authorize(target))),
];

const oversized = async (target: Target): Promise<Outcome[]> => [
  outcome(await send(target, anyAddress(), '/token', { body: Buffer.alloc(120_000, 97) })),
];

const wander = async (target: Target): Promise<Outcome[]> => [
  outcome(await send(target, anyAddress(), `/${randomBytes(6).toString('hex')}.php?id=1%27%20or%201=1`)),
];

/** Headers that never end: the connection is held until somebody cuts it. */
const slow = (target: Target): Promise<Outcome[]> =>
  new Promise((resolve) => {
    const socket = createConnection({
      host: '127.0.0.1',
      port: Number(new URL(target.issuer).port),
      localAddress: anyAddress(),
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(['cut']));
    socket.write('GET / HTTP/1.1\r\nHost: ');
    setTimeout(() => socket.destroy(), 20_000).unref();
  });

/** With how many of a hundred each begins. */
export const attacks = [
  { name: 'password guesses', share: 20, run: guessPassword },
  { name: 'guesses at codes and secrets', share: 30, run: guessCode },
  { name: 'guesses at tokens', share: 15, run: guessToken },
  { name: 'logins begun', share: 15, run: begin },
  { name: 'oversized bodies', share: 5, run: oversized },
  { name: 'paths', share: 12, run: wander },
  { name: 'slow requests', share: 3, run: slow },
] as const;
