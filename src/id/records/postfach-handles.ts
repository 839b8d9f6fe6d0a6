import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Database } from '../../storage/database.ts';
import { keyedHash } from '../../storage/sealing.ts';
import type { AuditEvent } from '../audit/events.ts';
import { postfachClaim, type PostfachHandles } from '../identity/postfach.ts';
import type { Consent } from '../identity/repository.ts';
import type { AccountSealer } from './account-sealing.ts';
import { columns } from './columns.ts';
import type { RecordKeys } from './repository.ts';
import type { CitizenTables } from './tables.ts';

type Trx = Transaction<CitizenTables>;

interface SealedHandle {
  readonly authority: string;
  readonly handle: string;
}

/** By this a handle is found without being stored. The number says by which index key. */
const hashOf = (keys: Pick<RecordKeys, 'index'>, authority: string, handle: string): string =>
  `1.${keyedHash(keys.index, `postfach\0${authority}\0${handle}`)}`;

/** Handles that came with accounts that were joined; the columns are those of the ones that are released. */
const formerHandles = 'postfach_former_handles' as 'postfach_handles';
const handleTables = ['postfach_handles', formerHandles] as const;

const consentHolds = async (trx: Trx, accountId: string, clientId: string, sealer: AccountSealer): Promise<boolean> => {
  const row = await trx
    .selectFrom('consents')
    .select(['id', 'sealed'])
    .where('account_id', '=', accountId)
    .where('client_id', '=', clientId)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined && sealer.open<Consent>(columns.consent(row.id), row.sealed).claims.includes(postfachClaim);
};

export const createPostfachHandles = <Tables extends CitizenTables>(
  all: Database<Tables>,
  keys: RecordKeys,
): PostfachHandles => {
  const database = all as unknown as Database<CitizenTables>;
  const { query } = database;
  const opened = (accountId: string, row: { data_key: Uint8Array; hash: string; sealed: Uint8Array }): SealedHandle =>
    keys.accounts.open(accountId, row.data_key).open<SealedHandle>(columns.postfachHandle(row.hash), row.sealed);
  const handlesOf = (accountId: string, table = handleTables[0]) =>
    query
      .selectFrom(`${table} as h`)
      .innerJoin('accounts as a', 'a.id', 'h.account_id')
      .select(['h.hash', 'h.authority', 'h.sealed', 'h.created_at', 'a.data_key'])
      .where('h.account_id', '=', accountId);

  return {
    async release(accountId, { clientId, authority, consented }) {
      const known = await handlesOf(accountId)
        .innerJoin('postfach_holders as o', (join) =>
          join.onRef('o.account_id', '=', 'h.account_id').onRef('o.authority', '=', 'h.authority'),
        )
        .where('h.authority', '=', authority)
        .where('o.client_id', '=', clientId)
        .executeTakeFirst();
      if (known) return opened(accountId, known).handle;
      return database.transaction(async (trx) => {
        const account = await trx
          .selectFrom('accounts')
          .select('data_key')
          .where('id', '=', accountId)
          .executeTakeFirst();
        if (!account) return undefined;
        const sealer = keys.accounts.open(accountId, account.data_key);
        if (consented && !(await consentHolds(trx, accountId, clientId, sealer))) return undefined;
        const now = Date.now();
        await trx
          .insertInto('postfach_holders')
          .values({ account_id: accountId, authority, client_id: clientId, created_at: now })
          .onConflict((conflict) => conflict.columns(['account_id', 'authority', 'client_id']).doNothing())
          .execute();
        const there = await trx
          .selectFrom('postfach_handles')
          .select(['hash', 'sealed'])
          .where('account_id', '=', accountId)
          .where('authority', '=', authority)
          .executeTakeFirst();
        if (there) return opened(accountId, { ...account, ...there }).handle;
        const handle = randomBytes(32).toString('base64url');
        const hash = hashOf(keys, authority, handle);
        const sealed = sealer.seal(columns.postfachHandle(hash), { authority, handle } satisfies SealedHandle);
        await trx
          .insertInto('postfach_handles')
          .values({ hash, account_id: accountId, authority, sealed, created_at: now })
          .execute();
        return handle;
      });
    },

    async find(authority, handle) {
      for (const table of handleTables) {
        const row = await query
          .selectFrom(`${table} as h`)
          .innerJoin('accounts as a', 'a.id', 'h.account_id')
          .select(['h.hash', 'h.account_id', 'h.sealed', 'a.data_key'])
          .where('h.hash', '=', hashOf(keys, authority, handle))
          .executeTakeFirst();
        if (!row) continue;
        const found = opened(row.account_id, row);
        return found.authority === authority && found.handle === handle ? row.account_id : undefined;
      }
      return undefined;
    },

    async of(accountId) {
      const former = await handlesOf(accountId, formerHandles).orderBy('h.created_at').execute();
      const current = await handlesOf(accountId).orderBy('h.authority').execute();
      const holders = await query
        .selectFrom('postfach_holders')
        .select(['authority', 'client_id'])
        .where('account_id', '=', accountId)
        .orderBy('client_id')
        .execute();
      return [...former, ...current].map((row) => ({
        authority: row.authority,
        handle: opened(accountId, row).handle,
        clients: holders.flatMap(({ authority, client_id: id }) => (authority === row.authority ? [id] : [])),
        at: row.created_at,
      }));
    },
  };
};

