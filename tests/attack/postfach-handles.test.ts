import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { accountPurgedEvent } from '../../src/id/oidc/security-events.ts';
import { openAccount, openAccountByCard } from '../support/account.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, max, useCard } from '../support/journey.ts';
import { operate, poll } from '../support/operate.ts';
import { startListener, type Listener } from './told.ts';
import { goOn, startServices, type Service, type Services, type Tokens } from './service.ts';

/** How authorities address the mailbox of a citizen: what they get, who may ask whose it is, and when it ends. */
const misses = 5;
const day = 86_400_000;
let app: TestApp;
let services: Services;
let listener: Listener;
/** Two services of one authority, and one of another. */
let dogs: Service;
let waste: Service;
let county: Service;
let postfach: Service;
let person: Person;
let resource: string;

beforeAll(async () => {
  app = await startTestApp({ set: { ID__GUARD__POSTFACH__MISSES: String(misses) } });
  listener = await startListener();
  listener.answer(202);
  services = await startServices(app);
  const permissive = readFileSync(join(app.config, 'authorities', 'bayern.yaml'), 'utf8');
  writeFileSync(
    join(app.config, 'authorities', 'landkreis.yaml'),
    permissive.replace('name: Bayern', 'name: Landkreis'),
  );
  const file = { scope: 'openid postfach', consent: 'ask', legal_basis: null };
  dogs = await services.add({ clientId: 'hundesteuer', file });
  waste = await services.add({ clientId: 'abfall', file });
  county = await services.add({ clientId: 'landkreis-kfz', authority: 'landkreis', file });
  resource = `${app.issuer}/api`;
  postfach = await services.add({
    clientId: 'mein-postfach',
    by: 'private_key_jwt',
    file: {
      grant_types: ['authorization_code', 'client_credentials'],
      resources: { [resource]: ['postfach:resolve'] },
      security_events_uri: listener.uri('mein-postfach'),
    },
  });
  person = createPerson();
}, 60_000);
afterAll(async () => {
  await services.close();
  await app.stop();
  await listener.close();
});
afterEach(() => resetClock());

const login = async (service: Service, who: Person, as: typeof erika, params = {}): Promise<Tokens> =>
  service.redeem(await goOn(app, who, await service.ask(who, { scope: 'openid postfach', ...params }), { login: as }));
const userinfo = async ({ access_token: token }: Tokens): Promise<Readonly<Record<string, unknown>>> => {
  const answer = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
  return (await answer.json()) as Record<string, unknown>;
};
const handleAt = async (service: Service, who = person, as = erika): Promise<string> =>
  String((await userinfo(await login(service, who, as)))['postfach']);

const tokenOf = async (service: Service, fields = {}): Promise<string> =>
  (await service.tokens({ grant_type: 'client_credentials', scope: 'postfach:resolve', ...fields })).access_token;
