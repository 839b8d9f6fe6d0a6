import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { oldRelease } from '../../src/storage/server-releases.ts';

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

const read = (path: string): string => readFileSync(path, 'utf8');
const { packages } = JSON.parse(read('package-lock.json')) as { readonly packages: Readonly<Record<string, Locked>> };
const locked = Object.entries(packages).filter(([path]) => path !== '');
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const own = JSON.parse(read('package.json')) as Readonly<
  Record<'dependencies' | 'devDependencies' | 'optionalDependencies' | 'overrides' | 'scripts', Record<string, string>>
>;
const npmrc = Object.fromEntries(
  read('.npmrc')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('=') as [string, string]),
);

const numbers = (version: string): number[] => version.split('.').map(Number);
const isAtLeast = (version: string, least: string): boolean => {
  const [have, want] = [numbers(version), numbers(least)];
  const differing = want.findIndex((part, i) => (have[i] ?? 0) !== part);
  return differing < 0 || (have[differing] ?? 0) > (want[differing] ?? 0);
};

describe('SC-06: nothing is older than what is safe', () => {
  test('versions are compared by their numbers', () => {
    expect(isAtLeast('1.10.0', '1.9.9')).toBe(true);
    expect(isAtLeast('1.9', '1.9.1')).toBe(false);
    expect(isAtLeast('6.0.0', '6')).toBe(true);
  });

  /** Wherever in the tree, and whoever brings it. */
  test.each([
    ['oidc-provider', '9.13.3'],
    ['koa', '3.1.2'],
    ['@koa/router', '15'],
    ['jose', '6'],
    ['node-forge', '1.4.3'],
    ['xml-crypto', '6.0.1'],
    ['nodemailer', '9.1.1'],
    // Not ours; it may come with another package.
    ['fast-xml-parser', '5.5.6'],
    ['path-to-regexp', '8.4.0'],
  ])('%s: from %s', (name, least) => {
    const found = locked.filter(([path]) => nameOf(path) === name).map(([path, { version }]) => ({ path, version }));
    if (Object.hasOwn(own.dependencies, name)) expect(found).not.toEqual([]);
    expect(found.filter(({ version }) => !isAtLeast(version, least))).toEqual([]);
  });

  test('Node: the 24 line from March 2026', () => {
    for (const version of Object.values(own.optionalDependencies)) {
      expect(version).toMatch(/^24\./);
      expect(isAtLeast(version, '24.14.1')).toBe(true);
    }
  });

  test('the servers of compose.yaml: none that a start would warn of', () => {
    const { services } = parse(read('compose.yaml'), { version: '1.1', maxAliasCount: 1000 }) as {
      readonly services: Readonly<Record<string, { readonly image: string }>>;
    };
    const images = Object.values(services).map(({ image }) => /^(postgres|redis|valkey):([\d.]+)/.exec(image));
    const stores = images.filter((found) => found !== null);
    expect(new Set(stores.map(([, name]) => name))).toEqual(new Set(['postgres', 'redis']));
    for (const [, name, version = ''] of stores)
      expect(oldRelease(name as 'postgres' | 'redis', version)).toBeUndefined();
  });
});

