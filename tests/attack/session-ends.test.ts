import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { standardAgeing } from '../../src/assurance/policy.ts';
import { mostServices } from '../../src/id/oidc/sessions.ts';
import { raiseEpoch } from '../../src/id/records/epoch.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, type Person } from '../support/browse.ts';
import { publicKey } from '../support/client-files.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, max } from '../support/journey.ts';
import { operate, poll } from '../support/operate.ts';
import { goOn, startServices, type Service, type Services, type Tokens } from './service.ts';
import { startListener, type Listener } from './told.ts';

const minutes = 60_000;
const hours = 60 * minutes;

let app: TestApp;
let services: Services;
let listener: Listener;
let one: Service;
let other: Service;
let quiet: Service;

const add = (clientId: string): Promise<Service> =>
  services.add({
    clientId,
    file: {
      backchannel_logout_uri: listener.uri(clientId),
      scope: 'openid profile offline_access',
      grant_types: ['authorization_code', 'refresh_token'],
    },
  });

beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  listener = await startListener();
  one = await add('ends-one');
  other = await add('ends-other');
  quiet = await services.add({ clientId: 'ends-quiet' });
});
afterAll(async () => {
  await services.close();
  await listener.close();
  await app.stop();
});
beforeEach(async () => {
  await app.outboxEmpty();
  listener.taken();
  await happenings();
});
afterEach(() => {
  listener.answer(200);
  resetClock();
});

/** A session that three services know, of which two want to be told. */
const begin = async (login = erika): Promise<{ person: Person; tokens: Tokens[] }> => {
  const person = createPerson();
  const tokens = [await one.redeem(await goOn(app, person, await one.ask(person), { login }))];
  for (const service of [other, quiet]) tokens.push(await service.redeem(await service.ask(person)));
  return { person, tokens };
};

/** Who is told, after all that is in the outbox has gone out. */
const told = async (): Promise<string[]> => {
  await app.outboxEmpty();
  return listener
    .taken()
    .map(({ clientId, sub, sid }) => `${clientId} ${sub} ${String(sid)}`)
    .sort();
};

/** Whom the two services know, by the ID tokens that they were given. */
const known = (tokens: readonly Tokens[]): string[] =>
  tokens.slice(0, 2).map(({ claims }) => `${String(claims.aud)} ${claims.sub} ${String(claims['sid'])}`);

const session = async (service: Service, person: Person): Promise<string> =>
  service.answer(await service.ask(person, { prompt: 'none' }))['error'] ?? 'code';

const seen = new Set<string>();
/** Events since the last call; known by their ids, since a clock that is put back makes ids that sort before earlier ones. */
const happenings = async (): Promise<readonly Record<string, unknown>[]> => {
  await app.app.id?.journal.settled();
  const rows = await records().query.selectFrom('audit_events').selectAll().execute();
  const fresh = rows.filter(({ id }) => !seen.has(id));
  for (const { id } of fresh) seen.add(id);
  return fresh.map(({ type, client_id: clientId, detail }) => ({
    type,
    clientId,
    ...(JSON.parse(detail) as Record<string, unknown>),
  }));
};
const endedBy = async (): Promise<unknown[]> =>
  (await happenings()).flatMap((event) => (event['type'] === 'session.ended' ? [event['by']] : []));

const records = () => {
  const database = app.app.id?.stores.records;
  if (!database) throw new Error('Bayern-ID does not run');
  return database;
};

