import { setTimeout as pause } from 'node:timers/promises';
import { measureLogout } from './logout.ts';
import type { Round, Plan } from './measure.ts';
import type { Server, ServerOptions } from './servers.ts';
import { measureCreate, measurePay, measureRead } from './bezahlsystem.ts';
import { measureAttachment, measureInbox, measureLetter } from './postfach.ts';
import { measureRegistration } from './registration.ts';
import { Visitor, type Tokens } from './visitor.ts';
import { accountName, accounts } from './world.ts';

/** One of those who do the same thing over and over at once. */
export interface Worker {
  readonly visitor: Visitor;
  readonly account: string;
  readonly number: number;
  /** What its passkey gives as user handle. */
  userHandle?: string;
  tokens?: Tokens;
}

export interface Row {
  readonly name: string;
  /** Measured inside the server process, without the network. */
  readonly inside?: 'hash' | 'eid-messages' | 'sealing' | 'audit';
  /** Done once before it, while the server process writes down what it is made of. */
  readonly recorded?: (visitor: Visitor) => Promise<unknown>;
  /** What the numbers mean; for the table. */
  readonly about: string;
  /** Done once per worker and server, not measured. */
  readonly prepare?: (worker: Worker, server: Server) => Promise<void>;
  /** Undefined for what is measured inside the server process, or apart. */
  readonly once?: (worker: Worker) => Promise<unknown>;
  /** The bare library has nothing like it. */
  readonly oursAlone?: true;
  /** Measures with servers of its own. */
  readonly apart?: (options: Pick<ServerOptions, 'core' | 'profile'>, plan: Plan) => Promise<readonly Round[]>;
}

const login = async (worker: Worker): Promise<void> => {
  worker.tokens = await worker.visitor.login(worker.account);
};

/** As in the row login-password. */
const newLogin = async (visitor: Visitor, account = accountName(0)): Promise<unknown> => {
  visitor.forget();
  return visitor.userinfo((await visitor.login(account)).access_token);
};

/** As when an owner comes after a while: what was opened of the account (records/account-sealing.ts) is forgotten. */
const firstLogin = async (visitor: Visitor): Promise<unknown> => {
  await pause(11_000);
  return newLogin(visitor, accountName(accounts - 1));
};

const tokensOf = ({ tokens }: Worker): Tokens => {
  if (!tokens) throw new Error('the worker has not logged in');
  return tokens;
};

export const rows: readonly Row[] = [
  {
    name: 'discovery',
    about: 'GET /.well-known/openid-configuration',
    once: ({ visitor }) => visitor.get('/.well-known/openid-configuration'),
  },
  { name: 'jwks', about: 'GET /jwks', once: ({ visitor }) => visitor.get('/jwks') },
  {
    name: 'login-session',
    about: 'authorize without a page, token, userinfo: 3 requests',
    prepare: login,
    async once({ visitor, account }) {
      await visitor.userinfo((await visitor.login(account)).access_token);
    },
  },
  {
    name: 'login-password',
    about: 'new browser: authorize, page, password, resume, token, userinfo: 6 requests',
    once: ({ visitor, account }) => newLogin(visitor, account),
  },
  {
    name: 'login-sealing',
    inside: 'sealing',
    recorded: firstLogin,
    about: 'all that one login-password seals, opens and hashes to find it, done again',
  },
  {
    name: 'login-audit',
    inside: 'audit',
    recorded: firstLogin,
    about: 'the events of one login-password, in a transaction of their own',
  },
  {
    name: 'login-passkey',
    about: 'new browser: the same by passkey; the signature by the driver',
    async prepare(worker, server) {
      worker.userHandle = (await server.ask('handles'))[worker.number] ?? '';
    },
    async once({ visitor, number, userHandle = '' }) {
      visitor.forget();
      await visitor.userinfo((await visitor.loginByPasskey({ number, userHandle })).access_token);
    },
  },
  { name: 'hash', inside: 'hash', about: 'argon2id alone: m=19456, t=2, p=1' },
  {
    name: 'login-eid',
    about: 'new browser, card stubbed at the port: 9 requests',
    async once({ visitor }) {
      visitor.forget();
      await visitor.userinfo((await visitor.loginByCard()).access_token);
    },
  },
  {
    name: 'eid-messages',
    inside: 'eid-messages',
    about: 'one getResult: question signed (RSA 3072), answer verified, parsed, judged',
  },
  {
    name: 'refresh',
    about: 'POST /token with a refresh token, which rotates',
    async prepare(worker) {
      worker.tokens = await worker.visitor.login(worker.account, { offline: true });
      if (worker.tokens.refresh_token === undefined) throw new Error('there is no refresh token');
    },
    async once(worker) {
      worker.tokens = await worker.visitor.refresh(tokensOf(worker).refresh_token ?? '');
    },
  },
  {
    name: 'userinfo',
    about: 'GET /me',
    prepare: login,
    once: (worker) => worker.visitor.userinfo(tokensOf(worker).access_token),
  },
  {
    name: 'introspection',
    about: 'POST /token/introspection of an access token',
    prepare: login,
    once: (worker) => worker.visitor.introspect(tokensOf(worker).access_token),
  },
  {
    name: 'client-credentials',
    about: 'POST /token by a service for an API: a JWT by ES256',
    once: ({ visitor }) => visitor.ownToken(),
  },
  {
    name: 'login-par-dpop',
    about: 'pushed request, authorize without a page, bound token, userinfo with its proof: 4 requests',
    prepare: login,
    async once({ visitor }) {
      await visitor.loginBound();
    },
  },
  {
    name: 'registration',
    about:
      'new browser: address, code by mail (SMTP without TLS), data, password, token, userinfo: 17 requests, one at a time',
    apart: measureRegistration,
  },
  {
    name: 'konto',
    about: 'GET /konto and GET /konto/daten with a session',
    oursAlone: true,
    prepare: login,
    async once({ visitor }) {
      await visitor.get('/konto');
      await visitor.get('/konto/daten');
    },
  },
  {
    name: 'logout-50',
    about: 'one logout, until the last of 50 services has been told; ms: until the last was told',
    apart: measureLogout,
  },
  {
    name: 'postfach-letter',
    about: 'one letter of 2 kB delivered to Mein Postfach, durably, 16 at once',
    apart: measureLetter,
  },
  {
    name: 'postfach-attachment',
    about: 'one letter with a PDF of 50 MB, one at a time',
    apart: measureAttachment,
  },
  {
    name: 'postfach-inbox',
    about: 'counts and first page of an inbox of 10,000 letters, opened from its records',
    apart: measureInbox,
  },
  {
    name: 'payment-create',
    about: 'one fee asked for at the Bezahlsystem, token and DPoP proof checked, kept durably, 16 at once',
    apart: measureCreate,
  },
  {
    name: 'payment-read',
    about: 'one fee read, token and DPoP proof checked',
    apart: measureRead,
  },
  {
    name: 'payment-pay',
    about:
      'one fee from its request to PAYED: kept, begun, redirected, call-back stored and applied, booked, notices written',
    apart: measurePay,
  },
];

/** Workers at once: enough to keep one core busy, few enough that nobody waits long. */
export const workers = 16;

export const createWorkers = async (row: Row, server: Server): Promise<Worker[]> => {
  const made = Array.from({ length: workers }, (_, number) => ({
    visitor: new Visitor(server),
    account: accountName(number),
    number,
  }));
  for (const worker of made) await row.prepare?.(worker, server);
  return made;
};
