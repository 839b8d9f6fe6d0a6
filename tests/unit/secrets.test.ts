import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addProductionSecrets, makeProductionSecrets, openSecrets } from '../../src/secrets.ts';

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
    expect(() => secrets.masterKeys().current).toThrow('master.key');
    expect(() => secrets.clientPart('fuehrungszeugnis')).toThrow('fuehrungszeugnis.key');
  });

  test('no two parts share a key', () => {
    const secrets = openSecrets(data, false);
    const keys = [
      secrets.masterKeys().current,
      secrets.clientPart('bayern-portal').key,
      secrets.clientPart('fuehrungszeugnis').key,
    ].map((key) => key.toString('hex'));
    expect(new Set(keys).size).toBe(3);
  });
});

describe('bayern-id keys init', () => {
  const names = [
    'bayern-portal.key',
    'bayern-portal.private.json',
    'bayern-portal.public.json',
    'bezahlsystem.key',
    'bezahlsystem.private.json',
    'bezahlsystem.public.json',
    'fuehrungszeugnis.key',
    'fuehrungszeugnis.private.json',
    'fuehrungszeugnis.public.json',
    'master.key',
    'mein-postfach.key',
    'mein-postfach.private.json',
    'mein-postfach.public.json',
    'registerbehoerde.key',
    'registerbehoerde.private.json',
    'registerbehoerde.public.json',
  ];

  test('makes what production starts with, for its owner alone', () => {
    const { directory, files } = makeProductionSecrets(data);
    expect([...files].sort()).toEqual(names);
    expect(readdirSync(directory).sort()).toEqual(names);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of names) expect([name, statSync(join(directory, name)).mode & 0o777]).toEqual([name, 0o600]);
    const secrets = openSecrets(data, true);
    expect(secrets.masterKeys().current).toHaveLength(32);
    for (const part of [
      'bayern-portal',
      'mein-postfach',
      'bezahlsystem',
      'fuehrungszeugnis',
      'registerbehoerde',
    ] as const) {
      const { key, clientKey } = secrets.clientPart(part);
      expect([key.length, clientKey.alg, typeof clientKey.d]).toEqual([32, 'ES256', 'string']);
      const { d: _private, ...half } = clientKey;
      expect(JSON.parse(readFileSync(join(directory, `${part}.public.json`), 'utf8'))).toEqual({ keys: [half] });
    }
  });

  test.each(names)('overwrites nothing: %s is there', (name) => {
    mkdirSync(join(data, 'secrets'));
    writeFileSync(join(data, 'secrets', name), 'mine');
    expect(() => makeProductionSecrets(data)).toThrow(name);
    expect(readdirSync(join(data, 'secrets'))).toEqual([name]);
    expect(readFileSync(join(data, 'secrets', name), 'utf8')).toBe('mine');
  });

  test('does not turn a developer’s folder into one for production', () => {
    openSecrets(data, false).masterKeys();
    expect(() => makeProductionSecrets(data)).toThrow('development secrets');
    expect(() => openSecrets(data, true)).toThrow('development secrets');
  });
});

describe('bayern-id keys add', () => {
  const part = ['registerbehoerde.key', 'registerbehoerde.private.json', 'registerbehoerde.public.json'];
  const contents = (): string[] =>
    readdirSync(join(data, 'secrets'))
      .sort()
      .map((name) => `${name} ${readFileSync(join(data, 'secrets', name), 'utf8')}`);

  test('makes the secrets of a part that an update has brought, and leaves all others as they are', () => {
    const { directory } = makeProductionSecrets(data);
    for (const name of part) rmSync(join(directory, name));
    const before = contents();
    expect(addProductionSecrets(data).files).toEqual(part);
    expect(contents()).toEqual(expect.arrayContaining(before));
    expect(openSecrets(data, true).clientPart('registerbehoerde').key).toHaveLength(32);
    expect(addProductionSecrets(data).files).toEqual([]);
  });

  test('makes nothing again that was handed out', () => {
    const { directory } = makeProductionSecrets(data);
    for (const name of part.slice(0, 2)) rmSync(join(directory, name));
    expect(addProductionSecrets(data).files).toEqual([]);
  });

  test('refuses where there is no installation, a half part or a developer’s machine', () => {
    expect(() => addProductionSecrets(data)).toThrow('keys init');
    const { directory } = makeProductionSecrets(data);
    rmSync(join(directory, 'registerbehoerde.public.json'));
    const before = contents();
    expect(() => addProductionSecrets(data)).toThrow('registerbehoerde.public.json');
    expect(contents()).toEqual(before);
    rmSync(data, { recursive: true });
    openSecrets(data, false).masterKeys();
    expect(() => addProductionSecrets(data)).toThrow('development secrets');
  });
});
