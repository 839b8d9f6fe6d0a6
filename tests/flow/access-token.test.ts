import { createHash, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { standardAgeing } from '../../src/assurance/policy.ts';
import {
  AccessRefused,
  checkAccess,
  stepUpChallenge,
  type AccessDemand,
  type AccessRules,
  type AccessToken,
} from '../../src/portal/relying-party/access-token.ts';
import { createProvider } from '../../src/portal/relying-party/provider.ts';
import { openStores, type Stores } from '../../src/storage/open.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { max } from '../support/journey.ts';
import { startTinyProvider } from '../support/tiny-provider.ts';
import { goOn, startServices, type Service, type Services, type Tokens } from '../attack/service.ts';

/** An API of a module, and tokens for it from the real provider. */
const audience = 'https://postfach.example/api';
let app: TestApp;
let services: Services;
let caller: Service;
let bound: Service;
let rules: AccessRules;
let stores: Stores<unknown>;
let person: Person;
let home: string;
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  await services.add({
    clientId: 'api',
    by: 'private_key_jwt',
    file: { api: { audience, scopes: ['postfach:read', 'postfach:deliver'] } },
  });
  const file = {
    resources: { [audience]: ['postfach:read'] },
    grant_types: ['authorization_code', 'client_credentials'],
  };
  caller = await services.add({ clientId: 'caller', by: 'private_key_jwt', file });
  bound = await services.add({
    clientId: 'bound',
    by: 'private_key_jwt',
    file: { ...file, dpop_bound_access_tokens: true },
  });
  home = mkdtempSync(join(tmpdir(), 'access-token-'));
  stores = await openStores({ directory: home, part: 'api', masterKey: Buffer.alloc(32, 3) });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const clientKey = privateKey.export({ format: 'jwk' });
  const provider = createProvider({ issuer: app.issuer, clientId: 'api', clientKey, allowHttp: true });
  rules = {
    audience,
    issuer: app.issuer,
    ageing: standardAgeing,
    artifacts: stores.artifacts,
    connect: () => provider.connect(),
  };
  person = createPerson();
  const linking = await services.add({ clientId: 'linking', file: { minimum_level: 'high' } });
  linking.answer(await goOn(app, person, await linking.ask(person), { login: max, card: 'max' }));
});
afterAll(async () => {
  await stores.close();
  rmSync(home, { recursive: true, force: true });
  await services.close();
  await app.stop();
});
afterEach(() => resetClock());

const tokenFor = async (who: Person): Promise<Tokens> =>
  caller.redeem(await caller.ask(who, { scope: 'openid postfach:read', resource: audience }), { resource: audience });

const check = (
  token: string,
  demand: Partial<AccessDemand> = {},
  over: Partial<AccessRules> = {},
  sent: { scheme?: string; proof?: string } = {},
): Promise<AccessToken> =>
  checkAccess(
    {
      method: 'GET',
      url: `${audience}/letters`,
      authorization: `${sent.scheme ?? 'Bearer'} ${token}`,
      proof: sent.proof ?? '',
    },
    { scope: 'postfach:read', ...demand },
    { ...rules, ...over },
  );

const refusal = async (checking: Promise<unknown>): Promise<{ status: number; challenge: string }> =>
  checking.then(
    () => ({ status: 200, challenge: '' }),
    (error: unknown) => {
      if (!(error instanceof AccessRefused)) throw error;
      return { status: error.status, challenge: error.challenge };
    },
  );

