import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFiles } from '../../src/config/files.ts';
import { createClientLoader, type ClientLoader, type LoadedClients } from '../../src/id/clients/load.ts';
import { instead, makeClientFolder, publicKey, shortFile, type ClientFolder } from '../support/client-files.ts';

let folder: ClientFolder;
let loader: ClientLoader;
const env: NodeJS.ProcessEnv = {};

beforeEach(() => {
  folder = makeClientFolder();
  for (const authority of ['bayern', 'stadt']) writeAuthority(authority);
  for (const id of ['a', 'b']) folder.write(`clients/${id}.yaml`, shortFile(`${id}-dienst`));
  folder.write('clients/stadt/c.yaml', shortFile('c-dienst'));
  loader = createClientLoader({ directory: folder.path, variables: {}, env, production: true });
});
afterEach(() => folder.close());

const writeAuthority = (id: string, ...more: readonly string[]): void =>
  folder.write(`authorities/${id}.yaml`, [
    `name: ${id}`,
    'client_names: any',
    'client_id_prefix: ""',
    'hosts: any',
    'files: any',
    ...more,
  ]);

/** Loads, and says which clients are other objects than in the set before. */
const changedFrom = async (before: LoadedClients): Promise<{ now: LoadedClients; ids: string[] }> => {
  const now = await loader.load();
  const ids = [...(now.set?.clients ?? [])].flatMap(([id, party]) =>
    before.set?.clients.get(id) === party ? [] : [id],
  );
  return { now, ids };
};

describe('what is read again', () => {
  test('nothing, when nothing has changed', async () => {
    const first = await loader.load();
    expect(first.changed).toBe(true);
    const { now, ids } = await changedFrom(first);
    expect(ids).toEqual([]);
    expect(now.changed).toBe(false);
    expect(now.set?.clients.size).toBe(3);
  });

  test('one file, and with the same size and at the same moment too', async () => {
    const first = await loader.load();
    folder.write('clients/a.yaml', [...shortFile('a-dienst'), 'purpose: eins']);
    const second = await changedFrom(first);
    expect(second.ids).toEqual(['a-dienst']);
    folder.write('clients/a.yaml', [...shortFile('a-dienst'), 'purpose: zwei']);
    const third = await changedFrom(second.now);
    expect(third.ids).toEqual(['a-dienst']);
    expect(third.now.set?.clients.get('a-dienst')?.file.purpose).toBe('zwei');
  });

  test('a file that is written twice within one tick of the file system’s clock', async () => {
    const files = createFiles(1024);
    const path = join(folder.path, 'clients/a.yaml');
    for (let number = 100; number < 400; number++) {
      folder.write('clients/a.yaml', `${number}`);
      expect(await files.read(path)).toEqual({ text: `${number}` });
    }
  });

  test('not a file that was only touched', async () => {
    const first = await loader.load();
    utimesSync(join(folder.path, 'clients/a.yaml'), new Date(), new Date());
    expect(await changedFrom(first)).toMatchObject({ ids: [], now: { changed: false } });
  });

  test('a file whose times were set back', async () => {
    folder.write('clients/a.yaml', [...shortFile('a-dienst'), 'purpose: eins']);
    const path = join(folder.path, 'clients/a.yaml');
    const old = new Date('2020-01-01');
    utimesSync(path, old, old);
    const first = await loader.load();
    folder.write('clients/new.yaml', [...shortFile('a-dienst'), 'purpose: zwei']);
    renameSync(join(folder.path, 'clients/new.yaml'), path);
    utimesSync(path, old, old);
    expect((await changedFrom(first)).ids).toEqual(['a-dienst']);
  });

  test('the clients of an authority whose file has changed, and no others', async () => {
    const first = await loader.load();
    writeAuthority('stadt', 'contact: amt@stadt.example');
    expect((await changedFrom(first)).ids).toEqual(['c-dienst']);
  });

  test('a client whose keys lie in a file that has changed', async () => {
    const lines = shortFile('a-dienst').filter((line) => !line.startsWith('jwks'));
    folder.write('clients/a.yaml', [...lines, `jwks_file: ${folder.path}/keys.json`]);
    folder.write('keys.json', `{ "keys": [${publicKey()}] }`);
    const first = await loader.load();
    expect(first.findings).toEqual([]);
    expect([...first.directories.keys()]).toContain(folder.path);
    folder.write('keys.json', `{ "keys": [${publicKey()}, ${publicKey()}] }`);
    const { now, ids } = await changedFrom(first);
    expect(ids).toEqual(['a-dienst']);
    expect(now.set?.clients.get('a-dienst')?.jwks?.keys).toHaveLength(2);
    folder.remove('keys.json');
    expect((await loader.load()).findings[0]?.message).toMatch(/cannot read .*keys\.json \(ENOENT\)/);
  });

  test('a removed file is gone, and a removed folder with its files', async () => {
    await loader.load();
    folder.remove('clients/a.yaml');
    const second = await loader.load();
    expect(second.changed).toBe(true);
    expect([...(second.set?.clients.keys() ?? [])]).toEqual(['b-dienst', 'c-dienst']);
    folder.remove('clients/stadt');
    const third = await loader.load();
    expect([...(third.set?.clients.keys() ?? [])]).toEqual(['b-dienst']);
    expect([...third.directories.keys()].some((path) => path.endsWith('stadt'))).toBe(false);
  });
});

