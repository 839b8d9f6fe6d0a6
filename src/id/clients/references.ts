import type { JWK } from 'jose';
import type { Reading } from '../../config/files.ts';
import type { Issue } from '../../config/report.ts';
import type { RelyingParty } from './client.ts';
import { certificateEnd, keyFault } from './key-strength.ts';
import type { ClientFile } from './schema.ts';

/** Keys of a client's file that name another file. */
export const fileKeys = ['jwks_file', 'client_secret_file', 'client_secret_previous_file'] as const;

/** What those files hold, by their paths. */
export type References = ReadonlyMap<string, Reading>;

export type Credentials = Pick<RelyingParty, 'secret' | 'previousSecret' | 'jwks'>;

/** Characters: what nobody guesses, and what HMAC-SHA-256 would ask for in bytes (RFC 7518, 3.2). */
const leastSecret = 32;

const day = 86_400_000;

/** ms since the epoch. A day without a time counts to its end. */
const endOf = (until: string): number => (until.includes('T') ? Date.parse(until) : Date.parse(until) + day);

/** Neither the text of a key file nor that of a parser's message goes into a finding: both may hold what is secret. */
const parseKeys = (text: string): JWK[] | undefined => {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    const sound = Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null);
    return sound ? (keys as JWK[]) : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Secrets and keys as a client's file names them, and what is wrong with them.
 *
 * @param references what the files hold that it refers to; one that is missing here is not looked at.
 * @param env where its secrets may stand; undefined where none are at hand, so that their lack is no fault.
 */
export const credentialsOf = (
  file: ClientFile,
  references: References,
  env: NodeJS.ProcessEnv | undefined,
  now: number,
): { readonly credentials: Credentials; readonly issues: readonly Issue[] } => {
  const issues: Issue[] = [];
  const fail = (path: Issue['path'], message: string): undefined => {
    issues.push({ path, message });
  };
  const warn = (path: Issue['path'], message: string): void => {
    issues.push({ path, message, severity: 'warning' });
  };

  const referred = (key: (typeof fileKeys)[number]): string | undefined => {
    const path = file[key];
    const reading = path === undefined ? undefined : references.get(path);
    if (path === undefined || !reading) return undefined;
    return 'text' in reading ? reading.text : fail([key], `cannot read ${path} (${reading.fault})`);
  };
  const secretFrom = (kind: 'client_secret' | 'client_secret_previous'): string | undefined => {
    const name = file[`${kind}_env`];
    if (!env) return undefined;
    if (name !== undefined && env[name] === undefined)
      return fail([`${kind}_env`], `the environment variable ${name} is not set`);
    const secret = name === undefined ? referred(`${kind}_file`)?.trim() : env[name];
    if (secret === undefined) return undefined;
    const key = name === undefined ? `${kind}_file` : `${kind}_env`;
    if (secret.length < leastSecret) return fail([key], `the secret is too short: at least ${leastSecret} characters`);
    if (/[^\x20-\x7e]/.test(secret)) return fail([key], 'the secret has characters other than printable ASCII');
    return secret;
  };

  const checkKeys = (keys: readonly JWK[], pathOf: (index: number) => Issue['path']): void =>
    keys.forEach((key, index) => {
      const which = typeof key.kid === 'string' ? `key ${key.kid}` : `key ${index + 1}`;
      const fault = keyFault(key);
      if (fault !== undefined) fail(pathOf(index), `${which}: ${fault}`);
      const end = certificateEnd(key);
      if (end !== undefined && end - now < 30 * day)
        warn(
          pathOf(index),
          `${which}: its certificate ${end < now ? 'has expired' : 'expires'} on ${new Date(end).toISOString().slice(0, 10)}`,
        );
    });
  const keysFromFile = (): JWK[] | undefined => {
    const text = referred('jwks_file');
    if (text === undefined) return undefined;
    const keys = parseKeys(text);
    if (!keys || keys.length === 0)
      return fail(['jwks_file'], 'must be a JWK set: { "keys": [ … ] } with at least one key');
    checkKeys(keys, () => ['jwks_file']);
    return keys;
  };

  const secret = secretFrom('client_secret');
  const older = secretFrom('client_secret_previous');
  const inline = file.jwks?.keys as readonly JWK[] | undefined;
  if (inline) checkKeys(inline, (index) => ['jwks', 'keys', index]);
  const keys = inline ?? keysFromFile();
  const until = file.client_secret_previous_until;
  if (until !== undefined && endOf(until) <= now)
    warn(['client_secret_previous_until'], 'is over: the previous secret is refused and can be taken out');
  if (older !== undefined && older === secret)
    warn(['client_secret_previous_until'], 'the previous secret is the present one');
  return {
    issues,
    credentials: {
      ...(secret === undefined ? {} : { secret }),
      ...(older === undefined || until === undefined ? {} : { previousSecret: { secret: older, until: endOf(until) } }),
      ...(keys ? { jwks: { keys } } : {}),
    },
  };
};
