import { z } from 'zod';
import { levels } from '../../assurance/levels.ts';
import { oneOrBoth } from '../../config/citizen-text.ts';
import { webAddress } from './addresses.ts';

export const identifier = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,62}$/, 'use small letters, digits and hyphens (2 to 63 characters)')
  .refine(
    (name) => !/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(name),
    'must not look like the id of a person',
  );

/** Scopes that a client's file may list (architecture.md, "Names and numbers"). */
export const scopeNames = [
  'openid',
  'profile',
  'email',
  'phone',
  'address',
  'identity',
  'postfach',
  'offline_access',
  'level1',
  'level2',
  'level3',
  'level4',
] as const;

/** Claims that a card can prove, and that so may be asked for as `verified_claims`. */
export const verifiedClaimNames = [
  'given_name',
  'family_name',
  'birth_family_name',
  'birthdate',
  'place_of_birth',
  'nationalities',
  'address',
  'title',
  'also_known_as',
] as const;

const scopes = z
  .union([z.string().transform((s) => s.split(/\s+/).filter(Boolean)), z.array(z.string())])
  .pipe(z.array(z.enum(scopeNames)))
  .refine((list) => list.includes('openid'), 'must contain openid')
  .refine((list) => new Set(list).size === list.length, 'names a scope twice');

/** How strong a key must be says key-strength.ts, for keys from a file or an address too. */
const jwk = z.looseObject({ kty: z.enum(['EC', 'RSA', 'OKP']) });

/** Algorithms of everything that is signed for or by a client: none is symmetric. */
export const signingAlgorithms = ['ES256', 'PS256', 'RS256', 'EdDSA'] as const;

/** Key agreement and key transport (RFC 7518); RSA1_5 and everything symmetric are left out. */
export const encryptionAlgorithms = ['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW', 'RSA-OAEP-256'] as const;
export const contentEncryptions = ['A128GCM', 'A256GCM', 'A128CBC-HS256', 'A256CBC-HS512'] as const;

const signed = z.enum(signingAlgorithms);
const encrypted = z.enum(encryptionAlgorithms);
const content = z.enum(contentEncryptions);

/** How an answer may travel. `query` is plain; the others need a line in the client's file. */
export const responseModes = ['query', 'form_post', 'jwt', 'query.jwt', 'form_post.jwt'] as const;

/** A scope of an API, such as `postfach:deliver`; those of OpenID Connect are another matter. */
export const apiScope = z
  .string()
  .regex(/^[a-z][a-z0-9-]*(?::[a-z0-9-]+)+$/, 'write it as name:right, such as postfach:read');

/**
 * One relying party's file. Names and meanings are OAuth's own (RFC 7591, OpenID Connect Registration and Logout) in
 * snake_case; what is ours says so.
 */
