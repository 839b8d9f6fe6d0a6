import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { certificates } from '../support/app.ts';
import { instead, makeClientFolder, publicKey, shortFile, type ClientFolder } from '../support/client-files.ts';
import { ensureDevelopmentPki } from '../../src/simulators/development-pki.ts';
import { resetClock, shiftClock } from '../support/clock.ts';

let folder: ClientFolder;
beforeEach(() => {
  folder = makeClientFolder();
  folder.write('authorities/bayern.yaml', [
    'name: Bayern',
    'client_id_prefix: ""',
    'client_names: any',
    'hosts: any',
    'scopes: [openid, profile, identity]',
    'verified_claims: any',
    'pkce: optional',
    'api: any',
    'files: any',
    'environment: any',
  ]);
});
afterEach(() => {
  resetClock();
  folder.close();
});

const base = shortFile('dienst');
const withoutKeys = base.filter((line) => !line.startsWith('jwks'));

const found = async (lines: readonly string[], production = true, env: NodeJS.ProcessEnv = {}): Promise<string[]> => {
  folder.write('clients/dienst.yaml', lines);
  return folder.findings({ production, env });
};

const called: readonly string[] = [
  'https://127.0.0.1/x',
  'https://10.1.2.3/x',
  'https://172.16.0.1/x',
  'https://192.168.1.1/x',
  'https://169.254.169.254/latest/meta-data',
  'https://100.64.0.1/x',
  'https://0.0.0.0/x',
  'https://[::1]/x',
  'https://[fd00::1]/x',
  'https://[fe80::1]/x',
  'https://[::ffff:7f00:1]/x',
  'https://[::ffff:a00:1]/x',
  'https://localhost/x',
  'https://dienst.localhost/x',
  'https://intranet/x',
  'https://db.internal/x',
  'https://drucker.local/x',
];

describe('texts that citizens read are one visible line', () => {
  test.each([
    ['turned round', 'Bayern\\u202eDI'],
    ['with an isolate', 'Bayern\\u2067DI'],
    ['of two lines', 'Bayern\\nSie haben gewonnen'],
    ['with a control', 'Bayern\\u0007'],
    ['of blanks', '   '],
    ['endless', 'x'.repeat(256)],
  ])('%s: refused as a name, a purpose and a legal basis', async (_title, text) => {
    for (const key of ['client_name', 'purpose', 'legal_basis'])
      expect(await found(instead(base, `${key}: "${text}"`))).toEqual([expect.stringContaining(`${key}: `)]);
    expect(await found(instead(base, `client_name: { de: Dienst, en: "${text}" }`))).toHaveLength(1);
  });
});

describe('addresses that Bayern-ID would call itself (SR-02, SR-05, SR-06)', () => {
  test.each(called)('%s is refused in production, whichever key names it', async (address) => {
    for (const key of ['backchannel_logout_uri', 'initiate_login_uri', 'jwks_uri']) {
      const lines = key === 'jwks_uri' ? withoutKeys : base;
      expect(await found([...lines, `${key}: ${address}`])).toEqual([
        expect.stringMatching(
          new RegExp(`^clients/dienst\\.yaml:\\d+:1: error: ${key}: leads to this machine or into a`),
        ),
      ]);
    }
    const api = await found([...base, `api: { audience: '${address}', scopes: [hunde:read] }`]);
    expect(api).toEqual([expect.stringMatching(/error: api\.audience: leads to this machine/)]);
    // On a developer's machine everything is on one host.
    expect(await found([...base, `backchannel_logout_uri: ${address}`], false)).toEqual([]);
  });

  test.each(['https://2130706433/x', 'https://0x7f.1/x', 'https://127.1/x', 'https://[0:0:0:0:0:0:0:1]/x'])(
    '%s, another spelling of an address, is refused everywhere',
    async (address) => {
      expect((await found([...base, `backchannel_logout_uri: ${address}`], false)).join()).toMatch(/normal form/);
    },
  );

  test('public ones are fine', async () => {
    for (const address of ['https://dienst.stadt.example/x', 'https://8.8.8.8/x', 'https://[2606:4700::1]/x'])
      expect(await found([...base, `backchannel_logout_uri: ${address}`])).toEqual([]);
  });
});

