import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { stringify } from 'yaml';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { goOn, startServices, type Authentication, type Services } from './service.ts';

let app: TestApp;
let services: Services;
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
}, 60_000);
afterEach(resetClock);
afterAll(async () => {
  await services.close();
  await app.stop();
});

const hour = 3600_000;

const put = async (id: string, file: Readonly<Record<string, unknown>>): Promise<void> => {
  const common = { client_id: id, client_name: id, redirect_uris: ['https://dienst.example/cb'] };
  writeFileSync(join(app.config, 'clients', `${id}.yaml`), stringify({ ...common, ...file }));
  const { findings } = await app.app.reloadClients();
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
};

const endpoints = ['/token', '/request', '/token/introspection', '/token/revocation'] as const;

/** A request that is sound but for what it is about: only whether the client was let in is to be seen. */
const letIn = async (path: (typeof endpoints)[number], { headers, fields }: Authentication): Promise<boolean> => {
  const about: Readonly<Record<(typeof endpoints)[number], Record<string, string>>> = {
    '/token': { grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://dienst.example/cb' },
    '/request': {
      response_type: 'code',
      scope: 'openid',
      redirect_uri: 'https://dienst.example/cb',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    },
    '/token/introspection': { token: 'x' },
    '/token/revocation': { token: 'x' },
  };
  const response = await fetch(`${app.issuer}${path}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ ...about[path], ...fields }),
  });
  const { error } = (await response.json().catch(() => ({}))) as { error?: string };
  if (error === 'invalid_client') {
    expect(response.status).toBe(401);
    return false;
  }
  expect([200, 201, 400]).toContain(response.status);
  expect(error ?? 'invalid_grant').toBe('invalid_grant');
  return true;
};

const encode = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');

const basic = (id: string, secret: string): Authentication => ({
  headers: { authorization: `Basic ${btoa(`${encode(id)}:${encode(secret)}`)}` },
  fields: { client_id: id },
});
const post = (id: string, secret: string): Authentication => ({
  headers: {},
  fields: { client_id: id, client_secret: secret },
});

const secretFile = (name: string, secret: string): string => {
  const path = join(app.data, name);
  writeFileSync(path, `${secret}\n`);
  return path;
};

/** A secret with everything in it that the two ways of sending it write differently. */
const newSecret = (): string => `${randomBytes(24).toString('base64')}: %+&=/`;

describe.each([
  ['client_secret_basic', basic],
  ['client_secret_post', post],
] as const)('a change of secrets with %s (CL-12)', (method, as) => {
  const id = `wechsel-${method.replaceAll('_', '-')}`;
  const [older, present] = [newSecret(), newSecret()];
  const files = (): Record<string, string> => ({
    token_endpoint_auth_method: method,
    client_secret_file: secretFile(`${id}-new`, present),
    client_secret_previous_file: secretFile(`${id}-old`, older),
  });
  beforeAll(() => put(id, { ...files(), client_secret_previous_until: new Date(Date.now() + hour).toISOString() }));

  test.each(endpoints)('both are accepted at %s until the end in the file, then only the present one', async (path) => {
    expect(await letIn(path, as(id, present))).toBe(true);
    expect(await letIn(path, as(id, older))).toBe(true);
    expect(await letIn(path, as(id, `${older}x`))).toBe(false);
    expect(await letIn(path, as(id, ''.padEnd(older.length, 'x')))).toBe(false);
    shiftClock(hour - 60_000);
    expect(await letIn(path, as(id, older))).toBe(true);
    shiftClock(2 * 60_000);
    expect(await letIn(path, as(id, older))).toBe(false);
    expect(await letIn(path, as(id, present))).toBe(true);
  });

  test('a day is meant to its end in UTC', async () => {
    const day = new Date(Date.now() + 24 * hour).toISOString().slice(0, 10);
    await put(`${id}-tag`, { ...files(), client_secret_previous_until: day });
    const end = Date.parse(`${day}T00:00:00Z`) + 24 * hour;
    shiftClock(end - Date.now() - 60_000);
    expect(await letIn('/token', as(`${id}-tag`, older))).toBe(true);
    shiftClock(2 * 60_000);
    expect(await letIn('/token', as(`${id}-tag`, older))).toBe(false);
  });

  test('the previous secret of one client is none of another', async () => {
    await put(`${id}-other`, {
      token_endpoint_auth_method: method,
      client_secret_file: secretFile(`${id}-x`, newSecret()),
    });
    expect(await letIn('/token', as(`${id}-other`, older))).toBe(false);
  });

  test('taken out of the file it is refused at once', async () => {
    const { client_secret_previous_file: _, ...rest } = files();
    await put(id, rest);
    expect(await letIn('/token', as(id, older))).toBe(false);
    expect(await letIn('/token', as(id, present))).toBe(true);
  });
});

describe('a change of keys (CL-12)', () => {
  const id = 'schluesselwechsel';
  let keys: readonly { readonly kid: string; readonly privateKey: CryptoKey; readonly jwk: object }[];
  beforeAll(async () => {
    keys = await Promise.all(
      ['old', 'new'].map(async (kid) => {
        const { privateKey, publicKey } = await generateKeyPair('ES256');
        return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } };
      }),
    );
  });
  const assertion = async (kid: string, header = true): Promise<Authentication> => {
    const key = keys.find((one) => one.kid === kid);
    if (!key) throw new Error(`no key ${kid}`);
    const signed = await new SignJWT({ jti: randomBytes(8).toString('hex') })
      .setProtectedHeader({ alg: 'ES256', ...(header ? { kid } : {}) })
      .setIssuer(id)
      .setSubject(id)
      .setAudience(app.issuer)
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(key.privateKey);
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    return { headers: {}, fields: { client_id: id, client_assertion: signed, client_assertion_type: type } };
  };
  const publish = (...kids: readonly string[]): Promise<void> =>
    put(id, { jwks: { keys: keys.filter(({ kid }) => kids.includes(kid)).map(({ jwk }) => jwk) } });

  test('as many as the file holds are accepted, with or without kid', async () => {
    await publish('old');
    expect([await letIn('/token', await assertion('old')), await letIn('/token', await assertion('new'))]).toEqual([
      true,
      false,
    ]);
    await publish('old', 'new');
    for (const path of endpoints)
      for (const kid of ['old', 'new']) {
        expect(await letIn(path, await assertion(kid))).toBe(true);
        expect(await letIn(path, await assertion(kid, false))).toBe(true);
      }
    await publish('new');
    expect([await letIn('/token', await assertion('old')), await letIn('/token', await assertion('new'))]).toEqual([
      false,
      true,
    ]);
  });
});

describe('a client that is taken away (CL-13)', () => {
  test('takes its tokens and codes with it, and leaves those of others alone', async () => {
    const file = { scope: 'openid profile offline_access', grant_types: ['authorization_code', 'refresh_token'] };
    const [gone, stays] = [
      await services.add({ clientId: 'geht', file }),
      await services.add({ clientId: 'bleibt', file }),
    ];
    const person = createPerson();
    const scope = { scope: 'openid profile offline_access', prompt: 'consent' };
    const login = async (service: typeof gone) => goOn(app, person, await service.ask(person, scope));
    const tokens = await gone.redeem(await login(gone));
    const others = await stays.redeem(await login(stays));
    const code = await login(gone);
    expect(tokens.status).toBe(200);
    const userinfo = (token: string): Promise<Response> =>
      fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
    expect((await userinfo(tokens.access_token)).status).toBe(200);

    await services.remove('geht');

    expect((await userinfo(tokens.access_token)).status).toBe(401);
    expect(await gone.tokens({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })).toMatchObject({
      status: 401,
      error: 'invalid_client',
    });
    expect(await gone.redeem(code)).toMatchObject({ status: 401, error: 'invalid_client' });
    for (const path of ['/token/introspection', '/token/revocation'])
      expect((await gone.post(path, { token: tokens.access_token })).status).toBe(401);
    // Nobody else gets to know of them either.
    for (const token of [tokens.access_token, tokens.refresh_token])
      expect(await (await stays.post('/token/introspection', { token })).json()).toEqual({ active: false });
    const asked = await person.visit(gone.request().url);
    expect(asked.status).toBe(400);

    expect((await userinfo(others.access_token)).status).toBe(200);
    // The session still names the client that is gone; logging out gets over it.
    const question = await person.visit(`${app.issuer}/session/end`);
    expect((await person.submit(question, '/session/end/confirm', { logout: 'yes' })).status).toBe(200);
    expect((await stays.tokens({ grant_type: 'refresh_token', refresh_token: others.refresh_token })).status).toBe(200);
  });

  test('does so within a minute without being told, by the files alone', async () => {
    const service = await services.add({ clientId: 'still' });
    expect((await service.post('/token/introspection', { token: 'x' })).status).toBe(200);
    rmSync(join(app.config, 'clients', 'still.yaml'));
    const ends = performance.now() + 20_000;
    while ((await service.post('/token/introspection', { token: 'x' })).status !== 401)
      if (performance.now() > ends) throw new Error('the client is still there');
  });
});
