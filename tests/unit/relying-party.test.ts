import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Level } from '../../src/assurance/levels.ts';
import { failureOf } from '../../src/portal/relying-party/answer.ts';
import { accessTokenFits } from '../../src/portal/relying-party/at-hash.ts';
import { authorizationParameters } from '../../src/portal/relying-party/authorization-request.ts';
import { isEnough } from '../../src/portal/relying-party/guard.ts';
import { profileName } from '../../src/portal/relying-party/profile-name.ts';
import { createProvider } from '../../src/portal/relying-party/provider.ts';
import { relyingPartySettings } from '../../src/portal/relying-party/settings.ts';
import { z } from 'zod';

const request = {
  redirectUri: 'https://rp.example/callback',
  scope: 'openid',
  state: 's',
  nonce: 'n',
  codeChallenge: 'c',
};
const high = 'http://eidas.europa.eu/LoA/high';

describe('authorization request', () => {
  test('carries what every request carries, and nothing that was not asked for', () => {
    expect(authorizationParameters(request)).toEqual({
      redirect_uri: 'https://rp.example/callback',
      scope: 'openid',
      state: 's',
      nonce: 'n',
      code_challenge: 'c',
      code_challenge_method: 'S256',
    });
  });

  test.each<[Level, number]>([
    ['basic', 4],
    ['low', 3],
    ['substantial', 2],
    ['high', 1],
  ])('level %s is essential, with all %d levels that will do', (level, count) => {
    const { acr } = JSON.parse(authorizationParameters({ ...request, level })['claims'] ?? '').id_token;
    expect(acr.essential).toBe(true);
    expect(acr.values).toHaveLength(count);
    expect(acr.values.at(-1)).toBe(high);
  });

  test('a level joins the claims that the service asks for', () => {
    const claims = { userinfo: { verified_claims: null }, id_token: { email: null } };
    expect(JSON.parse(authorizationParameters({ ...request, claims, level: 'high' })['claims'] ?? '')).toEqual({
      userinfo: { verified_claims: null },
      id_token: { email: null, acr: { essential: true, values: [high] } },
    });
  });

  test('age and language', () => {
    expect(authorizationParameters({ ...request, maxAge: 60, uiLocales: 'en' })).toMatchObject({
      max_age: '60',
      ui_locales: 'en',
    });
  });
});

describe('at_hash', () => {
  const fitting = createHash('sha256').update('token').digest().subarray(0, 16).toString('base64url');
  test.each<[unknown, boolean]>([
    [undefined, true],
    [fitting, true],
    [fitting.slice(1), false],
    [fitting.toLowerCase(), false],
    ['', false],
    [null, false],
    [7, false],
  ])('%p: %p', (value, fits) => {
    expect(accessTokenFits(value, 'token')).toBe(fits);
  });
});

describe('whether a session will do', () => {
  const now = 1_000_000_000;
  test.each<[string, { level: Level; authTime: number } | undefined, { level: Level; maxAge?: number }, boolean]>([
    ['nobody', undefined, { level: 'basic' }, false],
    ['the same level', { level: 'low', authTime: 0 }, { level: 'low' }, true],
    ['a higher level', { level: 'high', authTime: 0 }, { level: 'low' }, true],
    ['a lower level', { level: 'low', authTime: 0 }, { level: 'high' }, false],
    ['just fresh', { level: 'low', authTime: now - 60_000 }, { level: 'low', maxAge: 60 }, true],
    ['no longer fresh', { level: 'low', authTime: now - 60_001 }, { level: 'low', maxAge: 60 }, false],
  ])('%s', (_, session, wanted, enough) => {
    expect(isEnough(session, wanted, now)).toBe(enough);
  });
});

test.each([
  ['access_denied', 'ended'],
  ['unmet_authentication_requirements', 'level'],
  ['login_required', 'loginRequired'],
  ['interaction_required', 'loginRequired'],
  ['account_selection_required', 'loginRequired'],
  ['consent_required', 'loginRequired'],
  ['server_error', 'unavailable'],
  ['temporarily_unavailable', 'unavailable'],
  ['invalid_request', 'refused'],
  ['__proto__', 'refused'],
])('the error %s means %s', (error, failure) => {
  expect(failureOf(error)).toBe(failure);
});

test.each([
  [{ name: 'Erika Mustermann' }, 'Erika Mustermann'],
  [{ given_name: 'Erika', family_name: 'Mustermann' }, 'Erika Mustermann'],
  [{ family_name: 'Mononym' }, 'Mononym'],
  [{ name: ' ', given_name: 'Erika' }, 'Erika'],
  [{ name: 7 }, ''],
  [{}, ''],
])('the name out of %p', (claims, name) => {
  expect(profileName({ claims })).toBe(name);
});

describe('settings', () => {
  const schema = z.strictObject(relyingPartySettings({ port: 3001 }));
  test('have the values of development', () => {
    expect(schema.parse({})).toEqual({ origin: 'http://localhost:3001', port: 3001 });
  });

  test.each([
    { origin: 'https://portal.example/' },
    { origin: 'https://portal.example/x' },
    { origin: 'https://Portal.example' },
    { origin: 'https://user@portal.example' },
    { origin: 'ftp://portal.example' },
    { origin: 'portal.example' },
    { port: 70_000 },
    { porrt: 1 },
  ])('refuse %p', (settings) => {
    expect(schema.safeParse(settings).success).toBe(false);
  });

  test('every key says what it is', () => {
    for (const key of Object.values(schema.shape)) expect(key.description).toMatch(/\.$/u);
  });
});

test('an http issuer is refused outside development', () => {
  const provider = (allowHttp: boolean) => () =>
    createProvider({ issuer: 'http://id.example', clientId: 'x', clientKey: {}, allowHttp });
  expect(provider(false)).toThrow('must be https');
  expect(provider(true)).not.toThrow();
});
