import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../programs.ts';
import type { TestServer } from '../servers.ts';

/** Those of compose.yaml: `deploy/modules.sh` makes roles and users of them, here as there. */
export const credentialModules = ['id', 'bayern-portal', 'mein-postfach', 'bezahlsystem', 'fuehrungszeugnis'] as const;
export type CredentialModule = (typeof credentialModules)[number];

export interface Credentials {
  readonly folder: string;
  databaseUrl(module: CredentialModule): string;
  redisPassword(module: CredentialModule): string;
  /** Passwords of those who ask the Sentinels, and of the user `operator` there. */
  readonly sentinels: string;
  readonly operator: string;
  /** Makes roles and schemas. */
  inPostgres(server: TestServer): void;
  /** Lines of a server's configuration. @throws what the script says */
  lines(of: 'redis' | 'sentinel'): string;
}

/** The module whose credentials a part has: the Registerbehörde is the second door to the applications. */
export const moduleOf = (part: string): CredentialModule => {
  const name = part === 'registerbehoerde' ? 'fuehrungszeugnis' : part;
  const module = credentialModules.find((one) => one === name);
  if (!module) throw new Error(`${part} keeps nothing`);
  return module;
};

/** Secrets of an installation in a folder, as an operator makes them. */
export const makeCredentials = (folder: string, postgresPort: number): Credentials => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), `${text}\n`, { mode: 0o600 });
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8').trim();
  const word = (): string => randomBytes(24).toString('base64url');
  for (const name of ['redis-password', 'sentinel-password']) write(name, word());
  for (const module of credentialModules) {
    write(`redis-password-${module}`, word());
    write(`database-url-${module}`, `postgres://${module}:${word()}@127.0.0.1:${postgresPort}/postgres`);
  }
  const script = (of: string, env: Readonly<Record<string, string>> = {}): string => {
    const { status, stdout, stderr } = spawnSync('sh', ['deploy/modules.sh', of], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], SECRETS: folder, ...env },
    });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  };
  return {
    folder,
    databaseUrl: (module) => read(`database-url-${module}`),
    redisPassword: (module) => read(`redis-password-${module}`),
    sentinels: read('sentinel-password'),
    operator: read('redis-password'),
    inPostgres({ port }) {
      const psql = findProgram('psql');
      if (psql === undefined) throw new Error('psql is missing');
      script('postgres', {
        PGHOST: '127.0.0.1',
        PGPORT: String(port),
        POSTGRES_USER: 'postgres',
        POSTGRES_DB: 'postgres',
      });
    },
    lines: (of) => script(of),
  };
};
