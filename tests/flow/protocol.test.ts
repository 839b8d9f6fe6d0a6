import { createHash, generateKeyPairSync, randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { certificates, startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, max } from '../support/journey.ts';
import { goOn, startServices, type Service, type Services } from '../attack/service.ts';

/** The subject of the development PKI's client certificate, as RFC 4514 writes it. */
const subjectOfTestClient = (): string =>
  new X509Certificate(readFileSync(join(certificates, 'rp-client.pem'))).subject.split('\n').toReversed().join(',');

/** Each part of the protocol as a service meets it: what is announced works, what works is announced. */
let app: TestApp;
let services: Services;
let person: Person;
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  const first = await services.add({ clientId: 'first' });
  person = createPerson();
  first.answer(await goOn(app, person, await first.ask(person), { login: erika }));
});
afterAll(async () => {
  await services.close();
  await app.stop();
});

const verify = async (token: string, audience: string): Promise<JWTPayload> =>
  (await jwtVerify(token, createRemoteJWKSet(new URL(`${app.issuer}/jwks`)), { issuer: app.issuer, audience })).payload;

const userinfo = (token: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${token}`, ...headers } });

const discovery = async (): Promise<Record<string, unknown>> =>
  (await (await fetch(`${app.issuer}/.well-known/openid-configuration`)).json()) as Record<string, unknown>;

describe('how answers travel', () => {
  let service: Service;
  beforeAll(async () => {
    service = await services.add({
      clientId: 'modes',
      file: { response_modes: ['query', 'form_post', 'jwt', 'form_post.jwt'] },
    });
  });

  test('form_post: a page of ours, whose button works without scripts and whose policy lets it leave', async () => {
    const page = await service.ask(person, { response_mode: 'form_post', state: 'a"<b' });
    expect([page.status, page.url.origin]).toEqual([200, app.issuer]);
    expect(textOf(page)).toContain('Weiter zum Dienst');
    expect(page.body).not.toContain('Submitting Callback');
    expect(page.body).not.toMatch(/<script(?![^>]*src=)/);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`form-action 'self' ${services.origin}`);
    expect(policy).not.toContain('unsafe');
    const [form] = formsOf(page).filter(({ action }) => action === service.redirectUri);
    expect(form?.fields).toMatchObject({ state: 'a"<b', iss: app.issuer, code: expect.any(String) });
  });

  test('form_post of an error', async () => {
    const page = await service.ask(createPerson(), { response_mode: 'form_post', prompt: 'none' });
    expect(formsOf(page)[0]?.fields).toMatchObject({ error: 'login_required', iss: app.issuer });
  });

  test('JARM: the answer is signed for this client, in query and form', async () => {
    const query = await service.ask(person, { response_mode: 'jwt' });
    const { response = '' } = service.answer(query);
    expect(await verify(response, 'modes')).toMatchObject({ code: expect.any(String), state: expect.any(String) });
    const form = await service.ask(person, { response_mode: 'form_post.jwt' });
    expect(await verify(formsOf(form)[0]?.fields['response'] ?? '', 'modes')).toHaveProperty('code');
  });

  test('POST to the authorization endpoint is the same request once more', async () => {
    const { url } = service.request();
    const { search, origin, pathname } = new URL(url);
    const form = Object.fromEntries(new URLSearchParams(search));
    const page = await person.visit(`${origin}${pathname}`, { form });
    expect(service.answer(page)['code']).toEqual(expect.any(String));
    expect(page.trail[1]).toContain('/auth?');
    const long = await person.visit(`${origin}${pathname}`, { form: { ...form, x: 'y'.repeat(9000) } });
    expect(long.status).toBe(413);
  });
});

describe('how requests travel', () => {
  let service: Service;
  beforeAll(async () => {
    service = await services.add({ clientId: 'requests', by: 'private_key_jwt' });
  });

  const parameters = (params?: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(new URL(service.request(params).url).searchParams);

  const push = async (fields: Readonly<Record<string, string>>, by: Service = service): Promise<Response> =>
    by.post('/request', fields);

  test('PAR: pushed, then named', async () => {
    const { request_uri: uri } = (await (await push(parameters())).json()) as { request_uri: string };
    const ask = (clientId: string): Promise<Page> =>
      person.visit(`${app.issuer}/auth?${new URLSearchParams({ client_id: clientId, request_uri: uri }).toString()}`);
    expect(service.answer(await ask('requests'))['code']).toEqual(expect.any(String));
  });

  const now = (): number => Math.floor(Date.now() / 1000);
  const requestObject = (claims: JWTPayload = {}, header = {}): Promise<string> =>
    service.sign(
      { ...parameters({ state: 'inside' }), iss: 'requests', aud: app.issuer, nbf: now(), exp: now() + 60, ...claims },
      header,
    );
  const askBy = async (request: string): Promise<Page> =>
    person.visit(
      `${app.issuer}/auth?${new URLSearchParams({ client_id: 'requests', scope: 'openid', state: 'outside', response_type: 'code', redirect_uri: service.redirectUri, request }).toString()}`,
    );

  test('JAR: signed by the client, and what is inside wins', async () => {
    expect(service.answer(await askBy(await requestObject()))).toMatchObject({
      state: 'inside',
      code: expect.any(String),
    });
  });
});

describe('tokens that are bound to a key', () => {
  const thumbprint = (jwk: object): string => createHash('sha256').update(JSON.stringify(jwk)).digest('base64url');
  const proofKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = proofKeys.publicKey.export({ format: 'jwk' }) as { crv: string; kty: string; x: string; y: string };
  const proof = (method: string, path: string, more: JWTPayload = {}, key = proofKeys): Promise<string> =>
    new SignJWT({ htm: method, htu: `${app.issuer}${path}`, jti: randomUUID(), ...more })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: key.publicKey.export({ format: 'jwk' }) })
      .setIssuedAt()
      .sign(key.privateKey);

  test('DPoP: the token is good with a proof of its key, and with no other', async () => {
    const service = await services.add({
      clientId: 'dpop',
      by: 'private_key_jwt',
      file: { dpop_bound_access_tokens: true },
    });
    const page = await service.ask(person);
    const { code = '' } = service.answer(page);
    const refused = await service.redeem(page);
    expect([refused.status, refused.error]).toEqual([400, 'invalid_grant']);
    const second = await service.ask(person);
    const own = await service.authentication();
    const tokens = await service.redeem(
      second,
      {},
      {
        ...own,
        headers: { ...own.headers, dpop: await proof('POST', '/token') },
      },
    );
    expect(tokens.status).toBe(200);
    const ask = async (scheme: string, dpop?: string): Promise<number> =>
      (
        await fetch(`${app.issuer}/me`, {
          headers: { authorization: `${scheme} ${tokens.access_token}`, ...(dpop === undefined ? {} : { dpop }) },
        })
      ).status;
    const ath = createHash('sha256').update(tokens.access_token).digest('base64url');
    expect(await ask('DPoP', await proof('GET', '/me', { ath }))).toBe(200);
    expect(await ask('Bearer')).toBe(401);
    expect(await ask('DPoP')).toBe(400);
    expect(
      await ask('DPoP', await proof('GET', '/me', { ath }, generateKeyPairSync('ec', { namedCurve: 'P-256' }))),
    ).toBe(401);
    const once = await proof('GET', '/me', { ath });
    expect(await ask('DPoP', once)).toBe(200);
    expect(await ask('DPoP', once)).toBe(401);
    expect(code).not.toBe('');
    const { crv, kty, x, y } = jwk;
    const answer = (await (await service.post('/token/introspection', { token: tokens.access_token })).json()) as {
      cnf?: { jkt: string };
    };
    expect(answer.cnf?.jkt).toBe(thumbprint({ crv, kty, x, y }));
  });

  /** With the development PKI's client certificate, or without any. */
  const overTls = (
    path: string,
    options: { readonly form?: Record<string, string>; readonly token?: string; readonly certificate?: boolean },
  ): Promise<{ status: number; body: Record<string, unknown> }> =>
    new Promise((resolve, reject) => {
      const origin = new URL(String(app.settings.id.mutual_tls?.origin));
      const read = (name: string): Buffer => readFileSync(join(certificates, name));
      const body = options.form && new URLSearchParams(options.form).toString();
      const sent = httpsRequest(
        {
          host: 'localhost',
          port: origin.port,
          path,
          method: body === undefined ? 'GET' : 'POST',
          ca: read('ca.pem'),
          agent: false,
          ...(options.certificate === false ? {} : { cert: read('rp-client.pem'), key: read('rp-client.key') }),
          headers: {
            accept: 'application/json',
            ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
            ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
          },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            resolve({
              status: answer.statusCode ?? 0,
              body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
            });
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });

  test('mTLS: the certificate is the client, and the token is bound to it; elsewhere and without it there is nothing', async () => {
    const service = await services.add({
      clientId: 'mtls',
      by: 'none',
      file: {
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: subjectOfTestClient(),
        tls_client_certificate_bound_access_tokens: true,
      },
    });
    const { mtls_endpoint_aliases: aliases } = (await discovery()) as { mtls_endpoint_aliases: Record<string, string> };
    expect(aliases['token_endpoint']).toBe(`${app.settings.id.mutual_tls?.origin}/token`);
    const redeem = async (certificate: boolean): Promise<{ status: number; body: Record<string, unknown> }> => {
      const { url, verifier } = service.request();
      const { code = '' } = service.answer(await person.visit(url));
      return overTls('/token', {
        certificate,
        form: {
          grant_type: 'authorization_code',
          client_id: 'mtls',
          code,
          redirect_uri: service.redirectUri,
          code_verifier: verifier,
        },
      });
    };
    expect(await redeem(false)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    const tokens = await redeem(true);
    expect(tokens.status).toBe(200);
    const token = String(tokens.body['access_token']);
    expect((await overTls('/me', { token })).status).toBe(200);
    expect((await overTls('/me', { token, certificate: false })).status).toBe(401);
    expect((await userinfo(token)).status).toBe(401);
    // Nothing else is served there, and no header can stand in for the certificate.
    expect((await overTls('/anmelden/x', {})).status).toBe(404);
    expect((await overTls('/.well-known/openid-configuration', {})).status).toBe(404);
  });

  test('mTLS: another name than the certificate’s is refused', async () => {
    const service = await services.add({
      clientId: 'mtls-other',
      by: 'none',
      file: { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=somebody else' },
    });
    const { url, verifier } = service.request();
    const { code = '' } = service.answer(await person.visit(url));
    const form = { grant_type: 'authorization_code', client_id: 'mtls-other', code, redirect_uri: service.redirectUri };
    expect((await overTls('/token', { form: { ...form, code_verifier: verifier } })).status).toBe(401);
  });
});

describe('what is signed and encrypted', () => {
  test.each(['ES256', 'RS256'] as const)('an ID token by %s', async (alg) => {
    const service = await services.add({
      clientId: `signed-${alg.toLowerCase()}`,
      file: { id_token_signed_response_alg: alg },
    });
    const { id_token: token } = await service.redeem(await service.ask(person));
    expect(decodeProtectedHeader(token)).toMatchObject({ alg, kid: expect.any(String) });
    expect(await verify(token, service.clientId)).toHaveProperty('acr');
  });

  test('ID token and userinfo, signed and then encrypted for the client', async () => {
    const service = await services.add({
      clientId: 'encrypted',
      by: 'private_key_jwt',
      file: {
        id_token_encrypted_response_alg: 'ECDH-ES',
        id_token_encrypted_response_enc: 'A256GCM',
        userinfo_signed_response_alg: 'ES256',
        userinfo_encrypted_response_alg: 'ECDH-ES',
        userinfo_encrypted_response_enc: 'A128GCM',
      },
    });
    const page = await service.ask(person, { scope: 'openid profile' });
    const { id_token: token, access_token: access } = await service.redeem(page);
    expect(token.split('.')).toHaveLength(5);
    expect(await verify(await service.decrypt(token), 'encrypted')).toHaveProperty('sub');
    const answer = await userinfo(access);
    expect(answer.headers.get('content-type')).toContain('application/jwt');
    expect(await verify(await service.decrypt(await answer.text()), 'encrypted')).toMatchObject({
      name: 'Erika Mustermann',
    });
  });

  test('introspection as JWT (RFC 9701)', async () => {
    const service = await services.add({ clientId: 'introspecting' });
    const { access_token: access } = await service.redeem(await service.ask(person));
    const own = await service.authentication();
    const answer = await service.post(
      '/token/introspection',
      { token: access },
      {
        ...own,
        headers: { ...own.headers, accept: 'application/token-introspection+jwt' },
      },
    );
    expect(answer.headers.get('content-type')).toContain('application/token-introspection+jwt');
    expect(await verify(await answer.text(), 'introspecting')).toMatchObject({
      token_introspection: { active: true, acr: 'urn:bayern-id:acr:basic' },
    });
  });
});

describe('APIs', () => {
  let api: Service;
  let caller: Service;
  const audience = 'https://postfach.example/api';
  beforeAll(async () => {
    api = await services.add({
      clientId: 'api',
      by: 'private_key_jwt',
      file: { api: { audience, scopes: ['postfach:read', 'postfach:deliver'] } },
    });
    caller = await services.add({
      clientId: 'caller',
      by: 'private_key_jwt',
      file: {
        resources: { [audience]: ['postfach:read'] },
        grant_types: ['authorization_code', 'client_credentials'],
        response_modes: ['query'],
      },
    });
  });

  test('client credentials: a JWT for this audience alone, with the scopes that both files name', async () => {
    const tokens = await caller.tokens({ grant_type: 'client_credentials', scope: 'postfach:read postfach:deliver' });
    expect(tokens.status).toBe(200);
    const payload = await verify(tokens.access_token, audience);
    expect(payload).toMatchObject({ sub: 'caller', client_id: 'caller', scope: 'postfach:read' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' });
  });

  test('for a citizen: the token carries her subject at the API, not at the caller', async () => {
    const at = await api.redeem(await api.ask(person));
    const page = await caller.ask(person, { scope: 'openid postfach:read', resource: audience });
    const tokens = await caller.redeem(page, { resource: audience });
    expect(tokens.status).toBe(200);
    const payload = await verify(tokens.access_token, audience);
    expect(payload).toMatchObject({
      sub: at.claims.sub,
      scope: 'postfach:read',
      acr: 'urn:bayern-id:acr:basic',
      auth_time: expect.any(Number),
    });
    expect(tokens.claims.sub).not.toBe(at.claims.sub);
  });

  test('where consent is asked, acting in the citizen’s name is asked too, once', async () => {
    const asking = await services.add({
      clientId: 'asking-caller',
      by: 'private_key_jwt',
      file: { consent: 'ask', legal_basis: null, resources: { [audience]: ['postfach:read'] } },
    });
    const request = { scope: 'openid postfach:read', resource: audience };
    const page = await asking.ask(person, request);
    expect(textOf(page)).toContain('Zugriff in Ihrem Namen');
    expect(textOf(page)).toContain('Dienst api');
    asking.answer(await person.submit(page, '/freigabe', { decision: 'release' }));
    expect(asking.answer(await asking.ask(person, request))['code']).toEqual(expect.any(String));
  });
});

describe('subjects', () => {
  test('pairwise differ from service to service, public ones are the same for all that say so, and neither is our id', async () => {
    const [one, two, open, alsoOpen] = await Promise.all([
      services.add({ clientId: 'pairwise-1' }),
      services.add({ clientId: 'pairwise-2' }),
      services.add({ clientId: 'public-1', file: { subject_type: 'public' } }),
      services.add({ clientId: 'public-2', file: { subject_type: 'public' } }),
    ] as const);
    const subject = async (service: Service): Promise<string> =>
      String((await service.redeem(await service.ask(person))).claims.sub);
    const [a, b, c, d] = [await subject(one), await subject(two), await subject(open), await subject(alsoOpen)];
    expect(new Set([a, b, c]).size).toBe(3);
    expect(d).toBe(c);
    const { account } = (await app.citizen('erika')) ?? {};
    for (const sub of [a, b, c]) expect(sub).not.toContain(account?.id ?? 'x');
    expect((await discovery())['subject_types_supported']).toEqual(['pairwise', 'public']);
  });
});

describe('FAPI 2.0 is one line', () => {
  test('PAR, keys, PKCE and bound tokens are demanded; what is weaker is refused', async () => {
    const service = await services.add({ clientId: 'fapi', by: 'private_key_jwt', file: { profile: 'fapi2' } });
    expect(service.answer(await service.ask(person))['error']).toBe('invalid_request');
    const { url } = service.request();
    const fields = Object.fromEntries(new URL(url).searchParams);
    const { request_uri: uri } = (await (await service.post('/request', fields)).json()) as { request_uri: string };
    const page = await person.visit(
      `${app.issuer}/auth?${new URLSearchParams({ client_id: 'fapi', request_uri: uri }).toString()}`,
    );
    expect(service.answer(page)).toMatchObject({ code: expect.any(String), iss: app.issuer });
    expect((await service.redeem(page)).error).toBe('invalid_grant');
    const { challenge: _gone, ...without } = { ...fields, challenge: '' };
    const bare = await service.post('/request', {
      ...without,
      code_challenge: undefined,
      code_challenge_method: undefined,
    });
    expect(bare.status).toBe(400);
  });
});

describe('prompt', () => {
  test('select_account: on as who is logged in, or as another one', async () => {
    const service = await services.add({ clientId: 'choosing' });
    const browser = createPerson();
    service.answer(await goOn(app, browser, await service.ask(browser), { login: erika }));
    const page = await service.ask(browser, { prompt: 'select_account' });
    expect(textOf(page)).toContain('Weiter als Erika Mustermann');
    const before = (await service.redeem(await service.ask(browser))).claims.sub;
    const same = await service.redeem(await browser.submit(page, '/konto', { answer: 'continue' }));
    expect(same.claims.sub).toBe(before);
    const again = await service.ask(browser, { prompt: 'select_account' });
    const login = await browser.submit(again, '/konto', { answer: 'other' });
    const other = await service.redeem(await browser.submit(login, '/passwort', max));
    expect(other.claims.sub).not.toBe(before);
  });

  test('select_account without a session is a login', async () => {
    const service = await services.add({ clientId: 'choosing-alone' });
    const browser = createPerson();
    const page = await service.ask(browser, { prompt: 'select_account' });
    expect(service.answer(await browser.submit(page, '/passwort', erika))['code']).toEqual(expect.any(String));
  });

  test('create: the page says how an account is made, and a new one comes back', async () => {
    const service = await services.add({ clientId: 'creating' });
    const browser = createPerson();
    const page = await service.ask(browser, { prompt: 'create' });
    expect(textOf(page)).toContain('Konto anlegen');
    const assign = await goOn(app, browser, page, { card: 'zeichen' });
    const address = await browser.submit(assign, '/zuordnen', { answer: 'new' });
    const done = await browser.submit(address, '/registrieren/ohne');
    const answer = service.answer(await browser.submit(done, '/registrieren/weiter'));
    expect(answer['code']).toEqual(expect.any(String));
    expect((await discovery())['prompt_values_supported']).toContain('create');
  });
});

test('a login that others start: the page of services leads to it with iss and target', async () => {
  await services.add({
    clientId: 'started-by-others',
    file: { initiate_login_uri: 'https://dienst.example/anmelden?a=1', client_uri: 'https://dienst.example/' },
  });
  const page = await createPerson().visit(app.issuer);
  const link = /href="(https:\/\/dienst\.example\/anmelden[^"]*)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&');
  expect(Object.fromEntries(new URL(link ?? 'about:blank').searchParams)).toEqual({
    a: '1',
    iss: app.issuer,
    target_link_uri: 'https://dienst.example/',
  });
});

test('discovery says what is on, and nothing else', async () => {
  const metadata = await discovery();
  expect(metadata).toMatchObject({
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post', 'jwt', 'query.jwt', 'form_post.jwt'],
    grant_types_supported: expect.arrayContaining(['authorization_code', 'refresh_token', 'client_credentials']),
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    code_challenge_methods_supported: ['S256'],
    tls_client_certificate_bound_access_tokens: true,
    backchannel_logout_supported: true,
    authorization_response_iss_parameter_supported: true,
    verified_claims_supported: true,
  });
  for (const absent of [
    'registration_endpoint',
    'device_authorization_endpoint',
    'check_session_iframe',
    'backchannel_authentication_endpoint',
  ])
    expect(metadata).not.toHaveProperty(absent);
  expect(JSON.stringify(metadata)).not.toMatch(/"(HS\d+|plain|RSA1_5|dir)"/);
  for (const [name, values] of Object.entries(metadata))
    if (name.includes('_alg_values')) expect(values).not.toContain('none');
  expect(Object.entries(metadata).filter(([, value]) => Array.isArray(value) && value.length === 0)).toEqual([]);
});
