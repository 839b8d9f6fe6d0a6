import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { instead, makeClientFolder, shortFile, type ClientFolder } from '../support/client-files.ts';

let folder: ClientFolder;
beforeEach(() => {
  folder = makeClientFolder();
});
afterEach(() => folder.close());

const base = shortFile('stadt-dienst');
const minimal = ['name: Stadt', 'client_names: [Dienst]', 'hosts: [dienst.stadt.example]'];
const place = 'clients/stadt/dienst.yaml';

/** What is found when the authority grants this and its client says that. */
const found = (grants: readonly string[], lines: readonly string[], production = true): Promise<string[]> => {
  folder.write('authorities/stadt.yaml', grants);
  folder.write(place, lines);
  return folder.findings({ production });
};

/** Each key that needs a grant: what the client says, what it is told, and the line that grants it. */
const grants: readonly (readonly [string, readonly string[], RegExp, string])[] = [
  [
    'a host that is not its own',
    ['redirect_uris: [https://evil.example/cb]'],
    /:\d+:17: error: redirect_uris\.0: evil\.example is no host of stadt; ask for hosts: \[evil\.example\] in config\/authorities\/stadt\.yaml$/,
    'hosts: [evil.example]',
  ],
  [
    'a host below its own',
    ['redirect_uris: [https://a.dienst.stadt.example/cb]'],
    /a\.dienst\.stadt\.example is no host of stadt/,
    "hosts: ['*.stadt.example']",
  ],
  [
    'a logout notice to another host',
    ['backchannel_logout_uri: https://evil.example/out'],
    /backchannel_logout_uri: evil\.example is no host/,
    'hosts: [dienst.stadt.example, evil.example]',
  ],
  [
    'a way back to another host',
    ['post_logout_redirect_uris: [https://evil.example/out]'],
    /post_logout_redirect_uris\.0: evil\.example is no host/,
    'hosts: [dienst.stadt.example, evil.example]',
  ],
  [
    'a login started elsewhere',
    ['initiate_login_uri: https://evil.example/in'],
    /initiate_login_uri: evil\.example is no host/,
    'hosts: any',
  ],
  [
    'a link to another host',
    ['client_uri: https://evil.example/'],
    /client_uri: evil\.example is no host/,
    'hosts: any',
  ],
  [
    'scripts of another host',
    ['allowed_cors_origins: [https://evil.example]'],
    /allowed_cors_origins\.0: evil\.example is no host/,
    'hosts: any',
  ],
  [
    'keys from another host',
    ['jwks: ', 'jwks_uri: https://evil.example/keys'],
    /jwks_uri: evil\.example is no host/,
    'hosts: [dienst.stadt.example, evil.example]',
  ],
  [
    'another scope',
    ['scope: openid profile'],
    /scope: services of stadt may not ask for profile; ask for scopes: \[profile\]/,
    'scopes: [openid, profile]',
  ],
  [
    'verified claims',
    ['minimum_level: high', 'verified_claims: [given_name]'],
    /verified_claims\.0: services of stadt may not ask for given_name; ask for verified_claims: \[given_name\]/,
    'verified_claims: [given_name]',
  ],
  [
    'data of a card at a weaker login',
    ['verified_claims_minimum: low'],
    /verified_claims_minimum: must be substantial or high for services of stadt; ask for lowest_verified_claims_minimum: low/,
    'lowest_verified_claims_minimum: low',
  ],
  [
    'no consent page',
    ['consent: none', 'legal_basis: Gesetz'],
    /consent: services of stadt ask for consent; ask for consent: none/,
    'consent: none',
  ],
  [
    'a subject that all public clients see',
    ['subject_type: public'],
    /subject_type: services of stadt see pairwise subjects; ask for subject_types: \[public\]/,
    'subject_types: [pairwise, public]',
  ],
  [
    "an API's tokens",
    ['resources: { https://postfach.example/api: [postfach:read, postfach:deliver] }'],
    /resources\.https:\/\/postfach\.example\/api: .* ask for resources: \{ https:\/\/postfach\.example\/api: \[postfach:read, postfach:deliver\] \}/,
    'resources: { https://postfach.example/api: [postfach:read, postfach:deliver] }',
  ],
  [
    'an API of its own',
    ['api: { audience: https://dienst.stadt.example/api, scopes: [hunde:read] }'],
    /api: services of stadt may not offer this API; ask for api: \{ https:\/\/dienst\.stadt\.example\/api: \[hunde:read\] \}/,
    'api: { https://dienst.stadt.example/api: [hunde:read] }',
  ],
  [
    'another name',
    ['client_name: { de: Bayern-Portal, en: Bayern-Portal }'],
    /client_name: stadt has no service of this name; ask for client_names/,
    'client_names: [Bayern-Portal]',
  ],
  [
    'an id without its prefix',
    ['client_id: bayern-portal'],
    /client_id: client ids of stadt begin with "stadt-" \(client_id_prefix in config\/authorities\/stadt\.yaml\)/,
    "client_id_prefix: ''",
  ],
];

