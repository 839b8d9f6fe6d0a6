import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { checkConfiguration, type CheckOptions } from '../../src/cli/check.ts';
import { newClient } from '../../src/cli/client-new.ts';
import { ConfigError, type Finding } from '../../src/config/report.ts';
import { instead, makeClientFolder, publicKey, shortFile, type ClientFolder } from '../support/client-files.ts';

let folder: ClientFolder;
beforeEach(() => {
  folder = makeClientFolder();
  folder.write('authorities/bayern.yaml', [
    'name: Bayern',
    'client_names: any',
    'client_id_prefix: ""',
    "hosts: ['*.bayern.example']",
    'scopes: [openid, profile, offline_access]',
    'pkce: optional',
    'files: [secrets]',
    'environment: [CLIENT_]',
  ]);
  folder.write('authorities/stadt.yaml', [
    'name: Stadt',
    'client_names: [Hundesteuer]',
    'hosts: [hunde.stadt.example]',
    'lowest_minimum_level: low',
    'files: [secrets/stadt]',
  ]);
});
afterEach(() => folder.close());

describe('bayern-id check', () => {
  const check = async (options: Partial<CheckOptions> = {}): Promise<{ code: number; out: string }> => {
    const lines: string[] = [];
    const code = await checkConfiguration({
      directory: folder.path,
      production: true,
      env: {},
      json: false,
      withoutSecrets: false,
      settings: () => ({
        findings: [],
        variables: {},
        senders: 'postfach/senders',
        originators: 'originators',
        providers: [],
      }),
      print: (line) => lines.push(line),
      ...options,
    });
    return { code, out: lines.join('\n').replaceAll(`${folder.path}/`, '') };
  };
  const base = shortFile('dienst', 'dienst.bayern.example');

  test('passes what a server would start on, and says what is worth a look', async () => {
    folder.write('clients/dienst.yaml', [...base, 'pkce: optional']);
    expect(await check()).toEqual({
      code: 0,
      out: [
        'clients/dienst.yaml:5:1: warning: pkce: without PKCE a stolen code can be redeemed: leave it out if you can',
        '1 clients of 2 authorities: 0 errors, 1 warnings',
      ].join('\n'),
    });
  });

  test('SC-04: names everything at once: file, line, column, key, what is wrong, the nearest right word', async () => {
    folder.write('clients/dienst.yaml', [...base, 'minimum_levl: low', 'acr_names: storck']);
    folder.write('clients/stadt/hunde.yaml', shortFile('stadt-hunde', 'evil.example'));
    const { code, out } = await check();
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^clients\/dienst\.yaml:6:1: error: acr_names: .*; did you mean "stork"\?$/),
      'clients/dienst.yaml:5:1: error: minimum_levl: unknown key; did you mean "minimum_level"?',
      expect.stringMatching(/^clients\/stadt\/hunde\.yaml:2:1: error: client_name: .* ask for client_names/),
      expect.stringMatching(/^clients\/stadt\/hunde\.yaml:3:17: error: redirect_uris\.0: evil\.example is no host/),
      expect.stringMatching(/^clients\/stadt\/hunde\.yaml:1:1: error: minimum_level: must be low or/),
      'the client files are not usable: 5 errors, 0 warnings',
    ]);
  });

  test('the same for machines', async () => {
    folder.write('clients/dienst.yaml', [...base, 'minimum_levl: low']);
    const { code, out } = await check({ json: true });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual([
      {
        file: 'clients/dienst.yaml',
        line: 5,
        column: 1,
        key: 'minimum_levl',
        message: 'unknown key; did you mean "minimum_level"?',
        nearest: 'minimum_level',
        severity: 'error',
      },
    ]);
    folder.write('clients/dienst.yaml', base);
    expect(await check({ json: true })).toEqual({ code: 0, out: '[]' });
  });

  test('senders of Mein Postfach belong to it: file, authority and client fit each other', async () => {
    folder.write('clients/dienst.yaml', base);
    const sender = ['sender: amt', 'authority: bayern', 'name: Amt', 'client_ids: [dienst]'];
    folder.write('postfach/senders/amt.yaml', sender);
    expect(await check()).toMatchObject({ code: 0 });
    folder.write('postfach/senders/amt.yaml', instead(sender, 'client_ids: [dienst, fremd]'));
    expect(await check()).toMatchObject({ code: 1, out: expect.stringContaining('fremd is no client of Bayern-ID') });
    folder.write('postfach/senders/amt.yaml', instead(sender, 'authority: stadt'));
    expect(await check()).toMatchObject({
      code: 1,
      out: expect.stringContaining('dienst belongs to the authority bayern'),
    });
    folder.write('postfach/senders/amt.yaml', [...sender, 'webhook_uri: http://amt.example/']);
    expect(await check()).toMatchObject({ code: 1, out: expect.stringContaining('webhook_uri: must be https') });
  });

  test('what is wrong with the settings stands beside it, or in its place', async () => {
    folder.write('clients/dienst.yaml', base);
    const finding: Finding = { file: 'x', line: 1, column: 1, key: 'web', message: 'needs tls', severity: 'error' };
    const beside = await check({
      settings: () => ({
        findings: [finding],
        variables: {},
        senders: 'postfach/senders',
        originators: 'originators',
        providers: [],
      }),
    });
    expect(beside).toMatchObject({ code: 1, out: expect.stringContaining('x:1:1: error: web: needs tls\n1 clients') });
    const broken = (): never => {
      throw new ConfigError([finding]);
    };
    expect(JSON.parse((await check({ settings: broken, json: true })).out)).toEqual([finding]);
  });

  test('in development localhost will do, in production it will not', async () => {
    folder.write('clients/dienst.yaml', instead(base, 'redirect_uris: [http://localhost:8080/cb]'));
    expect((await check({ production: false })).code).toBe(0);
    expect((await check()).code).toBe(1);
  });
});