describe('LO-12: every end of a session tells its services', () => {
  test('idle, without any request', async () => {
    const { person, tokens } = await begin();
    shiftClock(standardAgeing.basic.idle * 1000 - minutes);
    await poll(app);
    expect(await told()).toEqual([]);
    shiftClock(2 * minutes);
    await poll(app);
    expect(await told()).toEqual(known(tokens));
    expect(await endedBy()).toEqual(['expiry']);
    await poll(app);
    expect(await told()).toEqual([]);
    expect(await session(one, person)).toBe('login_required');
  });

  test('idle is counted from the last visit, and nobody is told before', async () => {
    const { person, tokens } = await begin();
    for (let visit = 0; visit < 3; visit++) {
      shiftClock(50 * minutes);
      await poll(app);
      expect(await session(quiet, person)).toBe('code');
    }
    expect(await told()).toEqual([]);
    shiftClock(62 * minutes);
    await poll(app);
    expect(await told()).toEqual(known(tokens));
  });

  test('after its longest life, in spite of visits', async () => {
    const { person, tokens } = await begin();
    for (let at = 0; at < 12 * hours - 30 * minutes; at += 30 * minutes) {
      shiftClock(30 * minutes);
      await session(quiet, person);
    }
    await poll(app);
    expect(await told()).toEqual([]);
    shiftClock(31 * minutes);
    await poll(app);
    expect(await told()).toEqual(known(tokens));
  });

  test('another account in the same browser', async () => {
    const { person, tokens } = await begin();
    await goOn(app, person, await quiet.ask(person, { prompt: 'login' }), { login: max });
    expect(await told()).toEqual(known(tokens));
    shiftClock(2 * hours);
    await poll(app);
    expect(await told()).toEqual([]);
  });

  test('logout, once, and the session does not end a second time', async () => {
    const { person, tokens } = await begin();
    const question = await person.visit(`${app.issuer}/session/end`);
    await person.submit(question, '/session/end/confirm', { logout: 'yes' });
    expect(await told()).toEqual(known(tokens));
    shiftClock(2 * hours);
    await poll(app);
    expect(await told()).toEqual([]);
    expect(await endedBy()).toEqual(['logout']);
  });

  test('logout at one service alone: the others are told when the session ends', async () => {
    const { person, tokens } = await begin();
    const hint = tokens[0]?.id_token ?? '';
    const question = await person.visit(`${app.issuer}/session/end?id_token_hint=${hint}`);
    const form = formsOf(question).find(({ action }) => action.endsWith('/session/end/confirm'));
    await person.visit(form?.action ?? '', { form: { xsrf: form?.fields['xsrf'] ?? '' } });
    expect(await told()).toEqual(known(tokens).slice(0, 1));
    shiftClock(62 * minutes);
    await poll(app);
    expect(await told()).toEqual(known(tokens).slice(1));
  });

  test.each([
    ['locked by the operator', 'lock'],
    ['logged out by the operator', 'logout'],
  ])('%s', async (_title, verb) => {
    const { person, tokens } = await begin();
    const second = await begin();
    const { code, output } = await operate(app, 'citizen', verb, 'erika', '--reason', 'Verdacht auf Missbrauch');
    expect([code, output]).toEqual([0, expect.stringContaining('sessions ended: 2')]);
    await poll(app);
    expect(await told()).toEqual([...known(tokens), ...known(second.tokens)].sort());
    expect(await endedBy()).toEqual(['epoch', 'epoch']);
    expect(await session(one, person)).toBe('login_required');
    await operate(app, 'citizen', 'unlock', 'erika', '--reason', 'geklärt');
  });

  test('the epoch raised by whatever change, such as a new password, in its transaction', async () => {
    const { person, tokens } = await begin(max);
    const id = (await app.citizen('max'))?.account.id ?? '';
    const raise = (fails: boolean): Promise<void> =>
      records().transaction(async (trx) => {
        await raiseEpoch(trx, id, (inside, account) => sessionsOf().endAccount(inside, account, 'epoch'));
        if (fails) throw new Error('no');
      });
    await expect(raise(true)).rejects.toThrow('no');
    expect(await told()).toEqual([]);
    expect(await session(one, person)).toBe('code');
    await raise(false);
    await poll(app);
    expect(await told()).toEqual(known(tokens));
    expect(await session(one, person)).toBe('login_required');
  });

  test('an epoch raised past everything is found when the session is looked at', async () => {
    const { tokens } = await begin(max);
    await records()
      .query.updateTable('accounts')
      .set((set) => ({ epoch: set('epoch', '+', 1) }))
      .execute();
    shiftClock(62 * minutes);
    await poll(app);
    expect(await told()).toEqual(expect.arrayContaining(known(tokens)));
  });

  test('the account is deleted: told all the same, after it is gone', async () => {
    const citizen = await app.app.id?.citizens.create(
      {
        loginName: 'zora',
        passwordHash: (await app.app.id.hashing.hash('kurze-lange-dauer')) ?? '',
        self: {},
        ceiling: 'basic',
      },
      [],
    );
    const id = citizen?.account.id ?? '';
    const { tokens } = await begin({ login: 'zora', password: 'kurze-lange-dauer' });
    listener.answer(503);
    await records().transaction(async (trx) => {
      await raiseEpoch(trx, id, (inside, account) => sessionsOf().endAccount(inside, account, 'epoch'));
      await trx.deleteFrom('accounts').where('id', '=', id).execute();
    });
    expect(await app.subjects('zora')).toEqual({});
    await poll(app);
    listener.answer(200);
    shiftClock(30_000);
    await poll(app);
    expect(await told()).toEqual(known(tokens));
  });

  test('a client whose file is removed is told, its tokens are refused, and coming back it begins anew', async () => {
    const person = createPerson();
    const gone = await add('ends-gone');
    const keys = ['openid offline_access', 'login consent'] as const;
    const first = await gone.redeem(
      await goOn(app, person, await gone.ask(person, { scope: keys[0], prompt: keys[1] })),
    );
    await services.remove('ends-gone');
    expect(await told()).toEqual(known([first]));
    expect((await gone.tokens({ grant_type: 'refresh_token', refresh_token: first.refresh_token })).status).toBe(401);
    const back = await add('ends-gone');
    const revived = await back.tokens({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
    expect(revived.error).toBe('invalid_grant');
    const second = await back.redeem(await back.ask(person));
    shiftClock(62 * minutes);
    await poll(app);
    expect(await told()).toEqual(known([second]));
    await services.remove('ends-gone');
  });
});

const sessionsOf = () => {
  const { id } = app.app;
  if (!id) throw new Error('Bayern-ID does not run');
  return id.sessions;
};

test('DS-07: a session is used for fifty services at most; the one that came first gives way, and is told', async () => {
  const redirectUri = (i: number): string => `${services.origin}/crowd-${i}/callback`;
  for (let i = 0; i < mostServices; i++)
    writeFileSync(
      join(app.config, 'clients', `crowd-${i}.yaml`),
      [
        `client_id: crowd-${i}`,
        `client_name: Dienst ${i}`,
        `redirect_uris: ['${redirectUri(i)}']`,
        `jwks: { keys: [${publicKey()}] }`,
        'consent: none',
        'legal_basis: Art. 6 DSGVO',
      ].join('\n'),
    );
  expect((await app.app.reloadClients()).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { person, tokens } = await begin();
  const visit = async (i: number): Promise<void> => {
    const page = await one.ask(person, { client_id: `crowd-${i}`, redirect_uri: redirectUri(i) });
    expect(page.url.searchParams.has('code')).toBe(true);
  };
  // With the three of before.
  for (let i = 0; i < mostServices - 3; i++) await visit(i);
  expect(await told()).toEqual([]);
  await visit(mostServices - 3);
  expect(await told()).toEqual(known(tokens).slice(0, 1));
  await visit(mostServices - 2);
  expect(await told()).toEqual(known(tokens).slice(1));
  const row = (service: string) =>
    records().query.selectFrom('session_services').select('client_id').where('client_id', '=', service);
  const { session_uid: uid } = await records()
    .query.selectFrom('session_services')
    .select('session_uid')
    .where('client_id', '=', 'crowd-0')
    .executeTakeFirstOrThrow();
  expect(await row('ends-one').where('session_uid', '=', uid).execute()).toEqual([]);
  const { authorizations } = (await app.app.id?.stores.artifacts.findByAlias('Session', uid))?.payload ?? {};
  expect(Object.keys(authorizations as object)).toHaveLength(mostServices);
  const me = (token: string) => fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
  expect((await me(tokens[0]?.access_token ?? '')).status).toBe(401);
  expect((await me(tokens[2]?.access_token ?? '')).status).toBe(200);
  // Whoever comes back is let in as before, with a session id of its own.
  const again = await one.redeem(await one.ask(person));
  expect(again.claims.sub).toBe(tokens[0]?.claims.sub);
  expect(again.claims['sid']).not.toBe(tokens[0]?.claims['sid']);
  const question = await person.visit(`${app.issuer}/session/end`);
  await person.submit(question, '/session/end/confirm', { logout: 'yes' });
  for (let i = 0; i < mostServices; i++) rmSync(join(app.config, 'clients', `crowd-${i}.yaml`));
  await app.app.reloadClients();
  await app.outboxEmpty();
});

describe('LO-10, RL-12: a service that does not answer', () => {
  test('tried again with growing gaps over more than an hour, with a token of its own each time; then the alarm', async () => {
    const { person, tokens } = await begin();
    listener.answer(500);
    const asked = performance.now();
    const question = await person.visit(`${app.issuer}/session/end`);
    await person.submit(question, '/session/end/confirm', { logout: 'yes' });
    expect(performance.now() - asked).toBeLessThan(2000);

    /** Of both that are to be told: one that is not through with a try would miss the next one when the clock is moved. */
    const rows = async (): Promise<{ state: string; attempts: number; wait: number }[]> => {
      const keys = ['ends-one', 'ends-other'].map((id, i) => `logout:${id}:${String(tokens[i]?.claims['sid'])}`);
      const found = await records().query.selectFrom('outbox').selectAll().where('dedupe_key', 'in', keys).execute();
      expect(found).toHaveLength(2);
      return found.map(({ state, attempts, due_at: due }) => ({ state, attempts, wait: due - Date.now() }));
    };
    /** A try that runs holds the row for some time of its own; it is over when the row waits for the next one. */
    const tried = async (count: number, gap: number): Promise<void> => {
      const isOver = ({ state, attempts, wait }: Awaited<ReturnType<typeof rows>>[number]): boolean =>
        state === 'failed' || (attempts === count && wait > gap * 0.75 && wait < gap * 1.11);
      while (!(await rows()).every(isOver)) await new Promise(setImmediate);
    };
    const began = Date.now();
    const at: number[] = [];
    for (const [index, gap] of [10, 60, 300, 900, 2700, 7200, 21_600].entries()) {
      await tried(index + 1, gap * 1000);
      at.push(Date.now() - began);
      for (const row of await rows()) expect(row).toMatchObject({ state: 'waiting', attempts: index + 1 });
      shiftClock(gap * 1100 + 1000);
      await poll(app);
    }
    await tried(8, 0);
    await app.outboxEmpty();
    expect((await rows()).map(({ state }) => state)).toEqual(['failed', 'failed']);
    expect(at[5]).toBeGreaterThan(hours);
    const tries = listener.taken().filter(({ clientId }) => clientId === 'ends-one');
    expect(tries).toHaveLength(8);
    expect(new Set(tries.map(({ jti }) => jti)).size).toBe(8);

    expect(app.log.filter((line) => line.includes('outbox_gave_up') && line.includes('ends-one'))).toHaveLength(1);
    expect(await happenings()).toContainEqual({ type: 'logout.told', outcome: 'failed', clientId: 'ends-one' });
    const { output } = await operate(app, 'logout-notices');
    expect(output).toMatch(/^ends-one +0 +– +0 +– +1$/m);
    const [status] = JSON.parse((await operate(app, 'logout-notices', '--format', 'json')).output) as object[];
    expect(status).toMatchObject({ service: 'ends-one', waiting: 0, failed: 1 });
  });

  test('the administrator sees who could not be told yet, and since when', async () => {
    const { person } = await begin();
    listener.answer(500);
    const question = await person.visit(`${app.issuer}/session/end`);
    const since = Date.now();
    await person.submit(question, '/session/end/confirm', { logout: 'yes' });
    const { output } = await operate(app, 'logout-notices', '--format', 'json');
    const other = (JSON.parse(output) as { service: string; waiting: number; oldest: number }[]).find(
      ({ service }) => service === 'ends-other',
    );
    expect(other?.waiting).toBe(1);
    expect(Math.abs((other?.oldest ?? 0) - since)).toBeLessThan(5000);
    listener.answer(200);
    shiftClock(hours);
    await poll(app);
    await app.outboxEmpty();
  });

  test('what could not be delivered before a restart is delivered after it, signed by the key in force', async () => {
    let again = await startTestApp();
    const there = await startServices(again);
    const service = await there.add({
      clientId: 'ends-later',
      file: { backchannel_logout_uri: listener.uri('ends-later') },
    });
    const person = createPerson();
    const tokens = await service.redeem(await goOn(again, person, await service.ask(person)));
    listener.answer(500);
    const question = await person.visit(`${again.issuer}/session/end`);
    await person.submit(question, '/session/end/confirm', { logout: 'yes' });
    await again.app.close(0);
    expect(listener.taken().length).toBeGreaterThanOrEqual(1);
    await there.close();

    listener.answer(200);
    shiftClock(hours);
    again = await startTestApp({ data: again.data });
    await again.outboxEmpty();
    const [notice, ...more] = listener.taken();
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ clientId: 'ends-later', sub: tokens.claims.sub, sid: tokens.claims['sid'] });
    const keys = createRemoteJWKSet(new URL(`${again.issuer}/jwks`));
    const verified = await jwtVerify(notice?.token ?? '', keys, {
      issuer: again.issuer,
      audience: 'ends-later',
      typ: 'logout+jwt',
      currentDate: new Date(),
    });
    expect(Object.keys(verified.payload['events'] as object)).toEqual([
      'http://schemas.openid.net/event/backchannel-logout',
    ]);
    await again.stop();
  });
});
