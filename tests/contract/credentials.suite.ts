import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { auditMigrations, type AuditTables } from '../../src/id/audit/journal.ts';
import type { AccountRepository } from '../../src/id/identity/accounts.ts';
import type { Citizen } from '../../src/id/identity/citizen.ts';
import type { CredentialRepository, NewCredential } from '../../src/id/identity/credentials.ts';
import type { CitizenRepository } from '../../src/id/identity/repository.ts';
import { createAccountRecords } from '../../src/id/records/accounts.ts';
import { createCredentialRecords } from '../../src/id/records/credentials.ts';
import { createCitizenRepository } from '../../src/id/records/repository.ts';
import { operatorActMigrations, type OperatorActTables } from '../../src/id/records/operator-acts.ts';
import { citizenMigrations, type CitizenTables } from '../../src/id/records/tables.ts';
import { createEventWriter } from '../../src/id/records/write-events.ts';
import type { Database } from '../../src/storage/database.ts';
import { createSealer } from '../../src/storage/sealing.ts';
import { createAccountSealers } from '../../src/id/records/account-sealing.ts';
import type { CitizenDatabase } from './citizens.suite.ts';

type Tables = CitizenTables & AuditTables & OperatorActTables;

const wrapping = createSealer([{ id: '1', key: Buffer.alloc(32, 1) }]);
const keys = { accounts: createAccountSealers(wrapping), index: Buffer.alloc(32, 2) };
const twenty = Array.from({ length: 20 }, (_, i) => i);
const word = (): string => randomUUID();

const writer = createEventWriter(() => Promise.resolve());

