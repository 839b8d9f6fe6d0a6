import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import { createSealer, deriveKey } from '../../src/storage/sealing.ts';
import { openSecrets } from '../../src/secrets.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, max } from '../support/journey.ts';
import { operate, poll } from '../support/operate.ts';
import { goOn, startServices, type Service, type Services } from './service.ts';
import { startListener, type Listener } from './told.ts';

const minutes = 60_000;
const hours = 60 * minutes;
const algorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const;

let app: TestApp;
let services: Services;
let listener: Listener;
const by = new Map<string, Service>();

beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  listener = await startListener();
  for (const alg of algorithms)
    by.set(
      alg,
      await services.add({
        clientId: `signed-${alg.toLowerCase()}`,
        file: {
          id_token_signed_response_alg: alg,
          userinfo_signed_response_alg: alg,
          introspection_signed_response_alg: alg,
          backchannel_logout_uri: listener.uri(alg),
          scope: 'openid profile offline_access',
          grant_types: ['authorization_code', 'refresh_token'],
        },
      }),
    );
});
afterAll(async () => {
  await services.close();
  await listener.close();
  await app.stop();
  // Keys are planned for a time, so within this file the clock only goes forward.
  resetClock();
});

const service = (alg: string): Service => {
  const found = by.get(alg);
  if (!found) throw new Error(alg);
  return found;
};

const fetchKeys = async (): Promise<{ set: JSONWebKeySet; maxAge: number }> => {
  const response = await fetch(`${app.issuer}/jwks`);
  const maxAge = Number(/max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '')?.[1]);
  return { set: (await response.json()) as JSONWebKeySet, maxAge };
};

/** A service that believes the provider: it keeps the key set for as long as it may, and never asks in between. */
const createVerifier = () => {
  let keys: JWTVerifyGetKey | undefined;
  let until = 0;
  return async (token: string, options: JWTVerifyOptions = {}): Promise<string> => {
    if (!keys || Date.now() >= until) {
      const { set, maxAge } = await fetchKeys();
      keys = createLocalJWKSet(set);
      until = Date.now() + maxAge * 1000;
    }
    const { protectedHeader } = await jwtVerify(token, keys, {
      issuer: app.issuer,
      currentDate: new Date(Date.now()),
      ...options,
    });
    return protectedHeader.kid ?? '';
  };
};

interface Listed {
  readonly kid: string;
  readonly use: string;
  readonly stage: string;
  readonly signsFrom: number;
  readonly goneAt?: number;
}

const listed = async (use: string): Promise<Listed[]> =>
  (JSON.parse((await operate(app, 'keys', 'list', '--format', 'json')).output) as Listed[]).filter(
    (key) => key.use === use,
  );
const kidAt = async (use: string, stage: string): Promise<string | undefined> =>
  (await listed(use)).find((key) => key.stage === stage)?.kid;

describe('the key set', () => {
  test('JO-06: public members only, each key with its one algorithm', async () => {
    const { set } = await fetchKeys();
    expect(set.keys.map(({ alg }) => alg)).toEqual([...algorithms]);
    for (const { kid, alg, use, kty, ...members } of set.keys) {
      expect([typeof kid, use]).toEqual(['string', 'sig']);
      const expected = new Map([
        ['EC', ['crv', 'x', 'y']],
        ['RSA', ['e', 'n']],
        ['OKP', ['crv', 'x']],
      ]).get(kty ?? '');
      expect([alg, Object.keys(members).sort()]).toEqual([alg, expected]);
      if (kty === 'RSA') expect(Buffer.from(members.n ?? '', 'base64url').length * 8).toBeGreaterThanOrEqual(3072);
    }
  });

  test('may be kept for less than a new key is published before it signs', async () => {
    const { maxAge } = await fetchKeys();
    expect(maxAge).toBeGreaterThan(0);
    expect(maxAge).toBeLessThan(app.settings.id.keys.publication);
  });

  test.each(algorithms)('%s: everything that is signed for a client verifies', async (alg) => {
    const person = createPerson();
    const verify = createVerifier();
    const tokens = await service(alg).redeem(await goOn(app, person, await service(alg).ask(person)));
    const me = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    const as = await service(alg).authentication();
    const introspected = await service(alg).post(
      '/token/introspection',
      { token: tokens.access_token },
      { ...as, headers: { ...as.headers, accept: 'application/token-introspection+jwt' } },
    );
    await app.outboxEmpty();
    listener.taken();
    const question = await person.visit(`${app.issuer}/session/end`);
    await person.submit(question, '/session/end/confirm', { logout: 'yes' });
    await app.outboxEmpty();
    const [notice] = listener.taken();
    for (const token of [tokens.id_token, await me.text(), await introspected.text(), notice?.token ?? '']) {
      expect(decodeProtectedHeader(token).alg).toBe(alg);
      await verify(token);
    }
  });
});

