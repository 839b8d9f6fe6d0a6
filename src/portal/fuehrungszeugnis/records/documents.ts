import { randomUUID } from 'node:crypto';
import type { Document, DocumentPurpose } from '../application/content.ts';
import type { Row } from './application-row.ts';
import { sealerOf, type RecordContext, type Trx } from './context.ts';

interface SealedDocument {
  readonly name: string;
  readonly type: string;
}

export interface DocumentRecords {
  /**
   * `many`: there are as many as may be; `closed`: there is no draft.
   *
   * @param from it was held beside the draft, and is there no more; `closed` when another tab was faster.
   */
  add(
    applicationId: string,
    document: SealedDocument & { readonly purpose: DocumentPurpose; readonly content: Buffer },
    most: number,
    from?: 'held',
  ): Promise<'added' | 'many' | 'closed'>;
  /** False when there is no such document in a draft. */
  remove(applicationId: string, id: string): Promise<boolean>;
  /** The oldest first. */
  of(applicationId: string): Promise<Document[]>;
  read(applicationId: string, id: string): Promise<(Document & { readonly content: Buffer }) | undefined>;
}

export const createDocuments = (context: RecordContext): DocumentRecords => {
  const { database } = context;
  const ownerOf = (query: Trx | typeof database.query, id: string) =>
    query
      .selectFrom('applications')
      .select(['id', 'data_key', 'state', 'updated_at'])
      .where('id', '=', id)
      .executeTakeFirst();

  /** Documents are part of what is sent: who saw the application without a change does not send it with it. */
  const touch = async (trx: Trx, { id, updated_at: before }: Pick<Row, 'id' | 'updated_at'>): Promise<void> => {
    await trx
      .updateTable('applications')
      .set({ updated_at: Math.max(Date.now(), before + 1) })
      .where('id', '=', id)
      .execute();
  };

  return {
    add: (applicationId, { name, type, purpose, content }, most, from) =>
      database.transaction(async (trx) => {
        const owner = await ownerOf(trx, applicationId);
        if (owner?.state !== 'draft') return 'closed';
        const before = await trx
          .selectFrom('documents')
          .select('id')
          .where('application_id', '=', applicationId)
          .execute();
        if (before.length >= most) return 'many';
        if (from === 'held') {
          const { numDeletedRows } = await trx
            .deleteFrom('held_uploads')
            .where('application_id', '=', applicationId)
            .executeTakeFirst();
          if (numDeletedRows !== 1n) return 'closed';
        }
        const sealer = sealerOf(context, owner);
        const id = randomUUID();
        const sealed: SealedDocument = { name, type };
        await trx
          .insertInto('documents')
          .values({
            id,
            application_id: applicationId,
            purpose,
            size: content.length,
            created_at: Date.now(),
            sealed: sealer.seal('documents', 'sealed', id, sealed),
            content: sealer.sealBytes('documents', 'content', id, content),
          })
          .execute();
        await touch(trx, owner);
        return 'added';
      }),

    remove: (applicationId, id) =>
      database.transaction(async (trx) => {
        const owner = await ownerOf(trx, applicationId);
        if (owner?.state !== 'draft') return false;
        const { numDeletedRows } = await trx
          .deleteFrom('documents')
          .where('id', '=', id)
          .where('application_id', '=', applicationId)
          .executeTakeFirst();
        if (numDeletedRows !== 1n) return false;
        await touch(trx, owner);
        return true;
      }),

    async of(applicationId) {
      const owner = await ownerOf(database.query, applicationId);
      if (owner === undefined) return [];
      const sealer = sealerOf(context, owner);
      const rows = await database.query
        .selectFrom('documents')
        .select(['id', 'purpose', 'size', 'sealed'])
        .where('application_id', '=', applicationId)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(({ id, purpose, size, sealed }) => ({
        id,
        purpose,
        size,
        ...sealer.open<SealedDocument>('documents', 'sealed', id, sealed),
      }));
    },

    async read(applicationId, id) {
      const owner = await ownerOf(database.query, applicationId);
      const row = await database.query
        .selectFrom('documents')
        .selectAll()
        .where('id', '=', id)
        .where('application_id', '=', applicationId)
        .executeTakeFirst();
      if (owner === undefined || row === undefined) return undefined;
      const sealer = sealerOf(context, owner);
      return {
        id,
        purpose: row.purpose,
        size: row.size,
        ...sealer.open<SealedDocument>('documents', 'sealed', id, row.sealed),
        content: sealer.openBytes('documents', 'content', id, row.content),
      };
    },
  };
};
