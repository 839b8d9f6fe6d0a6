import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { auditMigrations, type AuditTables } from '../../src/id/audit/journal.ts';
import type { BrowserSessionRepository } from '../../src/id/identity/browser-sessions.ts';
import type { Citizen } from '../../src/id/identity/citizen.ts';
import type { JoinRepository } from '../../src/id/identity/joining.ts';
import { addMonths, dayOf, deletionDelay, type LifecycleRepository } from '../../src/id/identity/lifecycle.ts';
import type { CitizenRepository } from '../../src/id/identity/repository.ts';
import type { ServiceRepository } from '../../src/id/identity/service-records.ts';
import { createBrowserSessions } from '../../src/id/records/browser-sessions.ts';
import { createJoinRecords } from '../../src/id/records/joining.ts';
import type { Told } from '../../src/id/mail/told.ts';
import { createLifecycleRecords } from '../../src/id/records/lifecycle.ts';
import { operatorActMigrations, type OperatorActTables } from '../../src/id/records/operator-acts.ts';
import { createPurgeAnnouncement } from '../../src/id/records/purge-announcement.ts';
import { createCitizenRepository } from '../../src/id/records/repository.ts';
import { createServiceRecords } from '../../src/id/records/service-records.ts';
import { citizenMigrations, type CitizenTables } from '../../src/id/records/tables.ts';
import { createPostfachHandles } from '../../src/id/records/postfach-handles.ts';
import { createTellOwner, type Addressee } from '../../src/id/records/tell-owner.ts';
import { createEventWriter } from '../../src/id/records/write-events.ts';
import type { Database } from '../../src/storage/database.ts';
import { createSealer } from '../../src/storage/sealing.ts';
import { createAccountSealers } from '../../src/id/records/account-sealing.ts';
import { describePostfachHandles } from './postfach-handles.suite.ts';

type Tables = CitizenTables & AuditTables & OperatorActTables;

export interface LifecycleDatabase {
  open(): Promise<Database<Tables>>;
  stop(): Promise<void>;
}

const wrapping = createSealer([{ id: '1', key: Buffer.alloc(32, 1) }]);
const keys = { accounts: createAccountSealers(wrapping), index: Buffer.alloc(32, 2) };
const receivers = [
  { clientId: 'postfach', sector: 'bayern/postfach', uri: 'https://postfach.example/events' },
  { clientId: 'other', sector: 'bayern/other', uri: 'https://other.example/events' },
] as const;
const twenty = Array.from({ length: 20 }, (_, i) => i);
const start = Date.UTC(2024, 0, 15, 12);

