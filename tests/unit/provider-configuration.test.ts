import '../support/realm.ts';
import { describe, expect, test } from '@jest/globals';
import type { Configuration } from 'oidc-provider';
import { standardAgeing } from '../../src/assurance/policy.ts';
import { lifetimeSettings, providerConfiguration, type ProviderParts } from '../../src/id/oidc/configuration.ts';

const made = (secureCookies: boolean): Configuration =>
  providerConfiguration({
    issuer: 'https://id.example.de',
    secureCookies,
    lifetimes: lifetimeSettings.parse({}),
    rules: {
      table: {
        password: 'low',
        password_totp: 'substantial',
        passkey_synced: 'low',
        passkey_bound: 'low',
        eid: 'high',
      },
      ageing: standardAgeing,
      counts: () => true,
    },
    set: { clients: new Map(), authorities: new Map() },
    keys: { signing: [], cookie: [Buffer.alloc(32)] },
    pages: {},
  } as unknown as ProviderParts);

const configuration = made(true);
const call = (value: unknown, ...parameters: unknown[]): unknown =>
  (value as (...all: unknown[]) => unknown)(...parameters);

/** oidc.md 1 and attacks.md M10: an update of the library may change a default silently; this page may not. */
describe('the switches of the provider', () => {
  test.each<[keyof NonNullable<Configuration['features']>, boolean]>([
    ['backchannelLogout', true],
    ['claimsParameter', true],
    ['clientCredentials', true],
    ['deviceFlow', false],
    ['devInteractions', false],
    ['dPoP', true],
    ['encryption', true],
    ['fapi', true],
    ['introspection', true],
    ['jwtIntrospection', true],
    ['jwtResponseModes', true],
    ['jwtUserinfo', true],
    ['mTLS', false],
    ['pushedAuthorizationRequests', true],
    ['registration', false],
    ['registrationManagement', false],
    ['richAuthorizationRequests', false],
    ['ciba', false],
    ['attestClientAuth', false],
    ['externalSigningSupport', false],
    ['rpMetadataChoices', false],
    ['webMessageResponseMode', false],
    ['requestObjects', true],
    ['resourceIndicators', true],
    ['revocation', true],
    ['rpInitiatedLogout', true],
    ['userinfo', true],
  ])('%s: %s', (feature, enabled) => {
    expect(configuration.features?.[feature]).toMatchObject({ enabled });
  });

  test('no other switch is on, so what is not in the table stays off', () => {
    const on = Object.entries((configuration.features ?? {}) as Record<string, { enabled?: boolean }>).flatMap(
      ([name, { enabled }]) => (enabled === true ? [name] : []),
    );
    expect(on.sort()).toEqual(
      [
        'backchannelLogout',
        'claimsParameter',
        'clientCredentials',
        'dPoP',
        'encryption',
        'fapi',
        'introspection',
        'jwtIntrospection',
        'jwtResponseModes',
        'jwtUserinfo',
        'pushedAuthorizationRequests',
        'requestObjects',
        'resourceIndicators',
        'revocation',
        'rpInitiatedLogout',
        'userinfo',
      ].sort(),
    );
  });

  test('pushed requests take no unregistered redirect URI', () => {
    expect(configuration.features?.pushedAuthorizationRequests).toEqual({
      enabled: true,
      requirePushedAuthorizationRequests: false,
      allowUnregisteredRedirectUris: false,
    });
  });
});