describe('what the provider would refuse is told by the check, with line and key', () => {
  const secret = ['token_endpoint_auth_method: client_secret_basic', 'client_secret_env: DIENST_SECRET'];
  const withSecret = [...withoutKeys, ...secret];
  const check = (lines: readonly string[]): Promise<string[]> => found(lines, false, { DIENST_SECRET: 's'.repeat(43) });

  test.each<[string, readonly string[], string]>([
    ['authorization', withSecret, 'authorization_encrypted_response_alg: needs keys'],
    ['id_token', withSecret, 'id_token_encrypted_response_alg: needs keys'],
    ['introspection', withSecret, 'introspection_encrypted_response_alg: needs keys'],
    ['userinfo', withSecret, 'userinfo_encrypted_response_alg: needs keys'],
  ])('%s encrypted for nobody', async (kind, lines, message) => {
    expect(await check([...lines, `${kind}_encrypted_response_alg: ECDH-ES`])).toEqual([
      expect.stringMatching(new RegExp(`^clients/dienst\\.yaml:6:1: error: ${message}`)),
    ]);
    expect(await check([...base, `${kind}_encrypted_response_enc: A128GCM`])).toEqual([
      expect.stringContaining(`${kind}_encrypted_response_enc: needs ${kind}_encrypted_response_alg`),
    ]);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['signed requests without keys', [...withSecret, 'request_object_signing_alg: ES256'], /object_signing_alg: needs/],
    [
      'an algorithm of assertions for a client that sends none',
      [...withSecret, 'token_endpoint_auth_signing_alg: ES256'],
      /auth_signing_alg: is for private_key_jwt alone/,
    ],
    [
      'tokens bound twice',
      [...base, 'dpop_bound_access_tokens: true', 'tls_client_certificate_bound_access_tokens: true'],
      /dpop_bound_access_tokens: .* not to both/,
    ],
    [
      'an app that listens by https',
      instead(
        withoutKeys,
        'redirect_uris: [https://localhost/cb]',
        'application_type: native',
        'token_endpoint_auth_method: none',
      ),
      /redirect_uris\.0: an app listens/,
    ],
    [
      'an origin with a path, which no browser sends',
      [...base, 'allowed_cors_origins: [https://dienst.stadt.example/]'],
      /allowed_cors_origins\.0: write the origin alone/,
    ],
    ['no name', base.filter((line) => !line.startsWith('client_name')), /client_name: is missing/],
    ['a name in one language', instead(base, 'client_name: { de: Dienst }'), /client_name: write one text, or one for/],
    [
      'anchors without end',
      [...base, `purpose: &a [${'x,'.repeat(9)}]`, `scope: &b [${'*a,'.repeat(9)}]`, `sector: [${'*b,'.repeat(9)}]`],
      /^clients\/dienst\.yaml:1:1: error: refers to its anchors/,
    ],
    ['lists without end', ['['.repeat(16_000)], /^clients\/dienst\.yaml:\d+:\d+: error: /],
  ])('%s', async (_title, lines, message) => {
    const findings = await check(lines);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]).toMatch(message);
  });
});

describe('addresses that browsers are sent to (SC-03)', () => {
  const http = 'http://localhost:3000/cb';
  test('plain http to this machine is for development', async () => {
    for (const line of [`redirect_uris: [${http}]`, `post_logout_redirect_uris: [${http}]`, `client_uri: ${http}`]) {
      expect(await found(instead(base, line), false)).toEqual([]);
      expect(await found(instead(base, line))).toEqual([
        expect.stringMatching(/error: (?:redirect_uris\.0|post_logout_redirect_uris\.0|client_uri): must be https/),
      ]);
    }
  });
  test('and for native apps, which listen on it (RFC 8252)', async () => {
    const native = instead(withoutKeys, `redirect_uris: ['http://127.0.0.1/cb']`);
    const app = [...native, 'application_type: native', 'token_endpoint_auth_method: none'];
    expect(await found(app)).toEqual([]);
    expect((await found([...app, `client_uri: ${http}`])).join()).toMatch(/client_uri: must be https/);
  });
  test.each([
    ['javascript:alert(1)', /must begin with https/],
    ['data:text/html,x', /must begin with https/],
    ['https://*.stadt.example/cb', /wildcard/],
    ['https://dienst.stadt.example/*', /wildcard/],
    ['https://dienst.stadt.example./cb', /dot at the end/],
    ['https://dienst.stadt.example\\@evil.example/cb', /user name|normal form/],
    ['//evil.example/cb', /absolute address/],
  ])('%s is refused everywhere', async (address, message) => {
    expect((await found(instead(base, `redirect_uris: ['${address}']`), false)).join()).toMatch(message);
  });
});

