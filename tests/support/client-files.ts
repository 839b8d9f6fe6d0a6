import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatFinding } from '../../src/config/report.ts';
import { createClientLoader, type ClientLoaderOptions, type LoadedClients } from '../../src/id/clients/load.ts';

/** A folder as config/ is one, in which a test writes what it likes. */
export interface ClientFolder {
  readonly path: string;
  write(name: string, text: string | readonly string[]): void;
  remove(name: string): void;
  load(options?: Partial<ClientLoaderOptions>): Promise<LoadedClients>;
  /** The findings of a load, each on its line without the folder's name. */
  findings(options?: Partial<ClientLoaderOptions>): Promise<string[]>;
  close(): void;
}

export const makeClientFolder = (): ClientFolder => {
  const path = mkdtempSync(join(tmpdir(), 'bayern-id-clients-'));
  const folder: ClientFolder = {
    path,
    write(name, text) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), typeof text === 'string' ? text : `${text.join('\n')}\n`);
    },
    remove: (name) => rmSync(join(path, name), { recursive: true }),
    load: (options = {}) =>
      createClientLoader({ directory: path, variables: {}, env: {}, production: true, ...options }).load(),
    findings: async (options) =>
      (await folder.load(options)).findings.map((finding) => formatFinding(finding).slice(path.length + 1)),
    close: () => rmSync(path, { recursive: true, force: true }),
  };
  return folder;
};

/** A public key as it stands in a client's file. */
export const publicKey = (): string => {
  const { publicKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return JSON.stringify({ ...key.export({ format: 'jwk' }), kid: 'k', alg: 'ES256', use: 'sig' });
};

/** The lines of a short file that needs nothing from anywhere else. */
export const shortFile = (id: string, host = 'dienst.stadt.example'): string[] => [
  `client_id: ${id}`,
  'client_name: Dienst',
  `redirect_uris: [https://${host}/cb]`,
  `jwks: { keys: [${publicKey()}] }`,
];

/** The same lines with others in place of those with the same keys. */
export const instead = (lines: readonly string[], ...others: readonly string[]): string[] => {
  const keyOf = (line: string): string => line.split(':')[0] ?? '';
  return [...lines.filter((line) => !others.some((other) => keyOf(other) === keyOf(line))), ...others];
};
