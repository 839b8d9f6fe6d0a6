import { createHmac, randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { satisfies, type Level } from '../../assurance/levels.ts';
import type { Database } from '../../storage/database.ts';
import { keyedHash } from '../../storage/sealing.ts';
import type { AuditEvent } from '../audit/events.ts';
import type { AuditTables } from '../audit/journal.ts';
import type {
  AccountVersion,
  Credential,
  CredentialKind,
  CredentialRepository,
  NewCredential,
  Passkey,
  PasskeyCredential,
} from '../identity/credentials.ts';
import { goesWithReset } from '../identity/unproved.ts';
import { currentSealer, sealerOf } from './account-keys.ts';
import type { AccountSealer } from './account-sealing.ts';
import { columns } from './columns.ts';
import { isUniqueViolation } from '../../storage/unique-violation.ts';
import { raiseEpoch, type EndSessions } from './epoch.ts';
import { dropUnproved, removedEvents, removeKinds, removeMeans } from './removal.ts';
import type { RecordKeys } from './repository.ts';
import type { CitizenTables } from './tables.ts';
import { waysIn } from './ways-in.ts';
import type { EventWriter } from './write-events.ts';

type Tables = CitizenTables & AuditTables;
type Trx = Transaction<Tables>;
type Row = CitizenTables['credentials'];

interface Sealed {
  readonly ceiling: Level;
  /** As in the column: a row cannot be passed off as another kind of means. */
  readonly kind: CredentialKind;
}
interface SealedPasskey extends Sealed, Passkey {}
interface SealedTotp extends Sealed {
  readonly secret: string;
}

const opensAlone: readonly CredentialKind[] = ['password', 'passkey'];

export const createCredentialRecords = (
  database: Database<Tables>,
  keys: RecordKeys,
  endSessions: EndSessions,
  writer: EventWriter,
): CredentialRepository => {
  const hashOf = (what: string, value: string): string => `1.${keyedHash(keys.index, `${what}\0${value}`)}`;
  const hashOfCode = (accountId: string, code: string): string => hashOf('recovery code', `${accountId}\0${code}`);

  const open = <Value extends Sealed>(sealer: AccountSealer, row: Pick<Row, 'id' | 'kind' | 'sealed'>): Value => {
    const value = sealer.open<Value>(columns.credential(row.id), row.sealed);
    // Passwords of the first version do not say their kind.
    if ((value.kind ?? 'password') !== row.kind) throw new Error('a credential was changed by somebody else');
    return value;
  };

  const sealerFor = async (query: Trx | Database<Tables>['query'], accountId: string): Promise<AccountSealer> => {
    const sealer = await sealerOf(query, accountId, keys.accounts);
    if (!sealer) throw new Error('the account of a credential is gone');
    return sealer;
  };
  const current = (trx: Trx, account: AccountVersion): Promise<AccountSealer | undefined> =>
    currentSealer(trx, account, keys.accounts);

  const rowsOf = (accountId: string, kind?: CredentialKind): Promise<Row[]> => {
    const all = database.query.selectFrom('credentials').selectAll().where('account_id', '=', accountId);
    const wanted = kind === undefined ? all : all.where('kind', '=', kind);
    return wanted.orderBy('created_at').orderBy('id').execute();
  };

  const passkeyOf = (sealer: AccountSealer, row: Row): PasskeyCredential => {
    const { kind: _, ...passkey } = open<SealedPasskey>(sealer, row);
    return { id: row.id, counter: row.counter, ...passkey };
  };

  const insert = async (
    trx: Trx,
    accountId: string,
    sealer: AccountSealer,
    kind: CredentialKind,
    content: Readonly<Record<string, unknown>>,
    extra: Partial<Pick<Row, 'handle' | 'counter'>> = {},
  ): Promise<string> => {
    const id = randomUUID();
    const now = Date.now();
    const sealed = sealer.seal(columns.credential(id), { kind, ...content });
    const row = { id, account_id: accountId, kind, sealed, created_at: now, changed_at: now };
    await trx
      .insertInto('credentials')
      .values({ ...row, used_at: null, handle: null, counter: 0, ...extra })
      .execute();
    return id;
  };

  const add = async (trx: Trx, accountId: string, sealer: AccountSealer, made: NewCredential): Promise<string> => {
    const { ceiling } = made;
    switch (made.kind) {
      case 'passkey': {
        const handle = hashOf('passkey', made.passkey.credentialId);
        return insert(
          trx,
          accountId,
          sealer,
          'passkey',
          { ceiling, ...made.passkey },
          { handle, counter: made.counter },
        );
      }
      case 'totp':
        return insert(trx, accountId, sealer, 'totp', { ceiling, secret: made.secret });
      case 'recovery_codes': {
        await removeKinds(trx, accountId, ['recovery_codes']);
        const rows = made.codes.map((code) => ({ account_id: accountId, hash: hashOfCode(accountId, code) }));
        await trx.insertInto('recovery_codes').values(rows).execute();
        return insert(trx, accountId, sealer, 'recovery_codes', { ceiling });
      }
    }
  };

  return {
    async credentialsOf(accountId) {
      const rows = await rowsOf(accountId);
      if (rows.length === 0) return [];
      const sealer = await sealerFor(database.query, accountId);
      const { left } = await database.query
        .selectFrom('recovery_codes')
        .select(({ fn }) => fn.countAll<number>().as('left'))
        .where('account_id', '=', accountId)
        .executeTakeFirstOrThrow();
      return rows.map((row): Credential => {
        const sealed = open<Sealed & Partial<Passkey>>(sealer, row);
        return {
          id: row.id,
          kind: row.kind,
          ceiling: sealed.ceiling,
          createdAt: row.created_at,
          changedAt: row.changed_at,
          ...(row.used_at === null ? {} : { usedAt: row.used_at }),
          ...(sealed.name === undefined ? {} : { name: sealed.name }),
          ...(sealed.synced === undefined ? {} : { synced: sealed.synced }),
          ...(row.kind === 'recovery_codes' ? { left } : {}),
        };
      });
    },

    async passkeysOf(accountId) {
      const rows = await rowsOf(accountId, 'passkey');
      if (rows.length === 0) return [];
      const sealer = await sealerFor(database.query, accountId);
      return rows.map((row) => passkeyOf(sealer, row));
    },

    async totpOf(accountId) {
      const [row] = await rowsOf(accountId, 'totp');
      if (!row) return undefined;
      const { ceiling, secret } = open<SealedTotp>(await sealerFor(database.query, accountId), row);
      return { id: row.id, ceiling, secret };
    },

    async findPasskey(credentialId) {
      const row = await database.query
        .selectFrom('credentials')
        .selectAll()
        .where('handle', '=', hashOf('passkey', credentialId))
        .executeTakeFirst();
      if (!row) return undefined;
      const passkey = passkeyOf(await sealerFor(database.query, row.account_id), row);
      if (passkey.credentialId !== credentialId) throw new Error('a passkey was changed by somebody else');
      return { accountId: row.account_id, passkey };
    },

    userHandle: (accountId) => createHmac('sha256', keys.index).update(`user handle\0${accountId}`).digest(),

    async addCredential(account, made, events) {
      try {
        return await database.transaction(async (trx) => {
          const sealer = await current(trx, account);
          if (!sealer) return { kind: 'stale' } as const;
          const id = await add(trx, account.id, sealer, made);
          await writer.write(trx, account.id, events, made.kind === 'passkey' ? { name: made.passkey.name } : {});
          return { kind: 'added', id } as const;
        });
      } catch (error) {
        if (isUniqueViolation(error, 'credentials')) return { kind: 'taken' };
        throw error;
      }
    },

    renamePasskey: (accountId, credentialId, name) =>
      database.transaction(async (trx) => {
        const row = await trx
          .selectFrom('credentials')
          .selectAll()
          .where('id', '=', credentialId)
          .where('account_id', '=', accountId)
          .where('kind', '=', 'passkey')
          .executeTakeFirst();
        if (!row) return false;
        const sealer = await sealerFor(trx, accountId);
        const sealed = sealer.seal(columns.credential(row.id), { ...open<SealedPasskey>(sealer, row), name });
        await trx.updateTable('credentials').set({ sealed }).where('id', '=', row.id).execute();
        return true;
      }),

    removeCredential: (account, credentialId, events) =>
      database.transaction(async (trx) => {
        const sealer = await current(trx, account);
        if (!sealer) return 'stale';
        const row = await trx
          .selectFrom('credentials')
          .select(['id', 'kind', 'sealed'])
          .where('id', '=', credentialId)
          .where('account_id', '=', account.id)
          .executeTakeFirst();
        if (!row) return 'stale';
        if (opensAlone.includes(row.kind) && (await waysIn(trx, account.id, row.id)) === 0) return 'last';
        const { name } = open<Sealed & Partial<Passkey>>(sealer, row);
        await removeMeans(trx, account.id, row);
        await writer.write(trx, account.id, events, name === undefined ? {} : { name });
        return 'removed';
      }),

    setPassword: (account, { hash, ceiling }, events, recovery) =>
      database.transaction(async (trx) => {
        const sealer = await current(trx, account);
        if (!sealer) return { kind: 'stale' } as const;
        await removeKinds(trx, account.id, ['password']);
        const dropped = recovery ? await dropUnproved(trx, account.id, sealer, recovery.shown, goesWithReset) : [];
        await insert(trx, account.id, sealer, 'password', { hash, ceiling });
        await raiseEpoch(trx, account.id, endSessions);
        await writer.write(trx, account.id, [...events, ...removedEvents(dropped)]);
        return { kind: 'set', epoch: account.epoch + 1, dropped } as const;
      }),

    confirmCredentials: (account, credentialIds, level, clientId) =>
      database.transaction(async (trx) => {
        const sealer = await current(trx, account);
        if (!sealer || credentialIds.length === 0) return;
        const rows = await trx
          .selectFrom('credentials')
          .selectAll()
          .where('account_id', '=', account.id)
          .where('id', 'in', credentialIds)
          .execute();
        const confirmed: AuditEvent[] = [];
        for (const row of rows) {
          const before = open<Sealed>(sealer, row);
          if (satisfies(before.ceiling, level)) continue;
          const where = clientId === undefined ? {} : { clientId };
          confirmed.push({ type: 'credential.confirmed', method: row.kind, level, ...where });
          const sealed = sealer.seal(columns.credential(row.id), {
            ...before,
            ceiling: level,
          });
          await trx.updateTable('credentials').set({ sealed }).where('id', '=', row.id).execute();
        }
        await writer.write(trx, account.id, confirmed);
      }),

    async useCounter(credentialId, value) {
      const { numUpdatedRows } = await database.query
        .updateTable('credentials')
        .set({ counter: value, used_at: Date.now() })
        .where('id', '=', credentialId)
        .where('counter', '<', value)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async noteUse(credentialId) {
      await database.query
        .updateTable('credentials')
        .set({ used_at: Date.now() })
        .where('id', '=', credentialId)
        .execute();
    },

    async spendRecoveryCode(accountId, code) {
      const { numDeletedRows } = await database.query
        .deleteFrom('recovery_codes')
        .where('account_id', '=', accountId)
        .where('hash', '=', hashOfCode(accountId, code))
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
};
