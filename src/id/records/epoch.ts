import type { Transaction } from 'kysely';
import type { CitizenTables } from './tables.ts';

/** Called within the transaction that voids what was issued to an account: its sessions end with it. */
export type EndSessions = (trx: Transaction<never>, accountId: string) => Promise<void>;

/**
 * Makes everything void that was issued to an account before (architecture.md 7), and has its services told. To be used
 * by every change that must end sessions: a lock, a new password, a deletion.
 */
export const raiseEpoch = async (
  trx: Transaction<CitizenTables>,
  accountId: string,
  endSessions: EndSessions,
): Promise<void> => {
  await trx
    .updateTable('accounts')
    .set((set) => ({ epoch: set('epoch', '+', 1) }))
    .where('id', '=', accountId)
    .execute();
  await endSessions(trx as unknown as Transaction<never>, accountId);
};
