import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startTestApp, type TestApp } from '../support/app.ts';
import { describeIf, need } from '../support/lack.ts';
import { startPostgres, startRedis, type TestServer } from '../support/servers.ts';
import { startServices, type Service, type Services } from './service.ts';
import { describeTokenRaces } from './token-races.suite.ts';

describe('in SQLite', () => describeTokenRaces(() => startTestApp()));

describeIf(need('postgres') && need('redis-server'), 'in PostgreSQL and Redis', () => {
  let servers: TestServer[] = [];
  afterAll(() => Promise.all(servers.map((server) => server.stop())));
  describeTokenRaces(async () => {
    servers = await Promise.all([startPostgres(), startRedis()]);
    const [postgres, redis] = servers;
    return startTestApp({ env: { DATABASE_URL: postgres?.url ?? '', REDIS_URL: redis?.url ?? '' } });
  });
});

describe('client assertions', () => {
  let app: TestApp;
  let services: Services;
  let basic: Service;
  let signing: Service;
  beforeAll(async () => {
    app = await startTestApp();
    services = await startServices(app);
    basic = await services.add({ clientId: 'races-basic' });
    signing = await services.add({ clientId: 'races-signing', by: 'private_key_jwt' });
  }, 60_000);
  afterAll(async () => {
    await services.close();
    await app.stop();
  });

  describe('M4, CL-03, CL-04, CL-06, CL-07: client assertions', () => {
    const now = (): number => Math.floor(Date.now() / 1000);
    const introspect = async (claims: object, header: object = {}): Promise<{ status: number; error?: string }> => {
      const as = await signing.authentication({ ...claims }, { ...header });
      const response = await signing.post('/token/introspection', { token: 'nothing' }, as);
      return { status: response.status, ...((await response.json()) as { error?: string }) };
    };

    test('a sound one is taken', async () => {
      expect(await introspect({})).toMatchObject({ status: 200 });
      expect(await introspect({ exp: now() + 290 })).toMatchObject({ status: 200 });
      expect(await introspect({ iat: now() + 10 })).toMatchObject({ status: 200 });
    });

    test.each<[string, () => object, object]>([
      ['the issuer in a list', () => ({ aud: [app.issuer] }), {}],
      ['the issuer and somebody else', () => ({ aud: [app.issuer, 'https://other.example'] }), {}],
      ['the token endpoint', () => ({ aud: `${app.issuer}/token` }), {}],
      ['the issuer with a slash', () => ({ aud: `${app.issuer}/` }), {}],
      ['another server', () => ({ aud: 'https://other.example' }), {}],
      ['no audience', () => ({ aud: undefined }), {}],
      ['a year to live', () => ({ exp: now() + 365 * 86400 }), {}],
      ['301 seconds to live', () => ({ exp: now() + 310 }), {}],
      ['an old one made to last', () => ({ iat: now() - 400, exp: now() + 60 }), {}],
      ['expired', () => ({ iat: now() - 200, exp: now() - 100 }), {}],
      ['no end', () => ({ exp: undefined }), {}],
      ['an end that is text', () => ({ exp: String(now() + 60) }), {}],
      ['no jti', () => ({ jti: undefined }), {}],
      ['an empty jti', () => ({ jti: '' }), {}],
      ['a jti that is a list', () => ({ jti: [randomUUID()] }), {}],
      ['made in ten minutes', () => ({ iat: now() + 600, exp: now() + 660 }), {}],
      ['valid in ten minutes', () => ({ nbf: now() + 600, exp: now() + 660 }), {}],
      ['another issuer', () => ({ iss: 'races-basic' }), {}],
      ['another subject', () => ({ sub: 'races-basic' }), {}],
      ['an unknown key', () => ({}), { kid: '../../secrets/master.key' }],
      ['its own key in the header', () => ({}), { kid: 'x', jku: 'http://127.0.0.1:1/', jwk: { kty: 'EC' } }],
    ])('%s is refused', async (_title, claims, header) => {
      const answer = await introspect(claims(), header);
      expect(answer).toMatchObject({ error: 'invalid_client' });
      expect(answer.status).toBe(401);
    });

    test('CL-01: a client with keys has no other way in', async () => {
      for (const as of [
        { headers: { authorization: `Basic ${btoa('races-signing:secret')}` }, fields: {} },
        { headers: {}, fields: { client_id: 'races-signing' } },
        { headers: {}, fields: { client_id: 'races-signing', client_secret: 'secret' } },
      ])
        for (const path of ['/token', '/token/introspection', '/token/revocation', '/request']) {
          const response = await signing.post(path, { token: 'x', grant_type: 'authorization_code' }, as);
          expect([path, response.status]).toEqual([path, 401]);
          expect(((await response.json()) as { error: string }).error).toBe('invalid_client');
        }
    });

    test('CL-09: two ways at once', async () => {
      const right = await basic.authentication();
      const both = { headers: right.headers, fields: { client_secret: 'x' } };
      expect((await basic.post('/token/introspection', { token: 'x' }, both)).status).toBe(400);
    });
  });
});
