import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { Artifacts } from '../../src/storage/artifacts.ts';
import type { TestApp } from '../support/app.ts';
import { createPerson } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { goOn, happened, startServices, type Service, type Services, type Tokens } from './service.ts';

const offline = { scope: 'openid profile offline_access', grant_types: ['authorization_code', 'refresh_token'] };

/** A store on another machine: without the wait, requests in one process hardly ever meet between a look and a use. */
const answerSlowly = (artifacts: Artifacts, ms: number): void => {
  const find = artifacts.find.bind(artifacts);
  artifacts.find = async (kind, id) => {
    const found = await find(kind, id);
    await pause(ms);
    return found;
  };
};

/** Codes, refresh tokens and client assertions work once, whatever the store. */
export const describeTokenRaces = (start: () => Promise<TestApp>): void => {
  let app: TestApp;
  let services: Services;
  let basic: Service;
  let signing: Service;
  const person = createPerson();

  beforeAll(async () => {
    app = await start();
    if (app.app.id) answerSlowly(app.app.id.stores.artifacts, 3);
    services = await startServices(app);
    basic = await services.add({ clientId: 'races-basic', file: offline });
    signing = await services.add({ clientId: 'races-signing', by: 'private_key_jwt', file: offline });
  }, 60_000);
  afterAll(async () => {
    await services.close();
    await app.stop();
  });
  beforeEach(async () => {
    await app.events();
  });

  const twenty = Array.from({ length: 20 }, (_, i) => i);
  const service = (name: string): Service => (name === 'client_secret_basic' ? basic : signing);
  const methods = ['client_secret_basic', 'private_key_jwt'] as const;

  const login = async (from: Service): Promise<Page> =>
    goOn(app, person, await from.ask(person, { scope: 'openid offline_access', prompt: 'consent' }));

  const statuses = (answers: readonly Pick<Tokens, 'status'>[]): Record<number, number> => {
    const count: Record<number, number> = {};
    for (const { status } of answers) count[status] = (count[status] ?? 0) + 1;
    return count;
  };

  const userinfo = (token: string): Promise<number> =>
    fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);

  describe('one use means one, however many come at once', () => {
    test.each(methods)('M1, TK-09: one code, redeemed 20 times at once by %s', async (name) => {
      const from = service(name);
      const page = await login(from);
      await happened(app);
      const answers = await Promise.all(twenty.map(() => from.redeem(page)));
      expect(statuses(answers)).toEqual({ 200: 1, 400: 19 });
      for (const answer of answers) if (answer.status === 400) expect(answer.error).toBe('invalid_grant');
      const won = answers.find(({ status }) => status === 200);
      expect(await userinfo(won?.access_token ?? '')).toBe(401);
      const refreshed = await from.tokens({ grant_type: 'refresh_token', refresh_token: won?.refresh_token });
      expect(refreshed).toMatchObject({ status: 400, error: 'invalid_grant' });
      expect((await happened(app)).sort()).toEqual(['data.released', 'token.replayed']);
    });

    test.each(methods)('M2, RF-02: one refresh token, used 20 times at once by %s', async (name) => {
      const from = service(name);
      const first = await from.redeem(await login(from));
      expect(first.refresh_token).not.toBe('');
      await happened(app);
      const answers = await Promise.all(
        twenty.map(() => from.tokens({ grant_type: 'refresh_token', refresh_token: first.refresh_token })),
      );
      expect(statuses(answers)).toEqual({ 200: 1, 400: 19 });
      const won = answers.find(({ status }) => status === 200);
      for (const token of [first.refresh_token, won?.refresh_token]) {
        const again = await from.tokens({ grant_type: 'refresh_token', refresh_token: token });
        expect(again).toMatchObject({ status: 400, error: 'invalid_grant' });
      }
      for (const token of [first.access_token, won?.access_token]) expect(await userinfo(token ?? '')).toBe(401);
      // What was released with the first tokens may be written down late.
      expect((await happened(app)).filter((type) => type !== 'data.released')).toEqual(['token.replayed']);
    });

    test('M3, CL-05: one client assertion, used 20 times at once', async () => {
      const first = await signing.redeem(await login(signing));
      const as = await signing.authentication();
      const answers = await Promise.all(
        twenty.map(() => signing.tokens({ grant_type: 'refresh_token', refresh_token: first.refresh_token }, as)),
      );
      expect(statuses(answers)).toEqual({ 200: 1, 401: 19 });
      for (const answer of answers) if (answer.status !== 200) expect(answer.error).toBe('invalid_client');
      const won = answers.find(({ status }) => status === 200);
      expect(await userinfo(won?.access_token ?? '')).toBe(200);
    });

    test('CL-05: an assertion used once is used up, also at another endpoint', async () => {
      const as = await signing.authentication();
      expect((await signing.post('/token/introspection', { token: 'nothing' }, as)).status).toBe(200);
      expect((await signing.post('/token/introspection', { token: 'nothing' }, as)).status).toBe(401);
      expect((await signing.post('/token/revocation', { token: 'nothing' }, as)).status).toBe(401);
    });
  });

  describe('used again, later', () => {
    test('TK-08: a code redeemed twice gives nothing and takes back what it gave', async () => {
      const page = await login(basic);
      const first = await basic.redeem(page);
      expect(await userinfo(first.access_token)).toBe(200);
      await happened(app);
      expect(await basic.redeem(page)).toMatchObject({ status: 400, error: 'invalid_grant' });
      expect(await userinfo(first.access_token)).toBe(401);
      const refreshed = await basic.tokens({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
      expect(refreshed).toMatchObject({ status: 400, error: 'invalid_grant' });
      expect(await happened(app)).toEqual(['token.replayed']);
    });

    test('RF-01: a rotated refresh token used again ends its whole family', async () => {
      const first = await basic.redeem(await login(basic));
      const second = await basic.tokens({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
      expect(second.status).toBe(200);
      await happened(app);
      const again = await basic.tokens({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
      expect(again).toMatchObject({ status: 400, error: 'invalid_grant' });
      const third = await basic.tokens({ grant_type: 'refresh_token', refresh_token: second.refresh_token });
      expect(third).toMatchObject({ status: 400, error: 'invalid_grant' });
      expect(await userinfo(second.access_token)).toBe(401);
      expect(await happened(app)).toEqual(['token.replayed']);
    });

    test('RF-04: of two rotations within one second the older is dead', async () => {
      const first = await basic.redeem(await login(basic));
      const second = await basic.tokens({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
      const third = await basic.tokens({ grant_type: 'refresh_token', refresh_token: second.refresh_token });
      expect(third.status).toBe(200);
      const again = await basic.tokens({ grant_type: 'refresh_token', refresh_token: second.refresh_token });
      expect(again).toMatchObject({ status: 400, error: 'invalid_grant' });
    });

    test('RF-08: what a refreshed token says of the login is what was true then', async () => {
      const first = await basic.redeem(await login(basic));
      const second = await basic.tokens({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
      for (const name of ['sub', 'acr', 'amr', 'auth_time'] as const)
        expect(second.claims[name]).toEqual(first.claims[name]);
    });

    test.each([
      ['TK-06: a code of another client', 'authorization_code'],
      ['RF-06: a refresh token of another client', 'refresh_token'],
    ])('%s', async (_title, grantType) => {
      const page = await login(basic);
      if (grantType === 'authorization_code') {
        const { code = '' } = basic.answer(page);
        const stolen = await signing.tokens({ grant_type: grantType, code, redirect_uri: basic.redirectUri });
        expect(stolen).toMatchObject({ status: 400, error: 'invalid_grant' });
      } else {
        const first = await basic.redeem(page);
        const stolen = await signing.tokens({ grant_type: grantType, refresh_token: first.refresh_token });
        expect(stolen).toMatchObject({ status: 400, error: 'invalid_grant' });
      }
    });
  });
};