describe('tokens at an API', () => {
  test('of a citizen: whose, from which client, at which level', async () => {
    const { access_token: token } = await tokenFor(person);
    expect(await check(token, { level: 'high', maxAge: 600 })).toMatchObject({
      sub: expect.any(String),
      clientId: 'caller',
      level: 'high',
      authTime: expect.any(Number),
    });
  });

  test('of a client on its own account: no citizen, so no level', async () => {
    const { access_token: token } = await caller.tokens({ grant_type: 'client_credentials', scope: 'postfach:read' });
    expect(await check(token)).toEqual({ sub: 'caller', clientId: 'caller', scopes: new Set(['postfach:read']) });
    expect((await refusal(check(token, { level: 'basic' }))).challenge).toContain('insufficient_user_authentication');
  });

  test.each<[string, () => Promise<unknown>, number, RegExp]>([
    [
      'no token',
      () => checkAccess({ method: 'GET', url: audience, authorization: '', proof: '' }, { scope: 'x' }, rules),
      401,
      /^Bearer$/,
    ],
    ['nonsense', () => check('nonsense'), 401, /invalid_token/],
    ['an ID token', async () => check((await tokenFor(person)).id_token), 401, /invalid_token/],
    [
      'a token for userinfo',
      async () => check((await caller.redeem(await caller.ask(person))).access_token),
      401,
      /invalid_token/,
    ],
    [
      'MX-02: at another API',
      async () => check((await tokenFor(person)).access_token, {}, { audience: 'https://bezahlen.example/api' }),
      401,
      /invalid_token/,
    ],
    [
      'of another issuer',
      async () => check((await tokenFor(person)).access_token, {}, { issuer: 'https://evil.example' }),
      401,
      /invalid_token/,
    ],
    [
      'with keys of another provider',
      async () => {
        const other = await startTinyProvider({ clients: [] });
        try {
          const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
          const provider = createProvider({
            issuer: other.issuer,
            clientId: 'api',
            clientKey: privateKey.export({ format: 'jwk' }),
            allowHttp: true,
          });
          return await check((await tokenFor(person)).access_token, {}, { connect: () => provider.connect() });
        } finally {
          await other.close();
        }
      },
      401,
      /invalid_token/,
    ],
    [
      'without the scope',
      async () => check((await tokenFor(person)).access_token, { scope: 'postfach:deliver' }),
      403,
      /insufficient_scope.*postfach:deliver/,
    ],
  ])('%s is refused', async (_title, ask, status, challenge) => {
    const refused = await refusal(ask());
    expect(refused.status).toBe(status);
    expect(refused.challenge).toMatch(challenge);
  });

  test('after its minute a token is none', async () => {
    const { access_token: token } = await tokenFor(person);
    shiftClock(61_000);
    expect((await refusal(check(token))).challenge).toContain('invalid_token');
  });
});

describe('RFC 9470: an API asks for more, and the service understands', () => {
  test('a weaker login', async () => {
    const weak = createPerson();
    const page = await goOn(app, weak, await caller.ask(weak, { scope: 'openid postfach:read', resource: audience }), {
      login: max,
    });
    const { access_token: token } = await caller.redeem(page, { resource: audience });
    expect((await check(token)).level).toBe('low');
    const { status, challenge } = await refusal(check(token, { level: 'substantial' }));
    expect(status).toBe(401);
    const answer = new Response(null, { status, headers: { 'www-authenticate': challenge } });
    expect(stepUpChallenge(answer)).toEqual({ level: 'substantial' });
  });

  test('an older login', async () => {
    shiftClock(4 * 60_000);
    const { access_token: token } = await tokenFor(person);
    const { status, challenge } = await refusal(check(token, { maxAge: 60 }));
    const answer = new Response(null, { status, headers: { 'www-authenticate': challenge } });
    expect(stepUpChallenge(answer)).toEqual({ maxAge: 60 });
  });

  test.each([
    [401, 'Bearer error="invalid_token"'],
    [403, 'Bearer error="insufficient_user_authentication"'],
    [200, ''],
  ])('%s %s asks for nothing', (status, header) => {
    expect(stepUpChallenge(new Response(null, { status, headers: { 'www-authenticate': header } }))).toBeUndefined();
  });
});

describe('tokens that are bound to a key', () => {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const prove = (
    claims: Readonly<Record<string, unknown>>,
    key: { publicKey: KeyObject; privateKey: KeyObject } = keys,
  ): Promise<string> =>
    new SignJWT({ jti: randomUUID(), ...claims })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: key.publicKey.export({ format: 'jwk' }) })
      .setIssuedAt()
      .sign(key.privateKey);

  test('are good with a fresh proof for this very request, once', async () => {
    const own = await bound.authentication();
    const { access_token: token } = await bound.tokens(
      { grant_type: 'client_credentials', scope: 'postfach:read' },
      { ...own, headers: { dpop: await prove({ htm: 'POST', htu: `${app.issuer}/token` }) } },
    );
    const ath = createHash('sha256').update(token).digest('base64url');
    const sound = { htm: 'GET', htu: `${audience}/letters`, ath };
    const withProof = async (proof: string): Promise<number> =>
      (await refusal(check(token, {}, {}, { scheme: 'DPoP', proof }))).status;
    const proof = await prove(sound);
    expect(await withProof(proof)).toBe(200);
    expect(await withProof(proof)).toBe(401);
    expect(await withProof('')).toBe(401);
    expect(await withProof(await prove({ ...sound, htm: 'POST' }))).toBe(401);
    expect(await withProof(await prove({ ...sound, htu: `${audience}/other` }))).toBe(401);
    expect(await withProof(await prove({ ...sound, ath: 'x' }))).toBe(401);
    expect(await withProof(await prove(sound, generateKeyPairSync('ec', { namedCurve: 'P-256' })))).toBe(401);
    expect((await refusal(check(token))).challenge).toMatch(/^DPoP/);
  });

  test('an unbound token is not sent as a bound one', async () => {
    const { access_token: token } = await caller.tokens({ grant_type: 'client_credentials', scope: 'postfach:read' });
    expect((await refusal(check(token, {}, {}, { scheme: 'DPoP' }))).status).toBe(401);
  });
});
