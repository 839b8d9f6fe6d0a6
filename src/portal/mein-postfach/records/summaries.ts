import type { Selectable } from 'kysely';
import type { DeliveryRule } from '../letters/deemed-delivery.ts';
import type { Folder, LetterSender, LetterSummary } from '../letters/letter.ts';
import { mayRead } from '../letters/reading.ts';
import type { Level } from '../../../assurance/levels.ts';
import type { Mailbox } from './mailboxes.ts';
import type { PostfachTables } from './tables.ts';

/** What is sealed in `letters.summary`. */
export interface SealedSummary {
  readonly sender: LetterSender;
  readonly messageId: string;
  readonly service: string;
  readonly subject: string;
  readonly reference?: string;
  readonly applicationId?: string;
  /** As the sender's file had it when the letter was provided. */
  readonly deemedDelivery: DeliveryRule;
  /** Whether a consent to Bekanntgabe was in force then: it stays so, wherever the letter moves and whatever is withdrawn. */
  readonly consented: boolean;
}

export type LetterRow = Selectable<PostfachTables['letters']>;

/** Columns of a row that `summaryOf` needs. */
export const summaryColumns = [
  'id',
  'level',
  'folder',
  'unread',
  'flagged',
  'provided_at',
  'opened_at',
  'replied_at',
  'trashed_at',
  'attachments',
  'summary',
] as const satisfies readonly (keyof LetterRow)[];

export const openSummary = (mailbox: Mailbox, id: string, summary: Uint8Array): SealedSummary =>
  mailbox.sealer.open<SealedSummary>('letters', 'summary', id, summary);

/** What a login of this level may know of a letter. */
export const summaryOf = (
  mailbox: Mailbox,
  row: Pick<LetterRow, (typeof summaryColumns)[number]>,
  present: Level,
): LetterSummary | undefined => {
  if (row.summary === null || row.folder === 'removed') return undefined;
  const { sender, service, subject, reference, applicationId } = openSummary(mailbox, row.id, row.summary);
  const envelope = {
    id: row.id,
    sender,
    level: row.level,
    providedAt: row.provided_at,
    ...(row.opened_at === null ? {} : { openedAt: row.opened_at }),
    ...(row.replied_at === null ? {} : { repliedAt: row.replied_at }),
    ...(row.trashed_at === null ? {} : { trashedAt: row.trashed_at }),
    folder: row.folder satisfies Folder,
    unread: row.unread === 1,
    flagged: row.flagged === 1,
  };
  if (!mayRead(row.level, present)) return { ...envelope, locked: true };
  return {
    ...envelope,
    locked: false,
    service,
    subject,
    ...(reference === undefined ? {} : { reference }),
    ...(applicationId === undefined ? {} : { applicationId }),
    attachments: row.attachments,
  };
};
