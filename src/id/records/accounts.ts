import type { Transaction } from 'kysely';
import type { Database } from '../../storage/database.ts';
import type { AuditEvent, EventAside } from '../audit/events.ts';
import type { AuditTables } from '../audit/journal.ts';
import type { AccountRepository } from '../identity/accounts.ts';
import type { Attributes } from '../identity/attribute.ts';
import type { AccountVersion } from '../identity/credentials.ts';
import { currentSealer, sealerOf } from './account-keys.ts';
import type { AccountSealer } from './account-sealing.ts';
import { writeAttributes } from './attributes.ts';
import { columns } from './columns.ts';
import { findEmailUndo, useEmailUndo, writeEmailUndo } from './email-undos.ts';
import { isUniqueViolation } from '../../storage/unique-violation.ts';
import { raiseEpoch, type EndSessions } from './epoch.ts';
import { writeLoginName } from './login-names.ts';
import type { OperatorActTables } from './operator-acts.ts';
import type { RecordKeys } from './repository.ts';
import type { CitizenTables } from './tables.ts';
import { waysIn } from './ways-in.ts';
import { withdrawDeletion } from './withdraw-deletion.ts';
import type { EventWriter } from './write-events.ts';

type Tables = CitizenTables & AuditTables & OperatorActTables;
type Trx = Transaction<Tables>;

/** What citizens say about themselves. */
export const createAccountRecords = (
  database: Database<Tables>,
  keys: RecordKeys,
  endSessions: EndSessions,
  writer: EventWriter,
): AccountRepository => {
  const selfOf = async (trx: Trx, accountId: string, sealer: AccountSealer): Promise<Attributes> => {
    const row = await trx
      .selectFrom('attributes')
      .select('sealed')
      .where('account_id', '=', accountId)
      .where('source', '=', 'self')
      .executeTakeFirst();
    return row ? sealer.open<Attributes>(columns.attributes('self'), row.sealed) : {};
  };

  /** One change of one account, if it is still as the act supposes; a name that is somebody else's changes nothing. */
  const change = async (
    account: AccountVersion,
    events: readonly AuditEvent[],
    work: (trx: Trx, sealer: AccountSealer) => Promise<void>,
    aside: EventAside = {},
  ): Promise<'set' | 'taken' | 'stale'> => {
    try {
      return await database.transaction(async (trx) => {
        const sealer = await currentSealer(trx, account, keys.accounts);
        if (!sealer) return 'stale';
        // First, so that a mail about the address goes to the one before.
        await writer.write(trx, account.id, events, aside);
        await work(trx, sealer);
        return 'set';
      });
    } catch (error) {
      if (isUniqueViolation(error, 'login_names')) return 'taken';
      throw error;
    }
  };

  const emailOf = async (trx: Trx, accountId: string, sealer: AccountSealer): Promise<string | undefined> => {
    const row = await trx
      .selectFrom('login_names')
      .select(['hash', 'sealed'])
      .where('account_id', '=', accountId)
      .where('kind', '=', 'email')
      .executeTakeFirst();
    return row && sealer.open<string>(columns.loginName(row.hash), row.sealed);
  };

  const writeEmail = async (trx: Trx, accountId: string, sealer: AccountSealer, address: string): Promise<void> => {
    await writeLoginName(trx, keys, accountId, sealer, 'email', address);
    const email = { value: address, source: 'self', level: 'basic', at: Date.now() } as const;
    const self = await selfOf(trx, accountId, sealer);
    await writeAttributes(trx, accountId, sealer, 'self', { ...self, email });
  };

  return {
    setLoginName: (account, name, events) =>
      change(account, events, async (trx, sealer) => {
        if (name !== undefined) await writeLoginName(trx, keys, account.id, sealer, 'name', name);
        else {
          await trx.deleteFrom('login_names').where('account_id', '=', account.id).where('kind', '=', 'name').execute();
          // Whose password has no other name to go with loses a way in, never the last one.
          if ((await waysIn(trx, account.id)) === 0) throw new Error('an account must keep a way in');
        }
      }),

    setEmail: (account, address, events, undo) =>
      change(
        account,
        events,
        async (trx, sealer) => {
          const before = undo && (await emailOf(trx, account.id, sealer));
          await writeEmail(trx, account.id, sealer, address);
          if (undo && before !== undefined)
            await writeEmailUndo(trx, keys, account.id, sealer, { ...undo, address: before });
        },
        undo === undefined ? {} : { undo },
      ),

    async hasEmailUndo(token) {
      return (await findEmailUndo(database.query, keys, token)) !== undefined;
    },

    async restoreEmail(token, events) {
      try {
        return await database.transaction(async (trx) => {
          const found = await findEmailUndo(trx, keys, token);
          const sealer = found && (await sealerOf(trx, found.account_id, keys.accounts));
          if (!sealer) return 'gone';
          const { account_id: accountId } = found;
          const address = await useEmailUndo(trx, sealer, found);
          if (address === undefined) return 'gone';
          // As in `change`: the mail about it goes to the address that goes.
          await writer.write(trx, accountId, events);
          await writeEmail(trx, accountId, sealer, address);
          await raiseEpoch(trx, accountId, endSessions);
          if (await withdrawDeletion(trx, accountId))
            await writer.write(trx, accountId, [{ type: 'deletion.cancelled' }]);
          return 'set';
        });
      } catch (error) {
        if (isUniqueViolation(error, 'login_names')) return 'taken';
        throw error;
      }
    },

    async setSelf(account, changes, events) {
      const done = await change(account, events, async (trx, sealer) => {
        const merged = Object.entries({ ...(await selfOf(trx, account.id, sealer)), ...changes });
        const self = Object.fromEntries(merged.filter(([, attribute]) => attribute !== undefined)) as Attributes;
        await writeAttributes(trx, account.id, sealer, 'self', self);
      });
      return done === 'set' ? 'set' : 'stale';
    },

    setPreferences: (accountId, preferences) =>
      database.transaction(async (trx) => {
        const sealed = (await sealerOf(trx, accountId, keys.accounts))?.seal(columns.preferences, preferences);
        if (!sealed) return;
        await trx.updateTable('accounts').set({ preferences: sealed }).where('id', '=', accountId).execute();
      }),
  };
};
