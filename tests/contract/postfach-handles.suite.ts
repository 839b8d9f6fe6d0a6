import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditTables } from '../../src/id/audit/journal.ts';
import type { PostfachHandles } from '../../src/id/identity/postfach.ts';
import type { CitizenRepository } from '../../src/id/identity/repository.ts';
import type { ServiceRepository } from '../../src/id/identity/service-records.ts';
import type { AccountSealer } from '../../src/id/records/account-sealing.ts';
import { createPostfachHandles, moveHandles } from '../../src/id/records/postfach-handles.ts';
import type { RecordKeys } from '../../src/id/records/repository.ts';
import type { CitizenTables } from '../../src/id/records/tables.ts';
import type { Database } from '../../src/storage/database.ts';

type Records = Database<CitizenTables & AuditTables>;

export interface HandleStore {
  /** Two nodes on one store. */
  readonly databases: readonly Records[];
  readonly keys: RecordKeys;
  readonly citizens: CitizenRepository;
  readonly services: ServiceRepository;
}

const ten = Array.from({ length: 10 }, (_, i) => i);
const consentTo = (clientId: string): Parameters<CitizenRepository['giveConsent']>[1] => ({
  clientId,
  claims: ['postfach'],
  scopes: ['openid', 'postfach'],
  refused: [],
  at: Date.now(),
});

