import type { Database } from '../../../storage/database.ts';
import { createSealer, deriveKey, type Sealer } from '../../../storage/sealing.ts';
import { createApplications, type ApplicationRecords } from './applications.ts';
import { createAttachments, type AttachmentRecords } from './attachments.ts';
import { createBlockedSenders, type BlockedSenders } from './blocked-senders.ts';
import { createConsents, type ConsentRecords } from './consents.ts';
import { createHashes, type TellSender } from './context.ts';
import { createDeliveries, type DeliveryRecords } from './deliveries.ts';
import { createJournal, type Journal } from './journal.ts';
import { createLetters, type LetterRecords } from './letters.ts';
import { createMailboxes, type MailboxRecords } from './mailboxes.ts';
import { createReplies, type ReplyRecords } from './replies.ts';
import { createSearchEntries, type SearchEntries } from './search-entries.ts';
import { createSigningKeyRecords, type SigningKeyRecords } from '../../module-api/signing-keys.ts';
import type { PostfachTables } from './tables.ts';

/** What Mein Postfach keeps. Everything about a citizen is reached by her open mailbox, and by nothing else. */
export interface PostfachRecords {
  readonly mailboxes: MailboxRecords;
  readonly letters: LetterRecords;
  readonly deliveries: DeliveryRecords;
  readonly attachments: AttachmentRecords;
  readonly applications: ApplicationRecords;
  readonly replies: ReplyRecords;
  readonly consents: ConsentRecords;
  readonly blockedSenders: BlockedSenders;
  readonly journal: Journal;
  readonly search: SearchEntries;
  readonly signingKeys: SigningKeyRecords;
}

/**
 * @param key the part's own, 32 bytes.
 * @param tellSender how senders hear of what happened with their letters.
 */
export const createRecords = (
  database: Database<PostfachTables>,
  key: Buffer,
  tellSender: TellSender,
): PostfachRecords => {
  const sealerFor = (purpose: string): Sealer => createSealer([{ id: '1', key: deriveKey(key, purpose) }]);
  const context = {
    database,
    wrapping: sealerFor('mailboxes'),
    transport: sealerFor('transport'),
    hashes: createHashes(deriveKey(key, 'index')),
    tellSender,
  };
  return {
    mailboxes: createMailboxes(context),
    letters: createLetters(context),
    deliveries: createDeliveries(context),
    attachments: createAttachments(context),
    applications: createApplications(context),
    replies: createReplies(context),
    consents: createConsents(context),
    blockedSenders: createBlockedSenders(context),
    journal: createJournal(context),
    search: createSearchEntries(context),
    signingKeys: createSigningKeyRecords(database, sealerFor('signing keys')),
  };
};
