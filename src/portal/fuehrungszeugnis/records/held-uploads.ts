import type { DocumentPurpose } from '../application/content.ts';
import { sealerOf, type RecordContext } from './context.ts';

/** A file that was sent with a login too weak for it, as it was sent: nobody has looked at it yet. */
export interface HeldUpload {
  readonly purpose: DocumentPurpose;
  readonly name: string;
}

export interface HeldUploads {
  /** Keeps one beside a draft until `expiresAt` (ms since the epoch), in the place of an earlier one. Nothing happens where there is no draft. */
  hold(applicationId: string, upload: HeldUpload & { readonly content: Buffer }, expiresAt: number): Promise<void>;
  of(applicationId: string): Promise<HeldUpload | undefined>;
  read(applicationId: string): Promise<(HeldUpload & { readonly content: Buffer }) | undefined>;
  drop(applicationId: string): Promise<void>;
  /** Destroys those whose time is over. */
  purge(): Promise<void>;
}

export const createHeldUploads = (context: RecordContext): HeldUploads => {
  const { query } = context.database;
  /** What is asked for on every page comes without the content. */
  const rowOf = (applicationId: string) =>
    query
      .selectFrom('held_uploads')
      .innerJoin('applications', 'applications.id', 'held_uploads.application_id')
      .select(['applications.id', 'applications.data_key', 'held_uploads.sealed'])
      .where('application_id', '=', applicationId)
      .where('expires_at', '>', Date.now());

  return {
    hold: (applicationId, { purpose, name, content }, expiresAt) =>
      context.database.transaction(async (trx) => {
        const owner = await trx
          .selectFrom('applications')
          .select(['id', 'data_key'])
          .where('id', '=', applicationId)
          .where('state', '=', 'draft')
          .executeTakeFirst();
        if (owner === undefined) return;
        const sealer = sealerOf(context, owner);
        const held: HeldUpload = { purpose, name };
        const row = {
          expires_at: expiresAt,
          sealed: sealer.seal('held_uploads', 'sealed', applicationId, held),
          content: sealer.sealBytes('held_uploads', 'content', applicationId, content),
        };
        await trx
          .insertInto('held_uploads')
          .values({ application_id: applicationId, ...row })
          .onConflict((on) => on.column('application_id').doUpdateSet(row))
          .execute();
      }),

    async of(applicationId) {
      const row = await rowOf(applicationId).executeTakeFirst();
      return row && sealerOf(context, row).open<HeldUpload>('held_uploads', 'sealed', row.id, row.sealed);
    },

    async read(applicationId) {
      const row = await rowOf(applicationId).select('held_uploads.content').executeTakeFirst();
      if (row === undefined) return undefined;
      const sealer = sealerOf(context, row);
      return {
        ...sealer.open<HeldUpload>('held_uploads', 'sealed', row.id, row.sealed),
        content: sealer.openBytes('held_uploads', 'content', row.id, row.content),
      };
    },

    async drop(applicationId) {
      await query.deleteFrom('held_uploads').where('application_id', '=', applicationId).execute();
    },

    async purge() {
      await query.deleteFrom('held_uploads').where('expires_at', '<=', Date.now()).execute();
    },
  };
};