export const clientFile = z
  .strictObject({
    client_id: identifier.describe('Name of the client in requests. Must be unique.'),
    client_name: oneOrBoth.describe('What citizens read, one text or { de, en }.'),
    client_uri: webAddress.optional().describe('Start page of the service, for the way back.'),
    redirect_uris: z.array(webAddress).default([]).describe('Where answers may go. Compared byte by byte.'),
    post_logout_redirect_uris: z
      .array(webAddress)
      .default([])
      .describe('Where a citizen may be sent after logging out.'),
    backchannel_logout_uri: webAddress
      .optional()
      .describe('Told when a session ends (OpenID Connect Back-Channel Logout). Logout tokens always carry sid.'),
    security_events_uri: webAddress
      .optional()
      .describe(
        'Ours. Told when an account ends for good (RISC account-purged, RFC 8417), so that what is kept about it can go too. Pushed as RFC 8935 says.',
      ),
    application_type: z.enum(['web', 'native']).default('web'),
    token_endpoint_auth_method: z
      .enum([
        'private_key_jwt',
        'tls_client_auth',
        'self_signed_tls_client_auth',
        'client_secret_basic',
        'client_secret_post',
        'none',
      ])
      .optional()
      .describe(
        'Default: private_key_jwt with keys, client_secret_basic with a secret. none is for native apps, with PKCE.',
      ),
    token_endpoint_auth_signing_alg: signed.optional().describe('The one algorithm of its client assertions.'),
    tls_client_auth_subject_dn: z
      .string()
      .optional()
      .describe('Subject of its certificate (RFC 4514), for tls_client_auth.'),
    tls_client_auth_san_dns: z.string().optional().describe('DNS name in its certificate, for tls_client_auth.'),
    tls_client_auth_san_uri: z.string().optional().describe('URI in its certificate, for tls_client_auth.'),
    profile: z
      .enum(['fapi2'])
      .optional()
      .describe('Ours. fapi2: PAR, keys instead of secrets, bound tokens (FAPI 2.0 Security Profile), in one line.'),
    dpop_bound_access_tokens: z
      .boolean()
      .optional()
      .describe('Every token is bound to a key of the client (RFC 9449).'),
    tls_client_certificate_bound_access_tokens: z
      .boolean()
      .optional()
      .describe('Every token is bound to the certificate of the client (RFC 8705).'),
    jwks: z
      .strictObject({ keys: z.array(jwk).min(1) })
      .optional()
      .describe('Public keys of the client.'),
    jwks_file: z.string().optional().describe('File with the public keys, relative to the project.'),
    jwks_uri: webAddress.optional().describe('Address of the public keys.'),
    client_secret_file: z
      .string()
      .optional()
      .describe('File with the secret. A secret never stands in this file itself.'),
    client_secret_env: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/)
      .optional()
      .describe('Environment variable with the secret.'),
    client_secret_previous_file: z
      .string()
      .optional()
      .describe('Ours. File with the secret before this one, while both are accepted.'),
    client_secret_previous_env: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/)
      .optional()
      .describe('Ours. The same from an environment variable.'),
    client_secret_previous_until: z
      .union([z.iso.date(), z.iso.datetime({ offset: true })], {
        error: 'write a day such as 2026-08-31, whose end in UTC is meant, or a time such as 2026-08-31T12:00:00Z',
      })
      .optional()
      .describe('Ours. From then on the previous secret is refused. A day counts to its end (UTC).'),
    scope: scopes.default(['openid']).describe('Scopes the client may ask for. Others answer invalid_scope.'),
    grant_types: z
      .array(z.enum(['authorization_code', 'refresh_token', 'client_credentials']))
      .default(['authorization_code'])
      .describe(
        'refresh_token goes with the scope offline_access, or with resources and then ends with the session; client_credentials with resources.',
      ),
    response_modes: z
      .array(z.enum(responseModes))
      .min(1)
      .default(['query'])
      .describe('How answers may travel. form_post keeps them out of addresses, jwt signs them (JARM).'),
    authorization_signed_response_alg: signed.default('ES256').describe('For the response modes with jwt.'),
    authorization_encrypted_response_alg: encrypted.optional(),
    authorization_encrypted_response_enc: content.optional(),
    request_object_signing_alg: signed.optional().describe('The one algorithm of its request objects (JAR, RFC 9101).'),
    require_signed_request_object: z.boolean().default(false),
    id_token_signed_response_alg: signed.default('ES256'),
    id_token_encrypted_response_alg: encrypted.optional(),
    id_token_encrypted_response_enc: content.optional(),
    userinfo_signed_response_alg: signed
      .optional()
      .describe('Userinfo as a signed JWT instead of JSON. What is encrypted is signed, by ES256 if nothing is said.'),
    userinfo_encrypted_response_alg: encrypted.optional(),
    userinfo_encrypted_response_enc: content.optional(),
    introspection_signed_response_alg: signed.default('ES256').describe('For introspection as JWT (RFC 9701).'),
    introspection_encrypted_response_alg: encrypted.optional(),
    introspection_encrypted_response_enc: content.optional(),
    initiate_login_uri: webAddress
      .refine((value) => value.startsWith('https://'), 'must be https')
      .optional()
      .describe('Where a login may be started by others (OpenID Connect Core 4): Bayern-ID links to it.'),
    allowed_cors_origins: z
      .array(webAddress.refine((value) => new URL(value).origin === value, 'write the origin alone, without a path'))
      .default([])
      .describe('Ours. Origins whose scripts may call token and userinfo endpoint: for apps that run in the browser.'),
    subject_type: z
      .enum(['pairwise', 'public'])
      .default('pairwise')
      .describe('pairwise: no other sector knows the citizen by the same sub. public joins all that say so.'),
    api: z
      .strictObject({
        audience: webAddress.describe('Address of the API: the audience of its tokens (RFC 8707).'),
        scopes: z.array(apiScope).min(1).describe('What tokens for it may say.'),
      })
      .optional()
      .describe("Ours. The API that this client offers. Its tokens are JWTs and carry this client's own sub."),
    resources: z
      .record(z.string(), z.array(apiScope).min(1))
      .default({})
      .describe('Ours. APIs that this client may ask tokens for, by audience, each with its scopes.'),
    sector: identifier
      .optional()
      .describe('Ours. Clients of one authority with the same sector see the same sub. Default: client_id.'),
    minimum_level: z
      .enum(levels)
      .default('basic')
      .describe('Ours. No login below this level, whatever a request says.'),
    guests: z
      .boolean()
      .default(false)
      .describe(
        'Ours. Whoever shows an Online-Ausweis may go on without an account. The sub of a guest never comes again.',
      ),
    max_evidence_age: z
      .int()
      .positive()
      .optional()
      .describe(
        'Ours. Seconds: a login older than this does not count for this client, from whichever service it came.',
      ),
    acr_names: z.enum(['eidas', 'stork']).default('eidas').describe('Ours. How acr is spelt.'),
    consent: z.enum(['ask', 'none']).default('ask').describe('Ours. none needs a legal_basis.'),
    legal_basis: oneOrBoth.optional().describe('Ours. Why data may be passed on; shown to citizens.'),
    purpose: oneOrBoth
      .optional()
      .describe('Ours. What the data are needed for, in a short sentence; shown to citizens.'),
    policy_uri: webAddress.optional().describe('Privacy notice of the service.'),
    verified_claims: z
      .array(z.string())
      .default([])
      .describe('Ours. Claims the client may ask for as verified_claims (OpenID Identity Assurance).'),
    verified_claims_minimum: z
      .enum(levels)
      .default('substantial')
      .describe(
        'Ours. What was read from a card is passed on, plain or verified, only at a login of at least this level.',
      ),
    pkce: z
      .enum(['required', 'optional'])
      .default('required')
      .describe('Ours. optional is for confidential clients only.'),
    require_pushed_authorization_requests: z.boolean().default(false),
    default_max_age: z.int().nonnegative().optional(),
  })
  .superRefine((file, ctx) => {
    const fail = (path: string, message: string): void => {
      ctx.addIssue({ code: 'custom', path: [path], message });
    };
    const keys = [file.jwks, file.jwks_file, file.jwks_uri].filter((k) => k !== undefined).length;
    const secrets = [file.client_secret_file, file.client_secret_env].filter((s) => s !== undefined).length;
    const previous = [file.client_secret_previous_file, file.client_secret_previous_env].filter((s) => s !== undefined);
    if (keys > 1) fail('jwks', 'give the keys once: jwks, jwks_file or jwks_uri');
    if (secrets > 1) fail('client_secret_file', 'give the secret once: client_secret_file or client_secret_env');
    if (previous.length > 1)
      fail('client_secret_previous_file', 'give it once: client_secret_previous_file or client_secret_previous_env');
    if (previous.length > 0 && secrets === 0)
      fail('client_secret_file', 'a previous secret needs a present one: client_secret_file or client_secret_env');
    if (previous.length > 0 !== (file.client_secret_previous_until !== undefined))
      fail('client_secret_previous_until', 'a previous secret and the time of its end go together');
    const tls = [file.tls_client_auth_subject_dn, file.tls_client_auth_san_dns, file.tls_client_auth_san_uri];
    const method = authMethod(file);
    if (method === undefined)
      fail('token_endpoint_auth_method', 'missing: give jwks_file (best), or a secret, or none for a native app');
    if (method === 'private_key_jwt' && keys === 0)
      fail('jwks_file', 'private_key_jwt needs jwks, jwks_file or jwks_uri');
    if (method?.startsWith('client_secret') && secrets === 0)
      fail('client_secret_file', `${method} needs client_secret_file or client_secret_env`);
    if (method === 'none' && file.pkce === 'optional')
      fail('pkce', 'a client without authentication always needs PKCE');
    if (method === 'self_signed_tls_client_auth' && keys === 0)
      fail('jwks_file', 'self_signed_tls_client_auth needs keys with their certificate (x5c)');
    if ((method === 'tls_client_auth' ? 1 : 0) !== tls.filter((name) => name !== undefined).length)
      fail(
        'tls_client_auth_subject_dn',
        'tls_client_auth needs exactly one name of the certificate, other methods none',
      );
    if (file.profile === 'fapi2') {
      if (method !== 'private_key_jwt' && method !== 'tls_client_auth' && method !== 'self_signed_tls_client_auth')
        fail('profile', 'fapi2 needs private_key_jwt or a certificate, no secret');
      if (file.pkce === 'optional') fail('pkce', 'fapi2 always needs PKCE');
      if (file.id_token_signed_response_alg === 'RS256')
        fail('id_token_signed_response_alg', 'fapi2 allows PS256, ES256 and EdDSA');
      if (file.dpop_bound_access_tokens === false && file.tls_client_certificate_bound_access_tokens !== true)
        fail('dpop_bound_access_tokens', 'fapi2 needs tokens that are bound to a key');
    }
    for (const kind of ['authorization', 'id_token', 'introspection', 'userinfo'] as const) {
      const [alg, enc] = [`${kind}_encrypted_response_alg`, `${kind}_encrypted_response_enc`] as const;
      if (file[enc] !== undefined && file[alg] === undefined) fail(enc, `needs ${alg}`);
      if (file[alg] !== undefined && keys === 0) fail(alg, 'needs keys to encrypt for: jwks, jwks_file or jwks_uri');
    }
    if (file.request_object_signing_alg !== undefined && keys === 0)
      fail('request_object_signing_alg', 'needs the keys that requests are signed with: jwks, jwks_file or jwks_uri');
    if (file.token_endpoint_auth_signing_alg !== undefined && method !== 'private_key_jwt')
      fail('token_endpoint_auth_signing_alg', 'is for private_key_jwt alone');
    if (file.dpop_bound_access_tokens === true && file.tls_client_certificate_bound_access_tokens === true)
      fail('dpop_bound_access_tokens', 'tokens are bound to a key or to a certificate, not to both');
    if (file.grant_types.includes('client_credentials') && method === 'none')
      fail('grant_types', 'client_credentials needs a client that authenticates');
    if (file.grant_types.includes('client_credentials') && Object.keys(file.resources).length === 0)
      fail('resources', 'client_credentials without an API to call is of no use');
    if (file.grant_types.includes('authorization_code') !== file.redirect_uris.length > 0)
      fail('redirect_uris', 'authorization_code needs at least one address, a client without it none');
    if (file.consent === 'none' && file.legal_basis === undefined)
      fail('legal_basis', 'consent: none needs a legal_basis');
    const refreshes = file.grant_types.includes('refresh_token');
    if (file.scope.includes('offline_access') && !refreshes)
      fail('grant_types', 'refresh_token and the scope offline_access go together');
    if (refreshes && !file.scope.includes('offline_access') && Object.keys(file.resources).length === 0)
      fail('grant_types', 'refresh_token needs the scope offline_access, or resources to call');
  });

export type ClientFile = z.output<typeof clientFile>;

export const authMethod = (
  file: Pick<
    ClientFile,
    'token_endpoint_auth_method' | 'jwks' | 'jwks_file' | 'jwks_uri' | 'client_secret_file' | 'client_secret_env'
  >,
): NonNullable<ClientFile['token_endpoint_auth_method']> | undefined => {
  if (file.token_endpoint_auth_method) return file.token_endpoint_auth_method;
  if (file.jwks ?? file.jwks_file ?? file.jwks_uri) return 'private_key_jwt';
  return (file.client_secret_file ?? file.client_secret_env) ? 'client_secret_basic' : undefined;
};