/**
 * Takes an authority's handle from one of its clients, within the transaction in which the consent ends. With the last
 * client that holds it the handle ends for good: a later release makes a new one.
 *
 * @param isClient whether there still is such a client: one that is gone keeps no handle alive.
 * @returns whether this client held one, and the authorities that cannot reach the mailbox any more.
 */
export const leaveHandle = async <Tables extends CitizenTables>(
  transaction: Transaction<Tables>,
  accountId: string,
  clientId: string,
  isClient: (clientId: string) => boolean = () => true,
): Promise<{ readonly held: boolean; readonly revoked: readonly string[] }> => {
  const trx = transaction as unknown as Trx;
  const left = await trx
    .deleteFrom('postfach_holders')
    .where('account_id', '=', accountId)
    .where('client_id', '=', clientId)
    .returning('authority')
    .execute();
  const revoked: string[] = [];
  for (const { authority } of left) {
    const others = await trx
      .selectFrom('postfach_holders')
      .select('client_id')
      .where('account_id', '=', accountId)
      .where('authority', '=', authority)
      .execute();
    if (others.some((other) => isClient(other.client_id))) continue;
    for (const table of ['postfach_holders', ...handleTables] as const)
      await trx.deleteFrom(table).where('account_id', '=', accountId).where('authority', '=', authority).execute();
    revoked.push(authority);
  }
  return { held: left.length > 0, revoked };
};

export const revokedEvents = (authorities: readonly string[], clientId: string): AuditEvent[] =>
  authorities.map((authority) => ({ type: 'postfach.revoked', authority, clientId }));

/**
 * Two accounts become one: whoever has an address of the closed one reaches the kept one by it. Where the kept account has a
 * handle of that authority already, that one is released further on, and the other leads to the same account. To be called
 * within that transaction, before the closed account's row goes and the rest with it.
 */
export const moveHandles = async <Tables extends CitizenTables>(
  transaction: Transaction<Tables>,
  closed: { readonly id: string; readonly sealer: AccountSealer },
  kept: { readonly id: string; readonly sealer: AccountSealer },
): Promise<void> => {
  const trx = transaction as unknown as Trx;
  const own = await trx.selectFrom('postfach_handles').select('authority').where('account_id', '=', kept.id).execute();
  for (const table of handleTables) {
    const rows = await trx.selectFrom(table).selectAll().where('account_id', '=', closed.id).execute();
    for (const { hash, authority, sealed: before, created_at } of rows) {
      const former = table === formerHandles || own.some((mine) => mine.authority === authority);
      const handle = closed.sealer.open<SealedHandle>(columns.postfachHandle(hash), before);
      const sealed = kept.sealer.seal(columns.postfachHandle(hash), handle);
      await trx.deleteFrom(table).where('hash', '=', hash).execute();
      await trx
        .insertInto(former ? formerHandles : 'postfach_handles')
        .values({ hash, account_id: kept.id, authority, sealed, created_at })
        .execute();
    }
  }
  const holders = await trx.selectFrom('postfach_holders').selectAll().where('account_id', '=', closed.id).execute();
  for (const holder of holders)
    await trx
      .insertInto('postfach_holders')
      .values({ ...holder, account_id: kept.id })
      .onConflict((conflict) => conflict.columns(['account_id', 'authority', 'client_id']).doNothing())
      .execute();
};
