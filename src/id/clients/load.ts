import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { JWK } from 'jose';
import type { z } from 'zod';
import { keysOf } from '../../config/keys.ts';
import { findingsOf, type Finding } from '../../config/report.ts';
import { parseYaml, type YamlFile } from '../../config/yaml.ts';
import type { RelyingParty } from './client.ts';
import { authorityFile, clientFile, type AuthorityFile, type ClientFile } from './schema.ts';

/** Files directly in config/clients belong to this authority. */
export const stateAuthority = 'bayern';

/** Clients with public subjects share one sector; no folder can have its name. */
export const publicSector = '*';

export interface ClientSet {
  readonly clients: ReadonlyMap<string, RelyingParty>;
  readonly authorities: ReadonlyMap<string, AuthorityFile>;
}

export interface LoadedClients {
  /** Absent when anything is wrong: a set is used whole or not at all. */
  readonly set?: ClientSet;
  readonly findings: Finding[];
}

const yamlFilesBelow = (directory: string): string[] =>
  existsSync(directory)
    ? readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name) && !entry.name.startsWith('.'))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [];

class Problem extends Error {
  readonly path: readonly string[];
  constructor(path: readonly string[], message: string) {
    super(message);
    this.path = path;
  }
}

const finding = (yaml: YamlFile, path: readonly PropertyKey[], message: string): Finding => ({
  file: yaml.file,
  ...yaml.locate(path),
  key: path.map(String).join('.'),
  message,
  severity: 'error',
});

/** `${NAME}` in addresses and file names, so that one file serves every installation. */
const expand = (value: unknown, variables: Readonly<Record<string, string>>, path: readonly string[] = []): unknown => {
  if (typeof value === 'string')
    return value.replace(/\$\{([A-Z0-9_]+)\}/g, (_, name: string) => {
      const known = variables[name];
      if (known === undefined)
        throw new Problem(path, `\${${name}} is not known; known are ${Object.keys(variables).join(', ')}`);
      return known;
    });
  if (Array.isArray(value)) return value.map((item, i) => expand(item, variables, [...path, String(i)]));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, expand(item, variables, [...path, key])]),
    );
  return value;
};

const check = <S extends z.ZodType>(
  yaml: YamlFile,
  schema: S,
  variables: Readonly<Record<string, string>>,
): { value?: z.output<S>; findings: Finding[] } => {
  if (yaml.errors.length > 0)
    return { findings: yaml.errors.map((e) => ({ file: yaml.file, key: '', severity: 'error' as const, ...e })) };
  try {
    const result = schema.safeParse(expand(yaml.value ?? {}, variables), { reportInput: true });
    return result.success
      ? { value: result.data, findings: [] }
      : { findings: findingsOf(yaml, result.error.issues, (path) => keysOf(schema, path)) };
  } catch (error) {
    if (error instanceof Problem) return { findings: [finding(yaml, error.path, error.message)] };
    throw error;
  }
};

const secretOf = (file: ClientFile, env: NodeJS.ProcessEnv): string | undefined => {
  if (file.client_secret_env !== undefined) {
    const secret = env[file.client_secret_env];
    if (secret === undefined)
      throw new Problem(['client_secret_env'], `the environment variable ${file.client_secret_env} is not set`);
    return strong(secret, 'client_secret_env');
  }
  if (file.client_secret_file === undefined) return undefined;
  return strong(readReferred(file.client_secret_file, 'client_secret_file').trim(), 'client_secret_file');
};

const strong = (secret: string, key: string): string => {
  if (Buffer.byteLength(secret) < 32) throw new Problem([key], 'the secret is too short: at least 32 characters');
  return secret;
};

const readReferred = (file: string, key: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Problem([key], `cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
  }
};

const keysOfClient = (file: ClientFile): { keys: JWK[] } | undefined => {
  if (file.jwks) return file.jwks as unknown as { keys: JWK[] };
  if (file.jwks_file === undefined) return undefined;
  const jwks = JSON.parse(readReferred(file.jwks_file, 'jwks_file')) as { keys: JWK[] };
  if (jwks.keys.some((key) => key.d !== undefined))
    throw new Problem(['jwks_file'], 'holds a private key: only public keys belong there');
  return jwks;
};

/**
 * Reads config/authorities and config/clients. All or nothing: with one broken file there is no set, only findings.
 *
 * @param variables what `${NAME}` stands for in the files, such as BAYERN_PORTAL_ORIGIN.
 */
export const loadClients = (
  directory: string,
  variables: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
): LoadedClients => {
  const findings: Finding[] = [];
  const authorities = new Map<string, AuthorityFile>();
  for (const file of yamlFilesBelow(join(directory, 'authorities'))) {
    const { value, findings: found } = check(parseYaml(file, readFileSync(file, 'utf8')), authorityFile, variables);
    findings.push(...found);
    if (value) authorities.set(relative(join(directory, 'authorities'), file).replace(/\.ya?ml$/, ''), value);
  }

  const clients = new Map<string, RelyingParty>();
  const base = join(directory, 'clients');
  for (const path of yamlFilesBelow(base)) {
    const yaml = parseYaml(path, readFileSync(path, 'utf8'));
    const { value: file, findings: found } = check(yaml, clientFile, variables);
    findings.push(...found);
    if (!file) continue;
    const folders = relative(base, path).split(sep).slice(0, -1);
    const authority = folders[0] ?? stateAuthority;
    if (!authorities.has(authority))
      findings.push(finding(yaml, [], `the folder ${authority} has no file config/authorities/${authority}.yaml`));
    if (clients.has(file.client_id))
      findings.push(finding(yaml, ['client_id'], `${file.client_id} is in another file already`));
    try {
      const secret = secretOf(file, env);
      const jwks = keysOfClient(file);
      clients.set(file.client_id, {
        file,
        authority,
        sector: file.subject_type === 'public' ? publicSector : `${authority}/${file.sector ?? file.client_id}`,
        ...(secret === undefined ? {} : { secret }),
        ...(jwks === undefined ? {} : { jwks }),
      });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      findings.push(finding(yaml, error.path, error.message));
    }
  }
  return findings.some((f) => f.severity === 'error') ? { findings } : { set: { clients, authorities }, findings };
};
