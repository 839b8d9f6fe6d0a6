import type { Kysely, Transaction } from 'kysely';
import { strongest, type Level } from '../../assurance/levels.ts';
import type { Database } from '../../storage/database.ts';
import { keyedHash } from '../../storage/sealing.ts';
import type { AuditTables } from '../audit/journal.ts';
import type { Citizen } from '../identity/citizen.ts';
import { samePerson } from '../identity/linking.ts';
import type { CitizenRepository, LinkOutcome, ReadCard } from '../identity/repository.ts';
import type { AccountSealer } from './account-sealing.ts';
import { keepReplaced } from './card-history.ts';
import { columns } from './columns.ts';
import { isUniqueViolation } from '../../storage/unique-violation.ts';
import { raiseEpoch, type EndSessions } from './epoch.ts';
import type { RecordKeys } from './repository.ts';
import { dropUnproved, removedEvents } from './removal.ts';
import type { CitizenTables } from './tables.ts';
import { waysIn } from './ways-in.ts';
import type { EventWriter } from './write-events.ts';

type Tables = CitizenTables & AuditTables;
type Trx = Transaction<Tables>;

interface Loaded {
  readonly citizen: Citizen;
  readonly sealer: AccountSealer;
}

export interface CardChangeParts {
  readonly database: Database<Tables>;
  readonly keys: RecordKeys;
  readonly endSessions: EndSessions;
  readonly writer: EventWriter;
  readonly load: (query: Kysely<Tables> | Trx, accountId: string) => Promise<Loaded | undefined>;
  /** Whose card it is already. */
  readonly isLinked: (trx: Trx, card: ReadCard) => Promise<boolean>;
  readonly writeLink: (
    trx: Trx,
    accountId: string,
    sealer: AccountSealer,
    card: ReadCard,
    ceiling: Level,
  ) => Promise<unknown>;
}

/** What happens to a linked card later: another one takes its place, or it goes. */
export const createCardChanges = ({
  database,
  keys,
  endSessions,
  writer,
  load,
  isLinked,
  writeLink,
}: CardChangeParts): Pick<
  CitizenRepository,
  'replaceCard' | 'unlinkCard' | 'setTransferCode' | 'transferCodeOf' | 'findByTransferCode'
> => {
  const hashOf = (code: string): string => `1.${keyedHash(keys.index, `transfer code\0${code}`)}`;

  const current = async (
    trx: Trx,
    account: { readonly id: string; readonly epoch: number },
  ): Promise<Loaded | undefined> => {
    const loaded = await load(trx, account.id);
    const { state, epoch } = loaded?.citizen.account ?? {};
    return state === 'active' && epoch === account.epoch ? loaded : undefined;
  };

  /** Ceilings are those of a link: without it, or with another one, they begin at `basic` again. */
  const lowerCeilings = async (
    trx: Trx,
    accountId: string,
    sealer: AccountSealer,
    lifted: readonly string[],
    to: Level,
  ): Promise<void> => {
    const rows = await trx
      .selectFrom('credentials')
      .select(['id', 'sealed'])
      .where('account_id', '=', accountId)
      .execute();
    for (const row of rows) {
      const before = sealer.open<{ readonly ceiling: Level }>(columns.credential(row.id), row.sealed);
      const ceiling = lifted.includes(row.id) ? strongest('basic', to) : 'basic';
      const sealed = sealer.seal(columns.credential(row.id), { ...before, ceiling });
      await trx.updateTable('credentials').set({ sealed }).where('id', '=', row.id).execute();
    }
  };

  const deactivate = async (trx: Trx, linkId: string): Promise<void> => {
    await trx
      .updateTable('card_links')
      .set({ pseudonym: null, next_pseudonym: null, active_account: null })
      .where('id', '=', linkId)
      .execute();
  };

  return {
    async replaceCard(account, card, { ceiling, confirm, keep, transferCode }, events): Promise<LinkOutcome> {
      try {
        return await database.transaction(async (trx): Promise<LinkOutcome> => {
          const loaded = await current(trx, account);
          const before = loaded?.citizen.card;
          if (!loaded || !before) return { kind: 'stale' };
          if (await isLinked(trx, card)) return { kind: 'taken' };
          if (!samePerson(before.attributes, card.attributes)) return { kind: 'otherCardLinked' };
          if (transferCode !== undefined) {
            const { numDeletedRows } = await trx
              .deleteFrom('card_transfers')
              .where('account_id', '=', account.id)
              .where('hash', '=', hashOf(transferCode))
              .where('expires_at', '>', Date.now())
              .executeTakeFirst();
            if (numDeletedRows === 0n) return { kind: 'stale' };
          }
          // Made with the old card, and maybe not by its owner.
          await trx.deleteFrom('card_transfers').where('account_id', '=', account.id).execute();
          const dropped = keep ? await dropUnproved(trx, account.id, loaded.sealer, [...confirm, ...keep]) : [];
          await deactivate(trx, before.link.id);
          await keepReplaced(trx, account.id, loaded.sealer, before.attributes, card.attributes);
          await writeLink(trx, account.id, loaded.sealer, card, ceiling);
          await lowerCeilings(trx, account.id, loaded.sealer, confirm, ceiling);
          await raiseEpoch(trx, account.id, endSessions);
          await writer.write(trx, account.id, [...events, ...removedEvents(dropped)]);
          const after = await load(trx, account.id);
          return after ? { kind: 'linked', citizen: after.citizen } : { kind: 'stale' };
        });
      } catch (error) {
        if (isUniqueViolation(error, 'card_links')) return { kind: 'taken' };
        throw error;
      }
    },

    unlinkCard: (account, events) =>
      database.transaction(async (trx) => {
        const loaded = await current(trx, account);
        const link = loaded?.citizen.card?.link;
        if (!loaded || !link) return { kind: 'stale' } as const;
        if ((await waysIn(trx, account.id, link.id)) === 0) return { kind: 'last' } as const;
        await deactivate(trx, link.id);
        await trx.deleteFrom('attributes').where('account_id', '=', account.id).where('source', '=', 'card').execute();
        await trx.deleteFrom('card_transfers').where('account_id', '=', account.id).execute();
        await lowerCeilings(trx, account.id, loaded.sealer, [], 'basic');
        // With the next card, what sessions proved beside this one would count again.
        await raiseEpoch(trx, account.id, endSessions);
        await writer.write(trx, account.id, events);
        return { kind: 'removed', epoch: account.epoch + 1 } as const;
      }),

    setTransferCode: (account, code, expiresAt, events) =>
      database.transaction(async (trx) => {
        const loaded = await current(trx, account);
        if (!loaded?.citizen.card) return false;
        const values = { hash: hashOf(code), expires_at: expiresAt };
        await trx
          .insertInto('card_transfers')
          .values({ account_id: account.id, ...values })
          .onConflict((conflict) => conflict.column('account_id').doUpdateSet(values))
          .execute();
        await writer.write(trx, account.id, events);
        return true;
      }),

    async transferCodeOf(accountId) {
      const row = await database.query
        .selectFrom('card_transfers')
        .select('expires_at')
        .where('account_id', '=', accountId)
        .executeTakeFirst();
      return row && row.expires_at > Date.now() ? row.expires_at : undefined;
    },

    async findByTransferCode(code) {
      const row = await database.query
        .selectFrom('card_transfers')
        .select('account_id')
        .where('hash', '=', hashOf(code))
        .where('expires_at', '>', Date.now())
        .executeTakeFirst();
      return row && (await load(database.query, row.account_id))?.citizen;
    },
  };
};