/** What holds for the end of accounts on every database, with two nodes at work. */
export function describeLifecycle(startStore: () => Promise<LifecycleDatabase>): void {
  let store: LifecycleDatabase;
  let databases: Database<Tables>[];
  let citizens: CitizenRepository;
  let nodes: LifecycleRepository[];
  let joiners: JoinRepository[];
  let services: ServiceRepository;
  let browsers: BrowserSessionRepository;
  let ended: string[];
  let purged: unknown[];
  let mails: (Told & { readonly to: Addressee })[];
  const node = (i: number): LifecycleRepository => {
    const found = nodes[i % 2];
    if (!found) throw new Error('there are two nodes');
    return found;
  };
  const database = (): Database<Tables> => {
    const [one] = databases;
    if (!one) throw new Error('no database');
    return one;
  };

  beforeAll(async () => {
    store = await startStore();
    databases = await Promise.all([store.open(), store.open()]);
    const one = database();
    await one.migrate({ ...citizenMigrations, ...auditMigrations, ...operatorActMigrations });
    const endSessions = (_trx: unknown, accountId: string): Promise<void> => {
      ended.push(accountId);
      return Promise.resolve();
    };
    const tell = createTellOwner(keys, (_trx, to, mail) => {
      mails.push({ ...mail, to });
      return Promise.resolve();
    });
    const writer = createEventWriter(tell);
    citizens = createCitizenRepository(one, keys, endSessions, writer);
    services = createServiceRecords(one, keys, writer);
    browsers = createBrowserSessions(one, keys);
    const announcePurge = createPurgeAnnouncement(
      () => receivers,
      (_trx, event) => {
        purged.push(event);
        return Promise.resolve();
      },
    );
    nodes = databases.map((each) => createLifecycleRecords(each, endSessions, writer, tell, announcePurge));
    joiners = databases.map((each) => createJoinRecords(each, keys, endSessions, writer, tell, announcePurge));
  }, 60_000);
  afterAll(async () => {
    for (const each of databases) await each.close();
    await store.stop();
  });
  beforeEach(() => {
    ended = [];
    mails = [];
    purged = [];
  });
  afterEach(async () => {
    await database().query.deleteFrom('accounts').execute();
  });

  const newAccount = (): Promise<Citizen> => {
    const name = randomUUID();
    return citizens.create(
      { loginName: name, email: `${name}@post.test`, passwordHash: 'hash', ceiling: 'basic', self: {} },
      [],
    );
  };
  const seenAt = async ({ account }: Citizen, at: number): Promise<void> => {
    await database()
      .query.updateTable('accounts')
      .set({ seen_at: at, warned: 0, warned_at: null })
      .where('id', '=', account.id)
      .execute();
  };
  const rowsOf = async (accountId: string): Promise<Record<string, number>> => {
    const counted: Record<string, number> = {};
    for (const table of [
      'login_names',
      'credentials',
      'subjects',
      'consents',
      'browser_sessions',
      'service_grants',
      'postfach_handles',
      'postfach_former_handles',
      'postfach_holders',
    ] as const)
      counted[table] = (
        await database().query.selectFrom(table).selectAll().where('account_id', '=', accountId).execute()
      ).length;
    return counted;
  };
  const lastEvents = async (): Promise<unknown[]> =>
    (await database().query.selectFrom('audit_events').selectAll().orderBy('id').execute())
      .slice(-1)
      .map(({ type, account_id: id, detail }) => [type, id, JSON.parse(detail) as unknown]);

  describe('deletion by the owner', () => {
    test('is planned once, undone until its time, and then never', async () => {
      const { account } = await newAccount();
      const at = Date.now() + deletionDelay;
      const planned = await Promise.all(
        twenty.map((i) => node(i).planDeletion(account, at, [{ type: 'deletion.planned', at }])),
      );
      expect(planned.filter((outcome) => outcome === 'planned')).toHaveLength(1);
      expect(ended).toEqual([account.id]);
      expect(mails.map(({ type, to }) => [type, to.accountId])).toEqual([['deletion_planned', account.id]]);
      expect((await citizens.find(account.id))?.account).toMatchObject({ state: 'leaving', leavesAt: at, epoch: 2 });
      expect(await node(1).leaving(at - 1, 9)).toEqual([]);
      const kept = await Promise.all(twenty.map((i) => node(i).cancelDeletion(account.id, [])));
      expect(kept.filter(Boolean)).toHaveLength(1);
      expect((await citizens.find(account.id))?.account.state).toBe('active');
      expect(await node(0).remove(account.id, 'leaving', at + 1)).toBe(false);
    });

    test('an account of another epoch is not planned for', async () => {
      const { account } = await newAccount();
      await node(0).endEverything(account.id, []);
      expect(await node(1).planDeletion(account, Date.now(), [])).toBe('stale');
      expect((await citizens.find(account.id))?.account.state).toBe('active');
    });

    test('everything goes with the account, its key first of all; of many nodes one does it', async () => {
      const { account } = await newAccount();
      await citizens.subject(account.id, 'bayern/x');
      const sub = await citizens.subject(account.id, 'bayern/postfach');
      await citizens.giveConsent(account.id, { clientId: 'x', claims: ['name'], scopes: [], refused: [], at: 1 }, []);
      await createPostfachHandles(database(), keys).release(account.id, {
        clientId: 'x',
        authority: 'stadt',
        consented: false,
      });
      await database()
        .query.insertInto('postfach_former_handles')
        .values({ hash: 'former', account_id: account.id, authority: 'stadt', sealed: Buffer.from('x'), created_at: 1 })
        .execute();
      await services.noteGrant({ grantId: randomUUID(), accountId: account.id, clientId: 'x', endsAt: 1 });
      await browsers.note({ sessionUid: randomUUID(), accountId: account.id, kind: {}, means: 'password', at: 1 });
      expect(Object.values(await rowsOf(account.id)).every((count) => count > 0)).toBe(true);
      await node(0).planDeletion(account, 1, [{ type: 'deletion.planned', at: 1 }]);
      expect(await node(1).leaving(2, 9)).toEqual([account.id]);
      const removed = await Promise.all(twenty.map((i) => node(i).remove(account.id, 'leaving', 2)));
      expect(removed.filter(Boolean)).toHaveLength(1);
      expect(await citizens.find(account.id)).toBeUndefined();
      expect(Object.values(await rowsOf(account.id)).every((count) => count === 0)).toBe(true);
      expect(mails.map(({ type }) => type)).toEqual(['deletion_planned', 'deletion_done']);
      // Told once, to the one that knew the account, by the subject that it knew.
      const { clientId, uri } = receivers[0];
      expect(purged).toEqual([{ clientId, uri, sub, at: expect.any(Number) }]);
      expect(await lastEvents()).toEqual([['account.deleted', null, { by: 'citizen' }]]);
    });

    test('the owner and the job at once: either the account is kept whole, or it is gone', async () => {
      for (const _ of [1, 2, 3, 4, 5]) {
        const { account } = await newAccount();
        const at = Date.now() + deletionDelay;
        await node(0).planDeletion(account, at, []);
        const [kept, removed] = await Promise.all([
          node(0).cancelDeletion(account.id, []),
          node(1).remove(account.id, 'leaving', at + 1),
        ]);
        expect([kept, removed].filter(Boolean)).toHaveLength(1);
        expect((await citizens.find(account.id))?.account.state).toBe(kept ? 'active' : undefined);
      }
    });
  });

  describe('joining', () => {
    const told = {
      kept: [{ type: 'accounts.joined', part: 'kept' }],
      closed: [{ type: 'accounts.joined', part: 'closed' }],
    } as const;
    const join = (i: number, kept: Citizen, closed: Citizen, card?: { linkId: string }): Promise<string> => {
      const joiner = joiners[i % 2];
      if (!joiner) throw new Error('there are two nodes');
      const shown = card && { ...card, ceiling: 'high' as const, confirm: [] };
      const request = {
        kept: kept.account,
        closed: closed.account,
        ...(shown ? { card: shown } : {}),
      };
      return joiner.join(request, told).then(({ kind }) => kind);
    };
    const subjectsOf = async ({ account }: Citizen): Promise<object> =>
      Object.fromEntries((await services.subjectsOf(account.id)).map(({ sector, subject }) => [sector, subject]));
    const said = (value: string) => ({ birthdate: { value, source: 'card', level: 'high', at: 1 } }) as const;
    const card = (restrictedId: string, born = '19640812') => ({
      restrictedId,
      restrictedId2: `${restrictedId}ff`,
      assured: 'high' as const,
      asked: ['birthdate' as const],
      attributes: said(born),
    });

    test('subjects of the kept account stay, those of sectors that it lacks come over, and nothing else is left', async () => {
      const [kept, closed] = [await newAccount(), await newAccount()];
      const mine = await citizens.subject(kept.account.id, 'a/both');
      await citizens.subject(closed.account.id, 'a/both');
      const theirs = await citizens.subject(closed.account.id, 'a/one');
      expect(await join(0, kept, closed)).toBe('joined');
      expect(await subjectsOf(kept)).toEqual({ 'a/both': mine, 'a/one': theirs });
      expect(await citizens.find(closed.account.id)).toBeUndefined();
      expect(new Set(Object.values(await rowsOf(closed.account.id)))).toEqual(new Set([0]));
      expect(ended).toEqual([closed.account.id]);
      const keptId = kept.account.id;
      expect(mails.map(({ to, ...mail }) => [to.email, mail])).toMatchObject(
        [kept, closed].map(({ email }) => [email, { type: 'accounts_joined', keptId }]),
      );
    });

    test('a card moves with both of its pseudonyms and what it said, under the other account’s key; one that was not shown does not', async () => {
      const owner = await citizens.create({ card: card('aa'), ceiling: 'high' }, []);
      const other = await newAccount();
      expect(await join(0, await newAccount(), other, { linkId: owner.card?.link.id ?? '' })).toBe('joined');
      const kept = await newAccount();
      expect(await join(1, kept, owner, { linkId: owner.card?.link.id ?? '' })).toBe('joined');
      for (const restrictedId of ['aa', 'aaff'])
        expect((await citizens.findByCard({ restrictedId }))?.account.id).toBe(kept.account.id);
      expect((await citizens.find(kept.account.id))?.card).toMatchObject({
        attributes: said('19640812'),
        link: { ceiling: 'high' },
      });
      const unshown = await citizens.create({ card: card('bb'), ceiling: 'high' }, []);
      expect(await join(0, await newAccount(), unshown)).toBe('joined');
      expect(await citizens.findByCard({ restrictedId: 'bb' })).toBeUndefined();
    });

    test('two people stay two, whatever was proved', async () => {
      const [one, two] = [
        await citizens.create({ card: card('cc'), ceiling: 'high' }, []),
        await citizens.create({ card: card('dd', '19640813'), ceiling: 'high' }, []),
      ];
      expect(await join(0, one, two)).toBe('otherPerson');
      expect([ended, mails]).toEqual([[], []]);
    });

    test('of many at once, on two nodes and in both directions, one is done', async () => {
      const [one, two, three] = [await newAccount(), await newAccount(), await newAccount()];
      const outcomes = await Promise.all(twenty.map((i) => (i % 4 < 2 ? join(i, one, two) : join(i, two, one))));
      expect(outcomes.filter((outcome) => outcome === 'joined')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'stale')).toHaveLength(19);
      const left = (await citizens.find(one.account.id)) ?? (await citizens.find(two.account.id));
      if (!left) throw new Error('both are gone');
      const wanted = await Promise.all(
        twenty.map((i) => join(i, i % 2 === 0 ? left : three, i % 2 === 0 ? three : left)),
      );
      expect(wanted.filter((outcome) => outcome === 'joined')).toHaveLength(1);
    });

    test('not with itself, nor an account that is locked, leaving or of another epoch', async () => {
      const [kept, closed] = [await newAccount(), await newAccount()];
      expect(await join(0, kept, kept)).toBe('stale');
      expect(await join(0, kept, { ...closed, account: { ...closed.account, epoch: 2 } })).toBe('stale');
      for (const state of ['locked', 'leaving'] as const) {
        for (const { account } of [kept, closed]) {
          await database().query.updateTable('accounts').set({ state }).where('id', '=', account.id).execute();
          expect(await join(0, kept, closed)).toBe('stale');
          await database()
            .query.updateTable('accounts')
            .set({ state: 'active' })
            .where('id', '=', account.id)
            .execute();
        }
      }
      expect(await join(0, kept, closed)).toBe('joined');
    });
  });

  describe('by the operator', () => {
    const act = (accountId: string, kind: 'lock' | 'unlock' | 'delete'): Promise<string> =>
      citizens.act(accountId, { kind, reason: 'Grund', operator: 'test' });

    test('is planned like the owner’s, keeps its time through a lock, and says whose it was', async () => {
      const { account } = await newAccount();
      expect(await act(account.id, 'delete')).toBe('done');
      expect(await act(account.id, 'delete')).toBe('unchanged');
      const until = (await citizens.find(account.id))?.account.leavesAt ?? 0;
      expect(until).toBeGreaterThan(Date.now());
      expect(await act(account.id, 'unlock')).toBe('unchanged');
      expect(await act(account.id, 'lock')).toBe('done');
      expect(await node(0).remove(account.id, 'leaving', until + 1)).toBe(false);
      expect(await act(account.id, 'unlock')).toBe('done');
      expect((await citizens.find(account.id))?.account.state).toBe('leaving');
      expect(await act(account.id, 'delete')).toBe('unchanged');
      const later = (await citizens.find(account.id))?.account.leavesAt ?? 0;
      await database().query.deleteFrom('operator_acts').where('kind', '!=', 'delete').execute();
      expect(await node(0).remove(account.id, 'leaving', later + 1)).toBe(true);
      expect(await lastEvents()).toEqual([['account.deleted', null, { by: 'operator' }]]);
    });
  });

  describe('inactivity', () => {
    const run = async (now: number): Promise<string[]> => {
      const due = await node(0).inactive(now, 9);
      for (const step of [...due, ...due])
        if (step.step === 'deletion') await node(1).remove(step.accountId, 'inactive', now);
        else await node(1).notify(step, now);
      return due.map(({ step }) => step);
    };

    test('notices 6 and 3 months before, each once, then the end', async () => {
      const citizen = await newAccount();
      await seenAt(citizen, start);
      expect(await run(addMonths(start, 18) - 1)).toEqual([]);
      expect(await run(addMonths(start, 18))).toEqual(['notice6']);
      expect(await run(addMonths(start, 18))).toEqual([]);
      expect(await run(addMonths(start, 21) - 1)).toEqual([]);
      expect(await run(addMonths(start, 21))).toEqual(['notice3']);
      expect(await run(addMonths(start, 21))).toEqual([]);
      expect(await run(addMonths(start, 24) - 1)).toEqual([]);
      expect(mails).toEqual([
        expect.objectContaining({ type: 'inactive', months: 6, deletedOn: addMonths(start, 24) }),
        expect.objectContaining({ type: 'inactive', months: 3, deletedOn: addMonths(start, 24) }),
      ]);
      expect(await run(addMonths(start, 24))).toEqual(['deletion']);
      expect(await citizens.find(citizen.account.id)).toBeUndefined();
      expect(mails.at(-1)?.type).toBe('deletion_done');
      expect(await lastEvents()).toEqual([['account.deleted', null, { by: 'inactivity' }]]);
    });

    test('twenty runs at once on two nodes send one notice', async () => {
      const citizen = await newAccount();
      await seenAt(citizen, start);
      const now = addMonths(start, 18);
      const due = { accountId: citizen.account.id, step: 'notice6' } as const;
      const sent = await Promise.all(twenty.map((i) => node(i).notify(due, now)));
      expect(sent.filter(Boolean)).toHaveLength(1);
    });

    test('a job that was away for years tells one thing after the other, and leaves time', async () => {
      const citizen = await newAccount();
      await seenAt(citizen, start);
      const now = addMonths(start, 40);
      expect(await run(now)).toEqual(['notice6']);
      expect(mails[0]).toMatchObject({ months: 6, deletedOn: addMonths(now, 6) });
      expect(await run(now)).toEqual([]);
      expect(await run(addMonths(now, 3))).toEqual(['notice3']);
      expect(mails[1]).toMatchObject({ months: 3, deletedOn: addMonths(now, 6) });
      expect(await run(addMonths(now, 6) - 1)).toEqual([]);
      expect(await run(addMonths(now, 6))).toEqual(['deletion']);
    });

    test('where a month is too short, the end comes a day or two later than told, never earlier', async () => {
      const citizen = await newAccount();
      await seenAt(citizen, Date.UTC(2024, 7, 31));
      for (const at of [Date.UTC(2026, 1, 28), Date.UTC(2026, 2, 1), Date.UTC(2026, 2, 3)]) await run(at);
      await run(Date.UTC(2026, 5, 3));
      const deletedOn = mails.map((mail) => (mail.type === 'inactive' ? mail.deletedOn : 0));
      expect(deletedOn).toHaveLength(2);
      expect(await run(Math.min(...deletedOn) - 1)).toEqual([]);
      expect(await run(Math.max(...deletedOn) + 3 * 86_400_000)).toEqual(['deletion']);
    });

    test('a login at any time begins anew', async () => {
      const citizen = await newAccount();
      await seenAt(citizen, start);
      await run(addMonths(start, 18));
      await run(addMonths(start, 21));
      const back = dayOf(addMonths(start, 23));
      await node(0).noteSeen(citizen.account.id, back);
      expect(await run(addMonths(start, 24))).toEqual([]);
      expect(await node(1).remove(citizen.account.id, 'inactive', addMonths(start, 24))).toBe(false);
      expect(await run(addMonths(back, 18))).toEqual(['notice6']);
    });

    test('locked accounts and those that are leaving are left alone', async () => {
      const locked = await newAccount();
      const leaving = await newAccount();
      for (const citizen of [locked, leaving]) await seenAt(citizen, start);
      await citizens.act(locked.account.id, { kind: 'lock', reason: 'x', operator: 'test' });
      await node(0).planDeletion(leaving.account, Date.now() + deletionDelay, []);
      expect(await node(0).inactive(addMonths(start, 18), 9)).toEqual([]);
    });
  });

  describePostfachHandles(() => ({ databases, keys, citizens, services }));

  describe('browser sessions', () => {
    test('are sealed, belong to their account, and are one per session', async () => {
      const [one, two] = [await newAccount(), await newAccount()];
      const sessionUid = randomUUID();
      const kind = { browser: 'Firefox', system: 'Windows' };
      const login = { sessionUid, accountId: one.account.id, kind, means: 'password' } as const;
      await browsers.note({ ...login, at: 5 });
      await browsers.note({ ...login, means: 'eid', at: 7 });
      expect(await browsers.of(one.account.id)).toEqual([
        { sessionUid, id: expect.any(String), kind, means: 'eid', beganAt: 5, loginAt: 7 },
      ]);
      expect(await browsers.of(two.account.id)).toEqual([]);
      const [row] = await database().query.selectFrom('browser_sessions').selectAll().execute();
      expect(Buffer.from(row?.sealed ?? []).includes('Firefox')).toBe(false);
      await database().query.updateTable('browser_sessions').set({ account_id: two.account.id }).execute();
      await expect(browsers.of(two.account.id)).rejects.toThrow('could not be opened');
      await browsers.purge(8);
      expect(await browsers.of(two.account.id)).toEqual([]);
    });
  });

  describe('consents', () => {
    test('end once, stay as history, and are given anew', async () => {
      const { account } = await newAccount();
      const answer = { clientId: 'x', claims: ['name'], scopes: ['profile'], refused: ['email'], at: 1 };
      await citizens.giveConsent(account.id, answer, []);
      const withdrawn = await Promise.all(twenty.map(() => services.withdrawConsent(account.id, 'x', [])));
      expect(withdrawn.filter(Boolean)).toHaveLength(1);
      expect(await citizens.consent(account.id, 'x')).toBeUndefined();
      await citizens.giveConsent(account.id, { ...answer, claims: ['birthdate'], refused: [], at: 2 }, []);
      expect(await services.consentsOf(account.id)).toEqual([
        { id: expect.any(String), clientId: 'x', at: 2, claims: ['birthdate'], scopes: ['profile'], refused: [] },
        {
          id: expect.any(String),
          clientId: 'x',
          at: 1,
          claims: ['name'],
          scopes: ['profile'],
          refused: ['email'],
          endedAt: expect.any(Number),
        },
      ]);
    });
  });
}