const post = (token: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${app.issuer}/api/postfach/resolve`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const resolve = async (handle: string, authority = 'bayern'): Promise<{ status: number; body: unknown }> => {
  const answer = await post(await tokenOf(postfach), { handle, authority });
  return { status: answer.status, body: await answer.json() };
};
const records = (): NonNullable<TestApp['app']['id']>['stores']['records'] => {
  const { id } = app.app;
  if (!id) throw new Error('Bayern-ID does not run here');
  return id.stores.records;
};
/** Events of a type, in whatever order the clock made them. */
const noted = async (type: string): Promise<object[]> => {
  await app.app.id?.journal.settled();
  const rows = await records().query.selectFrom('audit_events').selectAll().where('type', '=', type).execute();
  return rows.map(({ account_id: accountId, client_id: clientId, detail }) => ({
    ...(JSON.parse(detail) as object),
    ...(accountId === null ? {} : { accountId }),
    clientId,
  }));
};
/** All that a refusal says, without what names the request. */
const refusal = async (answer: Response): Promise<unknown> => {
  const { instance: _instance, ...problem } = (await answer.json()) as Record<string, unknown>;
  const headers = [...answer.headers].filter(([name]) => !['date', 'keep-alive'].includes(name));
  return { status: answer.status, headers, problem };
};

test('discovery says that there is such a claim, such a scope and such a right', async () => {
  const document = (await (await fetch(`${app.issuer}/.well-known/openid-configuration`)).json()) as {
    scopes_supported: string[];
    claims_supported: string[];
  };
  expect(document.scopes_supported).toEqual(expect.arrayContaining(['postfach', 'postfach:resolve']));
  expect(document.claims_supported).toContain('postfach');
});

describe('what authorities get', () => {
  test('the citizen is asked in plain words, and nothing is made before she agrees', async () => {
    const page = await goOn(app, person, await dogs.ask(person, { scope: 'openid postfach' }), { login: erika });
    expect(page.url.origin).toBe(services.origin);
    const other = createPerson();
    const login = await dogs.ask(other, { scope: 'openid postfach' });
    const consent = await other.submit(login, '/passwort', max);
    expect(formsOf(consent).some(({ action }) => action.endsWith('/freigabe'))).toBe(true);
    expect(textOf(consent)).toMatch(/Adresse Ihres Postfachs für diese Behörde Eine zufällige Kennung/);
    const refused = await other.submit(consent, '/freigabe', { decision: 'refuse' });
    expect(dogs.answer(refused)['error']).toBe('access_denied');
    const { id = '' } = (await app.citizen('max'))?.account ?? {};
    const made = await app.app.id?.stores.records.query.selectFrom('postfach_holders').selectAll().execute();
    expect(made?.filter(({ account_id: account }) => account === id)).toEqual([]);
  });

  test('CO-06, CO-07: the same at all services of one authority; nothing that two authorities see is the same', async () => {
    const [one, two, other] = [
      await login(dogs, person, erika),
      await login(waste, person, erika),
      await login(county, person, erika),
    ];
    const [first, second, third] = [await userinfo(one), await userinfo(two), await userinfo(other)];
    expect(first['postfach']).toMatch(/^[\w-]{43}$/);
    expect(second['postfach']).toBe(first['postfach']);
    expect(third['postfach']).toMatch(/^[\w-]{43}$/);
    const seenBy = ({ claims, access_token: access }: Tokens, info: object): Set<unknown> =>
      new Set([access, ...Object.values(claims), ...Object.values(info)].filter((value) => typeof value === 'string'));
    // Besides what is no fact about a person: who issued it, and at which level.
    const common = [...seenBy(one, first)].filter((value) => seenBy(other, third).has(value));
    expect(common.filter((value) => value !== app.issuer && value !== one.claims.acr)).toEqual([]);
    const subjects = Object.values(await app.subjects('erika'));
    expect(subjects.some((subject) => [first, third].some((info) => info['postfach'] === subject))).toBe(false);
  });

  test('in the ID token where it is asked for there; not at all without the scope in the file', async () => {
    const claims = JSON.stringify({ id_token: { postfach: null } });
    const tokens = await login(dogs, person, erika, { scope: 'openid', claims });
    expect(tokens.claims['postfach']).toBe(await handleAt(dogs));
    const plain = await services.add({ clientId: 'ohne-postfach', file: { scope: 'openid' } });
    const page = await plain.ask(person, { scope: 'openid', claims });
    expect((await plain.redeem(await goOn(app, person, page, { login: erika }))).claims).not.toHaveProperty('postfach');
    expect(plain.answer(await plain.ask(person, { scope: 'openid postfach' }))['error']).toBe('invalid_scope');
  });

  test('a guest has no mailbox', async () => {
    const open = await services.add({ clientId: 'gaeste', file: { scope: 'openid postfach', guests: true } });
    const guest = createPerson();
    const assign = await useCard(app, guest, await open.ask(guest, { scope: 'openid postfach' }), 'titel');
    const tokens = await open.redeem(await guest.submit(assign, '/zuordnen', { answer: 'guest' }));
    expect(await userinfo(tokens)).toEqual({ sub: tokens.claims.sub });
  });
});

describe('whose a handle is', () => {
  test('the subject at Mein Postfach, and how to write to her; the journal says for which authority', async () => {
    const handle = await handleAt(dogs);
    const account = (await app.citizen('erika'))?.account ?? { id: '', epoch: 0 };
    await app.app.id?.accounts.setPreferences(account.id, { locale: 'en' });
    await app.app.id?.accounts.setEmail(account, 'erika@post.example', []);
    const before = (await noted('postfach.resolved')).length;
    const { status, body } = await resolve(handle);
    expect({ status, body }).toEqual({
      status: 200,
      body: { sub: (await app.subjects('erika'))['bayern/mein-postfach'], email: 'erika@post.example', locale: 'en' },
    });
    expect((await noted('postfach.resolved')).slice(before)).toEqual([
      { authority: 'bayern', clientId: 'mein-postfach', accountId: account.id },
    ]);
    const there = await login(postfach, person, erika, { scope: 'openid' });
    expect(there.claims.sub).toBe((body as { sub: string }).sub);
  });

  test('MB-07: of another authority, guessed, altered, malformed: one answer, whatever stands in the way', async () => {
    const handle = await handleAt(dogs);
    const token = await tokenOf(postfach);
    const flipped = `${handle.startsWith('A') ? 'B' : 'A'}${handle.slice(1)}`;
    const answers = [
      await post(token, { handle, authority: 'landkreis' }),
      await post(token, { handle: randomBytes(32).toString('base64url'), authority: 'entwicklung' }),
      await post(token, { handle: flipped, authority: 'entwicklung-2' }),
      await post(token, { handle: `${handle} `, authority: 'bayern' }),
      await post(token, { handle, authority: 7 }),
      await post(token, { handle }),
      await post(token, [handle]),
    ];
    const said = await Promise.all(answers.map((answer) => refusal(answer)));
    expect(said[0]).toMatchObject({ status: 404, problem: { title: 'not_found' } });
    for (const one of said) expect(one).toEqual(said[0]);
    expect((await resolve(handle)).status).toBe(200);
  });

  test('another client with the same right is told nothing, nor is one without the right, nor who comes with a citizen', async () => {
    const handle = await handleAt(dogs);
    const file = {
      grant_types: ['authorization_code', 'client_credentials'],
      resources: { [resource]: ['postfach:resolve'] },
    };
    const nosy = await services.add({ clientId: 'neugierig', by: 'private_key_jwt', file });
    const body = { handle, authority: 'bayern' };
    const unknown = await refusal(await post(await tokenOf(postfach), { ...body, authority: 'niemand' }));
    expect(await refusal(await post(await tokenOf(nosy), body))).toEqual(unknown);
    expect(await refusal(await post(await tokenOf(postfach, { scope: undefined }), body))).toEqual(unknown);
    const params = { scope: 'openid postfach:resolve', resource };
    const page = await goOn(app, person, await postfach.ask(person, params), { login: erika });
    const { access_token: hers } = await postfach.redeem(page, { resource });
    expect(decodeJwt(hers)).toMatchObject({ aud: resource, scope: 'postfach:resolve', client_id: 'mein-postfach' });
    expect((await post(hers, body)).status).toBe(401);
  });

  test('who has no token for this API is told that, and nothing of the handle', async () => {
    const handle = await handleAt(dogs);
    const body = { handle, authority: 'bayern' };
    const token = await tokenOf(postfach);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const { access_token: opaque } = await login(postfach, person, erika, { scope: 'openid' });
    const bare = await post('', body);
    expect([bare.status, bare.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const own = await postfach.sign({ ...decodeJwt(token) }, { typ: 'at+jwt' });
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    const wrong = [
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${unsigned}.${payload}.`,
      own,
      opaque,
      (await login(postfach, person, erika, { scope: 'openid' })).id_token,
    ];
    for (const one of wrong) {
      const answer = await post(one, body);
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
    }
    expect((await post('', body, { authorization: `DPoP ${token}` })).status).toBe(401);
    expect((await fetch(`${app.issuer}/api/postfach/resolve`)).status).toBe(405);
    expect((await post(token, 'handle=x', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await post(token, '{')).status).toBe(400);
    expect((await post(token, { ...body, more: 'x'.repeat(5000) })).status).toBe(413);
    expect((await post(token, body)).status).toBe(200);
    shiftClock(app.settings.id.lifetimes.api_access_token * 1000 + 1000);
    expect((await post(token, body)).status).toBe(401);
  });

  test('PW-11: guessing ends after a few, and no hit in between begins it anew; other authorities are not held up', async () => {
    const [handle, other] = [await handleAt(dogs), await handleAt(county)];
    // A window begins here.
    const real = Date.now();
    shiftClock(3600_000 - (real % 3600_000));
    const before = (await noted('postfach.unresolved')).length;
    const guess = async (): Promise<number> => (await resolve(randomBytes(32).toString('base64url'))).status;
    for (let i = 0; i < misses; i++) {
      expect(await guess()).toBe(404);
      if (i < misses - 1) expect((await resolve(handle)).status).toBe(200);
    }
    const stopped = await post(await tokenOf(postfach), { handle, authority: 'bayern' });
    expect([stopped.status, stopped.headers.get('retry-after')]).toEqual([
      429,
      expect.stringMatching(/^[1-6]\d{0,2}$/),
    ]);
    expect((await resolve(other, 'landkreis')).status).toBe(200);
    expect(await noted('postfach.unresolved')).toHaveLength(before + misses);
    shiftClock(600_000 + 3600_000 - (real % 3600_000));
    expect((await resolve(handle)).status).toBe(200);
  });

  test('a locked account still gets its letters; one that is to be deleted gets none', async () => {
    const who = createPerson();
    const handle = await handleAt(dogs, who, max);
    await operate(app, 'citizen', 'lock', 'max', '--reason', 'Test');
    expect((await resolve(handle)).status).toBe(200);
    await operate(app, 'citizen', 'unlock', 'max', '--reason', 'Test');
    await operate(app, 'citizen', 'delete', 'max', '--reason', 'Test');
    expect((await resolve(handle)).status).toBe(404);
    const { id = '' } = (await app.citizen('max'))?.account ?? {};
    await app.app.id?.lifecycle.cancelDeletion(id, []);
    expect((await resolve(handle)).status).toBe(200);
  });
});

