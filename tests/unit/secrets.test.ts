import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openSecrets } from '../../src/secrets.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'bayern-id-part-secrets-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

describe('each part has its own secrets', () => {
  test('in production a module starts with its own and reads no others', () => {
    const made = openSecrets(data, false).clientPart('bayern-portal');
    const production = mkdtempSync(join(data, 'production-'));
    mkdirSync(join(production, 'secrets'));
    const put = (name: string, text: string): void =>
      writeFileSync(join(production, 'secrets', name), text, { mode: 0o600 });
    put('bayern-portal.key', made.key.toString('base64url'));
    put('bayern-portal.private.json', JSON.stringify(made.clientKey));
    const secrets = openSecrets(production, true);
    expect(secrets.clientPart('bayern-portal')).toEqual(made);
    expect(() => secrets.masterKey()).toThrow('master.key');
    expect(() => secrets.clientPart('fuehrungszeugnis')).toThrow('fuehrungszeugnis.key');
  });

  test('no two parts share a key', () => {
    const secrets = openSecrets(data, false);
    const keys = [
      secrets.masterKey(),
      secrets.clientPart('bayern-portal').key,
      secrets.clientPart('fuehrungszeugnis').key,
    ].map((key) => key.toString('hex'));
    expect(new Set(keys).size).toBe(3);
  });
});
