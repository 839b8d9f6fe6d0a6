import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { erika } from '../support/journey.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({
    env: { HUNDE_SECRET: 'hunde-secret-hunde-secret-hunde-s', ZWEI_SECRET: 'zwei-secret-zwei-secret-zwei-secr' },
  });
}, 60_000);
afterAll(() => app.stop());

const redirect = 'http://localhost:9/callback';
const file = `
client_id: hundesteuer
client_name: { de: Hundesteuer anmelden, en: Register a dog }
redirect_uris: [${redirect}]
client_secret_env: HUNDE_SECRET
scope: openid profile
purpose: { de: Anmeldung Ihres Hundes, en: To register your dog }
`;

/** Asks until the answer is the wanted one: the watcher waits until a folder has been quiet for a moment. */
const until = async (wanted: (status: number) => boolean): Promise<void> => {
  const address = `${app.issuer}/auth?client_id=hundesteuer&response_type=code&scope=openid&redirect_uri=${encodeURIComponent(redirect)}&code_challenge=${'x'.repeat(43)}&code_challenge_method=S256`;
  const ends = Date.now() + 20_000;
  while (!wanted((await createPerson().visit(address, { until: (url) => url.pathname !== '/auth' })).status)) {
    if (Date.now() > ends) throw new Error('the change did not come into force');
  }
};

describe('journey 9: a service is a file', () => {
  test('put into the folder while the server runs, it logs people in by discovery alone', async () => {
    await until((status) => status === 400);
    const shipped = (await app.app.reloadClients()).set?.clients.size ?? 0;
    writeFileSync(join(app.config, 'clients', 'hundesteuer.yaml'), file);
    await until((status) => status === 303);
    expect(await app.events()).toContainEqual({ type: 'configuration.changed', clients: shipped + 1 });

    const client = await oidc.discovery(
      new URL(app.issuer),
      'hundesteuer',
      undefined,
      oidc.ClientSecretBasic('hunde-secret-hunde-secret-hunde-s'),
      {
        execute: [oidc.allowInsecureRequests],
      },
    );
    const verifier = oidc.randomPKCECodeVerifier();
    const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
    const address = oidc.buildAuthorizationUrl(client, {
      redirect_uri: redirect,
      scope: 'openid profile',
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ui_locales: 'en',
    });
    const person = createPerson();
    const login = await person.visit(address.href);
    expect(textOf(login)).toContain('Register a dog');
    expect(textOf(login)).toContain('localhost:9');
    const consent = await person.submit(login, '/passwort', erika);
    expect(textOf(consent)).toContain('To register your dog');
    expect(textOf(consent)).toContain('Mustermann');
    const form = consent.body.includes('/freigabe');
    expect(form).toBe(true);
    const uid = consent.url.pathname;
    const csrf = /name="csrf" value="([^"]+)"/.exec(consent.body)?.[1] ?? '';
    const back = await person.visit(`${app.issuer}${uid}/freigabe`, {
      form: { csrf, decision: 'release' },
      until: (url) => url.port === '9',
    });
    const tokens = await oidc.authorizationCodeGrant(client, new URL(back.trail.at(-1) ?? ''), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
    });

    const { jwks_uri: keys = '' } = client.serverMetadata();
    const { payload } = await jwtVerify(tokens.id_token ?? '', createRemoteJWKSet(new URL(keys)), {
      issuer: app.issuer,
      audience: 'hundesteuer',
    });
    expect(payload).toMatchObject({
      acr: 'urn:bayern-id:acr:basic',
      amr: ['pwd'],
      nonce,
      auth_time: expect.any(Number),
    });
    const userinfo = await oidc.fetchUserInfo(client, tokens.access_token, payload.sub ?? '');
    expect(userinfo).toEqual({
      sub: payload.sub,
      name: 'Erika Mustermann',
      given_name: 'Erika',
      family_name: 'Mustermann',
      birthdate: '1964-08-12',
    });
  });

  test('SC-05: a broken file keeps the old set and says why; mended, it applies', async () => {
    const broken = join(app.config, 'clients', 'kaputt.yaml');
    writeFileSync(
      broken,
      'client_id: kaputt\nclient_name: K\nredirect_uris: [https://*.example/cb]\nclient_secret_env: HUNDE_SECRET\n',
    );
    const reloaded = await app.app.reloadClients();
    expect(reloaded.set).toBeUndefined();
    expect(
      app.log.some(
        (line) =>
          line.includes('config_reload_failed') && line.includes('kaputt.yaml:3:17') && line.includes('wildcard'),
      ),
    ).toBe(true);
    await until((status) => status === 303);
    expect((await app.events()).map(({ type }) => type)).toContain('configuration.refused');
    rmSync(broken);
    expect((await app.app.reloadClients()).set?.clients.has('hundesteuer')).toBe(true);
  });

  test('what the protocol library would refuse is refused by our own check, which knows the line', async () => {
    const broken = join(app.config, 'clients', 'kaputt.yaml');
    const lines = ['client_id: kaputt', 'client_name: K', 'application_type: native', 'client_secret_env: ZWEI_SECRET'];
    writeFileSync(broken, [...lines, 'redirect_uris: [https://localhost/cb]', ''].join('\n'));
    const { set, findings } = await app.app.reloadClients();
    expect(set).toBeUndefined();
    expect(findings).toEqual([expect.objectContaining({ file: broken, line: 5, key: 'redirect_uris.0' })]);
    await until((status) => status === 303);
    rmSync(broken);
    expect((await app.app.reloadClients()).findings).toEqual([]);
  });

  test('a service with several hosts comes into force as well, and changes while running', async () => {
    const two = join(app.config, 'clients', 'zwei.yaml');
    const write = (hosts: readonly string[]): void =>
      writeFileSync(
        two,
        `client_id: zwei\nclient_name: Z\nredirect_uris: [${hosts.map((host) => `https://${host}/cb`).join(', ')}]\nclient_secret_env: ZWEI_SECRET\n`,
      );
    for (const hosts of [['a.example', 'b.example'], ['a.example', 'c.example'], ['d.example']]) {
      write(hosts);
      const reloaded = await app.app.reloadClients();
      expect(reloaded.findings).toEqual([]);
      expect(reloaded.set?.clients.get('zwei')?.file.redirect_uris).toHaveLength(hosts.length);
    }
    rmSync(two);
    await app.app.reloadClients();
  });

  test('taken away, it is refused', async () => {
    rmSync(join(app.config, 'clients', 'hundesteuer.yaml'));
    await until((status) => status === 400);
  });
});