describe('in the hands of the citizen', () => {
  test('MB-07: taken back with the consent of the last service; the next one is new', async () => {
    const handle = await handleAt(dogs);
    expect(await handleAt(waste)).toBe(handle);
    const page = await openAccount(app, person, '/konto/dienste/abfall');
    expect(textOf(page)).toMatch(/Seit .* kann Bayern Ihnen Nachrichten in Mein Postfach schicken/);
    expect(textOf(page)).toContain('wegen: Dienst hundesteuer');
    const after = await person.submit(page, '/widerrufen', {});
    expect(textOf(after)).toContain('Die Zustimmung ist widerrufen');
    expect(textOf(after)).not.toContain('Nachrichten in Mein Postfach');
    expect((await resolve(handle)).status).toBe(200);
    const last = await person.visit(`${app.issuer}/konto/dienste/hundesteuer`);
    expect(textOf(last)).toContain('Bayern kann Ihnen keine Nachrichten mehr in Mein Postfach schicken');
    await person.submit(last, '/widerrufen', {});
    expect((await resolve(handle)).status).toBe(404);
    expect(textOf(await person.visit(`${app.issuer}/konto/aktivitaet`))).toContain(
      'Eine Behörde kann Ihnen nicht mehr ins Postfach schreiben',
    );
    const next = await handleAt(dogs);
    expect(next).not.toBe(handle);
    expect((await resolve(next)).status).toBe(200);
    expect((await resolve(handle)).status).toBe(404);
  });

  test('her export lists them', async () => {
    const handle = await handleAt(county);
    const file = await openAccountByCard(app, person, 'erika', '/konto/auskunft/bayern-id.json');
    const { mailbox_handles: handles } = JSON.parse(file.body) as { mailbox_handles: unknown[] };
    expect(handles).toContainEqual({
      authority: 'landkreis',
      handle,
      services: [{ id: 'landkreis-kfz', name: 'Dienst landkreis-kfz' }],
      since: expect.stringMatching(/^\d{4}-/),
    });
  });
});

