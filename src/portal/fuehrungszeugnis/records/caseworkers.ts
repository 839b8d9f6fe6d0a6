import type { RecordContext } from './context.ts';

export interface CaseworkerRecords {
  /**
   * Whether this account holds the role that the address has: the first account that comes with the address does, and no later one, so
   * that a freed address gives nobody the role.
   */
  holds(address: string, subject: string): Promise<boolean>;
}

export const createCaseworkers = ({ database, hashes }: RecordContext): CaseworkerRecords => ({
  async holds(address, subject) {
    const [addressHash, subjectHash] = [hashes.address(address), hashes.caseworker(subject)];
    await database.query
      .insertInto('caseworkers')
      .values({ address_hash: addressHash, subject_hash: subjectHash, bound_at: Date.now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const row = await database.query
      .selectFrom('caseworkers')
      .select('subject_hash')
      .where('address_hash', '=', addressHash)
      .executeTakeFirst();
    return row?.subject_hash === subjectHash;
  },
});
