import type { Transaction } from 'kysely';
import type { Database } from '../../../storage/database.ts';
import { keyedHash, type Sealer } from '../../../storage/sealing.ts';
import type { PostfachTables } from './tables.ts';

export type Trx = Transaction<PostfachTables>;

/** What a sender is told about its letters, in the transaction of what happened. */
export type SenderEvent =
  | {
      readonly type: 'letter_opened' | 'letter_replied';
      readonly senderId: string;
      readonly messageId: string;
      /** ms since the epoch. */
      readonly at: number;
    }
  | {
      readonly type: 'account_deleted';
      readonly senderId: string;
      readonly messageIds: readonly string[];
      readonly at: number;
    };

/** Puts the event into the outbox if the sender wants to know. */
export type TellSender = (trx: Trx, event: SenderEvent) => Promise<void>;

/** What all records share. */
export interface RecordContext {
  readonly database: Database<PostfachTables>;
  /** Wraps the keys of mailboxes, and nothing else. */
  readonly wrapping: Sealer;
  /** Seals what is on its way to an authority. */
  readonly transport: Sealer;
  readonly hashes: Hashes;
  readonly tellSender: TellSender;
}

/** Keyed hashes by which rows are found whose values stand nowhere in the clear. */
export interface Hashes {
  subject(subject: string): string;
  message(senderId: string, messageId: string): string;
  /** Within one mailbox, so that two mailboxes do not show that they know the same sender. */
  sender(mailboxId: string, senderId: string): string;
  application(mailboxId: string, authority: string, applicationId: string): string;
  /** Of the sender's own names, like a message: the same whatever mailbox it lies in. */
  status(senderId: string, applicationId: string, statusId: string): string;
  /** For the replies that wait for a sender. */
  addressee(senderId: string): string;
  content(sha512: string): string;
}

export const createHashes = (key: Buffer): Hashes => {
  // Lengths keep ("ab", "c") and ("a", "bc") apart.
  const hash = (...parts: readonly string[]): string =>
    keyedHash(key, parts.map((part) => `${part.length}:${part}`).join(''));
  return {
    subject: (subject) => hash('subject', subject),
    message: (senderId, messageId) => hash('message', senderId, messageId),
    sender: (mailboxId, senderId) => hash('sender', mailboxId, senderId),
    application: (mailboxId, authority, applicationId) => hash('application', mailboxId, authority, applicationId),
    status: (senderId, applicationId, statusId) => hash('status', senderId, applicationId, statusId),
    addressee: (senderId) => hash('addressee', senderId),
    content: (sha512) => hash('content', sha512),
  };
};