describe('keys', () => {
  const jwk = (type: 'rsa' | 'ec' | 'ed25519' | 'x25519' | 'ed448', options: object = {}): Record<string, unknown> => {
    const generate = generateKeyPairSync as unknown as (
      type: string,
      options: object,
    ) => { publicKey: { export(options: object): object }; privateKey: { export(options: object): object } };
    const pair = generate(type, options);
    return {
      ...pair.publicKey.export({ format: 'jwk' }),
      whole: pair.privateKey.export({ format: 'jwk' }),
    };
  };
  let keys: Readonly<Record<string, Record<string, unknown>>>;
  beforeAll(() => {
    keys = {
      'P-256': jwk('ec', { namedCurve: 'P-256' }),
      'P-384': jwk('ec', { namedCurve: 'P-384' }),
      'P-521': jwk('ec', { namedCurve: 'P-521' }),
      Ed25519: jwk('ed25519'),
      X25519: jwk('x25519'),
      'RSA 3072': jwk('rsa', { modulusLength: 3072 }),
      'RSA 2048': jwk('rsa', { modulusLength: 2048 }),
      secp256k1: jwk('ec', { namedCurve: 'secp256k1' }),
      Ed448: jwk('ed448'),
    };
    keys = { ...keys, 'RSA with the exponent 3': { ...keys['RSA 3072'], e: 'Aw' } };
  });
  const publicPart = (name: string): Record<string, unknown> => {
    const { whole: _, ...key } = keys[name] ?? {};
    return key;
  };
  const inFile = (key: Record<string, unknown>): string[] => [
    ...withoutKeys,
    `jwks: { keys: [${JSON.stringify(key)}] }`,
  ];
  const inKeyFile = (text: string): string[] => {
    folder.write('keys.json', text);
    return [...withoutKeys, `jwks_file: ${folder.path}/keys.json`];
  };

  test.each(['P-256', 'P-384', 'P-521', 'Ed25519', 'X25519', 'RSA 3072'])('%s is accepted', async (name) => {
    expect(await found(inFile(publicPart(name)))).toEqual([]);
    expect(await found(inKeyFile(JSON.stringify({ keys: [publicPart(name)] })))).toEqual([]);
  });

  test.each([
    ['RSA 2048', /an RSA key of 2048 bits: at least 3000/],
    ['RSA with the exponent 3', /exponent below 65537/],
    ['secp256k1', /not an accepted kind of key/],
    ['Ed448', /not an accepted kind of key/],
  ])('%s is refused, in the file and in a key file', async (name, message) => {
    const [inline] = await found(inFile({ ...publicPart(name), kid: 'mein' }));
    expect(inline).toMatch(/^clients\/dienst\.yaml:4:16: error: jwks\.keys\.0: key mein: /);
    expect(inline).toMatch(message);
    const [named] = await found(inKeyFile(JSON.stringify({ keys: [publicPart('P-256'), publicPart(name)] })));
    expect(named).toMatch(/error: jwks_file: key 2: /);
    expect(named).toMatch(message);
  });

  test('a private key is refused whatever its kind, and never repeated', async () => {
    for (const name of ['P-256', 'Ed25519', 'RSA 3072']) {
      const whole = keys[name]?.['whole'] as Record<string, string>;
      const told = (await found(inKeyFile(JSON.stringify({ keys: [whole] })))).join();
      expect(told).toMatch(/private key/);
      expect(told).not.toContain(whole['d']);
      expect((await found(inFile(whole))).join()).toMatch(/private key/);
    }
  });

  test('a symmetric key is refused', async () => {
    const key = { kty: 'oct', k: createHash('sha256').update('x').digest('base64url') };
    expect((await found(inFile(key))).join()).toMatch(/jwks\.keys\.0\.kty/);
    expect((await found(inKeyFile(JSON.stringify({ keys: [key] })))).join()).toMatch(/symmetric key/);
  });

  test.each([
    ['no JSON', 'geheim: { d: 1234 }'],
    ['no keys', '{"keys":[]}'],
    ['something else', '[1]'],
    ['half a coordinate', JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }] })],
  ])('a key file with %s is refused without repeating it', async (_, text) => {
    const told = (await found(inKeyFile(text))).join();
    expect(told).toMatch(/error: jwks_file: (?:must be a JWK set|key 1: a coordinate)/);
    expect(told).not.toContain('1234');
  });

  test('a certificate is looked at: it may end soon', async () => {
    await ensureDevelopmentPki(certificates);
    const pem = readFileSync(join(certificates, 'eid-client.pem'), 'utf8');
    const x5c = [/-----BEGIN CERTIFICATE-----([^-]+)-----/.exec(pem)?.[1]?.replaceAll(/\s/g, '')];
    const file = inFile({ ...publicPart('RSA 3072'), x5c });
    expect(await found(file)).toEqual([]);
    shiftClock(20 * 365 * 86_400_000);
    expect(await found(file)).toEqual([
      expect.stringMatching(/warning: jwks\.keys\.0: key 1: its certificate has expired on \d{4}-\d\d-\d\d$/),
    ]);
  });
});

