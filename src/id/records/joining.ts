import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { strongest, type Level } from '../../assurance/levels.ts';
import type { Database } from '../../storage/database.ts';
import { appendEvents, type AuditTables } from '../audit/journal.ts';
import type { Attributes } from '../identity/attribute.ts';
import type { AccountVersion } from '../identity/credentials.ts';
import { canBeOnePerson, type JoinRepository, type SaidOfPerson } from '../identity/joining.ts';
import type { AccountSealer } from './account-sealing.ts';
import { writeAttributes } from './attributes.ts';
import { columns } from './columns.ts';
import { raiseEpoch, type EndSessions } from './epoch.ts';
import { moveHandles } from './postfach-handles.ts';
import type { AnnouncePurge } from './purge-announcement.ts';
import type { RecordKeys } from './repository.ts';
import type { CitizenTables } from './tables.ts';
import type { TellOwner } from './tell-owner.ts';
import type { EventWriter } from './write-events.ts';

type Tables = CitizenTables & AuditTables;
type Trx = Transaction<Tables>;

interface Side extends SaidOfPerson {
  readonly id: string;
  readonly sealer: AccountSealer;
  readonly link?: CitizenTables['card_links'];
}

export const createJoinRecords = (
  database: Database<Tables>,
  keys: RecordKeys,
  endSessions: EndSessions,
  writer: EventWriter,
  tell: TellOwner,
  announcePurge: AnnouncePurge,
): JoinRepository => {
  /** Holds an account, as long as it is the one that was proved: whoever else wants it waits and then finds it changed. */
  const hold = async (trx: Trx, { id, epoch }: AccountVersion): Promise<Side | undefined> => {
    const account = await trx
      .updateTable('accounts')
      .set((set) => ({ epoch: set.ref('epoch') }))
      .where('id', '=', id)
      .where('epoch', '=', epoch)
      .where('state', '=', 'active')
      .returning('data_key')
      .executeTakeFirst();
    if (!account) return undefined;
    const sealer = keys.accounts.open(id, account.data_key);
    const rows = await trx.selectFrom('attributes').selectAll().where('account_id', '=', id).execute();
    const said = (source: 'self' | 'card'): Attributes => {
      const row = rows.find((each) => each.source === source);
      return row ? sealer.open<Attributes>(columns.attributes(source), row.sealed) : {};
    };
    const link = await trx.selectFrom('card_links').selectAll().where('active_account', '=', id).executeTakeFirst();
    return { id, sealer, self: said('self'), ...(link ? { link, card: { attributes: said('card') } } : {}) };
  };

  const lift = async (trx: Trx, { id, sealer }: Side, confirm: readonly string[], ceiling: Level): Promise<void> => {
    if (confirm.length === 0) return;
    const rows = await trx
      .selectFrom('credentials')
      .select(['id', 'sealed'])
      .where('account_id', '=', id)
      .where('id', 'in', confirm)
      .execute();
    for (const row of rows) {
      const before = sealer.open<{ readonly ceiling: Level }>(columns.credential(row.id), row.sealed);
      const sealed = sealer.seal(columns.credential(row.id), {
        ...before,
        ceiling: strongest(before.ceiling, ceiling),
      });
      await trx.updateTable('credentials').set({ sealed }).where('id', '=', row.id).execute();
    }
  };

  /** The link as the kept account's own, under its key; called when the row before is gone, since pseudonyms are unique. */
  const moveCard = async (trx: Trx, from: Side, to: Side, row: CitizenTables['card_links']): Promise<void> => {
    const link = from.sealer.open<{ readonly pseudonyms: readonly string[] }>(columns.link(row.id), row.sealed);
    for (const pseudonym of [row.pseudonym, row.next_pseudonym])
      if (pseudonym !== null && !link.pseudonyms.includes(pseudonym))
        throw new Error('a card link was changed by somebody else');
    const id = randomUUID();
    const sealed = to.sealer.seal(columns.link(id), link);
    await trx
      .insertInto('card_links')
      .values({ ...row, id, account_id: to.id, active_account: to.id, sealed, linked_at: Date.now() })
      .execute();
    await writeAttributes(trx, to.id, to.sealer, 'card', from.card?.attributes ?? {});
  };

  return {
    join: ({ kept, closed, card }, events) =>
      database.transaction(async (trx) => {
        if (kept.id === closed.id) return { kind: 'stale' } as const;
        // In one order whichever of the two is kept, so that joins in both directions do not wait for each other.
        const sides = new Map<string, Side>();
        for (const account of [kept, closed].toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
          const side = await hold(trx, account);
          if (!side) return { kind: 'stale' } as const;
          sides.set(account.id, side);
        }
        const [to, from] = [sides.get(kept.id), sides.get(closed.id)];
        if (!to || !from) return { kind: 'stale' } as const;
        if (!canBeOnePerson(to, from)) return { kind: 'otherPerson' } as const;
        const moving = card && !to.link && from.link?.id === card.linkId ? from.link : undefined;

        const known = trx.selectFrom('subjects').select('sector').where('account_id', '=', to.id);
        await trx
          .updateTable('subjects')
          .set({ account_id: to.id })
          .where('account_id', '=', from.id)
          .where('sector', 'not in', known)
          .execute();
        await moveHandles(trx, from, to);
        // The subjects that are left end here: who knew the account by them is told so.
        await announcePurge(trx, from.id, to.id);
        await raiseEpoch(trx, from.id, endSessions);
        for (const side of [to, from])
          await tell(trx, side.id, { type: 'accounts_joined', at: Date.now(), keptId: to.id });
        // With the row goes everything that was not taken over, and the key of whatever a backup still holds.
        await trx.deleteFrom('accounts').where('id', '=', from.id).execute();
        if (card && moving) {
          await moveCard(trx, from, to, moving);
          await lift(trx, to, card.confirm, card.ceiling);
        }
        await writer.write(trx, to.id, [...events.kept, ...(moving ? [{ type: 'card.linked' } as const] : [])]);
        await appendEvents(trx, [
          ...events.closed.map((event) => ({ ...event, accountId: from.id })),
          { type: 'account.deleted', by: 'joining' },
        ]);
        return { kind: 'joined', cardMoved: moving !== undefined } as const;
      }),
  };
};
