import { sql } from 'kysely';
import type { Level } from '../../../assurance/levels.ts';
import type { RecordContext, Trx } from './context.ts';
import type { Mailbox } from './mailboxes.ts';

/** What of a letter is searched: terms as letters/search-terms.ts makes them. Above the level only `sender` may match. */
export interface SearchTerms {
  readonly level: Level;
  /** ms since the epoch. */
  readonly providedAt: number;
  readonly sender: readonly string[];
  /** Service, subject, text, reference, names of attachments. */
  readonly text: readonly string[];
}

export interface SearchChange {
  readonly letterId: string;
  /** Undefined: the letter is gone from the search. */
  readonly terms: SearchTerms | undefined;
}

export interface SearchEntries {
  /**
   * What has changed since an index was at `version` (0: all), oldest first, at most `limit`, with the version that the index
   * has then. Complete when fewer than `limit` came.
   */
  since(
    mailbox: Mailbox,
    version: number,
    limit: number,
  ): Promise<{ readonly version: number; readonly changes: readonly SearchChange[] }>;
  /** The index as it was saved last; the caller gave the bytes their form. */
  snapshot(mailbox: Mailbox): Promise<{ readonly version: number; readonly index: Buffer } | undefined>;
  /** Keeps an index, sealed; an older one never replaces a newer one. */
  saveSnapshot(mailbox: Mailbox, version: number, index: Uint8Array): Promise<void>;
}

/** Versions are given in the order of commits, since every change of one mailbox goes through this row. */
const nextVersion = async (trx: Trx, mailboxId: string): Promise<number> => {
  const { search_version: version } = await trx
    .updateTable('mailboxes')
    .set({ search_version: sql<number>`search_version + 1` })
    .where('id', '=', mailboxId)
    .returning('search_version')
    .executeTakeFirstOrThrow();
  return version;
};

/** Writes the entry of a new letter, in the transaction of its delivery. */
export const addSearchEntry = async (
  trx: Trx,
  { id, sealer }: Mailbox,
  letterId: string,
  terms: SearchTerms,
): Promise<void> => {
  await trx
    .insertInto('search_entries')
    .values({
      letter_id: letterId,
      mailbox_id: id,
      version: await nextVersion(trx, id),
      sealed: sealer.seal('search_entries', 'sealed', letterId, terms),
    })
    .execute();
};

/** Moves the entry of a letter into another mailbox, where it is the newest change. */
export const moveSearchEntry = async (trx: Trx, from: Mailbox, to: Mailbox, letterId: string): Promise<void> => {
  const row = await trx
    .selectFrom('search_entries')
    .select('sealed')
    .where('letter_id', '=', letterId)
    .executeTakeFirst();
  if (!row) return;
  await trx.deleteFrom('search_entries').where('letter_id', '=', letterId).execute();
  if (row.sealed === null) return;
  const terms = from.sealer.open<SearchTerms>('search_entries', 'sealed', letterId, row.sealed);
  await addSearchEntry(trx, to, letterId, terms);
};

/** Takes a letter out of the search; the row stays, so that an open index notices. */
export const removeSearchEntry = async (trx: Trx, mailboxId: string, letterId: string): Promise<void> => {
  const version = await nextVersion(trx, mailboxId);
  await trx.updateTable('search_entries').set({ version, sealed: null }).where('letter_id', '=', letterId).execute();
};

export const createSearchEntries = ({ database }: RecordContext): SearchEntries => ({
  async since({ id, sealer }, version, limit) {
    const rows = await database.query
      .selectFrom('search_entries')
      .select(['letter_id', 'version', 'sealed'])
      .where('mailbox_id', '=', id)
      .where('version', '>', version)
      .orderBy('version')
      .limit(limit)
      .execute();
    return {
      version: rows.at(-1)?.version ?? version,
      changes: rows.map(({ letter_id: letterId, sealed }) => ({
        letterId,
        terms: sealed === null ? undefined : sealer.open<SearchTerms>('search_entries', 'sealed', letterId, sealed),
      })),
    };
  },
  async snapshot({ id, sealer }) {
    const row = await database.query
      .selectFrom('search_snapshots')
      .select(['version', 'sealed'])
      .where('mailbox_id', '=', id)
      .executeTakeFirst();
    return (
      row && {
        version: row.version,
        index: sealer.openBytes('search_snapshots', 'sealed', `${row.version}`, row.sealed),
      }
    );
  },
  async saveSnapshot({ id, sealer }, version, index) {
    const sealed = sealer.sealBytes('search_snapshots', 'sealed', `${version}`, index);
    await database.query
      .insertInto('search_snapshots')
      .values({ mailbox_id: id, version, sealed })
      .onConflict((conflict) =>
        conflict.column('mailbox_id').doUpdateSet({ version, sealed }).where('search_snapshots.version', '<', version),
      )
      .execute();
  },
});