describe('SC-07: packages', () => {
  test('none runs a script when it is installed, and none is younger than a week', () => {
    expect(npmrc).toMatchObject({ 'ignore-scripts': 'true', 'save-exact': 'true', 'min-release-age': '7' });
  });

  test('each is locked with the digest of what was looked at, and none comes from elsewhere than the registry', () => {
    expect(locked.length).toBeGreaterThan(300);
    for (const [path, { integrity, resolved, link }] of locked) {
      expect([path, integrity]).toEqual([path, expect.stringMatching(/^sha512-[\w+/]{86}==$/)]);
      expect([path, resolved ?? 'https://registry.npmjs.org/']).toEqual([
        path,
        expect.stringMatching(/^https:\/\/registry\.npmjs\.org\//),
      ]);
      expect([path, link]).toEqual([path, undefined]);
    }
  });

  test('versions are exact', () => {
    for (const [name, version] of [
      ...Object.entries(own.dependencies),
      ...Object.entries(own.devDependencies),
      ...Object.entries(own.optionalDependencies),
      ...Object.entries(own.overrides),
    ])
      expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  });

  test('are installed as they are locked, in the pipeline and in the image', () => {
    for (const file of ['.ci/run', 'Dockerfile']) {
      expect(read(file)).toMatch(/\bnpm ci\b/);
      expect(read(file)).not.toMatch(/\bnpm (?:i|install|add|update)\b|\bnpx\b/);
    }
  });

  test('npm run sbom lists them all with their digests, and what is for developers alone as such', () => {
    const text = execFileSync('npm', ['run', '--silent', 'sbom'], { encoding: 'utf8', maxBuffer: 32 * 1024 * 1024 });
    const { bomFormat, components } = JSON.parse(text) as {
      readonly bomFormat: string;
      readonly components: readonly {
        readonly name: string;
        readonly version: string;
        readonly hashes?: readonly { readonly alg: string }[];
        readonly properties: readonly { readonly name: string; readonly value: string }[];
      }[];
    };
    expect(bomFormat).toBe('CycloneDX');
    const forDevelopers = new Map(
      components.map(({ name, version, properties }) => [
        `${name}@${version}`,
        properties.some((one) => one.name === 'cdx:npm:package:development' && one.value === 'true'),
      ]),
    );
    const production = locked
      .filter(([, { dev }]) => dev !== true)
      .map(([path, { version }]) => `${nameOf(path)}@${version}`);
    expect(production.length).toBeGreaterThan(100);
    for (const one of production) expect([one, forDevelopers.get(one)]).toEqual([one, false]);
    for (const [name, version] of Object.entries(own.devDependencies))
      expect([name, forDevelopers.get(`${name}@${version}`)]).toEqual([name, true]);
    for (const { name, hashes } of components)
      expect([name, hashes?.map(({ alg }) => alg)]).toEqual([name, ['SHA-512']]);
  });
});

describe('SC-08: what the pipeline looks at', () => {
  const allowed = new Set([
    '0BSD',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'EUPL-1.2',
    'ISC',
    'MIT',
    'MIT-0',
    'OFL-1.1',
  ]);
  /** The package says nothing; its text of the licence does. */
  const unsaid: Readonly<Record<string, string>> = { 'png-js': 'MIT' };
  /** What may be chosen among. */
  const choices = (license: string): string[] => license.replaceAll(/[()]/g, '').split(' OR ');

  test('licences: of everything that goes into production one is on the list', () => {
    const production = locked.filter(([, { dev }]) => dev !== true);
    const wrong = production
      .map(([path, { license }]) => [path, license ?? unsaid[nameOf(path)] ?? 'none'] as const)
      .filter(([, license]) => !choices(license).some((one) => allowed.has(one)));
    expect(wrong).toEqual([]);
    for (const [name, license] of Object.entries(unsaid))
      expect([name, read(join('node_modules', name, 'LICENSE'))]).toEqual([
        name,
        expect.stringContaining(`${license} `),
      ]);
  });

  test('static analysis: types and a type-aware lint without a warning, before any test', () => {
    expect(own.scripts['check']).toMatch(
      /^tsc -p \S+ && oxlint --type-aware --deny-warnings src tests bench && prettier --check/,
    );
    const lines = read('.ci/run').split('\n');
    expect(lines.indexOf('npm run check')).toBeGreaterThan(lines.indexOf('npm ci'));
    expect(lines.indexOf('npm test')).toBeGreaterThan(lines.indexOf('npm run check'));
  });
});

describe('SC-01, SC-08: no secret is in the repository', () => {
  /** What tests call a password, they call "geheim". */
  const shapes: Readonly<Record<string, RegExp>> = {
    'a private key': /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\s|\\[rn])+[\w+/=]{32,}/g,
    'a private JWK': /["']?\bd["']?\s*:\s*["'][\w-]{40,}["']/g,
    'a key of a cloud': /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}\b/g,
    'a token of a service':
      /\b(?:gh[pousr]_\w{36,}|github_pat_\w{50,}|glpat-[\w-]{20,}|npm_\w{36}|xox[abprs]-[\w-]{10,}|sk_live_\w{16,})/g,
    'a signed token': /\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}/g,
    'an address with a password': /\b[a-z][a-z+]{2,12}:\/\/[\w.~%-]+:(?!geheim)[^\s@/'"`<>{}$]{4,}@/g,
    'a value that looks like a secret':
      /\b\w*(?:secret|passw(?:or)?d|token|api_?key|private_?key)\w*["']?\s*[:=]\s*["'`](?=[^"'`]*\d)(?=[^"'`]*[A-Za-z])[\w+/=]{24,}["'`]/gi,
  };
  /** Known to everybody, and why they stand there. */
  const known: Readonly<Record<string, string>> = {
    // What is written in place of a user name and a password.
    'postgres://user:password@': 'src/storage/settings.ts',
    'rediss://user:password@': 'src/storage/settings.ts',
    'https://user:word@': 'tests/attack/eid-server-answers.test.ts',
    'http://user:word@': 'tests/flow/eid-adapter-pages.test.ts',
    'postgres://id:secret@': 'tests/contract/module-credentials.test.ts',
    // The example of Amazon's documentation, and one of our own.
    AKIAIOSFODNN7EXAMPLE: 'tests/contract/attachments-s3.test.ts',
    "secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'": 'tests/contract/attachments-s3.test.ts',
    AKIATESTTESTTESTTEST: 'tests/support/s3-server.ts',
    // Of the picture of a page.
    "secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'": 'src/id/account/pages/means/stories.ts',
    // A worked example of a specification.
    "sharedSecret: '791da04273ccfe862e52df60347e2557192e1f8d7517822ce3d306056c1cdeb4'": 'tests/unit/eac-vectors.ts',
  };

  /** What is made on a machine lies where .gitignore says; this file has the samples. */
  const made = /^(?:node_modules|\.git|dist|data|coverage|secrets|certs\/(?!README)|tests\/e2e\/pictures)(?:\/|$)/;
  const files = (): string[] =>
    globSync('**/*', { exclude: (path) => made.test(path) }).filter(
      (path) =>
        !made.test(path) &&
        !['package-lock.json', 'tests/unit/supply.test.ts'].includes(path) &&
        !path.endsWith('.log') &&
        existsSync(path),
    );
  const textOf = (path: string): string | undefined => {
    try {
      return readFileSync(path, 'latin1');
    } catch {
      return undefined;
    }
  };
  const found = (text: string): [shape: string, match: string][] =>
    Object.entries(shapes).flatMap(([shape, pattern]) =>
      [...text.matchAll(pattern)].map(([match]) => [shape, match] as [string, string]),
    );

  test('each shape finds its kind, and what only looks like it is left', () => {
    const letters = 'Ab3'.repeat(20);
    const samples: readonly (readonly [string, string])[] = [
      ['a private key', `-----BEGIN PRIVATE KEY-----\n${letters}`],
      ['a private JWK', `"d":"${letters}"`],
      ['a key of a cloud', `AKIAABCDEFGH12345678`],
      ['a token of a service', `ghp_${letters}`],
      ['a signed token', `eyJ${letters}.eyJ${letters}.${letters}`],
      ['an address with a password', `postgres://bayern-id:Xk29-aq@db/x`],
      ['a value that looks like a secret', `client_secret: '${letters}'`],
    ];
    expect(samples.map(([shape]) => shape)).toEqual(Object.keys(shapes));
    for (const [shape, text] of samples) expect([shape, found(text).map(([name]) => name)]).toEqual([shape, [shape]]);
    for (const harmless of ["password = 'zwiebel-turm-laterne-kutsche'", "password: '/konto/zugaenge/passwort'"])
      expect(found(harmless)).toEqual([]);
  });

  test('in no file', () => {
    const all = files();
    expect(all.length).toBeGreaterThan(1000);
    const seen = new Set<string>();
    const wrong = all.flatMap((path) =>
      found(textOf(path) ?? '').flatMap(([shape, match]) => {
        // The settings' descriptions stand in the schema as well.
        if (known[match] === path || (path === 'config/schema/settings.json' && known[match] !== undefined)) {
          seen.add(match);
          return [];
        }
        return [`${path}: ${shape}`];
      }),
    );
    expect(wrong).toEqual([]);
    expect([...seen].sort()).toEqual(Object.keys(known).sort());
  });
});
