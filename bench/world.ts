import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What both servers and the driver agree on. */
export const client = {
  id: 'bench',
  redirectUri: 'https://dienst.example.de/callback',
  scope: 'openid profile offline_access',
} as const;

/** An API that the client may call on its own account. */
export const api = { id: 'bench-api', audience: 'https://api.example.de/api', scope: 'bench:read' } as const;

export const password = 'haus-berg-fluss-2026';

/** Of those who register. */
export const newPassword = 'zwiebel-turm-laterne-kutsche';

/** Accounts that log in by password, and as many others that log in by card. */
export const accounts = 64;

export const accountName = (number: number): string => `person${number % accounts}`;

/** Services that want to be told when a session ends: their ids, and where each is told. */
export interface ToldServices {
  readonly count: number;
  /** Port on this machine. */
  readonly port: number;
}

export const toldService = (number: number): string => `${client.id}-${number}`;

export const toldAt = ({ port }: ToldServices, number: number): string => `http://127.0.0.1:${port}/${number}`;

/** What a server process is told when it starts. */
export interface Task {
  readonly folder: string;
  readonly port: number;
  readonly clientSecret: string;
  /** COSE, base64url. */
  readonly passkey: string;
  /** For the product: where an eID-Server listens; without it a stub answers at once. For the eID-Server: whose tokens its client fetches. */
  readonly eid?: { readonly soapPort: number; readonly service?: string; readonly delay?: number };
  /** With them it runs as in development: in production nothing on this machine is told anything. */
  readonly told?: ToldServices;
  /** Where mails are taken without TLS, so that it runs as in development as well. */
  readonly smtpPort?: number;
  /** One of several nodes, or on other stores than files. */
  readonly stack?: StackTask;
}

export interface StackTask {
  /** Makes the accounts; the first start of a folder does. */
  readonly seed: boolean;
  readonly monitoring: number;
  /** All nodes have one issuer, whatever their port. */
  readonly issuerPort: number;
  readonly clientSecret: string;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
}

/** The shipped authority grants the shipped services what they need, and this one needs more. */
const authorityFile = `name: Messung
client_id_prefix: ${client.id}
client_names: any
hosts: [dienst.example.de, 127.0.0.1]
scopes: [openid, profile, offline_access]
consent: none
resources: any
api: any
environment: [BENCH_]
`;

const clientFile = `client_id: ${client.id}
client_name: Messung
redirect_uris: [${client.redirectUri}]
token_endpoint_auth_method: client_secret_basic
client_secret_env: BENCH_CLIENT_SECRET
scope: ${client.scope}
grant_types: [authorization_code, refresh_token, client_credentials]
resources: { '${api.audience}': ['${api.scope}'] }
consent: none
legal_basis: Messung ohne Personen
`;

const apiFile = `client_id: ${api.id}
client_name: Messung einer Schnittstelle
redirect_uris: [${client.redirectUri}]
client_secret_env: BENCH_CLIENT_SECRET
api: { audience: '${api.audience}', scopes: ['${api.scope}'] }
`;

const toldFile = (told: ToldServices, number: number): string => `client_id: ${toldService(number)}
client_name: Messung ${number}
redirect_uris: [${client.redirectUri}]
client_secret_env: BENCH_CLIENT_SECRET
backchannel_logout_uri: ${toldAt(told, number)}
scope: openid profile
consent: none
legal_basis: Messung ohne Personen
`;

/** The secrets that production wants to find; without the mark of those that the program made itself. */
const writeSecrets = (folder: string): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text, { mode: 0o600 });
  write('master.key', randomBytes(32).toString('base64url'));
  for (const part of ['bayern-portal', 'mein-postfach', 'bezahlsystem', 'fuehrungszeugnis', 'registerbehoerde']) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const about = { kid: part, alg: 'ES256', use: 'sig' };
    write(`${part}.private.json`, JSON.stringify({ ...privateKey.export({ format: 'jwk' }), ...about }));
    write(`${part}.public.json`, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), ...about }] }));
  }
};

/** A folder with configuration, secrets and room for data, thrown away afterwards. */
export const makeFolder = (told?: ToldServices): { readonly path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), 'bayern-id-bench-'));
  cpSync('config', join(path, 'config'), { recursive: true });
  writeFileSync(join(path, 'config', 'authorities', 'messung.yaml'), authorityFile);
  mkdirSync(join(path, 'config', 'clients', 'messung'));
  writeFileSync(join(path, 'config', 'clients', 'messung', `${client.id}.yaml`), clientFile);
  writeFileSync(join(path, 'config', 'clients', 'messung', `${api.id}.yaml`), apiFile);
  for (let number = 0; number < (told?.count ?? 0); number++)
    writeFileSync(
      join(path, 'config', 'clients', 'messung', `${toldService(number)}.yaml`),
      toldFile(told as ToldServices, number),
    );
  writeSecrets(join(path, 'data', 'secrets'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

/** From 32,768 on the system gives ports to outgoing connections, and would take one between our asking and listening. */
const ports = [12_000, 32_768] as const;

const isFree = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'EADDRINUSE' && code !== 'EACCES'));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });

/** A port that nobody listens on, on either address of localhost. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(...ports);
    if ((await isFree(port, '127.0.0.1')) && (await isFree(port, '::1'))) return port;
  }
};

/** A module of the compiled product: Node strips types from .ts files but does not read .tsx. */
export const product = async <Module>(path: string): Promise<Module> =>
  (await import(new URL(`../dist/${path}`, import.meta.url).href)) as Module;