/** What holds for the addresses of mailboxes on every database. */
export function describePostfachHandles(given: () => HandleStore): void {
  describe('handles of mailboxes', () => {
    let store: HandleStore;
    let nodes: readonly PostfachHandles[];
    const node = (i: number): PostfachHandles => {
      const found = nodes[i % nodes.length];
      if (!found) throw new Error('there are two nodes');
      return found;
    };
    const records = (): Records => {
      const [one] = store.databases;
      if (!one) throw new Error('no database');
      return one;
    };
    beforeAll(() => {
      store = given();
      nodes = store.databases.map((each) => createPostfachHandles(each, store.keys));
    });

    const newAccount = async (): Promise<string> => {
      const name = { loginName: randomUUID(), passwordHash: 'hash', ceiling: 'basic', self: {} } as const;
      return (await store.citizens.create(name, [])).account.id;
    };
    /** Agrees, and fetches the handle as the answer to the service does. */
    const release = async (accountId: string, clientId: string, authority: string): Promise<string> => {
      await store.citizens.giveConsent(accountId, consentTo(clientId), []);
      const handle = await node(0).release(accountId, { clientId, authority, consented: true });
      if (handle === undefined) throw new Error('no handle');
      return handle;
    };
    const withdraw = (accountId: string, clientId: string, isClient?: (id: string) => boolean): Promise<boolean> =>
      store.services.withdrawConsent(accountId, clientId, [], isClient);
    const sealerOf = async (accountId: string): Promise<AccountSealer> => {
      const row = await records()
        .query.selectFrom('accounts')
        .select('data_key')
        .where('id', '=', accountId)
        .executeTakeFirstOrThrow();
      return store.keys.accounts.open(accountId, row.data_key);
    };

    test('one for all clients of an authority, made once by however many nodes, another for the next authority', async () => {
      const id = await newAccount();
      const all = await Promise.all(
        ten.map((i) => node(i).release(id, { clientId: `c${i % 3}`, authority: 'stadt', consented: false })),
      );
      const [handle = ''] = all;
      expect(new Set(all)).toEqual(new Set([handle]));
      expect(Buffer.from(handle, 'base64url')).toHaveLength(32);
      const other = await node(1).release(id, { clientId: 'd', authority: 'land', consented: false });
      expect(other).not.toBe(handle);
      expect(await node(1).find('stadt', handle)).toBe(id);
      expect(await node(1).find('land', handle)).toBeUndefined();
      expect(await node(1).find('stadt', other ?? '')).toBeUndefined();
      expect(await node(0).of(id)).toEqual([
        { authority: 'land', handle: other, clients: ['d'], at: expect.any(Number) },
        { authority: 'stadt', handle, clients: ['c0', 'c1', 'c2'], at: expect.any(Number) },
      ]);
    });

    test('nothing in the rows leads from one authority to another, or to the account by the handle', async () => {
      const id = await newAccount();
      const handles = [await release(id, 'x', 'stadt'), await release(id, 'y', 'land')];
      const rows = await records()
        .query.selectFrom('postfach_handles')
        .selectAll()
        .where('account_id', '=', id)
        .execute();
      for (const row of rows)
        for (const handle of handles) {
          expect(JSON.stringify({ ...row, sealed: '' })).not.toContain(handle);
          expect(Buffer.from(row.sealed).includes(handle)).toBe(false);
        }
      const somebody = await newAccount();
      await records()
        .query.updateTable('postfach_handles')
        .set({ account_id: somebody })
        .where('account_id', '=', id)
        .execute();
      await expect(node(0).find('stadt', handles[0] ?? '')).rejects.toThrow('could not be opened');
    });

    test('nobody gets one without a consent that holds', async () => {
      const id = await newAccount();
      const client = { clientId: 'x', authority: 'stadt', consented: true };
      expect(await node(0).release(id, client)).toBeUndefined();
      await store.citizens.giveConsent(id, { ...consentTo('x'), claims: ['name'], refused: ['postfach'] }, []);
      expect(await node(0).release(id, client)).toBeUndefined();
      expect(await node(0).release(randomUUID(), { ...client, consented: false })).toBeUndefined();
      expect(await node(0).of(id)).toEqual([]);
    });

    test('ends with the last client that holds it; what comes after is a new one', async () => {
      const id = await newAccount();
      const handle = await release(id, 'x', 'stadt');
      expect(await release(id, 'y', 'stadt')).toBe(handle);
      expect(await withdraw(id, 'x')).toBe(true);
      expect(await node(1).find('stadt', handle)).toBe(id);
      expect(await withdraw(id, 'y')).toBe(true);
      expect(await node(1).find('stadt', handle)).toBeUndefined();
      const next = await release(id, 'x', 'stadt');
      expect(next).not.toBe(handle);
      expect(await node(1).find('stadt', handle)).toBeUndefined();
      const [event] = (await records().query.selectFrom('audit_events').selectAll().orderBy('id', 'desc').execute())
        .filter(({ type }) => type === 'postfach.revoked')
        .map(({ account_id: accountId, client_id: clientId, detail }) => ({ accountId, clientId, detail }));
      expect(event).toEqual({ accountId: id, clientId: 'y', detail: '{"authority":"stadt"}' });
    });

    test('a client that is gone keeps none alive; taking the claim out of a consent is taking the handle back', async () => {
      const id = await newAccount();
      const handle = await release(id, 'x', 'stadt');
      await release(id, 'gone', 'stadt');
      await withdraw(id, 'x', (one) => one !== 'gone');
      expect(await node(0).find('stadt', handle)).toBeUndefined();
      expect(await node(0).of(id)).toEqual([]);
      const next = await release(id, 'x', 'stadt');
      await store.citizens.giveConsent(id, { ...consentTo('x'), claims: [], refused: ['postfach'] }, []);
      expect(await node(0).find('stadt', next)).toBeUndefined();
    });

    test('withdrawn while it is being released: no handle is left that nobody can take back', async () => {
      for (const _ of ten.slice(5)) {
        const id = await newAccount();
        await store.citizens.giveConsent(id, consentTo('x'), []);
        await Promise.all([
          ...ten.slice(6).map((i) => node(i).release(id, { clientId: 'x', authority: 'stadt', consented: true })),
          withdraw(id, 'x'),
        ]);
        expect(await node(1).of(id)).toEqual([]);
      }
    });

    test('accounts that are joined: every handle goes on; of one authority the kept account’s own is released', async () => {
      const [kept, closed] = [await newAccount(), await newAccount()];
      const own = await release(kept, 'x', 'stadt');
      const former = await release(closed, 'z', 'stadt');
      const moved = await release(closed, 'y', 'land');
      const [from, to] = [
        { id: closed, sealer: await sealerOf(closed) },
        { id: kept, sealer: await sealerOf(kept) },
      ];
      await records().transaction(async (trx) => {
        await moveHandles(trx, from, to);
        await trx.deleteFrom('accounts').where('id', '=', closed).execute();
      });
      expect(await node(1).find('land', moved)).toBe(kept);
      expect(await node(1).find('stadt', own)).toBe(kept);
      expect(await node(1).find('stadt', former)).toBe(kept);
      expect(await node(1).find('land', former)).toBeUndefined();
      expect(await release(kept, 'z', 'stadt')).toBe(own);
      expect((await node(1).of(kept)).map(({ authority, handle, clients }) => [authority, handle, ...clients])).toEqual(
        [
          ['stadt', former, 'x', 'z'],
          ['land', moved, 'y'],
          ['stadt', own, 'x', 'z'],
        ],
      );
      // There is no consent in the kept account, and yet it can be taken back.
      expect(await withdraw(kept, 'y')).toBe(true);
      expect(await node(1).find('land', moved)).toBeUndefined();
      // What came along ends with the kept account's own, and goes on with it into a third account.
      const third = await newAccount();
      const [next, last] = [
        { id: kept, sealer: await sealerOf(kept) },
        { id: third, sealer: await sealerOf(third) },
      ];
      await records().transaction(async (trx) => {
        await moveHandles(trx, next, last);
        await trx.deleteFrom('accounts').where('id', '=', kept).execute();
      });
      for (const handle of [own, former]) expect(await node(1).find('stadt', handle)).toBe(third);
      await withdraw(third, 'x');
      expect(await node(1).find('stadt', former)).toBe(third);
      await withdraw(third, 'z');
      for (const handle of [own, former]) expect(await node(1).find('stadt', handle)).toBeUndefined();
    });
  });
}