describe('JO-07, JO-08, OP-10: a rotation', () => {
  test('makes not one token invalid, through all stages and under load', async () => {
    const verify = createVerifier();
    const before = new Map<string, string | undefined>();
    for (const alg of algorithms) before.set(alg, await kidAt(alg, 'current'));
    /** Tokens with the moment in which they end, to be verified once more just before. */
    const open: { token: string; ends: number }[] = [];
    const signedBy = new Map<string, Set<string>>();
    let verified = 0;

    const take = async (alg: string, token: string, exp: number | undefined): Promise<void> => {
      const kid = await verify(token);
      signedBy.set(alg, (signedBy.get(alg) ?? new Set()).add(kid));
      verified++;
      open.push({ token, ends: (exp ?? 0) * 1000 });
    };
    const people = new Map<string, { person: Person; refresh: string }>();
    const login = async (alg: string): Promise<void> => {
      const person = createPerson();
      const page = await service(alg).ask(person, { scope: 'openid offline_access', prompt: 'login consent' });
      const tokens = await service(alg).redeem(
        await goOn(app, person, page, { login: alg.startsWith('E') ? erika : max }),
      );
      people.set(alg, { person, refresh: tokens.refresh_token });
      await take(alg, tokens.id_token, tokens.claims.exp);
    };
    const visit = async (alg: string): Promise<void> => {
      const known = people.get(alg);
      if (!known) return login(alg);
      const page = await service(alg).ask(known.person, { prompt: 'none' });
      if (service(alg).answer(page)['code'] === undefined) return login(alg);
      const tokens = await service(alg).redeem(page);
      await take(alg, tokens.id_token, tokens.claims.exp);
      const refreshed = await service(alg).tokens({ grant_type: 'refresh_token', refresh_token: known.refresh });
      expect(refreshed.status).toBe(200);
      people.set(alg, { ...known, refresh: refreshed.refresh_token });
      await take(alg, refreshed.id_token, refreshed.claims.exp);
    };
    const round = async (): Promise<void> => {
      // The provider is changed while requests are under way.
      await Promise.all([...algorithms.map(visit), poll(app)]);
      const now = Date.now();
      for (const { token, ends } of open.filter((one) => one.ends - now < 6 * minutes && one.ends > now))
        await verify(token, { currentDate: new Date(ends - 1000) });
      open.splice(0, open.length, ...open.filter((one) => one.ends > now));
    };

    await round();
    expect((await operate(app, 'keys', 'rotate')).code).toBe(0);
    const step = 5 * minutes;
    for (let at = 0; at <= 90 * minutes; at += step) {
      await round();
      const { set } = await fetchKeys();
      const published = set.keys.map(({ kid }) => kid);
      for (const alg of algorithms) {
        const next = (await listed(alg)).find((key) => key.kid !== before.get(alg));
        expect(published).toContain(next?.kid);
        expect(published).toContain(before.get(alg));
        if (at < app.settings.id.keys.publication * 1000)
          expect([...(signedBy.get(alg) ?? [])]).toEqual([before.get(alg)]);
      }
      shiftClock(step);
    }
    for (const alg of algorithms) expect(signedBy.get(alg)?.size).toBe(2);
    for (let at = 0; at < 12; at++) {
      shiftClock(hours);
      await round();
    }
    const { set } = await fetchKeys();
    expect(set.keys.map(({ kid }) => kid)).not.toContain(before.get('ES256'));
    expect(set.keys).toHaveLength(algorithms.length);
    expect(verified).toBeGreaterThan(200);
  }, 120_000);

  test('an ID token serves as a hint at logout for as long as its session lives', async () => {
    const person = createPerson();
    const tokens = await service('ES256').redeem(await goOn(app, person, await service('ES256').ask(person)));
    await operate(app, 'keys', 'rotate', 'ES256');
    for (let at = 0; at < 11; at++) {
      shiftClock(50 * minutes);
      await poll(app);
      await service('ES256').ask(person, { prompt: 'none' });
    }
    const { kid } = decodeProtectedHeader(tokens.id_token);
    expect(kid).not.toBe(await kidAt('ES256', 'current'));
    const page = await person.visit(`${app.issuer}/session/end?id_token_hint=${tokens.id_token}`);
    expect(page.status).toBe(200);
  });

  test('a logout notice is signed by the key in force when it is delivered', async () => {
    const person = createPerson();
    const { claims } = await service('ES256').redeem(await goOn(app, person, await service('ES256').ask(person)));
    await operate(app, 'keys', 'rotate', 'ES256');
    shiftClock(61 * minutes);
    await poll(app);
    await app.outboxEmpty();
    const current = await kidAt('ES256', 'current');
    const notice = listener.taken().find(({ sid }) => sid === claims['sid']);
    expect(decodeProtectedHeader(notice?.token ?? '').kid).toBe(current);
  });

  test('a second one while the first is not over changes nothing', async () => {
    expect((await operate(app, 'keys', 'rotate', 'EdDSA')).code).toBe(0);
    const before = await listed('EdDSA');
    const again = await operate(app, 'keys', 'rotate', 'EdDSA');
    expect([again.code, again.output]).toEqual([1, expect.stringContaining('waiting already')]);
    expect(await listed('EdDSA')).toEqual(before);
  });

  test.each([['rotate', 'HS256'], ['rotate', 'none'], ['list', 'x'], ['destroy'], []])(
    'keys %s %s is not understood',
    async (...args) => {
      await expect(operate(app, 'keys', ...args)).rejects.toThrow('bayern-id keys');
    },
  );

  test('is in the journal', async () => {
    const rows = await app.app.id?.stores.records.query
      .selectFrom('audit_events')
      .select('detail')
      .where('type', '=', 'keys.rotated')
      .execute();
    expect(rows?.length).toBeGreaterThanOrEqual(5);
    expect(JSON.parse(rows?.[0]?.detail ?? '{}')).toMatchObject({ use: 'ES256', operator: expect.any(String) });
  });
});

