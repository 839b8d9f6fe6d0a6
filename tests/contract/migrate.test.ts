import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { recordParts } from '../../src/backup/parts.ts';
import { Misunderstood } from '../../src/cli/context.ts';
import { migrateCommand } from '../../src/cli/migrate.ts';
import type { Settings } from '../../src/settings.ts';
import { storageSettings } from '../../src/storage/settings.ts';

const directory = mkdtempSync(join(tmpdir(), 'bayern-id-migrate-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const migrate = async (...args: string[]): Promise<string[]> => {
  const lines: string[] = [];
  const settings = { storage: storageSettings.parse({ directory }) } as Settings;
  const print = (line: string): void => {
    // As at a terminal that goes away: the step before it is done.
    if (line.startsWith('bezahlsystem: ')) throw new Error('the machine stops here');
    lines.push(line);
  };
  expect(await migrateCommand(args, { settings, print })).toBe(0);
  return lines;
};

test('bayern-id migrate tells of each step, once, and goes on where it was interrupted', async () => {
  const steps = Object.keys(recordParts['id'] ?? {}).sort();
  const told = await migrate('id');
  expect(told.map((line) => line.replace(/, [\d.]+ s$/, ''))).toEqual([
    ...steps.map((step) => `id: ${step}`),
    'id: up to date',
  ]);
  expect(await migrate('id')).toEqual(['id: up to date']);
  await expect(migrate()).rejects.toThrow('the machine stops here');
  expect(await migrate('id', 'mein-postfach')).toEqual(['id: up to date', 'mein-postfach: up to date']);
});

test('of a part that keeps nothing for long there is nothing to migrate', async () => {
  for (const part of ['bayern-portal', 'nobody', '__proto__', 'constructor'])
    await expect(migrate(part)).rejects.toThrow(Misunderstood);
});
