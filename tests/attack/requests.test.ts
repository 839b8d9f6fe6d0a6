import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { compactDecrypt, decodeJwt, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika } from '../support/journey.ts';
import { goOn, startServices, type Answer, type Service, type Services } from './service.ts';

/** Requests of services that are registered, in forms that are not meant: PAR, request objects, claims, grants, CORS. */
let app: TestApp;
let services: Services;
let person: Person;
let plain: Service;
let keyed: Service;
let api: Service;
const audience = 'https://postfach.example/api';
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  plain = await services.add({
    clientId: 'plain',
    file: {
      allowed_cors_origins: ['https://app.stadt.example'],
      scope: 'openid offline_access',
      grant_types: ['authorization_code', 'refresh_token'],
    },
  });
  keyed = await services.add({
    clientId: 'keyed',
    by: 'private_key_jwt',
    file: {
      resources: { [audience]: ['postfach:read'] },
      grant_types: ['authorization_code', 'client_credentials'],
    },
  });
  await services.add({ clientId: 'evil', by: 'private_key_jwt' });
  api = await services.add({
    clientId: 'api',
    by: 'private_key_jwt',
    file: { api: { audience, scopes: ['postfach:read'] } },
  });
  person = createPerson();
  plain.answer(await goOn(app, person, await plain.ask(person), { login: erika }));
});
afterAll(async () => {
  expect(app.log.filter((line) => /"status":5\d\d|"event":"provider\./.test(line))).toEqual([]);
  await services.close();
  await app.stop();
});
afterEach(() => resetClock());

type Fields = Readonly<Record<string, string>>;

const now = (): number => Math.floor(Date.now() / 1000);
const parameters = (service: Service, params?: Fields): Record<string, string> =>
  Object.fromEntries(new URL(service.request(params).url).searchParams);
const visit = (query: Fields): Promise<Page> =>
  person.visit(`${app.issuer}/auth?${new URLSearchParams(query).toString()}`);
const pushed = async (service: Service, fields: Fields): Promise<string> =>
  ((await (await service.post('/request', fields)).json()) as { request_uri: string }).request_uri;

describe('pushed requests', () => {
  test('AZ-19, AZ-20: an address is good once, and for the client that pushed it alone', async () => {
    const uri = await pushed(keyed, parameters(keyed));
    expect((await visit({ client_id: 'evil', request_uri: uri })).status).toBe(400);
    expect(keyed.answer(await visit({ client_id: 'keyed', request_uri: uri }))['code']).toEqual(expect.any(String));
    const again = await visit({ client_id: 'keyed', request_uri: uri });
    expect(again.status === 400 || keyed.answer(again)['error'] === 'invalid_request_uri').toBe(true);
  });

  test('AZ-19: of ten browsers with the same address one gets on', async () => {
    const uri = await pushed(keyed, parameters(keyed));
    const pages = await Promise.all(Array.from({ length: 10 }, () => visit({ client_id: 'keyed', request_uri: uri })));
    expect(pages.filter(({ url }) => url.searchParams.has('code'))).toHaveLength(1);
  });

  test('AZ-21, AZ-22: where PAR is required nothing else will do, and what stands beside it is ignored', async () => {
    const strict = await services.add({
      clientId: 'par-only',
      by: 'private_key_jwt',
      file: { require_pushed_authorization_requests: true },
    });
    expect(strict.answer(await strict.ask(person))['error']).toBe('invalid_request');
    const uri = await pushed(strict, parameters(strict, { state: 'inside' }));
    const beside = { state: 'outside', scope: 'openid email', redirect_uri: 'https://evil.example/cb' };
    expect(strict.answer(await visit({ client_id: 'par-only', request_uri: uri, ...beside }))).toMatchObject({
      state: 'inside',
      code: expect.any(String),
    });
  });
});

test('AZ-11: a mode that the file does not list answers no code', async () => {
  const refused = expect.stringMatching(/^(unsupported_response_mode|invalid_request)$/);
  const jarm = plain.answer(await plain.ask(person, { response_mode: 'query.jwt' }));
  expect(decodeJwt(jarm['response'] ?? '')).toMatchObject({ error: refused });
  const [form] = formsOf(await plain.ask(person, { response_mode: 'form_post' }));
  expect(form?.fields).toMatchObject({ error: refused });
  expect(form?.fields).not.toHaveProperty('code');
});

describe('request objects (RFC 9101)', () => {
  const requestObject = (claims: JWTPayload = {}, header = {}): Promise<string> =>
    keyed.sign(
      {
        ...parameters(keyed, { state: 'inside' }),
        iss: 'keyed',
        aud: app.issuer,
        nbf: now(),
        exp: now() + 60,
        ...claims,
      },
      header,
    );
  const askBy = async (request: string): Promise<Answer> =>
    keyed.answer(
      await visit({
        client_id: 'keyed',
        scope: 'openid',
        state: 'outside',
        response_type: 'code',
        redirect_uri: keyed.redirectUri,
        request,
      }),
    );

  test.each<[string, () => Promise<string>]>([
    ['for another audience', () => requestObject({ aud: 'https://other.example' })],
    ['for several audiences', () => requestObject({ aud: [app.issuer, 'https://other.example'] })],
    ['without an end', () => requestObject({ exp: undefined as never })],
    ['good for a year', () => requestObject({ exp: now() + 365 * 86_400 })],
    ['run out', () => requestObject({ nbf: now() - 3600, exp: now() - 600 })],
    ['of another client', () => requestObject({ client_id: 'evil' })],
    ['with a request in a request', () => requestObject({ request: 'x' })],
    ['that could be a client assertion as well', () => requestObject({ sub: 'keyed', jti: 'x' })],
    ['with a level that is no text', () => requestObject({ acr_values: { value: 'high' } })],
    ['with a prompt that is no text', () => requestObject({ prompt: { value: 'login' } })],
    ['made for a logout', () => requestObject({}, { typ: 'logout+jwt' })],
    ['made as a proof of a key', () => requestObject({}, { typ: 'dpop+jwt' })],
    [
      'JO-01: unsigned',
      async () => {
        const [, payload = ''] = (await requestObject()).split('.');
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
      },
    ],
    [
      'JO-02: signed with our public key as a secret',
      async () => {
        const keys = await (await fetch(`${app.issuer}/jwks`)).text();
        return new SignJWT({ ...parameters(keyed), iss: 'keyed', aud: app.issuer, nbf: now(), exp: now() + 60 })
          .setProtectedHeader({ alg: 'HS256' })
          .sign(new TextEncoder().encode(keys));
      },
    ],
  ])('%s: refused', async (_title, make) => {
    const answer = await askBy(await make());
    expect(answer['code']).toBeUndefined();
    expect(answer['error']).toMatch(/^invalid_request(_object)?$/);
  });

  test.each(['oauth-authz-req+jwt', 'application/oauth-authz-req+jwt', 'JWT'])('typ %s: taken', async (typ) => {
    expect(await askBy(await requestObject({}, { typ }))).toMatchObject({ state: 'inside', code: expect.any(String) });
  });

  test.each(['oauth-authz-req+jwt', 'dpop+jwt', 'logout+jwt'])('%s is no client assertion', async (typ) => {
    const tokens = await keyed.tokens({ grant_type: 'client_credentials' }, await keyed.authentication({}, { typ }));
    expect(tokens).toMatchObject({ status: 401, error: 'invalid_client' });
  });
});

describe('parameters', () => {
  test.each<[string, Record<string, string | undefined>]>([
    ['no scope', { scope: undefined }],
    ['an empty scope', { scope: '' }],
    ['LA-02: values of acr that are no list', { claims: '{"id_token":{"acr":{"essential":true,"values":"high"}}}' }],
    ['LA-02: a value of acr that is a list', { claims: '{"id_token":{"acr":{"essential":true,"value":["high"]}}}' }],
    ['LA-02: essential that is text', { claims: '{"userinfo":{"acr":{"essential":"true","value":"high"}}}' }],
  ])('%s: invalid_request, with a session and without', async (_title, params) => {
    for (const browser of [person, createPerson()])
      expect(plain.answer(await plain.ask(browser, params))).toMatchObject({
        error: 'invalid_request',
        error_description: expect.stringMatching(/scope|acr/),
      });
  });
});

describe('the token endpoint', () => {
  test.each<[string, () => Promise<unknown>, string]>([
    [
      'MX-08: an API that the file does not name',
      () => keyed.tokens({ grant_type: 'client_credentials', resource: 'https://other.example/api' }),
      'invalid_target',
    ],
    [
      'TK-12: client credentials that the file does not grant',
      () => api.tokens({ grant_type: 'client_credentials' }),
      'unauthorized_client',
    ],
    ['TK-12: implicit', () => keyed.tokens({ grant_type: 'implicit' }), 'unsupported_grant_type'],
    ['TK-12: CIBA', () => keyed.tokens({ grant_type: 'urn:openid:params:grant-type:ciba' }), 'unsupported_grant_type'],
    [
      'TK-12: the password grant',
      () => keyed.tokens({ grant_type: 'password', username: 'erika', password: 'x' }),
      'unsupported_grant_type',
    ],
    ...['token-exchange', 'device_code', 'jwt-bearer'].map((name): [string, () => Promise<unknown>, string] => [
      `TK-12: ${name}`,
      () => keyed.tokens({ grant_type: `urn:ietf:params:oauth:grant-type:${name}` }),
      'unsupported_grant_type',
    ]),
  ])('%s', async (_title, ask, error) => {
    expect(await ask()).toMatchObject({ status: 400, error });
  });

  test('MX-02: a token for an API is none for userinfo', async () => {
    const { access_token: token } = await keyed.tokens({ grant_type: 'client_credentials', scope: 'postfach:read' });
    expect(token).not.toBe('');
    const answer = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(401);
  });

  test.each([
    ['no scheme that we know', 'Negotiate x'],
    ['no credentials', 'Basic'],
    ['no base64', 'Basic %'],
    ['no colon', `Basic ${btoa('plain')}`],
    ['no secret', `Basic ${btoa('plain:')}`],
    ['no client', `Basic ${btoa(':secret')}`],
    ['a bad escape', `Basic ${btoa('plain:%zz')}`],
    ['no UTF-8', 'Basic /w=='],
  ])('CL-10: an Authorization header with %s is 401', async (_title, authorization) => {
    for (const path of ['/token', '/request', '/token/introspection', '/token/revocation']) {
      const answer = await plain.post(path, { token: 'x' }, { headers: { authorization }, fields: {} });
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      expect(await answer.json()).toMatchObject({ error: 'invalid_client' });
    }
  });

  test('RF-11: however often it is used, a refresh token ends when the first one would have', async () => {
    const page = await goOn(
      app,
      person,
      await plain.ask(person, { scope: 'openid offline_access', prompt: 'consent' }),
    );
    let { refresh_token: token } = await plain.redeem(page);
    for (let day = 0; day < 13; day += 4) {
      shiftClock(4 * 86_400_000);
      const next = await plain.tokens({ grant_type: 'refresh_token', refresh_token: token });
      if (day === 12) expect(next).toMatchObject({ status: 400, error: 'invalid_grant' });
      else ({ refresh_token: token } = next);
      expect(token).not.toBe('');
    }
  });
});

describe('HT-07: scripts of other origins', () => {
  const ask = (path: string, origin: string, headers: Fields = {}, method = 'GET'): Promise<Response> =>
    fetch(`${app.issuer}${path}`, { method, headers: { ...headers, origin } });
  const told = ({ headers }: Response): [string, string][] =>
    [...headers].filter(([name]) => name.startsWith('access-control-allow'));
  const preflight = (path: string, origin: string): Promise<Response> =>
    ask(
      path,
      origin,
      { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      'OPTIONS',
    );
  const endpoints = ['/token', '/me', '/request', '/token/introspection', '/token/revocation'];

  test.each([
    'https://evil.example',
    'null',
    'http://app.stadt.example',
    'https://app.stadt.example.evil.example',
    'https://APP.stadt.example',
  ])('%s is told nothing', async (origin) => {
    const { access_token: token } = await plain.redeem(await plain.ask(person));
    for (const path of endpoints) {
      expect([path, told(await preflight(path, origin))]).toEqual([path, []]);
      expect([path, told(await ask(path, origin, {}, 'POST'))]).toEqual([path, []]);
    }
    const answer = await ask('/me', origin, { authorization: `Bearer ${token}` });
    expect(told(answer)).toEqual([]);
    expect(await answer.text()).not.toContain('"sub"');
  });

  test('the origin of a file may, without cookies, and only where its client is', async () => {
    const origin = 'https://app.stadt.example';
    for (const path of endpoints)
      expect(Object.fromEntries(told(await preflight(path, origin)))).toMatchObject({
        'access-control-allow-origin': origin,
      });
    const { access_token: token } = await plain.redeem(await plain.ask(person));
    const { access_token: other } = await keyed.redeem(await keyed.ask(person));
    const mine = await ask('/me', origin, { authorization: `Bearer ${token}` });
    expect([mine.status, told(mine)]).toEqual([200, [['access-control-allow-origin', origin]]]);
    const its = await ask('/me', origin, { authorization: `Bearer ${other}` });
    expect([its.status, told(its)]).toEqual([400, []]);
  });

  test('pages and logout are for no script at all; what is public is for all', async () => {
    for (const path of ['/auth', '/anmelden/x', '/session/end', '/konto'])
      expect([path, told(await preflight(path, 'https://app.stadt.example'))]).toEqual([path, []]);
    for (const path of ['/jwks', '/.well-known/openid-configuration']) {
      expect(told(await ask(path, 'https://evil.example'))).toEqual([['access-control-allow-origin', '*']]);
      expect(told(await preflight(path, 'https://evil.example'))).not.toEqual([]);
    }
  });
});

describe('HT-04: headers on which a pattern could lose itself', () => {
  const long = 14_000;
  const shapes = [' ', 'a', ',', ';', '=', '%', 'a, ', 'a;q=0.', '"\\\\', '1.'].map((part) =>
    part.repeat(long / part.length),
  );
  test.each(['/me', '/auth', '/hilfe', '/jwks', '/anmelden/x'])('%s', async (path) => {
    for (const name of [
      'accept',
      'accept-language',
      'authorization',
      'cookie',
      'dpop',
      'user-agent',
      'x-forwarded-for',
    ])
      for (const shape of shapes) {
        const before = process.cpuUsage();
        const answer = await fetch(`${app.issuer}${path}`, { redirect: 'manual', headers: { [name]: `x${shape}x` } });
        await answer.arrayBuffer();
        const { user, system } = process.cpuUsage(before);
        expect([name, shape.slice(0, 8), answer.status < 500, (user + system) / 1e6 < 1]).toEqual([
          name,
          shape.slice(0, 8),
          true,
          true,
        ]);
      }
  });
});

test.each(['/jwks', '/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'])(
  '%s is the same document, whatever stands behind its address',
  async (path) => {
    const [document, ...others] = await Promise.all(
      ['', '?', '?x=1', '?x=1?y'].map(async (query) => {
        const answer = await fetch(`${app.issuer}${path}${query}`);
        return [answer.status, answer.headers.get('cache-control'), await answer.text()];
      }),
    );
    expect(document?.[0]).toBe(200);
    for (const other of others) expect(other).toEqual(document);
  },
);

test('introspection as JWT is encrypted where the file asks for it, as discovery announces', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ECDH-ES', { extractable: true });
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const service = await services.add({
    clientId: 'introspecting',
    file: {
      jwks: {
        keys: [
          { ...(await exportJWK(publicKey)), alg: 'ECDH-ES', use: 'enc', kid: 'e' },
          { ...signing, kid: 's' },
        ],
      },
      introspection_encrypted_response_alg: 'ECDH-ES',
      introspection_encrypted_response_enc: 'A256GCM',
    },
  });
  const { access_token: token } = await service.redeem(await service.ask(person));
  const own = await service.authentication();
  const headers = { ...own.headers, accept: 'application/token-introspection+jwt' };
  const answer = await service.post('/token/introspection', { token }, { ...own, headers });
  const { plaintext, protectedHeader } = await compactDecrypt(await answer.text(), privateKey);
  expect(protectedHeader).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM' });
  expect(decodeJwt(new TextDecoder().decode(plaintext))).toMatchObject({
    aud: 'introspecting',
    token_introspection: { active: true },
  });
});