describe('the values of the provider', () => {
  test.each<[keyof Configuration, unknown]>([
    ['responseTypes', ['code']],
    // 'public' would hand out the account's own id, with its epoch.
    ['subjectTypes', ['pairwise']],
    ['allowOmittingSingleRegisteredRedirectUri', false],
    ['conformIdTokenClaims', true],
    ['clockTolerance', 15],
    ['enableHttpPostMethods', false],
    ['extraParams', []],
    ['clientAuthMethods', ['private_key_jwt', 'client_secret_basic', 'client_secret_post', 'none']],
    [
      'clientDefaults',
      {
        id_token_signed_response_alg: 'ES256',
        subject_type: 'pairwise',
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    ['fetchResponseBodyLimits', { jwks_uri: 65_536, sector_identifier_uri: 65_536 }],
  ])('%s', (name, value) => {
    expect(configuration[name]).toEqual(value);
  });

  test('no symmetric algorithm and no "none" for anything', () => {
    const lists = Object.entries(configuration.enabledJWA ?? {});
    const of = (kind: string): string[] =>
      lists.flatMap(([list, algorithms]) => (list.endsWith(kind) ? (algorithms as string[]) : []));
    expect(lists.filter(([list]) => list.endsWith('SigningAlgValues'))).toHaveLength(7);
    expect([...new Set(of('SigningAlgValues'))].sort()).toEqual(['ES256', 'Ed25519', 'EdDSA', 'PS256', 'RS256']);
    expect([...new Set(of('EncryptionAlgValues'))].sort()).toEqual([
      'ECDH-ES',
      'ECDH-ES+A128KW',
      'ECDH-ES+A256KW',
      'RSA-OAEP-256',
    ]);
    expect(configuration.enabledJWA?.requestObjectEncryptionAlgValues).toEqual([]);
    expect(configuration.enabledJWA?.idTokenSigningAlgValues).toEqual(['ES256', 'PS256', 'RS256', 'EdDSA']);
  });

  test('what stands in every ID token', () => {
    expect((configuration.claims as Record<string, unknown>)['openid']).toEqual(['sub', 'acr', 'amr', 'auth_time']);
  });

  test('every spelling of every level is announced', () => {
    expect(configuration.acrValues).toHaveLength(12);
  });

  test('PKCE for everybody', () => {
    expect(call(configuration.pkce?.required, {}, { clientId: 'any' })).toBe(true);
  });

  test('no script of another origin', () => {
    expect(call(configuration.clientBasedCORS, {}, 'https://evil.example', { clientId: 'any' })).toBe(false);
  });

  test('SE-09: cookies over https, and in development', () => {
    expect(configuration.cookies?.names).toEqual({
      session: '__Host-id-session',
      interaction: '__Secure-id-interaction',
      resume: '__Secure-id-resume',
    });
    expect(made(false).cookies?.names).toEqual({
      session: 'id-session',
      interaction: 'id-interaction',
      resume: 'id-resume',
    });
    for (const kind of ['long', 'short'] as const) {
      expect(configuration.cookies?.[kind]).toMatchObject({
        signed: true,
        httpOnly: true,
        sameSite: 'lax',
        secure: true,
      });
      expect(configuration.cookies?.[kind]).not.toHaveProperty('domain');
      expect(made(false).cookies?.[kind]).toMatchObject({ secure: false });
    }
    expect(configuration.cookies?.short).not.toHaveProperty('path');
    expect(configuration.cookies?.long?.path).toBe('/');
  });

  test('prompts: levels are judged before anything is asked; equality of acr is not', () => {
    const policy = configuration.interactions?.policy as unknown as { name: string; checks: { reason: string }[] }[];
    expect(policy.map(({ name }) => name)).toEqual(['evidence', 'select_account', 'create', 'login', 'consent']);
    const reasons = policy.find(({ name }) => name === 'login')?.checks.map(({ reason }) => reason) ?? [];
    expect(reasons).toContain('level');
    expect(reasons).not.toContain('essential_acr');
    expect(reasons).not.toContain('essential_acrs');
  });
});

describe('lifetimes, in seconds', () => {
  const ttl = configuration.ttl as Record<string, unknown>;
  test.each([
    ['Interaction', 3600],
    ['AuthorizationCode', 60],
    ['IdToken', 600],
  ])('%s', (name, seconds) => {
    expect(ttl[name]).toBe(seconds);
  });

  test.each(['AccessToken', 'ClientCredentials'])('%s, and one for an API', (name) => {
    expect(call(ttl[name], {}, {})).toBe(600);
    expect(call(ttl[name], {}, { resourceServer: { accessTokenTTL: 60 } })).toBe(60);
  });

  test('a grant outlives every token under it', () => {
    expect(ttl['Grant']).toBeGreaterThanOrEqual(14 * 86_400 + 600);
  });

  test('RF-11: rotation does not prolong a refresh token', () => {
    expect(call(ttl['RefreshToken'], { oidc: { entities: {} } })).toBe(14 * 86_400);
    expect(call(ttl['RefreshToken'], { oidc: { entities: { RotatedRefreshToken: { remainingTTL: 17 } } } })).toBe(17);
  });

  test.each([
    ['a new session', undefined, 3600],
    ['an hour old', 3600, 3600],
    ['half an hour before its end', 11.5 * 3600, 1800],
    ['beyond it', 13 * 3600, 1],
  ])('the session: %s', (_title, age, seconds) => {
    const loginTs = age === undefined ? undefined : Math.floor(Date.now() / 1000) - age;
    const given = call(ttl['Session'], {}, { loginTs }) as number;
    expect(Math.abs(given - seconds)).toBeLessThanOrEqual(1);
  });
});
