import type { Database } from '../../../storage/database.ts';
import { createSealer, deriveKey } from '../../../storage/sealing.ts';
import { createApplications, type ApplicationRecords } from './applications.ts';
import { createCaseworkers, type CaseworkerRecords } from './caseworkers.ts';
import { createHashes, type RecordContext } from './context.ts';
import { createDocuments, type DocumentRecords } from './documents.ts';
import { createHeldUploads, type HeldUploads } from './held-uploads.ts';
import type { FuehrungszeugnisTables } from './tables.ts';

/** What Führungszeugnis keeps. */
export interface FuehrungszeugnisRecords {
  readonly applications: ApplicationRecords;
  readonly documents: DocumentRecords;
  readonly heldUploads: HeldUploads;
  readonly caseworkers: CaseworkerRecords;
  /** Letters and statuses that wait to be sent. */
  unsent(): Promise<number>;
}

/**
 * @param key the part's own, 32 bytes.
 * @param tell how applicants hear of what happened.
 */
export const createRecords = (
  database: Database<FuehrungszeugnisTables>,
  key: Buffer,
  tell: RecordContext['tell'],
): FuehrungszeugnisRecords => {
  const context: RecordContext = {
    database,
    wrapping: createSealer([{ id: '1', key: deriveKey(key, 'applications') }]),
    hashes: createHashes(deriveKey(key, 'index')),
    tell,
  };
  return {
    applications: createApplications(context),
    documents: createDocuments(context),
    heldUploads: createHeldUploads(context),
    caseworkers: createCaseworkers(context),
    async unsent() {
      const rows = await database.query.selectFrom('outbox').select('id').where('state', '=', 'waiting').execute();
      return rows.length;
    },
  };
};
