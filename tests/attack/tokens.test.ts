import { generateKeyPairSync, randomBytes, sign as signRaw } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, max } from '../support/journey.ts';
import { goOn, startServices, type Service, type Services, type Tokens } from './service.ts';

/** Groups TK, RF, MX, JO and CL of attacks.md, as far as no other file here is about them. */
let app: TestApp;
let services: Services;
let portal: Service;
let evil: Service;
let keyed: Service;
let person: Person;
const offline = { scope: 'openid profile offline_access', grant_types: ['authorization_code', 'refresh_token'] };
beforeAll(async () => {
  app = await startTestApp({ set: { ID__GUARD__CLIENT: '{ failures: 60, window: 600 }' } });
  services = await startServices(app);
  portal = await services.add({ clientId: 'portal', file: offline });
  evil = await services.add({ clientId: 'evil', file: offline });
  keyed = await services.add({ clientId: 'keyed', by: 'private_key_jwt', file: offline });
  person = createPerson();
  portal.answer(await goOn(app, person, await portal.ask(person), { login: erika }));
});
afterAll(async () => {
  await services.close();
  await app.stop();
});
afterEach(() => resetClock());

const me = (token: string): Promise<number> =>
  fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);

const active = async (service: Service, token: string): Promise<boolean> => {
  const answer = await service.post('/token/introspection', { token });
  return ((await answer.json()) as { active: boolean }).active;
};

const lasting = async (service: Service): Promise<Tokens> =>
  service.redeem(
    await goOn(app, person, await service.ask(person, { scope: 'openid offline_access', prompt: 'consent' })),
  );

const invalidGrant = { status: 400, error: 'invalid_grant' };

