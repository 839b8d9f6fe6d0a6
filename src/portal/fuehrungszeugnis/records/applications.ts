import type { RecordContext } from './context.ts';
import { createDrafts, type DraftRecords } from './drafts.ts';
import { createSending, type SendingRecords } from './sending.ts';
import { createSent, type SentRecords } from './sent.ts';

export type { Answer, Application } from './application-row.ts';

export interface ApplicationRecords extends DraftRecords, SendingRecords, SentRecords {}

export const createApplications = (context: RecordContext): ApplicationRecords => ({
  ...createDrafts(context),
  ...createSending(context),
  ...createSent(context),
});
