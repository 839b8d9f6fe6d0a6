import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadSettings } from '../../src/config/load.ts';
import { formatFinding, nearest, type ConfigError } from '../../src/config/report.ts';
import { createClientLoader, type LoadedClients } from '../../src/id/clients/load.ts';
import { writeSchemas } from '../../src/schemas.ts';
import { settings, unfitForProduction } from '../../src/settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bayern-id-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};

describe('settings', () => {
  const shipped = (name: string): string => readFileSync(`config/${name}.yaml`, 'utf8');
  const refusal = (env: NodeJS.ProcessEnv = {}): string[] => {
    try {
      loadSettings(folder, settings, env);
      return [];
    } catch (error) {
      return (error as ConfigError).findings.map((finding) => formatFinding(finding).slice(folder.length + 1));
    }
  };
  beforeEach(() => {
    write('bayern-id.yaml', shipped('bayern-id'));
    write('development.yaml', shipped('development'));
  });

  test('the shipped files are valid, for development and for production', () => {
    expect(loadSettings(folder, settings, {}).id.issuer).toBe('http://localhost:3000');
    const production = loadSettings(folder, settings, { NODE_ENV: 'production' });
    expect(production.id.issuer).toBe('https://id.example.de');
    // What no default can know: where the proxy is, or that there is none, and who carries the mail.
    expect(unfitForProduction(production)).toEqual([
      expect.stringContaining('web: needs tls, or trusted_proxies'),
      expect.stringContaining('id.mail.smtp: no mail server is named'),
    ]);
  });
  test('development is not fit for production, and each reason is named', () => {
    const reasons = unfitForProduction(loadSettings(folder, settings, {})).join('\n');
    for (const word of ['simulators', 'simulated', 'allow_private', 'id.issuer', 'localhost:3001'])
      expect(reasons).toContain(word);
    const testPki = loadSettings(folder, settings, { BAYERN_ID__ID__EID__CLIENT__TEST_PKI: 'true' });
    expect(unfitForProduction(testPki).join('\n')).toContain('id.eid.client.test_pki');
  });
  test('the environment goes before the files, files before defaults', () => {
    write('secret', 'postgres://u:p@127.0.0.1/db\n');
    const read = loadSettings(folder, settings, {
      BAYERN_ID__ID__PORT: '4000',
      DATABASE_URL_FILE: join(folder, 'secret'),
      BAYERN_ID__WEB__LISTEN: '[0.0.0.0]',
    });
    expect(read.id.port).toBe(4000);
    expect(read.storage.database_url).toBe('postgres://u:p@127.0.0.1/db');
    expect(read.web.listen).toEqual(['0.0.0.0']);
  });
  test.each([
    [
      'an unknown key',
      (text: string) => text.replace('  port: 3000', '  prot: 3000'),
      /^bayern-id\.yaml:9:3: error: id\.prot: unknown key; did you mean "port"\?$/,
    ],
    [
      'an unknown value',
      (text: string) => text.replace('password: low', 'password: lwo'),
      /^bayern-id\.yaml:\d+:7: error: id\.levels\.means\.password: .*did you mean "low"\?$/,
    ],
    [
      'a means without a row',
      (text: string) => text.replace('      password: low\n', ''),
      /error: id\.levels\.means\.password: /,
    ],
    [
      'a duplicate key',
      (text: string) => text.replace('  port: 3000', '  port: 3000\n  port: 3001'),
      /^bayern-id\.yaml:10:3: error: Map keys must be unique$/,
    ],
    [
      'a value of another kind',
      (text: string) => text.replace('interaction: 3600', 'interaction: soon'),
      /error: id\.lifetimes\.interaction: /,
    ],
    [
      'an issuer with a path',
      (text: string) => text.replace('issuer: https://id.example.de', 'issuer: https://example.de/id'),
      /error: id\.issuer: must be an origin/,
    ],
    [
      'a weak hash',
      (text: string) => text.replace('memory: 19456', 'memory: 1024'),
      /error: id\.password_hash\.memory: /,
    ],
  ])('%s is named with file, line and key', (_, change, line) => {
    write('bayern-id.yaml', change(shipped('bayern-id')));
    const found = refusal({ NODE_ENV: 'production' });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(line);
  });
  test('a wrong override names the variable', () => {
    expect(() => loadSettings(folder, settings, { BAYERN_ID__ID__PORT: 'x' })).toThrow(
      /environment BAYERN_ID__ID__PORT:1:1: error: id\.port/,
    );
  });
  test.each<[string, NodeJS.ProcessEnv, string]>([
    [
      'an unknown key',
      { BAYERN_ID__ID__PROT: '4000' },
      'environment BAYERN_ID__ID__PROT:1:1: error: id.prot: unknown key; did you mean "port"?',
    ],
    [
      'an unknown section',
      { BAYERN_ID__STORE__DIRECTORY: 'x' },
      'environment BAYERN_ID__STORE__DIRECTORY:1:1: error: store: unknown key',
    ],
    [
      'a key below what is no mapping',
      { BAYERN_ID__ID__PORT__NUMBER: '4000' },
      'environment BAYERN_ID__ID__PORT__NUMBER:1:1: error: id.port: ',
    ],
    ['what is no YAML', { BAYERN_ID__WEB__LISTEN: '[0.0.0.0' }, 'environment BAYERN_ID__WEB__LISTEN:1:1: error: '],
    [
      'a file that is not there',
      { BAYERN_ID__ID__PORT__FILE: '/nowhere/port' },
      'environment BAYERN_ID__ID__PORT__FILE:1:1: error: cannot read /nowhere/port (ENOENT)',
    ],
  ])('%s from the environment names the variable, and no file', (_, env, line) => {
    try {
      loadSettings(folder, settings, env);
    } catch (error) {
      expect((error as ConfigError).findings.map(formatFinding)).toEqual([expect.stringContaining(line)]);
      expect((error as ConfigError).message).not.toContain('.yaml');
      return;
    }
    throw new Error('it was accepted');
  });
  test('SC-03: unknown keys of a file and of the environment in one section: each is told where it stands', () => {
    write('bayern-id.yaml', shipped('bayern-id').replace('  port: 3000', '  prot: 3000'));
    const findings = refusal({ NODE_ENV: 'production', BAYERN_ID__ID__ISUER: 'https://x.example' });
    expect(findings.some((line) => line.startsWith('bayern-id.yaml:9:3: error: id.prot'))).toBe(true);
    expect(() =>
      loadSettings(folder, settings, { NODE_ENV: 'production', BAYERN_ID__ID__ISUER: 'https://x.example' }),
    ).toThrow(/environment BAYERN_ID__ID__ISUER:1:1: error: id\.isuer/);
  });
  test('a variable with the ending __FILE is read as one without it', () => {
    write('port', '4000\n');
    write('listen', '[0.0.0.0]\n');
    write('redis', 'rediss://:geheim@redis.example:6380\n');
    const read = loadSettings(folder, settings, {
      BAYERN_ID__ID__PORT__FILE: join(folder, 'port'),
      BAYERN_ID__WEB__LISTEN__FILE: join(folder, 'listen'),
      REDIS_URL_FILE: join(folder, 'redis'),
    });
    expect(read.id.port).toBe(4000);
    expect(read.web.listen).toEqual(['0.0.0.0']);
    expect(read.storage.redis).toEqual({ url: 'rediss://:geheim@redis.example:6380' });
    write('port', 'viertausend\n');
    expect(() => loadSettings(folder, settings, { BAYERN_ID__ID__PORT__FILE: join(folder, 'port') })).toThrow(
      /^environment BAYERN_ID__ID__PORT__FILE:1:1: error: id\.port/,
    );
  });
  test('SC-01: a value from the environment that is no YAML is not repeated: it may be a secret', () => {
    write('secret', '"geheim\n');
    const load = (): unknown => loadSettings(folder, settings, { BAYERN_ID__ID__ISSUER__FILE: join(folder, 'secret') });
    expect(load).toThrow(/BAYERN_ID__ID__ISSUER__FILE:1:1: error: the value is not YAML/);
    expect(load).not.toThrow(/geheim/);
  });
  test.each([
    { DATABASE_URL: 'postgres://id:geheim@db.example/x' },
    { DATABASE_URL: 'mysql://id:geheim@db.example/x' },
    { REDIS_URL: 'redis://id:geheim@redis.example' },
    { REDIS_URL: 'geheim' },
    { BAYERN_ID__STORAGE__REDIS__PASSWORD: '[geheim]', REDIS_SENTINELS: 'a:1' },
    { BAYERN_ID__ID__MAIL__SMTP__PASSWORD: '[geheim]' },
  ])('SC-01: what is wrong with %j is told without its secret', (env) => {
    let message = '';
    try {
      loadSettings('config', settings, { NODE_ENV: 'production', ...env });
    } catch (error) {
      ({ message } = error as Error);
    }
    expect(message).toMatch(/storage|smtp|DATABASE_URL|REDIS/);
    expect(message).not.toContain('geheim');
  });

  test('the JSON Schemas are those of the code', () => {
    for (const [name, text] of Object.entries(writeSchemas()))
      expect([name, readFileSync(`config/schema/${name}.json`, 'utf8')]).toEqual([name, text]);
  });
  test.each([
    ['minimum_levl', 'minimum_level'],
    ['redirect_uri', 'redirect_uris'],
    ['xyz', undefined],
  ])('the word nearest to %s is %s', (word, near) =>
    expect(nearest(word, ['minimum_level', 'redirect_uris', 'client_id'])).toBe(near),
  );
});

