import type { Transaction } from 'kysely';
import type { CitizenTables } from './tables.ts';

/** A service that wants to know when an account ends for good. */
export interface PurgeReceiver {
  readonly clientId: string;
  readonly sector: string;
  readonly uri: string;
}

/**
 * Puts what is to be told into the outbox, within the transaction in which an account ends for good and before its row
 * goes: to each service that wants to know and knows the account, by the subject that it knows. When accounts are joined,
 * to be called once the subjects that go on have become the kept account's.
 */
export type AnnouncePurge = <Tables extends CitizenTables>(
  trx: Transaction<Tables>,
  accountId: string,
) => Promise<void>;

export const createPurgeAnnouncement =
  (
    receivers: () => readonly PurgeReceiver[],
    enqueue: (
      trx: Transaction<never>,
      event: { readonly clientId: string; readonly uri: string; readonly sub: string; readonly at: number },
    ) => Promise<void>,
  ): AnnouncePurge =>
  async (transaction, accountId) => {
    const trx = transaction as unknown as Transaction<CitizenTables>;
    const subjects = await trx
      .selectFrom('subjects')
      .select(['sector', 'subject'])
      .where('account_id', '=', accountId)
      .execute();
    const at = Date.now();
    for (const { clientId, sector, uri } of receivers())
      for (const { subject } of subjects.filter((one) => one.sector === sector))
        await enqueue(trx as unknown as Transaction<never>, { clientId, uri, sub: subject, at });
  };