describe('all or nothing', () => {
  test('a broken file leaves no set; mended, the others are still the same', async () => {
    const first = await loader.load();
    folder.write('clients/a.yaml', instead(shortFile('a-dienst'), 'minimum_level: hihg'));
    const broken = await loader.load();
    expect(broken.set).toBeUndefined();
    expect(broken.findings).toEqual([
      {
        file: join(folder.path, 'clients/a.yaml'),
        line: 5,
        column: 1,
        key: 'minimum_level',
        message: expect.stringContaining('did you mean "high"?'),
        nearest: 'high',
        severity: 'error',
      },
    ]);
    folder.write('clients/a.yaml', instead(shortFile('a-dienst'), 'minimum_level: high'));
    expect((await changedFrom(first)).ids).toEqual(['a-dienst']);
  });

  test('an authority’s broken file spoils the set as well', async () => {
    writeAuthority('stadt', 'hosst: any');
    const { set, findings } = await loader.load();
    expect(set).toBeUndefined();
    expect(findings.map(({ file, key }) => [file.slice(folder.path.length + 1), key])).toEqual([
      ['authorities/stadt.yaml', 'hosst'],
      ['clients/stadt/c.yaml', ''],
    ]);
  });
});

describe('which files count', () => {
  test('no hidden ones, no backups, no links out of the folder, no pipes', async () => {
    folder.write('elsewhere/d.yaml', shortFile('d-dienst'));
    folder.write('clients/.d.yaml', shortFile('d-dienst'));
    folder.write('clients/d.yaml~', shortFile('d-dienst'));
    symlinkSync(join(folder.path, 'elsewhere/d.yaml'), join(folder.path, 'clients/d.yaml'));
    symlinkSync(join(folder.path, 'elsewhere'), join(folder.path, 'clients/e'));
    execFileSync('mkfifo', [join(folder.path, 'clients/f.yaml')]);
    expect([...((await loader.load()).set?.clients.keys() ?? [])]).toEqual(['a-dienst', 'b-dienst', 'c-dienst']);
  });

  test('a ConfigMap of Kubernetes: links to files below a hidden folder', async () => {
    folder.write('clients/..2026/d.yaml', shortFile('d-dienst'));
    folder.write('clients/..2027/d.yaml', [...shortFile('d-dienst'), 'purpose: neu']);
    symlinkSync('..2026', join(folder.path, 'clients/..data'));
    symlinkSync('..data/d.yaml', join(folder.path, 'clients/d.yaml'));
    expect((await loader.load()).set?.clients.get('d-dienst')?.file.purpose).toBeUndefined();
    symlinkSync('..2027', join(folder.path, 'clients/..new'));
    renameSync(join(folder.path, 'clients/..new'), join(folder.path, 'clients/..data'));
    expect((await loader.load()).set?.clients.get('d-dienst')?.file.purpose).toBe('neu');
  });

  test('a file that is too large is refused', async () => {
    folder.write('clients/a.yaml', [...shortFile('a-dienst'), `# ${'x'.repeat(40_000)}`]);
    expect((await loader.load()).findings[0]?.message).toBe('cannot be read (larger than 32 kB)');
  });

  test('no folder at all is no client', async () => {
    folder.remove('clients');
    expect((await loader.load()).set?.clients.size).toBe(0);
  });

  test('a folder in place of a file is another level of folders', async () => {
    mkdirSync(join(folder.path, 'clients/stadt/amt.yaml'));
    folder.write('clients/stadt/amt.yaml/d.yaml', shortFile('d-dienst'));
    expect((await loader.load()).set?.clients.get('d-dienst')?.authority).toBe('stadt');
  });
});

test('without secrets nothing is opened that the files refer to', async () => {
  const lines = shortFile('a-dienst').filter((line) => !line.startsWith('jwks'));
  folder.write('clients/a.yaml', [...lines, `jwks_file: ${folder.path}/keys.json`]);
  expect((await folder.load()).set).toBeUndefined();
  expect((await folder.load({ withoutSecrets: true })).findings).toEqual([]);
  const weak = { kty: 'EC', crv: 'secp256k1', x: 'AA', y: 'AA' };
  folder.write('clients/a.yaml', [...lines, `jwks: { keys: [${JSON.stringify(weak)}] }`]);
  expect((await folder.load({ withoutSecrets: true })).findings[0]?.message).toMatch(/not an accepted kind of key/);
});
