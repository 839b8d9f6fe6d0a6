import type { Level } from '../../../assurance/levels.ts';
import type { Attachment, AttachmentDeclaration } from '../letters/letter.ts';
import { mayRead } from '../letters/reading.ts';
import type { RecordContext, Trx } from './context.ts';
import type { Mailbox } from './mailboxes.ts';

/** What it takes to read a file of the store. */
export interface AttachmentFile {
  readonly attachment: Attachment;
  /** 32 bytes, of this file alone. */
  readonly key: Buffer;
}

/** A file that is in the store already and belongs to no letter yet. */
export interface StoredAttachment extends Attachment {
  readonly key: Buffer;
}

export interface AttachmentRecords {
  /** The file of an attachment; undefined when it is not there, not this citizen's, or above the present level. */
  find(mailbox: Mailbox, present: Level, letterId: string, attachmentId: string): Promise<AttachmentFile | undefined>;
  /** Which of these files belong to a letter. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Files that were put down for removal; at most `limit`. */
  removals(limit: number): Promise<string[]>;
  /** They are gone from the store. */
  removed(ids: readonly string[]): Promise<void>;
}

export const addAttachments = async (
  trx: Trx,
  { id: mailboxId, sealer }: Mailbox,
  letterId: string,
  files: readonly StoredAttachment[],
): Promise<void> => {
  for (const [position, { id, key, ...declaration }] of files.entries())
    await trx
      .insertInto('attachments')
      .values({
        id,
        letter_id: letterId,
        mailbox_id: mailboxId,
        position,
        length: declaration.length,
        sealed: sealer.seal('attachments', 'sealed', id, declaration),
        file_key: sealer.sealBytes('attachments', 'file_key', id, key),
      })
      .execute();
};

/** In the order of the letter. */
export const attachmentsOf = async (trx: Trx, { sealer }: Mailbox, letterId: string): Promise<Attachment[]> => {
  const rows = await trx
    .selectFrom('attachments')
    .select(['id', 'sealed'])
    .where('letter_id', '=', letterId)
    .orderBy('position')
    .execute();
  return rows.map(({ id, sealed }) => ({
    id,
    ...sealer.open<AttachmentDeclaration>('attachments', 'sealed', id, sealed),
  }));
};

export const createAttachments = ({ database }: RecordContext): AttachmentRecords => ({
  async find({ id: mailboxId, sealer }, present, letterId, attachmentId) {
    const row = await database.query
      .selectFrom('attachments as a')
      .innerJoin('letters as l', 'l.id', 'a.letter_id')
      .select(['a.id', 'a.sealed', 'a.file_key', 'l.level'])
      .where('a.id', '=', attachmentId)
      .where('a.letter_id', '=', letterId)
      .where('a.mailbox_id', '=', mailboxId)
      .executeTakeFirst();
    if (!row || !mayRead(row.level, present)) return undefined;
    return {
      attachment: { id: row.id, ...sealer.open<AttachmentDeclaration>('attachments', 'sealed', row.id, row.sealed) },
      key: sealer.openBytes('attachments', 'file_key', row.id, row.file_key),
    };
  },
  async known(ids) {
    if (ids.length === 0) return new Set();
    const rows = await database.query.selectFrom('attachments').select('id').where('id', 'in', ids).execute();
    return new Set(rows.map(({ id }) => id));
  },
  async removals(limit) {
    const rows = await database.query.selectFrom('file_removals').select('id').orderBy('since').limit(limit).execute();
    return rows.map(({ id }) => id);
  },
  async removed(ids) {
    if (ids.length === 0) return;
    await database.query.deleteFrom('file_removals').where('id', 'in', ids).execute();
  },
});
