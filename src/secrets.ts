import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { assertNotDevelopment, initSecret, initSecretText, readSecret, readSecretText } from './storage/secrets.ts';

/** Parts that are clients of Bayern-ID; each has a key of its own. */
export const clientParts = ['bayern-portal', 'fuehrungszeugnis'] as const;
export type ClientPart = (typeof clientParts)[number];

export interface Secrets {
  readonly directory: string;
  /** The one secret outside the stores: everything sealed can be opened with it, nothing without it. */
  readonly masterKey: Buffer;
  /** Private keys by which the modules authenticate. */
  readonly clientKeys: Readonly<Record<ClientPart, JWK>>;
}

const newClientKey = (): string => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256', use: 'sig' });
};

const publicHalf = (text: string): string => {
  const { d: _private, ...key } = JSON.parse(text) as JWK;
  return JSON.stringify({ keys: [key] });
};

/**
 * Reads the secrets; on a developer's machine makes what is missing. In production nothing is ever made: a missing or a
 * development secret ends the start.
 *
 * @throws with the name of the file that is missing or unfit.
 */
export const openSecrets = (dataDirectory: string, production: boolean): Secrets => {
  const directory = join(dataDirectory, 'secrets');
  const master = join(directory, 'master.key');
  if (production) assertNotDevelopment(directory);
  const masterKey = production ? readSecret(master) : initSecret(master, 32);
  const keyOf = (part: ClientPart): JWK => {
    const file = join(directory, `${part}.private.json`);
    const text = production ? readSecretText(file) : initSecretText(file, newClientKey);
    const publicFile = join(directory, `${part}.public.json`);
    const wanted = publicHalf(text);
    if (!production && (!existsSync(publicFile) || readFileSync(publicFile, 'utf8') !== wanted))
      writeFileSync(publicFile, wanted);
    return JSON.parse(text) as JWK;
  };
  return {
    directory,
    masterKey,
    clientKeys: { 'bayern-portal': keyOf('bayern-portal'), fuehrungszeugnis: keyOf('fuehrungszeugnis') },
  };
};