describe('ids and secrets', () => {
  test.each(['mein-konto', 'bayern-id', 'id'])('%s is reserved', async (id) => {
    expect((await found(instead(base, `client_id: ${id}`))).join()).toMatch(/client_id: .* is reserved/);
  });

  test('the same secret for two services is pointed out, and told by no more than its key', async () => {
    const secret = 's'.repeat(40);
    folder.write('clients/a.yaml', [...instead(withoutKeys, 'client_id: anderer'), 'client_secret_env: EINS']);
    const told = await found([...withoutKeys, 'client_secret_env: ZWEI'], true, { EINS: secret, ZWEI: secret });
    expect(told).toEqual([
      expect.stringMatching(/^clients\/dienst\.yaml:4:1: warning: client_secret_env: the same secret is in .*a\.yaml/),
    ]);
    expect(told.join()).not.toContain(secret);
  });

  test('two services cannot offer the same API', async () => {
    const api = "api: { audience: 'https://dienst.stadt.example/api', scopes: [hunde:read] }";
    folder.write('clients/a.yaml', [...instead(base, 'client_id: anderer'), api]);
    expect(await found([...base, api])).toEqual([
      expect.stringMatching(/^clients\/dienst\.yaml:5:8: error: api\.audience: this API is in another file already/),
    ]);
  });

  test('a secret is of printable ASCII, as the protocol has it (RFC 6749, A.2)', async () => {
    const told = await found([...withoutKeys, 'client_secret_env: EINS'], true, { EINS: 'ä'.repeat(40) });
    expect(told.join()).toMatch(/client_secret_env: the secret has characters other than/);
  });

  const env = { NEU: 'n'.repeat(40), ALT: 'a'.repeat(40) };
  const changing = (until: string): string[] => [
    ...withoutKeys,
    'client_secret_env: NEU',
    'client_secret_previous_env: ALT',
    ...(until === '' ? [] : [`client_secret_previous_until: ${until}`]),
  ];
  test.each([
    ['without an end', changing(''), /client_secret_previous_until: a previous secret and the time of its end/],
    ['with an end that is no time', changing('soon'), /client_secret_previous_until: write a day such as/],
    ['with a day that does not exist', changing('2026-02-30'), /client_secret_previous_until: write a day such as/],
    [
      'without a present one',
      [...base, 'client_secret_previous_env: ALT', 'client_secret_previous_until: 2030-01-01'],
      /client_secret_file: a previous secret needs a present one/,
    ],
    [
      'that is not there',
      instead(changing('2030-01-01'), 'client_secret_previous_env: FEHLT'),
      /client_secret_previous_env: the environment variable FEHLT is not set/,
    ],
  ])('a previous secret %s is refused', async (_, lines, message) => {
    expect((await found(lines, true, env)).join()).toMatch(message);
  });
  test('a previous secret that is over, or no other, is pointed out', async () => {
    expect((await found(changing('2020-01-01'), true, env)).join()).toMatch(/warning: .*_until: is over/);
    const same = { NEU: env.NEU, ALT: env.NEU };
    expect((await found(changing('2999-01-01'), true, same)).join()).toMatch(/warning: .* is the present one/);
    expect(await found(changing('2999-01-01'), true, env)).toEqual([]);
  });
});

describe('what is worth a second look', () => {
  test('a claim that no card proves', async () => {
    const [told] = await found([...base, 'minimum_level: high', 'verified_claims: [birth_date]']);
    expect(told).toMatch(/warning: verified_claims\.0: birth_date is no claim .*did you mean "birthdate"\?/);
  });
  test('a level at which the claims asked for do not come', async () => {
    for (const lines of [['verified_claims: [given_name]'], ['scope: openid identity']]) {
      const told = await found([...base, ...lines]);
      expect(told).toEqual([expect.stringMatching(/warning: minimum_level: basic lets people in without the claims/)]);
      expect(await found([...base, ...lines, 'minimum_level: substantial'])).toEqual([]);
    }
  });
  test('a warning keeps nothing from coming into force', async () => {
    folder.write('clients/dienst.yaml', [...base, 'pkce: optional']);
    expect((await folder.load()).set?.clients.has('dienst')).toBe(true);
  });
});

test('a public key file is small enough to be read at once, and a large one is not read at all', async () => {
  folder.write('keys.json', `{ "keys": [${publicKey()}], "x": "${'x'.repeat(40_000)}" }`);
  expect((await found([...withoutKeys, `jwks_file: ${folder.path}/keys.json`])).join()).toMatch(/larger than 32 kB/);
});