describe('TK: codes', () => {
  test('TK-03: a code that was issued without a challenge takes no verifier', async () => {
    const lenient = await services.add({ clientId: 'lenient', file: { pkce: 'optional' } });
    const page = await lenient.ask(person, { code_challenge: undefined, code_challenge_method: undefined });
    expect(await lenient.redeem(page)).toMatchObject(invalidGrant);
  });

  test('TK-04, TK-05: without the verifier, or with another one, a code is worth nothing', async () => {
    const page = await portal.ask(person);
    for (const verifier of [undefined, 'x'.repeat(43), ''])
      expect((await portal.redeem(page, { code_verifier: verifier })).status).toBe(400);
    const mine = await portal.ask(createPerson(), { prompt: 'none' });
    expect(portal.answer(mine)['error']).toBe('login_required');
  });

  test('TK-07: another registered redirect URI', async () => {
    const two = await services.add({
      clientId: 'two-addresses',
      file: { redirect_uris: [`${services.origin}/two-addresses/callback`, `${services.origin}/other`] },
    });
    const page = await two.ask(person);
    expect(await two.redeem(page, { redirect_uri: `${services.origin}/other` })).toMatchObject(invalidGrant);
  });

  test('TK-10: a minute later it is too late', async () => {
    const page = await portal.ask(person);
    shiftClock(61_000);
    expect(await portal.redeem(page)).toMatchObject(invalidGrant);
  });

  test('TK-11: no code, token or assertion stands in a log', async () => {
    const page = await portal.ask(person);
    const { code = '' } = portal.answer(page);
    const tokens = await portal.redeem(page);
    await portal.redeem(page);
    const { fields } = await keyed.authentication();
    await keyed.post('/token/introspection', { token: tokens.access_token }, { headers: {}, fields });
    const log = app.log.join('');
    for (const secret of [code, tokens.access_token, tokens.id_token, fields['client_assertion'] ?? ''])
      expect([secret.length > 20, log.includes(secret)]).toEqual([true, false]);
  });

  test('TK-13: one kind of secret is never another', async () => {
    const page = await person.visit(portal.request({ prompt: 'login' }).url);
    const uid = page.url.pathname.split('/').at(-1) ?? '';
    const session = [...person.cookies].find(([key]) => key.startsWith('id-session '))?.[1].value ?? '';
    const { refresh_token: refresh, access_token: access } = await lasting(portal);
    const { code = '' } = portal.answer(await portal.ask(person));
    const pushed = (await (
      await portal.post('/request', Object.fromEntries(new URL(portal.request().url).searchParams))
    ).json()) as { request_uri: string };
    for (const secret of [uid, session, refresh, access, pushed.request_uri, pushed.request_uri.split(':').at(-1)]) {
      expect(String(secret).length).toBeGreaterThan(15);
      expect(
        await portal.tokens({
          grant_type: 'authorization_code',
          code: secret,
          redirect_uri: portal.redirectUri,
          code_verifier: 'x'.repeat(43),
        }),
      ).toMatchObject(invalidGrant);
    }
    for (const secret of [uid, session, code, access])
      expect(await portal.tokens({ grant_type: 'refresh_token', refresh_token: secret })).toMatchObject(invalidGrant);
    for (const secret of [uid, session, code, refresh]) expect(await me(secret)).toBe(401);
    const as = `${app.issuer}/auth?${new URLSearchParams({ client_id: 'portal', request_uri: `urn:ietf:params:oauth:request_uri:${code}` }).toString()}`;
    expect((await person.visit(as)).status).toBe(400);
  });

  test('TK-14: a token in the address', async () => {
    const { access_token: token } = await portal.redeem(await portal.ask(person));
    expect((await fetch(`${app.issuer}/me?access_token=${token}`)).status).toBeGreaterThanOrEqual(400);
    expect(await me(token)).toBe(200);
  });

  test('TK-15: nothing personal is kept by caches', async () => {
    const page = await portal.ask(person);
    const redeemed = await portal.post('/token', { grant_type: 'refresh_token', refresh_token: 'x' });
    const { access_token: token } = await portal.redeem(page);
    const answers = [
      redeemed,
      await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${token}` } }),
      await portal.post('/token/introspection', { token }),
      await fetch(person.cookies.size > 0 ? `${app.issuer}/session/end` : app.issuer, { redirect: 'manual' }),
    ];
    for (const answer of answers) expect(answer.headers.get('cache-control')).toContain('no-store');
    expect((await person.visit(portal.request({ prompt: 'login' }).url)).headers.get('cache-control')).toContain(
      'no-store',
    );
  });
});

describe('RF: refresh tokens', () => {
  test('RF-05: whatever races a revocation, nothing is active afterwards', async () => {
    const first = await lasting(portal);
    const [refreshed] = await Promise.all([
      portal.tokens({ grant_type: 'refresh_token', refresh_token: first.refresh_token }),
      portal.post('/token/revocation', { token: first.refresh_token }),
      portal.tokens({ grant_type: 'refresh_token', refresh_token: first.refresh_token }),
    ]);
    await portal.post('/token/revocation', { token: refreshed.refresh_token });
    for (const token of [first.refresh_token, first.access_token, refreshed.refresh_token, refreshed.access_token])
      if (token !== '') expect(await active(portal, token)).toBe(false);
  });

  test('RF-07: a wider scope than was granted', async () => {
    const { refresh_token: token } = await lasting(portal);
    const wider = await portal.tokens({
      grant_type: 'refresh_token',
      refresh_token: token,
      scope: 'openid profile email',
    });
    expect([wider.status, wider.error]).toEqual([400, 'invalid_scope']);
  });

  test('RF-12: none without consent, and none that the file does not name', async () => {
    const quiet = await portal.redeem(await portal.ask(person, { scope: 'openid offline_access' }));
    expect([quiet.status, quiet.refresh_token]).toEqual([200, '']);
    const plain = await services.add({ clientId: 'no-offline' });
    const page = await plain.ask(person, { scope: 'openid offline_access', prompt: 'consent' });
    const done = await plain.redeem(await goOn(app, person, page));
    expect([done.status, done.refresh_token]).toEqual([200, '']);
  });

  test('RF-03: used up stays used up after a restart', async () => {
    const first = await startTestApp();
    const its = await startServices(first);
    const service = await its.add({ clientId: 'restarting', file: offline });
    const browser = createPerson();
    const page = await goOn(
      first,
      browser,
      await service.ask(browser, { scope: 'openid offline_access', prompt: 'consent' }),
      { login: max },
    );
    const tokens = await service.redeem(page);
    expect((await service.tokens({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })).status).toBe(
      200,
    );
    const { artifacts } = first.app.id?.stores ?? {};
    expect((await artifacts?.find('RefreshToken', tokens.refresh_token))?.consumedAt).toEqual(expect.any(Number));
    expect(await service.tokens({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })).toMatchObject(
      invalidGrant,
    );
    await its.close();
    await first.stop();
  });
});

describe('MX: tokens of others', () => {
  test('MX-05, MX-06: nobody learns of or ends another’s token', async () => {
    const { access_token: token, refresh_token: refresh } = await lasting(portal);
    for (const one of [token, refresh]) {
      expect(await active(evil, one)).toBe(false);
      expect((await evil.post('/token/revocation', { token: one })).status).toBe(200);
      expect(await active(portal, one)).toBe(true);
    }
    expect(await me(token)).toBe(200);
  });

  test('JO-03: an ID token is no access token, and JO-04 the reverse', async () => {
    const { id_token: idToken } = await portal.redeem(await portal.ask(person));
    expect(await me(idToken)).toBe(401);
    expect(await active(portal, idToken)).not.toBe(true);
  });
});

describe('JO: keys and signatures', () => {
  test('JO-06: the key set has public members alone, and no symmetric key', async () => {
    const { keys } = (await (await fetch(`${app.issuer}/jwks`)).json()) as { keys: Record<string, unknown>[] };
    expect(keys.length).toBeGreaterThanOrEqual(2);
    for (const key of keys) {
      expect(key).toMatchObject({ kid: expect.any(String), alg: expect.any(String), use: 'sig' });
      expect(Object.keys(key).filter((member) => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].includes(member))).toEqual([]);
      expect(key['kty']).not.toBe('oct');
      if (key['kty'] === 'RSA')
        expect(Buffer.from(String(key['n']), 'base64url').length * 8).toBeGreaterThanOrEqual(3000);
    }
  });

  test('JO-02: our public key is no secret', async () => {
    const keys = await (await fetch(`${app.issuer}/jwks`)).text();
    const { claims } = await portal.redeem(await portal.ask(person));
    for (const secret of [keys, JSON.stringify((JSON.parse(keys) as { keys: unknown[] }).keys[0])]) {
      const forged = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode(secret));
      const page = await portal.ask(person, { id_token_hint: forged, prompt: 'none' });
      expect(portal.answer(page)['error']).toBe('invalid_request');
      expect(await me(forged)).toBe(401);
    }
  });

  const assertion = (claims: JWTPayload = {}, header: Readonly<Record<string, unknown>> = {}): Promise<number> =>
    keyed
      .authentication(claims, header)
      .then((as) => keyed.post('/token/introspection', { token: 'x' }, as))
      .then(({ status }) => status);
  const now = (): number => Math.floor(Date.now() / 1000);

  test.each<[string, JWTPayload, number]>([
    ['issued 10 s ahead', { iat: now() + 10, exp: now() + 60 }, 200],
    ['issued 90 s ahead', { iat: now() + 90, exp: now() + 120 }, 401],
    ['valid from 10 s ahead', { nbf: now() + 10 }, 200],
    ['valid from 90 s ahead', { nbf: now() + 90 }, 401],
    ['ended 10 s ago', { iat: now() - 60, exp: now() - 10 }, 200],
    ['ended 61 s ago', { iat: now() - 120, exp: now() - 61 }, 401],
  ])('JO-10: an assertion %s', async (_title, claims, status) => {
    // The table was written when the file was read.
    const late = now() - Math.floor(startedAt / 1000);
    const moved = Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, Number(value) + late]));
    expect(await assertion(moved)).toBe(status);
  });
  const startedAt = Date.now();

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['CL-02: none', { alg: 'none' }],
    ['JO-05: crit', { crit: ['x'], x: 1 }],
    ['JO-05: b64', { b64: false, crit: ['b64'] }],
    ['CL-07: a key id that is a path', { kid: '../../etc/passwd' }],
    ['CL-07: a key id without end', { kid: 'x'.repeat(10_000) }],
  ])('%s', async (_title, header) => {
    const as = await keyed.authentication();
    const [, payload = '', signature = ''] = (as.fields['client_assertion'] ?? '').split('.');
    const changed = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'k', ...header })).toString('base64url');
    const answer = await keyed.post(
      '/token/introspection',
      { token: 'x' },
      {
        headers: {},
        fields: { ...as.fields, client_assertion: `${changed}.${payload}.${signature}` },
      },
    );
    expect([400, 401]).toContain(answer.status);
  });

  test('CL-02, CL-08: another algorithm, and keys that the assertion brings along', async () => {
    const own = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(own.publicKey);
    const rsa = await generateKeyPair('RS256');
    const claims = { iss: 'keyed', sub: 'keyed', aud: app.issuer, iat: now(), exp: now() + 60 };
    const forged = [
      await new SignJWT({ ...claims, jti: '1' }).setProtectedHeader({ alg: 'RS256' }).sign(rsa.privateKey),
      await new SignJWT({ ...claims, jti: '2' }).setProtectedHeader({ alg: 'ES256', jwk }).sign(own.privateKey),
      await new SignJWT({ ...claims, jti: '3' })
        .setProtectedHeader({ alg: 'ES256', jku: `${services.origin}/keys` })
        .sign(own.privateKey),
      await new SignJWT({ ...claims, jti: '4' })
        .setProtectedHeader({ alg: 'ES256', x5u: `${services.origin}/x5u` })
        .sign(own.privateKey),
      await new SignJWT({ ...claims, jti: '5' }).setProtectedHeader({ alg: 'HS256' }).sign(randomBytes(32)),
    ];
    const { fields } = await keyed.authentication();
    for (const text of forged) {
      const as = { headers: {}, fields: { ...fields, client_assertion: text } };
      expect((await keyed.post('/token/introspection', { token: 'x' }, as)).status).toBe(401);
    }
  });

  test('JO-11: members twice, members of every object, numbers without end', async () => {
    const { fields } = await keyed.authentication();
    const [header = ''] = (fields['client_assertion'] ?? '').split('.');
    for (const payload of [
      `{"iss":"keyed","sub":"keyed","sub":"portal","aud":"${app.issuer}","exp":1e999,"jti":"x"}`,
      `{"__proto__":{"admin":true},"iss":"keyed","sub":"keyed","aud":"${app.issuer}","exp":${now() + 60},"jti":"y"}`,
      '{"iss":"keyed","sub":{"toString":1}}',
      '[]',
      '{',
    ]) {
      const text = `${header}.${Buffer.from(payload).toString('base64url')}.${'A'.repeat(86)}`;
      const answer = await keyed.post(
        '/token/introspection',
        { token: 'x' },
        {
          headers: {},
          fields: { ...fields, client_assertion: text },
        },
      );
      expect([400, 401]).toContain(answer.status);
    }
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test('JO-12: a signature that was made another one', async () => {
    const pair = generateKeyPairSync('ed25519');
    const jwk = { ...pair.publicKey.export({ format: 'jwk' }), alg: 'EdDSA', use: 'sig', kid: 'ed' };
    const service = await services.add({ clientId: 'edwards', by: 'private_key_jwt', file: { jwks: { keys: [jwk] } } });
    const make = (jti: string): { input: string; signature: Buffer } => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const claims = { iss: 'edwards', sub: 'edwards', aud: app.issuer, iat: now(), exp: now() + 60, jti };
      const input = `${part({ alg: 'EdDSA', kid: 'ed' })}.${part(claims)}`;
      return { input, signature: signRaw(null, Buffer.from(input), pair.privateKey) };
    };
    const send = async (text: string): Promise<number> => {
      const fields = {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: text,
      };
      return (await service.post('/token/introspection', { token: 'x' }, { headers: {}, fields })).status;
    };
    const honest = make('honest');
    expect(await send(`${honest.input}.${honest.signature.toString('base64url')}`)).toBe(200);
    // S + L, the order of the group: the same point for a verifier that does not look at the range.
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const changed = make('changed');
    const half = BigInt(`0x${Buffer.from(changed.signature.subarray(32).toReversed()).toString('hex')}`) + order;
    const moved = Buffer.from(half.toString(16).padStart(64, '0'), 'hex').toReversed();
    const signature = Buffer.concat([changed.signature.subarray(0, 32), moved]).toString('base64url');
    expect(await send(`${changed.input}.${signature}`)).toBe(401);
  });
});

test('CL-11: after too many wrong secrets from one address nothing is compared any more, for a while', async () => {
  shiftClock(3_600_000);
  const guess = async (): Promise<number> =>
    (
      await portal.post(
        '/token/introspection',
        { token: 'x' },
        {
          headers: { authorization: `Basic ${btoa(`portal:${randomBytes(32).toString('base64url')}`)}` },
          fields: {},
        },
      )
    ).status;
  const answers: number[] = [];
  for (let i = 0; i < 70; i++) answers.push(await guess());
  expect(answers.filter((status) => status === 401)).toHaveLength(60);
  const refused = await portal.post('/token/introspection', { token: 'x' });
  expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
  shiftClock(3_600_000 + 601_000);
  expect((await portal.post('/token/introspection', { token: 'x' })).status).toBe(200);
});

test('MX-07: no client is named like a person', async () => {
  await expect(services.add({ clientId: '6b3f7c9e-0000-4000-8000-000000000000' })).rejects.toThrow('id of a person');
  await services.remove('6b3f7c9e-0000-4000-8000-000000000000').catch(() => undefined);
});

const subjectOf = async (service: Service, page: Page): Promise<string> =>
  String((await service.redeem(page)).claims.sub);

test('CO-06, CO-07: subjects are random, stay, and nothing else joins two services', async () => {
  const first = await services.add({ clientId: 'joined-1' });
  const second = await services.add({ clientId: 'joined-2' });
  const a = await first.redeem(await first.ask(person));
  const b = await second.redeem(await second.ask(person));
  expect(a.claims.sub).not.toBe(b.claims.sub);
  expect(await subjectOf(first, await first.ask(person))).toBe(a.claims.sub);
  const values = (claims: JWTPayload): unknown[] =>
    Object.entries(claims).flatMap(([name, value]) =>
      ['iss', 'acr', 'amr', 'auth_time', 'iat', 'exp'].includes(name) ? [] : [value],
    );
  const common = values(a.claims).filter((value) => values(b.claims).includes(value));
  expect(common).toEqual([]);
});