describe('OP-11: cookie keys', () => {
  test('sessions and flows under way outlive a rotation', async () => {
    const person = createPerson();
    service('ES256').answer(await goOn(app, person, await service('ES256').ask(person)));
    const other = createPerson();
    const flow = await service('RS256').ask(other);
    expect((await operate(app, 'keys', 'rotate', 'cookie')).code).toBe(0);
    const stages: string[] = [];
    for (let at = 0; at < 4; at++) {
      await poll(app);
      stages.push(
        (await listed('cookie'))
          .map(({ stage }) => stage)
          .filter((stage) => stage !== 'gone')
          .join(),
      );
      expect(service('ES256').answer(await service('ES256').ask(person, { prompt: 'none' }))['code']).toBeDefined();
      if (at === 2) expect(service('RS256').answer(await goOn(app, other, flow, { login: max }))['code']).toBeDefined();
      shiftClock(29 * minutes);
    }
    expect(stages).toEqual(['next,current', 'next,current', 'next,current', 'current,retired']);
  });

  test('a cookie that no key has signed is none', async () => {
    const person = createPerson();
    service('ES256').answer(await goOn(app, person, await service('ES256').ask(person)));
    for (const [name, cookie] of person.cookies)
      if (name.includes('id-session.sig')) person.cookies.set(name, { ...cookie, value: `A${cookie.value.slice(1)}` });
    expect(service('ES256').answer(await service('ES256').ask(person, { prompt: 'none' }))['error']).toBe(
      'login_required',
    );
  });
});

describe('JO-09: a weak key ends the start', () => {
  const weak = (): [string, string, object][] => [
    [
      'RS256',
      'RSA of 2048 bits',
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
    ],
    [
      'PS256',
      'RSA of 2048 bits',
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
    ],
    ['ES256', 'secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({ format: 'jwk' })],
    ['EdDSA', 'P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })],
  ];

  test('and keeps a running server on the keys that it has', async () => {
    const secrets = openSecrets(app.settings.storage.directory, false);
    const sealer = createSealer([{ id: '1', key: deriveKey(secrets.masterKeys().current, 'keys') }]);
    const before = (await fetchKeys()).set;
    for (const [alg, title, jwk] of weak()) {
      const kid = `weak-${alg}`;
      const times = { publish_at: Date.now() - 1, sign_from: Date.now() - 1, retire_at: null };
      const sealed = sealer.seal(JSON.stringify(jwk), `keys/${kid}`);
      const { query } = app.app.id?.stores.records ?? {};
      await query
        ?.insertInto('keys')
        .values({ kid, purpose: 'sign', alg, sealed, ...times })
        .execute();
      await poll(app);
      expect([title, (await fetchKeys()).set]).toEqual([title, before]);
      expect(app.log.some((line) => line.includes('keys_unusable'))).toBe(true);
      await operate(app, 'switch', 'off', 'client', 'signed-es256');
      await poll(app);
      expect((await service('ES256').ask(createPerson())).status).toBe(400);
      await operate(app, 'switch', 'on', 'client', 'signed-es256');
      await poll(app);
      expect((await service('ES256').ask(createPerson())).status).toBe(200);
      await expect(startTestApp({ data: app.data })).rejects.toThrow('too weak');
      await query?.deleteFrom('keys').where('kid', '=', kid).execute();
    }
  });
});

test('OP-12: with another master key the start is refused, in words that name it', async () => {
  const first = await startTestApp();
  await first.app.close(0);
  const file = join(first.data, 'data', 'secrets', 'master.key');
  writeFileSync(file, Buffer.alloc(32, 9).toString('base64url'));
  await expect(startTestApp({ data: first.data })).rejects.toThrow('master key');
  await first.stop();
});
