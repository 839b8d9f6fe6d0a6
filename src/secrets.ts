import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWK } from 'jose';
import type { MasterKeys } from './id/master-keys.ts';
import { deriveKey } from './storage/sealing.ts';
import {
  assertNotDevelopment,
  createSecretText,
  initSecret,
  initSecretText,
  readSecret,
  readSecretText,
} from './storage/secrets.ts';

/** Parts that are clients of Bayern-ID wherever it runs. */
const servedEverywhere = [
  'bayern-portal',
  'mein-postfach',
  'bezahlsystem',
  'fuehrungszeugnis',
  'registerbehoerde',
] as const;

/** Parts that are clients of Bayern-ID; each has keys of its own. The playground is one on developers' machines. */
const clientParts = [...servedEverywhere, 'spielwiese'] as const;
export type ClientPart = (typeof clientParts)[number];

/** The client that stands for the sender of the example letters; nobody but a developer's programs uses its secret. */
const exampleSenderFile = 'musterstadt.secret';

/** Two of them are there only while the master key is being exchanged. */
export const masterKeyFiles = {
  current: 'master.key',
  next: 'master.next.key',
  previous: 'master.previous.key',
} as const;

export interface ClientPartSecrets {
  /** Seals what the module keeps; no other part has it. */
  readonly key: Buffer;
  /** Private key by which the module authenticates to Bayern-ID. */
  readonly clientKey: JWK;
}

/** Each part reads its own secrets and no others, so that a broken portal holds neither Bayern-ID's key nor its neighbour's. */
export interface Secrets {
  readonly directory: string;
  /** Of Bayern-ID alone, and the one secret outside its stores: everything sealed can be opened with it, nothing without it. */
  masterKeys(): MasterKeys;
  clientPart(part: ClientPart): ClientPartSecrets;
  /** What the Bezahlsystem and the payment simulator share; development only. */
  paymentSandbox(): PaymentSandboxSecrets;
}

export interface PaymentSandboxSecrets {
  readonly apiKey: string;
  /** Signs the simulator's call-backs. */
  readonly callbackSecret: Buffer;
}

/** @throws in production */
export const paymentSandboxSecrets = (directory: string): PaymentSandboxSecrets => {
  const key = initSecret(join(directory, 'payment-sandbox.key'), 32);
  return {
    apiKey: deriveKey(key, 'api').toString('base64url'),
    callbackSecret: deriveKey(key, 'callbacks'),
  };
};

const newClientKey = (): string => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256', use: 'sig' });
};

const publicHalf = (text: string): string => {
  const { d: _private, ...key } = JSON.parse(text) as JWK;
  return JSON.stringify({ keys: [key] });
};

/**
 * Reads secrets; on a developer's machine makes what is missing, for every part, since Bayern-ID reads the public halves
 * of the modules' keys. In production nothing is ever made: a missing or a development secret ends the start.
 *
 * @throws with the name of the file that is missing or unfit.
 */
export const openSecrets = (dataDirectory: string, production: boolean): Secrets => {
  const directory = join(dataDirectory, 'secrets');
  if (production) assertNotDevelopment(directory);
  const bytes = (name: string): Buffer => {
    const file = join(directory, name);
    return production ? readSecret(file) : initSecret(file, 32);
  };
  const clientKey = (part: ClientPart): JWK => {
    const file = join(directory, `${part}.private.json`);
    const text = production ? readSecretText(file) : initSecretText(file, newClientKey);
    const publicFile = join(directory, `${part}.public.json`);
    const wanted = publicHalf(text);
    if (!production && (!existsSync(publicFile) || readFileSync(publicFile, 'utf8') !== wanted))
      writeFileSync(publicFile, wanted);
    return JSON.parse(text) as JWK;
  };
  if (!production) {
    clientParts.forEach(clientKey);
    initSecret(join(directory, exampleSenderFile), 32);
  }
  return {
    directory,
    masterKeys() {
      const present = (name: string): Buffer | undefined =>
        existsSync(join(directory, name)) ? readSecret(join(directory, name)) : undefined;
      const current = bytes(masterKeyFiles.current);
      const [next, previous] = [present(masterKeyFiles.next), present(masterKeyFiles.previous)];
      return { current, ...(next ? { next } : {}), ...(previous ? { previous } : {}) };
    },
    clientPart: (part) => ({ key: bytes(`${part}.key`), clientKey: clientKey(part) }),
    paymentSandbox() {
      if (production) throw new Error('The payment sandbox is refused in production');
      return paymentSandboxSecrets(directory);
    },
  };
};

/** A module's new secrets, by the names of their files: the public half last, so that its presence says that all were made. */
const newPartSecrets = (part: ClientPart): Readonly<Record<string, string>> => {
  const key = newClientKey();
  return {
    [`${part}.key`]: randomBytes(32).toString('base64url'),
    [`${part}.private.json`]: key,
    [`${part}.public.json`]: publicHalf(key),
  };
};

export interface MadeSecrets {
  readonly directory: string;
  readonly files: readonly string[];
}

const writeAll = (directory: string, contents: Readonly<Record<string, string>>): MadeSecrets => {
  for (const [name, text] of Object.entries(contents)) createSecretText(join(directory, name), text);
  return { directory, files: Object.keys(contents) };
};

/**
 * Makes the secrets of a production installation: those of every part, to be handed out to the parts. Without the mark
 * of a developer's machine.
 *
 * @throws when any of them is there already, before anything is written.
 */
export const makeProductionSecrets = (dataDirectory: string): MadeSecrets => {
  const directory = join(dataDirectory, 'secrets');
  const contents: Record<string, string> = { [masterKeyFiles.current]: randomBytes(32).toString('base64url') };
  for (const part of servedEverywhere) Object.assign(contents, newPartSecrets(part));
  assertNotDevelopment(directory);
  const present = Object.keys(contents).filter((name) => existsSync(join(directory, name)));
  if (present.length > 0)
    throw new Error(
      `${directory} holds ${present.join(', ')} already: secrets are never overwritten (bayern-id keys add makes those of parts that an update has brought)`,
    );
  return writeAll(directory, contents);
};

/**
 * Makes the secrets of parts that came with an update, where Bayern-ID's own are: of those whose public half is not there. What is there
 * stays as it is, and what was handed out and removed is not made again.
 *
 * @throws where there is no installation, and for a part of which only something is there.
 */
export const addProductionSecrets = (dataDirectory: string): MadeSecrets => {
  const directory = join(dataDirectory, 'secrets');
  const there = (name: string): boolean => existsSync(join(directory, name));
  assertNotDevelopment(directory);
  if (!there(masterKeyFiles.current))
    throw new Error(`${directory} holds no ${masterKeyFiles.current}: bayern-id keys init makes a new installation`);
  const contents: Record<string, string> = {};
  for (const part of servedEverywhere) {
    if (there(`${part}.public.json`)) continue;
    const made = newPartSecrets(part);
    const left = Object.keys(made).filter(there);
    if (left.length > 0)
      throw new Error(`${directory} holds ${left.join(', ')}, but no ${part}.public.json: take it from your copy`);
    Object.assign(contents, made);
  }
  return writeAll(directory, contents);
};