describe('client files', () => {
  const base = [
    'client_id: dienst',
    'client_name: Dienst',
    'redirect_uris: [https://dienst.example/cb]',
    'client_secret_env: DIENST',
  ];
  const secret = { DIENST: 'x'.repeat(32) };
  const authority =
    'name: Bayern\nclient_id_prefix: ""\nclient_names: any\nhosts: any\nscopes: [openid, profile, offline_access]\nconsent: none\nfiles: any\nenvironment: any\n';
  const load = (
    lines: readonly string[],
    env: NodeJS.ProcessEnv = secret,
    name = 'clients/dienst.yaml',
  ): Promise<LoadedClients> => {
    write('authorities/bayern.yaml', authority);
    write(name, `${lines.join('\n')}\n`);
    const variables = { ORIGIN: 'https://x.example', SECRETS: folder };
    return createClientLoader({ directory: folder, variables, env, production: false }).load();
  };
  const refused = async (lines: readonly string[], env?: NodeJS.ProcessEnv, name?: string): Promise<string> => {
    const { set, findings } = await load(lines, env, name);
    expect(set).toBeUndefined();
    return findings.map(formatFinding).join('\n');
  };
  const instead = (line: string): string[] => [
    ...base.filter((other) => other.split(':')[0] !== line.split(':')[0]),
    line,
  ];

  test('a short one is enough, the rest are secure defaults', async () => {
    const client = (await load(base)).set?.clients.get('dienst');
    expect(client).toMatchObject({ authority: 'bayern', sector: 'bayern/dienst', secret: secret.DIENST });
    expect(client?.file).toMatchObject({
      minimum_level: 'basic',
      consent: 'ask',
      pkce: 'required',
      subject_type: 'pairwise',
      id_token_signed_response_alg: 'ES256',
      scope: ['openid'],
    });
  });
  test('names stand for the origins of the installation', async () => {
    const { set } = await load(instead('redirect_uris: ["${ORIGIN}/cb"]'));
    expect(set?.clients.get('dienst')?.file.redirect_uris).toEqual(['https://x.example/cb']);
  });

  test.each<[string, string, RegExp]>([
    ['a wildcard', 'redirect_uris: ["https://*.example/cb"]', /redirect_uris\.0: a wildcard/],
    ['plain http', 'redirect_uris: [http://dienst.example/cb]', /must begin with https/],
    ['a script', 'redirect_uris: ["JaVaScRiPt:alert(1)"]', /must begin with https/],
    ['a fragment', 'redirect_uris: ["https://dienst.example/cb#x"]', /fragment/],
    ['a user name', 'redirect_uris: ["https://a@dienst.example/cb"]', /user name/],
    [
      'a path that a parser would change',
      'redirect_uris: ["https://dienst.example/a/../cb"]',
      /normal form; write https:\/\/dienst\.example\/cb/,
    ],
    ['capitals in the host', 'redirect_uris: ["https://Dienst.example/cb"]', /normal form/],
    ['no redirect address', 'redirect_uris: []', /redirect_uris/],
    ['an unknown level', 'minimum_level: hihg', /did you mean "high"\?/],
    ['an unknown scope', 'scope: openid profil', /did you mean "profile"\?/],
    ['no openid', 'scope: profile', /must contain openid/],
    ['skipped consent without a legal basis', 'consent: none', /legal_basis: consent: none needs a legal_basis/],
    ['a secret in the file', 'client_secret: geheim', /client_secret: unknown key/],
    ['a sector of another authority', 'sector: muenchen/meldeamt', /sector: use small letters/],
    ['offline access without the grant', 'scope: openid offline_access', /go together/],
    ['an unknown name', 'redirect_uris: ["${PORTAL}/cb"]', /\$\{PORTAL\} is not known; known are ORIGIN, SECRETS/],
    ['a private key', 'jwks: { keys: [{ kty: EC, d: x }] }', /private key/],
  ])('%s is refused', async (_, line, message) => expect(await refused(instead(line))).toMatch(message));

  test('a weak or missing secret, and a file that is not there', async () => {
    expect(await refused(base, { DIENST: 'kurz' })).toMatch(/too short/);
    expect(await refused(base, {})).toMatch(/DIENST is not set/);
    expect(
      await refused(
        ['client_id: dienst', 'client_name: D', 'redirect_uris: [https://d.example/cb]', 'jwks_file: nirgends.json'],
        {},
      ),
    ).toMatch(/cannot read nirgends\.json \(ENOENT\)/);
  });
  test('no way to authenticate at all', async () =>
    expect(await refused(base.slice(0, 3))).toMatch(/missing: give jwks_file/));
  test('SC-03: the same client twice', async () => {
    write('clients/zweiter.yaml', `${base.join('\n')}\n`);
    expect(await refused(base)).toMatch(/client_id: dienst is in another file already/);
  });
  test('a folder without its authority', async () =>
    expect(await refused(base, secret, 'clients/muenchen/dienst.yaml')).toMatch(
      /needs a valid file config\/authorities\/muenchen\.yaml/,
    ));
  test('one broken file spoils the whole set, and everything wrong is told at once', async () => {
    write('clients/gut.yaml', base.join('\n').replace('dienst', 'gut'));
    expect((await refused([...instead('minimum_level: x'), 'pkce: maybe'])).split('\n').length).toBeGreaterThan(1);
  });
  test('the examples of the README are valid as they stand there, once its command has been run', async () => {
    const readme = readFileSync('README.md', 'utf8');
    const [client, authority] = [...readme.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = '']) => text);
    const [, command = ''] = /## Add a service[^]*?```sh\n([^]*?)```/.exec(readme) ?? [];
    execFileSync('sh', ['-c', command], { cwd: folder });
    cpSync('config/authorities', join(folder, 'authorities'), { recursive: true });
    write('authorities/musterstadt.yaml', authority ?? '');
    write('clients/hundesteuer.yaml', client ?? '');
    const { set, findings } = await createClientLoader({
      directory: folder,
      variables: {
        ISSUER: 'https://id.example',
        BAYERN_PORTAL_ORIGIN: 'https://p.example',
        MEIN_POSTFACH_ORIGIN: 'https://m.example',
        BEZAHLSYSTEM_ORIGIN: 'https://b.example',
        FUEHRUNGSZEUGNIS_ORIGIN: 'https://f.example',
        REGISTERBEHOERDE_ORIGIN: 'https://r.example',
        SECRETS: join(folder, 'data', 'secrets'),
      },
      env: {},
      production: true,
    }).load();
    expect(findings).toEqual([]);
    expect([...(set?.authorities.keys() ?? [])]).toEqual(expect.arrayContaining(['bayern', 'musterstadt']));
    expect(set?.clients.get('hundesteuer')?.file.minimum_level).toBe('low');
  });
  test('the shipped clients are valid, and say nothing that is worth a warning', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const keys = JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] });
    for (const part of ['bayern-portal', 'mein-postfach', 'bezahlsystem', 'fuehrungszeugnis', 'registerbehoerde'])
      write(`${part}.public.json`, keys);
    const { set, findings } = await createClientLoader({
      directory: 'config',
      variables: {
        ISSUER: 'https://id.bayern.example',
        BAYERN_PORTAL_ORIGIN: 'https://portal.bayern.example',
        MEIN_POSTFACH_ORIGIN: 'https://postfach.bayern.example',
        BEZAHLSYSTEM_ORIGIN: 'https://bezahlen.bayern.example',
        FUEHRUNGSZEUGNIS_ORIGIN: 'https://fz.bayern.example',
        REGISTERBEHOERDE_ORIGIN: 'https://registerbehoerde.bayern.example',
        SECRETS: folder,
      },
      env: {},
      production: true,
    }).load();
    expect(findings).toEqual([]);
    expect([...(set?.clients.keys() ?? [])]).toEqual([
      'bayern-portal',
      'bezahlsystem',
      'fuehrungszeugnis',
      'mein-postfach',
      'registerbehoerde',
    ]);
  });
});