describe('SC-04: bayern-id check --against what is in force', () => {
  let before: ClientFolder;
  beforeEach(() => {
    before = makeClientFolder();
    folder.remove('authorities/stadt.yaml');
    for (const place of [folder, before]) {
      place.write('authorities/bayern.yaml', [
        'name: Bayern',
        'client_names: any',
        'client_id_prefix: ""',
        "hosts: ['*.bayern.example']",
        'scopes: [openid, profile]',
      ]);
    }
  });
  afterEach(() => before.close());
  const all: Record<string, unknown> = {};
  const against = async (json = false): Promise<{ code: number; out: string }> => {
    const lines: string[] = [];
    const code = await checkConfiguration({
      directory: folder.path,
      against: before.path,
      production: true,
      env: {},
      json,
      withoutSecrets: false,
      settings: (directory) => ({
        findings: [],
        variables: {},
        senders: 'postfach/senders',
        originators: 'originators',
        providers: [],
        all: all[directory],
      }),
      print: (line) => lines.push(line),
    });
    return { code, out: lines.join('\n') };
  };

  test('clients that come, go and change, and settings; secrets are named and never shown', async () => {
    const same = shortFile('same', 'same.bayern.example');
    const other = shortFile('other', 'other.bayern.example');
    for (const place of [folder, before]) place.write('clients/same.yaml', same);
    before.write('clients/other.yaml', other);
    const keys = `jwks: { keys: [${publicKey()}] }`;
    folder.write('clients/other.yaml', instead(other, 'client_name: Anderer', 'minimum_level: low', keys));
    before.write('clients/old.yaml', shortFile('old', 'old.bayern.example'));
    folder.write('clients/new.yaml', shortFile('new', 'new.bayern.example'));
    all[before.path] = {
      id: { lifetimes: { code: 60 } },
      storage: { database_url: 'postgres://id:geheim-alt@db/x', redis: { password: 'geheim-alt' } },
      same: 1,
    };
    all[folder.path] = {
      id: { lifetimes: { code: 30 } },
      storage: { database_url: 'postgres://id:geheim-neu@db/x', redis: { password: 'geheim-neu' } },
      same: 1,
    };
    const { code, out } = await against();
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'setting id.lifetimes.code: 60 → 30',
      'setting storage.database_url: … → …',
      'setting storage.redis.password: … → …',
      'client old: would be gone, with its tokens',
      'client new: would be new',
      'client other: client_name: "Dienst" → "Anderer"',
      expect.stringMatching(/^client other: jwks\.keys: \[.{1,130}… → \[.{1,130}…$/),
      'client other: minimum_level: "basic" → "low"',
      '3 clients of 1 authorities: 0 errors, 0 warnings; 8 changes',
    ]);
    expect(JSON.parse((await against(true)).out)).toMatchObject({
      findings: [],
      changes: expect.arrayContaining(['client new: would be new']),
    });
  });

  test('nothing is changed: so it says, and changes nothing itself', async () => {
    for (const place of [folder, before])
      place.write(
        'clients/same.yaml',
        'client_id: same\nclient_name: Dienst\nredirect_uris: [https://same.bayern.example/cb]\njwks_uri: https://same.bayern.example/jwks\n',
      );
    expect((await against()).out).toBe('1 clients of 1 authorities: 0 errors, 0 warnings; 0 changes');
  });

  test('where one of the two is not usable there is nothing to compare', async () => {
    folder.write('clients/same.yaml', shortFile('same', 'same.bayern.example'));
    before.write('clients/same.yaml', 'client_id: [');
    expect((await against()).out).toContain('nothing to compare with');
  });
});

