import { randomBytes, randomInt } from 'node:crypto';
import { createConnection } from 'node:net';

/** What became of one hostile request. */
export const outcomes = ['refused', 'sent away', 'cut', 'served', 'break-in'] as const;
export type Outcome = (typeof outcomes)[number];

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

/** Every request of an attacker is from an address of its own: on Linux all of 127.0.0.0/8 is this machine. */
const anyAddress = (): string => `127.${randomInt(1, 250)}.${randomInt(0, 250)}.${randomInt(1, 250)}`;

const longestWait = 30_000;

/** Written by hand over a socket: a client library would take a third of the machine at this rate. */
const exchange = (target: Target, from: string, request: string): Promise<Answer | undefined> =>
  new Promise((resolve) => {
    const { port } = new URL(target.issuer);
    const socket = createConnection({ host: '127.0.0.1', port: Number(port), localAddress: from });
    const chunks: Buffer[] = [];
    socket.setTimeout(longestWait, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
      if (status === 0) {
        resolve(undefined);
        return;
      }
      const end = text.indexOf('\r\n\r\n');
      const head = text.slice(0, end);
      resolve({
        status,
        body: text.slice(end + 4),
        cookies: [...head.matchAll(/^set-cookie: ([^;\r]*)/gim)].map(([, pair = '']) => pair),
        location: /^location: (.*)$/im.exec(head)?.[1]?.trim() ?? '',
      });
    });
    socket.write(request);
  });