describe('an authority grants what its client files may say', () => {
  test('a client within its limits needs nothing else', async () => {
    expect(await found(minimal, base)).toEqual([]);
  });

  test.each(grants)(
    '%s is refused with what to ask for, and accepted once granted',
    async (_, lines, message, grant) => {
      const file = instead(base, ...lines).filter((line) => line !== 'jwks: ');
      const refused = await found(minimal, file);
      expect(refused).toHaveLength(1);
      expect(refused[0]).toMatch(message);
      expect(refused[0]).toContain(place);
      expect(await found(instead(minimal, grant), file)).toEqual([]);
    },
  );

  test('with nothing granted not even a name', async () => {
    const refused = (await found(['name: Stadt'], base)).join('\n');
    expect(refused).toMatch(/client_name: stadt has no service of this name/);
    expect(refused).toMatch(/redirect_uris\.0: dienst\.stadt\.example is no host of stadt/);
  });

  test('pkce: optional, which is warned of even so', async () => {
    const file = instead(base, 'pkce: optional');
    expect((await found(minimal, file))[0]).toMatch(/error: pkce: services of stadt use PKCE; ask for pkce: optional/);
    expect(await found(instead(minimal, 'pkce: optional'), file)).toEqual([
      expect.stringMatching(/warning: pkce: without PKCE a stolen code/),
    ]);
  });

  test('a level that its services do not fall below', async () => {
    const strict = instead(minimal, 'lowest_minimum_level: low');
    // The key is not in the file, so the place is the file's beginning.
    expect(await found(strict, base)).toEqual([
      expect.stringMatching(
        /^clients\/stadt\/dienst\.yaml:1:1: error: minimum_level: must be low or substantial or high for services of stadt; ask for lowest_minimum_level: basic/,
      ),
    ]);
    expect(await found(strict, instead(base, 'minimum_level: low'))).toEqual([]);
  });

  test('only some scopes of an API are no more than these', async () => {
    const granted = instead(minimal, 'resources: { https://postfach.example/api: [postfach:read] }');
    const file = instead(base, 'resources: { https://postfach.example/api: [postfach:read, postfach:deliver] }');
    expect((await found(granted, file))[0]).toMatch(/ask for resources: .*\[postfach:deliver\]/);
  });

  test('secrets and keys lie where it has them, and nothing else is opened', async () => {
    folder.write('elsewhere/secret', 'x'.repeat(40));
    folder.write('stadt/secret', 'x'.repeat(40));
    const file = (line: string): string[] => [...base.filter((other) => !other.startsWith('jwks')), line];
    const from = (name: string): string[] => file(`client_secret_file: ${folder.path}/${name}`);
    const granted = instead(minimal, `files: [${folder.path}/stadt]`);
    expect((await found(minimal, from('stadt/secret')))[0]).toMatch(/client_secret_file: stadt has no files there/);
    expect((await found(granted, from('elsewhere/secret')))[0]).toMatch(/has no files there/);
    expect((await found(granted, from('stadt/../elsewhere/secret')))[0]).toMatch(/has no files there/);
    expect((await found(granted, from('stadt/missing')))[0]).toMatch(/cannot read .*missing \(ENOENT\)/);
    expect(await found(granted, from('stadt/secret'))).toEqual([]);
    expect((await found(minimal, file('client_secret_env: DATABASE_URL')))[0]).toMatch(
      /client_secret_env: stadt has no variable of this name; ask for environment: \[DATABASE_URL\]/,
    );
  });

  test('a name may have any ending where the authority says so', async () => {
    const granted = instead(minimal, "client_names: [{ de: 'Stadt: *', en: 'City: *' }]");
    expect(await found(granted, instead(base, 'client_name: { de: "Stadt: Hunde", en: "City: dogs" }'))).toEqual([]);
    expect((await found(granted, instead(base, 'client_name: "Stadt: Hunde"')))[0]).toMatch(/no service of this name/);
  });

  test('loopback is everybody’s own outside production, and in it only a native app’s', async () => {
    const local = instead(base, 'redirect_uris: [http://127.0.0.1:8080/cb]');
    expect(await found(minimal, local, false)).toEqual([]);
    expect((await found(minimal, local)).join('\n')).toMatch(/127\.0\.0\.1 is no host of stadt/);
    const native = local.filter((line) => !line.startsWith('jwks'));
    const app = [...native, 'application_type: native', 'token_endpoint_auth_method: none'];
    expect(await found(minimal, app)).toEqual([]);
  });
});

describe('an authority’s own file', () => {
  test.each([
    ['a host that is nearly everybody’s', "hosts: ['*.de']", /hosts\.0: write a host such as/],
    ['a wildcard in the middle', "hosts: ['a.*.example']", /hosts\.0: write a host such as/],
    ['an unknown key', 'host: [a.example]', /host: unknown key; did you mean "hosts"\?/],
    ['an unknown scope', 'scopes: [profil]', /scopes\.0: .*did you mean "profile"\?/],
    ['an unknown claim', 'verified_claims: [birth_date]', /verified_claims/],
  ])('%s is refused', async (_, line, message) => {
    expect(
      (await found([...minimal.filter((other) => !other.startsWith(line.split(':')[0] ?? '')), line], base)).join('\n'),
    ).toMatch(message);
  });

  test('may name an origin, which stands for its host', async () => {
    folder.write('authorities/stadt.yaml', instead(minimal, "hosts: ['${PORTAL}']"));
    folder.write(place, base);
    const variables = { PORTAL: 'https://dienst.stadt.example:8443' };
    expect((await folder.load({ variables })).findings).toEqual([]);
  });

  test('cannot be replaced by one in a folder, and no folder goes without', async () => {
    folder.write('authorities/more/stadt.yaml', minimal);
    folder.write(place, base);
    expect(await folder.findings()).toEqual([
      expect.stringMatching(/needs a valid file config\/authorities\/stadt\.yaml/),
    ]);
  });

  test('a sector is always its own', async () => {
    for (const authority of ['stadt', 'kreis'])
      folder.write(`authorities/${authority}.yaml`, [...minimal, 'client_id_prefix: ""']);
    folder.write('clients/stadt/a.yaml', instead(base, 'sector: amt'));
    folder.write('clients/kreis/b.yaml', instead(base, 'client_id: kreis-dienst', 'sector: amt'));
    const { set } = await folder.load();
    expect([...(set?.clients.values() ?? [])].map(({ sector }) => sector).sort()).toEqual(['kreis/amt', 'stadt/amt']);
  });
});
