import '../support/realm.ts';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Provider, type ClientMetadata } from 'oidc-provider';
import { standardAgeing } from '../../src/assurance/policy.ts';
import { metadataOf } from '../../src/id/clients/client.ts';
import { clientFile } from '../../src/id/clients/schema.ts';
import { soundness } from '../../src/id/clients/soundness.ts';
import { lifetimeSettings, providerConfiguration, type ProviderParts } from '../../src/id/oidc/configuration.ts';

/**
 * `bayern-id check` knows our schema alone, and a server puts a set into force only when the library takes every client
 * of it: what the one lets pass the other must take, or an administrator learns of a mistake too late.
 */
let provider: Provider;
beforeAll(() => {
  const key = (privateKey: KeyObject, alg: string): object => ({
    ...privateKey.export({ format: 'jwk' }),
    kid: alg,
    alg,
  });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const signing = [
    key(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'ES256'),
    key(rsa, 'RS256'),
    key(rsa, 'PS256'),
    key(generateKeyPairSync('ed25519').privateKey, 'EdDSA'),
  ];
  provider = new Provider(
    'https://id.example.de',
    providerConfiguration({
      issuer: 'https://id.example.de',
      secureCookies: true,
      mutualTls: 'https://mtls.id.example.de',
      lifetimes: lifetimeSettings.parse({}),
      rules: { table: {}, ageing: standardAgeing, counts: () => true },
      set: { clients: new Map(), authorities: new Map() },
      keys: { signing, cookie: [Buffer.alloc(32)] },
      pages: {},
      // Answers for every sector: of which addresses it consists is no matter here.
      fetch: () => Promise.resolve(Response.json(choices.flatMap((fields) => fields['redirect_uris'] ?? []))),
    } as unknown as ProviderParts),
  );
});

type Fields = Readonly<Record<string, unknown>>;

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256', use: 'sig' }] };

const ways: Readonly<Record<string, Fields>> = {
  keys: { jwks },
  'keys at an address': { jwks_uri: 'https://dienst.stadt.example/jwks' },
  secret: { client_secret_env: 'SECRET' },
  'secret in the body': { client_secret_env: 'SECRET', token_endpoint_auth_method: 'client_secret_post' },
  'secret and keys': { client_secret_env: 'SECRET', token_endpoint_auth_method: 'client_secret_basic', jwks },
  certificate: { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=dienst' },
  'own certificate': { token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks },
  app: { token_endpoint_auth_method: 'none', application_type: 'native' },
};

const choices: readonly Fields[] = [
  {},
  ...['authorization', 'id_token', 'introspection', 'userinfo'].flatMap((kind) => [
    { [`${kind}_signed_response_alg`]: 'RS256' },
    { [`${kind}_encrypted_response_alg`]: 'ECDH-ES' },
    { [`${kind}_encrypted_response_alg`]: 'RSA-OAEP-256', [`${kind}_encrypted_response_enc`]: 'A256CBC-HS512' },
  ]),
  { token_endpoint_auth_signing_alg: 'PS256' },
  { request_object_signing_alg: 'EdDSA', require_signed_request_object: true },
  { dpop_bound_access_tokens: true },
  { tls_client_certificate_bound_access_tokens: true },
  { profile: 'fapi2' },
  { response_modes: ['form_post', 'jwt', 'query.jwt', 'form_post.jwt'] },
  { scope: ['openid', 'offline_access'], grant_types: ['authorization_code', 'refresh_token'] },
  {
    redirect_uris: [],
    grant_types: ['client_credentials'],
    resources: { 'https://api.stadt.example/': ['hunde:read'] },
  },
  { redirect_uris: ['http://127.0.0.1/cb', 'http://[::1]/cb', 'https://dienst.stadt.example/app'] },
  { redirect_uris: ['https://localhost/cb'] },
  { redirect_uris: ['https://a.stadt.example/cb', 'https://b.stadt.example/cb'], sector: 'ab' },
  { backchannel_logout_uri: 'https://dienst.stadt.example/logout', post_logout_redirect_uris: ['https://a.example/'] },
  { initiate_login_uri: 'https://dienst.stadt.example/start', client_uri: 'https://dienst.stadt.example/' },
  { pkce: 'optional', default_max_age: 0, require_pushed_authorization_requests: true },
  { subject_type: 'public', guests: true, acr_names: 'stork', minimum_level: 'high' },
];

describe.each(Object.entries(ways))('%s', (_way, authentication) => {
  test('every two choices that the schema lets pass are taken', async () => {
    const refused: string[] = [];
    let taken = 0;
    for (const [i, one] of choices.entries())
      for (const other of choices.slice(i)) {
        const file = clientFile.safeParse({
          client_id: 'dienst',
          client_name: 'Dienst',
          redirect_uris: ['https://dienst.stadt.example/cb'],
          ...authentication,
          ...one,
          ...other,
        });
        if (!file.success || soundness(file.data, false).some(({ severity }) => severity !== 'warning')) continue;
        taken++;
        const party = {
          file: file.data,
          authority: 'bayern',
          sector: 'bayern/dienst',
          ...(file.data.client_secret_env ? { secret: 's'.repeat(43) } : {}),
          ...(file.data.jwks ? { jwks } : {}),
        };
        try {
          await provider.Client.validate(metadataOf(party) as ClientMetadata);
        } catch (error) {
          const { error_description: reason = String(error) } = error as { error_description?: string };
          refused.push(`${JSON.stringify({ ...one, ...other })}: ${reason}`);
        }
      }
    expect(refused).toEqual([]);
    expect(taken).toBeGreaterThan(50);
  });
});
