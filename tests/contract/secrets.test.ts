import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  assertNotDevelopment,
  initSecret,
  initSecretText,
  readSecret,
  readSecretText,
} from '../../src/storage/secrets.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bayern-id-secrets-'));
  file = join(folder, 'secrets', 'master');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('secrets', () => {
  test('are made once, private, and read again', () => {
    const secret = initSecret(file, 32);
    expect(secret).toHaveLength(32);
    expect(initSecret(file, 32)).toEqual(secret);
    expect(readSecret(file)).toEqual(secret);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, 'secrets')).sort()).toEqual(['DEVELOPMENT', 'master']);
  });

  test('of text are kept as they were made', () => {
    expect(initSecretText(file, () => 'first')).toBe('first');
    expect(initSecretText(file, () => 'second')).toBe('first');
  });

  test('processes that start together agree on one', async () => {
    const module = new URL('../../src/storage/secrets.ts', import.meta.url).href;
    const script = `import(${JSON.stringify(module)}).then(({ initSecret }) =>
      process.stdout.write(initSecret(${JSON.stringify(file)}, 32).toString('hex')))`;
    const read = (): Promise<string> =>
      new Promise((resolve) => {
        let text = '';
        const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        child.on('close', () => resolve(text));
      });
    const secrets = await Promise.all([read(), read(), read(), read()]);
    expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(secrets).size).toBe(1);
  });

  test('that another process made in the same moment win over ours', () => {
    const secret = initSecretText(file, () => {
      writeFileSync(file, 'theirs', { mode: 0o600 });
      return 'ours';
    });
    expect(secret).toBe('theirs');
    expect(readdirSync(join(folder, 'secrets')).sort()).toEqual(['DEVELOPMENT', 'master']);
  });

  test.each([0o644, 0o604, 0o660, 0o640])('of ours with mode %o are refused, by name', (mode) => {
    initSecret(file, 32);
    chmodSync(file, mode);
    expect(() => readSecret(file)).toThrow(file);
    expect(() => initSecret(file, 32)).toThrow('open to others');
  });

  test.each(['', ' \n'])('that are empty (%j) are refused', (text) => {
    writeFileSync(join(folder, 'empty'), text, { mode: 0o600 });
    expect(() => readSecretText(join(folder, 'empty'))).toThrow('is empty');
  });

  test('that are no base64url are refused without showing them', () => {
    writeFileSync(join(folder, 'odd'), 'pass word!', { mode: 0o600 });
    expect(() => readSecret(join(folder, 'odd'))).toThrow(/odd is not base64url$/);
  });

  test('that are missing are not made by reading', () => {
    expect(() => readSecret(file)).toThrow('ENOENT');
    expect(existsSync(file)).toBe(false);
  });
});

describe('the mark of development', () => {
  test('is set by making a secret, and production refuses it by name', () => {
    initSecret(file, 32);
    expect(() => assertNotDevelopment(join(folder, 'secrets'))).toThrow(join(folder, 'secrets'));
  });

  test('is not set by using secrets that were given', () => {
    writeFileSync(join(folder, 'given'), Buffer.alloc(32, 1).toString('base64url'), { mode: 0o600 });
    expect(initSecret(join(folder, 'given'), 32)).toEqual(Buffer.alloc(32, 1));
    expect(() => assertNotDevelopment(folder)).not.toThrow();
  });
});