/** What holds for the means of accounts on every database, with two nodes at work. */
export function describeCredentials(start: () => Promise<CitizenDatabase>): void {
  let store: CitizenDatabase;
  let databases: Database<Tables>[];
  let citizens: CitizenRepository;
  let nodes: { readonly credentials: CredentialRepository; readonly accounts: AccountRepository }[];
  let ended: string[];
  const node = (i: number): (typeof nodes)[number] => {
    const found = nodes[i % 2];
    if (!found) throw new Error('there are two nodes');
    return found;
  };

  beforeAll(async () => {
    store = await start();
    databases = await Promise.all([store.open(), store.open()]);
    const [one] = databases;
    if (!one) throw new Error('no database');
    await one.migrate({ ...citizenMigrations, ...auditMigrations, ...operatorActMigrations });
    ended = [];
    const endSessions = (_trx: unknown, accountId: string): Promise<void> => {
      ended.push(accountId);
      return Promise.resolve();
    };
    citizens = createCitizenRepository(one, keys, endSessions, writer);
    nodes = databases.map((database) => ({
      credentials: createCredentialRecords(database, keys, endSessions, writer),
      accounts: createAccountRecords(database, keys, endSessions, writer),
    }));
  }, 60_000);
  afterAll(async () => {
    for (const database of databases) await database.close();
    await store.stop();
  });

  const newAccount = (): Promise<Citizen> =>
    citizens.create({ loginName: word(), passwordHash: 'hash', ceiling: 'basic' }, []);
  const newPasskey = (credentialId = word()): NewCredential => ({
    kind: 'passkey',
    passkey: { credentialId, publicKey: 'key', transports: ['internal'], synced: false, name: 'Telefon' },
    counter: 0,
    ceiling: 'low',
  });
  const add = async (citizen: Citizen, credential: NewCredential, i = 0): Promise<string> => {
    const added = await node(i).credentials.addCredential(citizen.account, credential, []);
    if (added.kind !== 'added') throw new Error(added.kind);
    return added.id;
  };
  const passwordOf = async ({ account }: Citizen): Promise<string> =>
    (await node(0).credentials.credentialsOf(account.id)).find(({ kind }) => kind === 'password')?.id ?? '';
  const eventsOf = async ({ account }: Citizen): Promise<string[]> => {
    const rows = await databases[0]?.query
      .selectFrom('audit_events')
      .select('type')
      .where('account_id', '=', account.id)
      .orderBy('id')
      .execute();
    return (rows ?? []).map(({ type }) => type);
  };

  test('passkeys are found by their own id, with the key that was enrolled, on every node', async () => {
    const citizen = await newAccount();
    const credentialId = word();
    const id = await add(citizen, newPasskey(credentialId));
    const found = await node(1).credentials.findPasskey(credentialId);
    expect(found).toEqual({
      accountId: citizen.account.id,
      passkey: {
        id,
        credentialId,
        publicKey: 'key',
        transports: ['internal'],
        synced: false,
        name: 'Telefon',
        ceiling: 'low',
        counter: 0,
      },
    });
    expect(await node(1).credentials.findPasskey(word())).toBeUndefined();
    expect(await node(1).credentials.renamePasskey(citizen.account.id, id, 'Laptop')).toBe(true);
    expect(await node(0).credentials.renamePasskey((await newAccount()).account.id, id, 'Fremd')).toBe(false);
    expect((await node(0).credentials.credentialsOf(citizen.account.id)).map(({ name }) => name)).toEqual([
      undefined,
      'Laptop',
    ]);
  });

  test('one passkey for two accounts, and two apps for one account, at once: one wins', async () => {
    const [mine, yours] = [await newAccount(), await newAccount()];
    const passkey = newPasskey();
    const both = await Promise.all(
      [mine, yours].map(({ account }, i) => node(i).credentials.addCredential(account, passkey, [])),
    );
    expect(both.map(({ kind }) => kind).sort()).toEqual(['added', 'taken']);
    const totp = twenty.map((i) =>
      node(i).credentials.addCredential(mine.account, { kind: 'totp', secret: `secret ${i}`, ceiling: 'low' }, [
        { type: 'credential.added', method: 'totp' },
      ]),
    );
    expect((await Promise.all(totp)).filter(({ kind }) => kind === 'added')).toHaveLength(1);
    expect(await eventsOf(mine)).toEqual(['credential.added']);
  });

  test('an act on an account that has moved on does nothing', async () => {
    const citizen = await newAccount();
    const { credentials, accounts } = node(0);
    expect(await credentials.setPassword(citizen.account, { hash: 'new', ceiling: 'low' }, [])).toEqual({
      kind: 'set',
      epoch: 2,
      dropped: [],
    });
    expect(ended).toContain(citizen.account.id);
    expect(await credentials.addCredential(citizen.account, newPasskey(), [])).toEqual({ kind: 'stale' });
    expect(await credentials.setPassword(citizen.account, { hash: 'newer', ceiling: 'low' }, [])).toEqual({
      kind: 'stale',
    });
    expect(await accounts.setLoginName(citizen.account, word(), [])).toBe('stale');
    expect(await accounts.setSelf(citizen.account, {}, [])).toBe('stale');
    expect(await citizens.passwordOf(citizen.account.id)).toMatchObject({ hash: 'new', ceiling: 'low' });
  });

  test('a new password ends the old one, and 20 at once leave one', async () => {
    const citizen = await newAccount();
    const before = await passwordOf(citizen);
    const outcomes = await Promise.all(
      twenty.map((i) =>
        node(i).credentials.setPassword(citizen.account, { hash: `hash ${i}`, ceiling: 'basic' }, [
          { type: 'password.changed', by: 'citizen' },
        ]),
      ),
    );
    const won = outcomes.findIndex(({ kind }) => kind === 'set');
    expect(outcomes.filter(({ kind }) => kind === 'set')).toHaveLength(1);
    expect((await citizens.passwordOf(citizen.account.id))?.hash).toBe(`hash ${won}`);
    expect(await passwordOf(citizen)).not.toBe(before);
    expect(await eventsOf(citizen)).toEqual(['password.changed']);
  });

  test('the last way in stays, also when the last two are taken away at once', async () => {
    for (const _ of twenty.slice(0, 5)) {
      const citizen = await newAccount();
      const passkey = await add(citizen, newPasskey());
      const password = await passwordOf(citizen);
      const outcomes = await Promise.all(
        [passkey, password].map((id, i) =>
          node(i).credentials.removeCredential(citizen.account, id, [
            { type: 'credential.removed', method: i === 0 ? 'passkey' : 'password' },
          ]),
        ),
      );
      expect([...outcomes].sort()).toEqual(['last', 'removed']);
      expect(await node(0).credentials.credentialsOf(citizen.account.id)).toHaveLength(1);
      expect(await eventsOf(citizen)).toEqual(['credential.removed']);
    }
  });

  test('what stands beside a password goes with it', async () => {
    const citizen = await newAccount();
    await add(citizen, newPasskey());
    await add(citizen, { kind: 'totp', secret: 'secret', ceiling: 'low' });
    await add(citizen, { kind: 'recovery_codes', codes: ['one', 'two'], ceiling: 'low' });
    expect(await node(0).credentials.removeCredential(citizen.account, await passwordOf(citizen), [])).toBe('removed');
    const left = await node(1).credentials.credentialsOf(citizen.account.id);
    expect(left.map(({ kind }) => kind)).toEqual(['passkey']);
    expect(await node(1).credentials.spendRecoveryCode(citizen.account.id, 'one')).toBe(false);
  });

  test('20 uses of one code, one time step, one recovery code at once: one success each', async () => {
    const citizen = await newAccount();
    const totp = await add(citizen, { kind: 'totp', secret: 'secret', ceiling: 'low' });
    await add(citizen, { kind: 'recovery_codes', codes: ['one', 'two'], ceiling: 'low' });
    const steps = await Promise.all(twenty.map((i) => node(i).credentials.useCounter(totp, 100)));
    expect(steps.filter(Boolean)).toHaveLength(1);
    expect(await node(0).credentials.useCounter(totp, 99)).toBe(false);
    expect(await node(0).credentials.useCounter(totp, 101)).toBe(true);
    const codes = await Promise.all(
      twenty.map((i) => node(i).credentials.spendRecoveryCode(citizen.account.id, 'one')),
    );
    expect(codes.filter(Boolean)).toHaveLength(1);
    const list = await node(0).credentials.credentialsOf(citizen.account.id);
    expect(list.find(({ kind }) => kind === 'recovery_codes')?.left).toBe(1);
    expect(await node(0).credentials.spendRecoveryCode((await newAccount()).account.id, 'two')).toBe(false);
  });

  test('a new set of recovery codes voids the one before', async () => {
    const citizen = await newAccount();
    for (const code of ['old', 'new']) await add(citizen, { kind: 'recovery_codes', codes: [code], ceiling: 'low' });
    expect(await node(0).credentials.spendRecoveryCode(citizen.account.id, 'old')).toBe(false);
    expect(await node(1).credentials.spendRecoveryCode(citizen.account.id, 'new')).toBe(true);
  });

  test('confirming lifts a ceiling and never lowers one', async () => {
    const citizen = await newAccount();
    const id = await add(citizen, newPasskey());
    const ceiling = async (): Promise<string | undefined> =>
      (await node(1).credentials.credentialsOf(citizen.account.id)).find((one) => one.id === id)?.ceiling;
    await node(0).credentials.confirmCredentials(citizen.account, [id], 'high');
    expect(await ceiling()).toBe('high');
    await node(0).credentials.confirmCredentials(citizen.account, [id], 'basic');
    expect(await ceiling()).toBe('high');
  });

  test('an account is found by its address and by its user name; names are taken once, whatever kind they are', async () => {
    const [name, address] = [word(), `${word()}@example.org`];
    const citizen = await newAccount();
    const { accounts } = node(0);
    expect(await accounts.setEmail(citizen.account, address, [{ type: 'email.changed' }])).toBe('set');
    expect(await accounts.setLoginName(citizen.account, name, [{ type: 'login_name.changed' }])).toBe('set');
    for (const typed of [name.toUpperCase(), address])
      expect((await citizens.findByLoginName(typed))?.citizen).toMatchObject({ loginName: name, email: address });
    expect((await citizens.find(citizen.account.id))?.self.email?.value).toBe(address);
    const other = await newAccount();
    expect(await accounts.setEmail(other.account, address, [])).toBe('taken');
    expect(await accounts.setLoginName(other.account, name, [])).toBe('taken');
    expect((await citizens.find(other.account.id))?.email).toBeUndefined();
    expect(await accounts.setLoginName(citizen.account, undefined, [])).toBe('set');
    expect((await citizens.find(citizen.account.id))?.loginName).toBeUndefined();
    expect(await eventsOf(citizen)).toEqual(['email.changed', 'login_name.changed']);
  });

  test('an address comes back once, and takes the rights of later ones with it', async () => {
    const citizen = await newAccount();
    const { accounts } = node(0);
    const [first, second, third] = [1, 2, 3].map((n) => `${word()}-${n}@example.org`);
    const undo = (until = Date.now() + 60_000) => ({ token: word(), link: 'https://id.example/', until });
    const [toFirst, toSecond, expired] = [undo(), undo(), undo(Date.now() - 1)];
    await accounts.setEmail(citizen.account, first ?? '', []);
    await accounts.setEmail(citizen.account, second ?? '', [], toFirst);
    await accounts.setEmail(citizen.account, third ?? '', [], toSecond);
    await accounts.setEmail(citizen.account, first ?? '', [], expired);
    expect(await accounts.hasEmailUndo(expired.token)).toBe(false);
    expect(await accounts.hasEmailUndo(toSecond.token)).toBe(true);
    const all = await Promise.all(
      [0, 1, 0, 1, 0, 1].map((n) => node(n).accounts.restoreEmail(toFirst.token, [{ type: 'not_me' }])),
    );
    expect(all.filter((outcome) => outcome === 'set')).toHaveLength(1);
    expect(await node(1).accounts.restoreEmail(toSecond.token, [])).toBe('gone');
    const after = await citizens.find(citizen.account.id);
    expect(after).toMatchObject({ email: first, account: { epoch: citizen.account.epoch + 1 } });
    expect(await eventsOf(citizen)).toEqual(['not_me']);
  });

  test('self-asserted data are changed one by one; what the account prefers is kept beside', async () => {
    const citizen = await newAccount();
    const typed = (value: string) => ({ value, source: 'self', level: 'basic', at: 1 }) as const;
    const { accounts } = node(1);
    await accounts.setSelf(citizen.account, { given_name: typed('Erika'), family_name: typed('Muster') }, []);
    await accounts.setSelf(citizen.account, { family_name: typed('Mustermann'), given_name: undefined }, []);
    await accounts.setPreferences(citizen.account.id, { locale: 'en' });
    const { self, preferences } = (await citizens.find(citizen.account.id)) ?? {};
    expect({ self, preferences }).toEqual({
      self: { family_name: typed('Mustermann') },
      preferences: { locale: 'en' },
    });
  });

  describe('a row that was changed in the store', () => {
    test('is not taken for another kind of means', async () => {
      const citizen = await newAccount();
      const id = await add(citizen, { kind: 'totp', secret: 'secret', ceiling: 'low' });
      await databases[0]?.query.updateTable('credentials').set({ kind: 'passkey' }).where('id', '=', id).execute();
      await expect(node(0).credentials.passkeysOf(citizen.account.id)).rejects.toThrow('changed by somebody else');
    });
  });
}