describe('bayern-id client new', () => {
  interface Outcome {
    readonly code: number;
    readonly out: string;
    readonly error: string;
  }
  /** Gives these lines as answers; the whole comes at once, as from a pipe. */
  const ask = async (answers: readonly string[], interactive = false): Promise<Outcome> => {
    let out = '';
    const output = new Writable({
      write(chunk: Buffer, _, done) {
        out += chunk.toString('utf8');
        done();
      },
    });
    try {
      const code = await newClient({
        directory: folder.path,
        variables: {},
        env: {},
        production: true,
        input: Readable.from([answers.map((line) => `${line}\n`).join('')]),
        output,
        interactive,
      });
      return { code, out: out.replaceAll(`${folder.path}/`, ''), error: '' };
    } catch (error) {
      return { code: 1, out, error: (error as Error).message };
    }
  };
  const short = ['', 'melder', 'Meldeamt', 'Registration', 'https://melder.bayern.example/cb', '', '', '', ''];
  const written = (name: string): string => readFileSync(join(folder.path, 'clients', name), 'utf8');
  const files = (): string[] =>
    existsSync(join(folder.path, 'clients'))
      ? readdirSync(join(folder.path, 'clients'), { recursive: true }).map(String)
      : [];

  test('from a pipe: presets for empty lines, and a file that the check passes', async () => {
    const { code, out } = await ask(short);
    expect(out).toContain('Wrote clients/melder.yaml.');
    expect(out).toContain('Until secrets/melder.public.json is there, no change of any client comes into force.');
    expect(code).toBe(0);
    expect(written('melder.yaml')).toBe(`# yaml-language-server: $schema=../schema/client.json
client_id: melder
client_name:
  de: Meldeamt
  en: Registration
redirect_uris:
  - https://melder.bayern.example/cb
jwks_file: secrets/melder.public.json
scope: openid profile
minimum_level: basic
`);
    expect((await folder.load({ withoutSecrets: true })).findings).toEqual([]);
  });

  test('for an authority: in its folder, with the schema found from there', async () => {
    const { code } = await ask([
      'stadt',
      'stadt-hunde',
      'Hundesteuer',
      '',
      'https://hunde.stadt.example/cb https://hunde.stadt.example/zurueck',
      'openid',
      'substantial',
      'none',
    ]);
    expect(code).toBe(0);
    expect(written('stadt/stadt-hunde.yaml')).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/\.\.\/schema\/client\.json\n/,
    );
    expect(parse(written('stadt/stadt-hunde.yaml'))).toEqual({
      client_id: 'stadt-hunde',
      client_name: 'Hundesteuer',
      redirect_uris: ['https://hunde.stadt.example/cb', 'https://hunde.stadt.example/zurueck'],
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      scope: 'openid',
      minimum_level: 'substantial',
    });
    expect((await folder.load()).set?.clients.get('stadt-hunde')?.authority).toBe('stadt');
  });

  test.each([
    ['key_address', 'https://melder.bayern.example/keys', { jwks_uri: 'https://melder.bayern.example/keys' }],
    ['secret_file', '', { client_secret_file: 'secrets/melder' }],
    ['secret_variable', '', { client_secret_env: 'CLIENT_MELDER_SECRET' }],
  ])('by %s', async (way, answer, lines) => {
    expect((await ask([...short.slice(0, 7), way, answer])).code).toBe(0);
    expect(parse(written('melder.yaml'))).toMatchObject(lines);
    expect(written('melder.yaml')).not.toMatch(/client_secret:|BEGIN/);
  });

  test('offline access brings its grant along', async () => {
    expect((await ask([...short.slice(0, 5), 'openid offline_access', '', '', ''])).code).toBe(0);
    expect(parse(written('melder.yaml'))).toMatchObject({ grant_types: ['authorization_code', 'refresh_token'] });
  });

  test('overwrites nothing, wherever the client stands', async () => {
    folder.write('clients/anders.yaml', shortFile('melder', 'melder.bayern.example'));
    expect((await ask(short)).error).toMatch(/^Client id: is in .*clients\/anders\.yaml already$/);
    folder.remove('clients/anders.yaml');
    folder.write('clients/melder.yaml', shortFile('anders', 'melder.bayern.example'));
    const before = written('melder.yaml');
    expect((await ask(short)).error).toMatch(/EEXIST/);
    expect(written('melder.yaml')).toBe(before);
    expect(statSync(join(folder.path, 'clients/melder.yaml')).size).toBe(before.length);
  });

  test.each([
    ['an unknown authority', 0, 'dorf', /Authority: bayern, stadt: one of bayern, stadt$/],
    ['an id of the wrong letters', 1, 'Meldeamt', /Client id: use small letters/],
    ['no name', 2, '', /Name that citizens read, in German: an answer is needed/],
    ['a wildcard', 4, 'https://*.bayern.example/cb', /redirect_uris\): a wildcard is never accepted/],
    ['an unknown scope', 5, 'openid profil', /^Scopes, of .*: Invalid option/],
    ['an unknown level', 6, 'hihg', /one of basic, low, substantial, high$/],
    ['an unknown way', 7, 'password', /one of key_file, key_address/],
  ])('%s ends it, and nothing is written', async (_, at, answer, message) => {
    const { error } = await ask(short.map((line, i) => (i === at ? answer : line)));
    expect(error).toMatch(message);
    expect(files()).toEqual([]);
  });

  test('answers that end too early', async () => {
    expect((await ask(short.slice(0, 4))).error).toMatch(/^the answers ended before “Addresses/);
    expect(files()).toEqual([]);
  });

  test('what the authority does not grant is told with what to ask for, and not written', async () => {
    const { code, out } = await ask(short.map((line, i) => (i === 4 ? 'https://evil.example/cb' : line)));
    expect(code).toBe(1);
    expect(out).toMatch(/melder\.yaml:7:5: error: redirect_uris\.0: evil\.example is no host of bayern; ask for hosts/);
    expect(out).toContain('Nothing was written');
    expect(files()).toEqual([]);
  });

  test('somebody who sits there is asked again', async () => {
    const { code, out } = await ask(['dorf', 'bayern', 'Meldeamt', ...short.slice(1)], true);
    expect(out).toContain('one of bayern, stadt');
    expect(out).toContain('use small letters');
    expect(code).toBe(0);
  });
});
