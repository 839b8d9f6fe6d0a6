import type { Transaction } from 'kysely';
import type { CitizenTables } from './tables.ts';

/** A service that wants to know when an account ends for good. */
export interface PurgeReceiver {
  readonly clientId: string;
  readonly sector: string;
  readonly uri: string;
  /** Whether it is told into which account one was joined, where it knows both. Everybody else learns of an end only. */
  readonly hearsJoins?: boolean;
}

/**
 * Puts what is to be told into the outbox, within the transaction in which an account ends for good and before its row
 * goes: to each service that wants to know and knows the account, by the subject that it knows. When accounts are joined,
 * to be called once the subjects that go on have become the kept account's.
 *
 * @param keptId the account that it was joined to.
 */
export type AnnouncePurge = <Tables extends CitizenTables>(
  trx: Transaction<Tables>,
  accountId: string,
  keptId?: string,
) => Promise<void>;

export const createPurgeAnnouncement =
  (
    receivers: () => readonly PurgeReceiver[],
    enqueue: (
      trx: Transaction<never>,
      event: {
        readonly clientId: string;
        readonly uri: string;
        readonly sub: string;
        readonly into?: string;
        readonly at: number;
      },
    ) => Promise<void>,
  ): AnnouncePurge =>
  async (transaction, accountId, keptId) => {
    const trx = transaction as unknown as Transaction<CitizenTables>;
    const subjectsOf = (id: string) =>
      trx.selectFrom('subjects').select(['sector', 'subject']).where('account_id', '=', id).execute();
    const subjects = await subjectsOf(accountId);
    const kept = keptId === undefined ? [] : await subjectsOf(keptId);
    const at = Date.now();
    for (const { clientId, sector, uri, hearsJoins } of receivers()) {
      const into = hearsJoins === true ? kept.find((one) => one.sector === sector)?.subject : undefined;
      for (const { subject: sub } of subjects.filter((one) => one.sector === sector))
        await enqueue(trx as unknown as Transaction<never>, {
          clientId,
          uri,
          sub,
          ...(into === undefined ? {} : { into }),
          at,
        });
    }
  };
