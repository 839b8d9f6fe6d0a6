import { expect, test } from '@jest/globals';
import { clientFile } from '../../src/id/clients/schema.ts';
import { silentRefusal } from '../../src/id/oidc/silent-refusal.ts';

const issuer = 'https://id.example.de';
const redirectUri = 'https://dienst.stadt.example/cb?x=1';

const refused = (more: Readonly<Record<string, unknown>>): string | undefined => {
  const file = clientFile.parse({
    client_id: 'dienst',
    client_name: 'Dienst',
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_file: 'dienst.json',
    ...more,
  });
  const query = { client_id: 'dienst', redirect_uri: redirectUri, response_type: 'code', prompt: 'none', state: 's&1' };
  return silentRefusal(`/auth?${new URLSearchParams(query).toString()}`, new Map([['dienst', { file }]]), issuer);
};

test('goes to the service with what its address says already', () =>
  expect(refused({})).toBe(
    `${redirectUri}&error=temporarily_unavailable&state=s%261&iss=${encodeURIComponent(issuer)}`,
  ));

test.each([
  { require_pushed_authorization_requests: true },
  { profile: 'fapi2' },
  { request_object_signing_alg: 'EdDSA', require_signed_request_object: true },
  { response_modes: ['form_post', 'jwt'] },
])('and not where the service does not take such requests, or such answers: %p', (more) =>
  expect(refused(more)).toBeUndefined(),
);
