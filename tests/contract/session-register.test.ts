import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Transaction } from 'kysely';
import { noticeOutbox } from '../../src/id/oidc/logout.ts';
import {
  createSessionRegister,
  type SessionRegister,
  type SessionService,
} from '../../src/id/oidc/session-register.ts';
import { createSealer } from '../../src/storage/sealing.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { onEveryDatabase, type TwoNodes } from './databases.ts';

const enqueue = noticeOutbox(createSealer([{ id: '1', key: Buffer.alloc(32, 5) }]));

const row = (session: string, client: string, over: Partial<SessionService> = {}): SessionService => ({
  session_uid: session,
  client_id: client,
  account_id: 'account',
  epoch: 1,
  sub: `sub-${client}`,
  sid: `${session}-${client}`,
  grant_id: `grant-${session}-${client}`,
  logout_uri: `https://${client}.example/logout`,
  alg: 'ES256',
  look_at: Date.now() + 1000,
  ...over,
});

onEveryDatabase('the register of sessions', (start) => {
  let nodes: TwoNodes;
  let one: SessionRegister;
  let other: SessionRegister;
  let woken = 0;
  beforeAll(async () => {
    nodes = await start();
    one = createSessionRegister(nodes.one, enqueue, () => woken++);
    other = createSessionRegister(nodes.other, enqueue);
  }, 60_000);
  afterAll(() => nodes.stop());
  beforeEach(async () => {
    for (const table of ['session_services', 'outbox', 'audit_events'] as const)
      await nodes.one.query.deleteFrom(table).execute();
    woken = 0;
  });
  afterEach(() => resetClock());

  const notices = async (): Promise<string[]> =>
    (await nodes.one.query.selectFrom('outbox').select(['dedupe_key']).orderBy('dedupe_key').execute()).map(
      ({ dedupe_key: key }) => key ?? '',
    );
  const left = async (): Promise<string[]> => (await one.ofAccount('account')).map(({ sid }) => sid).sort();
  const ended = async (): Promise<number> =>
    (await nodes.one.query.selectFrom('audit_events').select('id').where('type', '=', 'session.ended').execute())
      .length;

  test('a session is ended by one node alone, and each of its services is told once', async () => {
    await one.note(row('s', 'a'));
    await one.note(row('s', 'b'));
    await one.note(row('s', 'silent', { logout_uri: null }));
    await one.note(row('t', 'a'));
    const got = await Promise.all([one, other, one, other].map((register) => register.end('s', 'expiry')));
    expect(got.map(({ length }) => length).sort()).toEqual([0, 0, 0, 3]);
    expect(await notices()).toEqual(['logout:a:s-a', 'logout:b:s-b']);
    expect(await left()).toEqual(['t-a']);
    expect(await ended()).toBe(1);
  });

  test('whoever puts notices into the outbox wakes it, and nobody else', async () => {
    await one.note(row('s', 'a'));
    await one.end('s', 'expiry');
    await one.end('s', 'expiry');
    expect(woken).toBe(1);
  });

  test('the sessions of an account end with the transaction, or not at all', async () => {
    await one.note(row('s', 'a'));
    await one.note(row('t', 'a'));
    await one.note(row('u', 'a', { account_id: 'neighbour' }));
    const end = (fails: boolean): Promise<void> =>
      nodes.one.transaction(async (trx) => {
        await one.endAccount(trx as unknown as Transaction<never>, 'account', 'epoch');
        if (fails) throw new Error('no');
      });
    await expect(end(true)).rejects.toThrow('no');
    expect([await left(), await notices(), await ended()]).toEqual([['s-a', 't-a'], [], 0]);
    await end(false);
    expect([await left(), await notices(), await ended()]).toEqual([[], ['logout:a:s-a', 'logout:a:t-a'], 2]);
    expect(await one.ofAccount('neighbour')).toHaveLength(1);
  });

  test('what is due, and what is to be looked at again', async () => {
    await one.note(row('s', 'a'));
    await one.note(row('s', 'b', { look_at: Date.now() + 60_000 }));
    await one.note(row('t', 'a', { epoch: 7 }));
    const due = async (limit = 10): Promise<unknown> => one.due(Date.now(), limit);
    expect(await due()).toEqual([]);
    shiftClock(2000);
    expect(await due()).toEqual(
      expect.arrayContaining([
        { session_uid: 's', account_id: 'account', epoch: 1 },
        { session_uid: 't', account_id: 'account', epoch: 7 },
      ]),
    );
    expect(await due(1)).toHaveLength(1);
    await other.lookAgain('s', Date.now() + 5000);
    expect(await due()).toEqual([{ session_uid: 't', account_id: 'account', epoch: 7 }]);
    const looks = (await one.ofAccount('account')).filter(({ session_uid: uid }) => uid === 's');
    expect(looks.map(({ look_at: at }) => at > Date.now())).toEqual([true, true]);
    expect(Math.max(...looks.map(({ look_at: at }) => at))).toBeGreaterThan(Date.now() + 30_000);
  });

  test('a service that is used again is written anew, and what was told elsewhere is forgotten', async () => {
    await one.note(row('s', 'a'));
    await one.note(row('s', 'a', { sid: 'new', grant_id: 'new' }));
    await one.note(row('s', 'b'));
    expect(await left()).toEqual(['new', 's-b']);
    await one.forget('s', 'a');
    expect(await left()).toEqual(['s-b']);
    await one.forget('s');
    expect([await left(), await notices()]).toEqual([[], []]);
  });

  test('all that one service has ends in slices, also when two nodes do it, and can end again later', async () => {
    for (let number = 0; number < 450; number++) await one.note(row(`s${number}`, 'a'));
    await one.note(row('s0', 'b'));
    const [mine, theirs] = await Promise.all([one.endClient('a'), other.endClient('a')]);
    const grants = [...(mine ?? []), ...(theirs ?? [])].map(({ grant_id: id }) => id);
    expect([grants.length, new Set(grants).size]).toEqual([450, 450]);
    expect(await notices()).toHaveLength(450);
    expect(await left()).toEqual(['s0-b']);
    expect(await ended()).toBe(0);
    await one.note(row('s0', 'a', { grant_id: 'second' }));
    await one.endClient('a');
    await one.note(row('s0', 'a', { grant_id: 'third' }));
    await one.end('s0', 'expiry');
    expect((await notices()).filter((key) => key.startsWith('logout:a:s0-a'))).toEqual([
      'logout:a:s0-a',
      'logout:a:s0-a:grant-s0-a',
      'logout:a:s0-a:second',
    ]);
  });
});