describe('when the account ends for good', () => {
  const events = (): Promise<{ id: string; attempts: number; due_at: number }[]> =>
    records()
      .query.selectFrom('outbox')
      .select(['id', 'attempts', 'due_at'])
      .where('kind', '=', 'security-event')
      .where('state', '=', 'waiting')
      .execute();
  /** A try that runs holds the row for 40 s; it is over when the row waits for the next one, `gap` seconds later. */
  const tried = async (count: number, gap: number): Promise<void> => {
    for (;;) {
      const [row] = await events();
      const wait = (row?.due_at ?? 0) - Date.now();
      if (row?.attempts === count && wait > gap * 750 && wait < gap * 1110) return;
      await new Promise(setImmediate);
    }
  };

  test('MB-07, MB-10: the handle leads nowhere, and Mein Postfach is told until it has taken it', async () => {
    const who = createPerson();
    const handle = await handleAt(dogs, who, max);
    await resolve(handle);
    const { 'bayern/mein-postfach': sub = '' } = await app.subjects('max');
    await operate(app, 'citizen', 'delete', 'max', '--reason', 'Test');
    await app.outboxEmpty();
    listener.taken();
    // Not even a page that answers 200 to everything has taken it.
    listener.answer(200);
    shiftClock(14 * day + 1000);
    const ended = Date.now();
    await app.app.id?.runAccountJobs();
    expect((await resolve(handle)).status).toBe(404);
    await tried(1, 10);
    expect((await operate(app, 'security-events')).output).toMatch(/^mein-postfach +1 +\d/m);
    listener.answer(503);
    shiftClock(13_000);
    await poll(app);
    await tried(2, 60);
    listener.answer(202);
    shiftClock(90_000);
    await poll(app);
    await app.outboxEmpty();
    const told = listener.taken();
    expect(told.map(({ clientId, type }) => [clientId, type])).toEqual(
      Array.from({ length: 3 }, () => ['mein-postfach', 'application/secevent+jwt']),
    );
    expect(new Set(told.map(({ jti }) => jti)).size).toBe(1);
    const [first, , last] = told;
    expect(decodeJwt(first?.token ?? '').iat).toBe(decodeJwt(last?.token ?? '').iat);
    const keys = createRemoteJWKSet(new URL(`${app.issuer}/jwks`));
    const { payload, protectedHeader } = await jwtVerify(last?.token ?? '', keys, {
      issuer: app.issuer,
      audience: 'mein-postfach',
      algorithms: ['ES256'],
      typ: 'secevent+jwt',
    });
    const { iat, jti, toe, ...rest } = payload;
    expect(rest).toEqual({
      iss: app.issuer,
      aud: 'mein-postfach',
      events: { [accountPurgedEvent]: { subject: { format: 'iss_sub', iss: app.issuer, sub } } },
    });
    expect(sub).not.toBe('');
    expect([typeof jti, toe, protectedHeader.kid]).toEqual(['string', iat, expect.any(String)]);
    expect(iat).toBeGreaterThanOrEqual(Math.floor(ended / 1000));
    expect((await operate(app, 'security-events')).output).toBe('every service was told');
    expect(await noted('security_event.told')).toEqual([
      { event: 'account_purged', outcome: 'delivered', clientId: 'mein-postfach' },
    ]);
    expect(JSON.stringify(decodeJwt(last?.token ?? ''))).not.toContain(handle);
  });
});