const send = (
  target: Target,
  from: string,
  path: string,
  { body, headers = {} }: { readonly body?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer | undefined> => {
  const url = new URL(path, target.issuer);
  const all: Record<string, string> = {
    Host: url.host,
    Accept: 'text/html',
    Connection: 'close',
    ...(body === undefined
      ? {}
      : { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const method = body === undefined ? 'GET' : 'POST';
  const request = `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
  return exchange(target, from, request);
};

const outcome = (answer: Answer | undefined): Outcome => {
  if (!answer) return 'cut';
  if (answer.status === 503 || answer.status === 429 || answer.status === 502) return 'sent away';
  if (answer.status === 408) return 'cut';
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
const guess =
  (nameOf: (target: Target) => string, passwordOf: () => string) =>
  async (target: Target): Promise<Outcome[]> => {
    const from = anyAddress();
    const started = await send(target, from, authorize(target));
    if (started?.status !== 303) return [outcome(started)];
    const cookies: string[] = [...started.cookies];
    const page = await send(target, from, started.location, { headers: { Cookie: cookies.join('; ') } });
    if (page?.status !== 200) return [outcome(started), outcome(page)];
    cookies.push(...page.cookies);
    const fields = Object.fromEntries(
      [...page.body.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [
        /name="([^"]*)"/.exec(tag)?.[1] ?? '',
        /value="([^"]*)"/.exec(tag)?.[1] ?? '',
      ]),
    );
    const body = new URLSearchParams({ ...fields, login: nameOf(target), password: passwordOf() }).toString();
    const answer = await send(target, from, `${new URL(started.location, target.issuer).pathname}/passwort`, {
      body,
      headers: { Cookie: cookies.join('; '), Origin: target.issuer },
    });
    const inside =
      answer !== undefined && answer.status >= 300 && answer.status < 400 && /\/auth\/|code=/.test(answer.location);
    return [outcome(started), 'served', inside ? 'break-in' : answer?.status === 200 ? 'refused' : outcome(answer)];
  };

const spray = guess(
  ({ victims }) => victims[randomInt(victims.length)] ?? '',
  () => `Sommer2026-${randomInt(20)}`,
);

/** Pairs from a stolen list: each name once, nearly none of them known here, and each costs a hash all the same. */
const stuff = guess(
  () => `${randomBytes(6).toString('hex')}@mail.example`,
  () => randomBytes(9).toString('base64url'),
);

const guessCode = async (target: Target): Promise<Outcome[]> => {
  const fields = {
    grant_type: 'authorization_code',
    code: randomBytes(32).toString('base64url'),
    redirect_uri: target.redirectUri,
  };
  const secret = `${target.clientId}:${randomBytes(16).toString('hex')}`;
  const answer = await send(target, anyAddress(), '/token', {
    body: new URLSearchParams(fields).toString(),
    headers: { Authorization: `Basic ${Buffer.from(secret).toString('base64')}` },
  });
  return [answer?.status === 200 ? 'break-in' : outcome(answer)];
};

const guessToken = async (target: Target): Promise<Outcome[]> => {
  const headers = { Authorization: `Bearer ${randomBytes(32).toString('base64url')}` };
  const answer = await send(target, anyAddress(), '/me', { headers });
  return [answer?.status === 200 ? 'break-in' : outcome(answer)];
};

const begin = async (target: Target): Promise<Outcome[]> => [
  outcome(await send(target, anyAddress(), authorize(target))),
];

/** Cookies that look like those of somebody who is in the middle of a login, or was here before. */
const forge = async (target: Target): Promise<Outcome[]> => {
  const uid = randomBytes(16).toString('base64url');
  const signature = randomBytes(32).toString('base64url');
  const pairs = [
    `id-interaction=${uid}`,
    `id-interaction.sig=${signature}`,
    `id-session=${uid}`,
    `id-session.sig=${signature}`,
    `id-device=${randomBytes(120).toString('base64url')}`,
    `id-flows=${uid}`,
  ];
  return [outcome(await send(target, anyAddress(), `/anmelden/${uid}`, { headers: { Cookie: pairs.join('; ') } }))];
};

const oversized = async (target: Target): Promise<Outcome[]> => [
  outcome(await send(target, anyAddress(), '/token', { body: 'a'.repeat(120_000) })),
];

const wander = async (target: Target): Promise<Outcome[]> => [
  outcome(await send(target, anyAddress(), `/${randomBytes(6).toString('hex')}.php?id=1%27%20or%201=1`)),
];

/** A request that never ends: the connection is held until somebody cuts it. */
const slow =
  (start: (host: string) => string) =>
  (target: Target): Promise<Outcome[]> =>
    new Promise((resolve) => {
      const { host, port } = new URL(target.issuer);
      const socket = createConnection({ host: '127.0.0.1', port: Number(port), localAddress: anyAddress() });
      let answered = false;
      socket.on('data', () => {
        answered = true;
      });
      socket.on('error', () => {});
      const letGo = setTimeout(() => socket.destroy(), longestWait);
      socket.on('close', () => {
        clearTimeout(letGo);
        resolve([answered ? 'refused' : 'cut']);
      });
      socket.write(start(host));
    });

export interface Attack {
  readonly name: string;
  /** With how many of a hundred each begins. */
  readonly share: number;
  /** Requests that it makes when none of them is refused. */
  readonly requests: number;
  readonly run: (target: Target) => Promise<Outcome[]>;
}

export const attacks: readonly Attack[] = [
  { name: 'password spraying', share: 9, requests: 3, run: spray },
  { name: 'credential stuffing', share: 10, requests: 3, run: stuff },
  { name: 'token endpoint: codes and secrets', share: 29, requests: 1, run: guessCode },
  { name: 'tokens', share: 14, requests: 1, run: guessToken },
  { name: 'logins begun', share: 13, requests: 1, run: begin },
  { name: 'forged cookies', share: 6, requests: 1, run: forge },
  { name: 'oversized bodies', share: 5, requests: 1, run: oversized },
  { name: 'paths', share: 10, requests: 1, run: wander },
  { name: 'slow headers', share: 2, requests: 1, run: slow((host) => `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `) },
  {
    name: 'slow bodies',
    share: 2,
    requests: 1,
    run: slow((host) => `POST /token HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5000\r\n\r\ngrant_type=`),
  },
];
