import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { App } from '../../src/app.ts';
import { findAusweisApp, prepareAusweisApp, type AusweisAppGuide } from '../../src/simulators/ausweisapp.ts';
import { ensureDevelopmentPki } from '../../src/simulators/development-pki.ts';
import { loadSettings } from '../../src/config/load.ts';
import { settings as settingsSchema } from '../../src/settings.ts';
import { startTable } from '../../src/start-table.ts';
import { certificates } from '../support/app.ts';

let folder: string;
let tlsCertificate: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ausweisapp-unit-'));
  tlsCertificate = (await ensureDevelopmentPki(certificates)).of.localhost.certificate;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = (says: string): string => {
  const file = join(folder, `client-${says.replaceAll(/\W/g, '-')}`);
  writeFileSync(file, `#!/bin/sh\necho '${says}'\n`);
  chmodSync(file, 0o755);
  return file;
};

test.each([
  ['AusweisApp2 1.26.2', { kind: 'ready', version: '1.26.2' }],
  ['AusweisApp2 1.26.7', { kind: 'ready', version: '1.26.7' }],
  ['AusweisApp 2.3.0', { kind: 'unfit', version: '2.3.0' }],
  ['AusweisApp2 1.22.7', { kind: 'unfit', version: '1.22.7' }],
  ['something else', { kind: 'missing' }],
])('a client that says “%s”', async (says, state) => {
  expect(await findAusweisApp([program(says)])).toMatchObject(state);
});

test('a machine without the client', async () => {
  expect(await findAusweisApp([join(folder, 'nowhere'), join(folder, 'elsewhere')])).toEqual({ kind: 'missing' });
});

test('the copy has settings of its own, which are kept, and no developer mode', async () => {
  const ready = { kind: 'ready', version: '1.26.2', program: program('AusweisApp2 1.26.2') } as const;
  const directory = join(folder, 'prepared');
  const prepared = await prepareAusweisApp(ready, directory);
  const settings = join(prepared.configHome, 'Unknown Organization', 'AusweisApp2.conf');
  expect(readFileSync(settings, 'utf8')).toContain('simulator=true');
  expect(readFileSync(settings, 'utf8')).not.toContain('developerMode');
  writeFileSync(settings, '[General]\nlanguage=de\n');
  expect(await prepareAusweisApp(ready, directory)).toEqual(prepared);
  expect(readFileSync(settings, 'utf8')).toBe('[General]\nlanguage=de\n');
  expect(readFileSync(prepared.program)).toEqual(readFileSync(ready.program));
});

const app: App = {
  addresses: { 'bayern-portal': 'https://localhost:3001' },
  monitored: { metrics: () => '', health: () => Promise.resolve({}), readiness: () => Promise.resolve({}) },
  reloadClients: () => Promise.reject(new Error('not here')),
  drain: () => {},
  close: () => Promise.resolve(),
};
const tableFor = (guide: Omit<AusweisAppGuide, 'directory' | 'tlsCertificate'>): string =>
  startTable(app, 1, { ...guide, directory: '/somewhere/my data', tlsCertificate });

test('the start says how to begin with the client, in commands that can be copied', () => {
  const table = tableFor({
    state: { kind: 'ready', version: '1.26.2', program: '/usr/bin/AusweisApp2' },
    prepared: { program: '/somewhere/my data/AusweisApp2', configHome: '/somewhere/my data/config' },
  });
  expect(table).toContain("XDG_CONFIG_HOME='/somewhere/my data/config' '/somewhere/my data/AusweisApp2'");
  expect(table).toMatch(/--ignore-certificate-errors-spki-list=[\w+/]{43}= https:\/\/localhost:3001\/$/m);
  expect(table).toContain('Test-PKI, no authenticity');
});

test.each<[string, AusweisAppGuide['state'], string]>([
  ['without the client', { kind: 'missing' }, 'apt-get install ausweisapp2'],
  ['with another version', { kind: 'unfit', version: '2.3.0' }, 'AusweisApp 2.3.0 is installed'],
])('the start says what is needed %s', (_, state, words) => {
  expect(tableFor({ state })).toContain(words);
});

test('every part of it is on https: what the client and its browser go to, and what leads there', () => {
  const settings = loadSettings('config', settingsSchema, {}, join('development', 'ausweisapp.yaml'));
  const origins = JSON.stringify(settings).match(/https?:\/\/localhost:\d+/g) ?? [];
  expect(origins.length).toBeGreaterThan(15);
  expect(origins.filter((origin) => !origin.startsWith('https:'))).toEqual([]);
});

test('npm start says nothing of it', () => {
  expect(startTable(app, 1)).not.toContain('AusweisApp');
});
