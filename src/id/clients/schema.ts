import { z } from 'zod';
import { levels } from '../../assurance/levels.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Exact, absolute, https (http for loopback only), without user info, fragment, wildcard or anything a URL parser would change. */
const webAddress = z.string().superRefine((value, ctx) => {
  const fail = (message: string): void => {
    ctx.addIssue({ code: 'custom', message });
  };
  if (value.includes('*')) return fail('a wildcard is never accepted: write every address in full');
  if (!URL.canParse(value)) return fail('must be an absolute address such as https://dienst.example/callback');
  const url = new URL(value);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.has(url.hostname)))
    return fail('must begin with https:// (http:// only for localhost, 127.0.0.1 and [::1])');
  if (url.username !== '' || url.password !== '') return fail('must not carry a user name');
  if (value.includes('#')) return fail('must not have a fragment');
  if (url.href !== value && `${value}/` !== url.href) return fail(`is not in its normal form; write ${url.href}`);
  return undefined;
});

const inBoth = z.union([z.string().min(1), z.strictObject({ de: z.string().min(1), en: z.string().min(1) })]);

const identifier = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,62}$/, 'use small letters, digits and hyphens (2 to 63 characters)');

/** Scopes that a client's file may list (architecture.md, "Names and numbers"). */
export const scopeNames = [
  'openid',
  'profile',
  'email',
  'phone',
  'address',
  'identity',
  'offline_access',
  'level1',
  'level2',
  'level3',
  'level4',
] as const;

const scopes = z
  .union([z.string().transform((s) => s.split(/\s+/).filter(Boolean)), z.array(z.string())])
  .pipe(z.array(z.enum(scopeNames)))
  .refine((list) => list.includes('openid'), 'must contain openid')
  .refine((list) => new Set(list).size === list.length, 'names a scope twice');

const jwk = z.looseObject({
  kty: z.enum(['EC', 'RSA', 'OKP']),
  d: z.undefined({ error: 'this is a private key: only public keys belong here' }).optional(),
});

/**
 * One relying party's file. Names and meanings are OAuth's own (RFC 7591, OpenID Connect Registration and Logout) in
 * snake_case; what is ours says so.
 */
export const clientFile = z
  .strictObject({
    client_id: identifier.describe('Name of the client in requests. Must be unique.'),
    client_name: inBoth.describe('What citizens read, one text or { de, en }.'),
    client_uri: webAddress.optional().describe('Start page of the service, for the way back.'),
    redirect_uris: z.array(webAddress).min(1).describe('Where answers may go. Compared byte by byte.'),
    post_logout_redirect_uris: z
      .array(webAddress)
      .default([])
      .describe('Where a citizen may be sent after logging out.'),
    backchannel_logout_uri: webAddress
      .optional()
      .describe('Told when a session ends (OpenID Connect Back-Channel Logout). Logout tokens always carry sid.'),
    application_type: z.enum(['web', 'native']).default('web'),
    token_endpoint_auth_method: z
      .enum(['private_key_jwt', 'client_secret_basic', 'client_secret_post', 'none'])
      .optional()
      .describe(
        'Default: private_key_jwt with keys, client_secret_basic with a secret. none is for native apps, with PKCE.',
      ),
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
    scope: scopes.default(['openid']).describe('Scopes the client may ask for. Others answer invalid_scope.'),
    grant_types: z
      .array(z.enum(['authorization_code', 'refresh_token']))
      .default(['authorization_code'])
      .describe('refresh_token goes with the scope offline_access.'),
    id_token_signed_response_alg: z.enum(['ES256', 'RS256']).default('ES256'),
    subject_type: z
      .enum(['pairwise'])
      .default('pairwise')
      .describe('Always pairwise: no service learns an id by which others know the citizen.'),
    sector: identifier
      .optional()
      .describe('Ours. Clients of one authority with the same sector see the same sub. Default: client_id.'),
    minimum_level: z
      .enum(levels)
      .default('basic')
      .describe('Ours. No login below this level, whatever a request says.'),
    max_evidence_age: z
      .int()
      .positive()
      .optional()
      .describe(
        'Ours. Seconds: a login older than this does not count for this client, from whichever service it came.',
      ),
    acr_names: z.enum(['eidas', 'stork']).default('eidas').describe('Ours. How acr is spelt.'),
    consent: z.enum(['ask', 'none']).default('ask').describe('Ours. none needs a legal_basis.'),
    legal_basis: inBoth.optional().describe('Ours. Why data may be passed on; shown to citizens.'),
    purpose: inBoth.optional().describe('Ours. What the data are needed for, in a short sentence; shown to citizens.'),
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
    if (keys > 1) fail('jwks', 'give the keys once: jwks, jwks_file or jwks_uri');
    if (secrets > 1) fail('client_secret_file', 'give the secret once: client_secret_file or client_secret_env');
    const method = authMethod(file);
    if (method === undefined)
      fail('token_endpoint_auth_method', 'missing: give jwks_file (best), or a secret, or none for a native app');
    if (method === 'private_key_jwt' && keys === 0)
      fail('jwks_file', 'private_key_jwt needs jwks, jwks_file or jwks_uri');
    if (method?.startsWith('client_secret') && secrets === 0)
      fail('client_secret_file', `${method} needs client_secret_file or client_secret_env`);
    if (method === 'none' && file.pkce === 'optional')
      fail('pkce', 'a client without authentication always needs PKCE');
    if (file.consent === 'none' && file.legal_basis === undefined)
      fail('legal_basis', 'consent: none needs a legal_basis');
    if (file.scope.includes('offline_access') !== file.grant_types.includes('refresh_token'))
      fail('grant_types', 'refresh_token and the scope offline_access go together');
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

/** An authority: the folder of that name below config/clients is its own. */
export const authorityFile = z.strictObject({
  name: inBoth.describe('What citizens read.'),
  contact: z.email().optional(),
});

export type AuthorityFile = z.output<typeof authorityFile>;
