import type { OutboxTables } from '../../../storage/outbox.ts';
import type { SigningKeyTables } from '../../module-api/signing-keys.ts';
import type { Level } from '../../../assurance/levels.ts';
import type { ConsentKind, Folder, JournalType } from '../letters/letter.ts';

/**
 * Times are ms since the epoch, flags 0 and 1. `sealed` columns are boxes of AES-256-GCM under the mailbox's key, bound to
 * mailbox, table, column and row. Hashes are keyed: nobody who reads the tables can test a guess.
 */
export interface PostfachTables extends OutboxTables, SigningKeyTables {
  mailboxes: {
    id: string;
    /** Of the subject that Bayern-ID gives to Mein Postfach. */
    subject_hash: string;
    /** The mailbox's key, wrapped; null once it was destroyed, and with it everything sealed. */
    data_key: Uint8Array | null;
    created_at: number;
    purged_at: number | null;
    /** Whether the citizen wants a mail for each letter. */
    notices: number;
    /** Grows with each change of the search entries. */
    search_version: number;
  };
  letters: {
    id: string;
    mailbox_id: string;
    /** Of sender and message id: the sender's own name of the letter. */
    message_hash: string;
    /** Of the sender's name; finds what is this sender's in one mailbox. */
    sender_hash: string;
    /** Of authority and application id within the mailbox. */
    application_hash: string | null;
    level: Level;
    /** `removed`: content and attachments are gone for good; the row says that the letter was there. */
    folder: Folder | 'removed';
    /** Where it goes back to from the trash. */
    trashed_from: Folder | null;
    unread: number;
    flagged: number;
    provided_at: number;
    notice_at: number | null;
    opened_at: number | null;
    replied_at: number | null;
    trashed_at: number | null;
    removed_at: number | null;
    reply_allowed: number;
    reply_until: number | null;
    attachments: number;
    /** SHA-512 of the letter as it came, keyed: whether a repeated delivery is the same. */
    content_hash: string;
    /** What a list shows. */
    summary: Uint8Array | null;
    content: Uint8Array | null;
    /** What the sender got for it; stays when the content goes. */
    receipt: Uint8Array;
  };
  /** From whom a mailbox has letters. */
  mailbox_senders: {
    mailbox_id: string;
    sender_hash: string;
    sealed: Uint8Array;
    /** Since when the citizen wants no letters from it. */
    blocked_at: number | null;
  };
  attachments: {
    id: string;
    letter_id: string;
    mailbox_id: string;
    position: number;
    length: number;
    /** Name, type, SHA-512. */
    sealed: Uint8Array;
    /** The key of the file. */
    file_key: Uint8Array;
  };
  /** Files whose rows are gone, until the store has removed them. */
  file_removals: { id: string; since: number };
  applications: {
    id: string;
    mailbox_id: string;
    /** Of authority and application id within the mailbox. */
    application_hash: string;
    sealed: Uint8Array;
    updated_at: number;
  };
  application_statuses: {
    id: string;
    application: string;
    mailbox_id: string;
    /** Of sender, application id and status id. */
    status_hash: string;
    content_hash: string;
    sealed: Uint8Array;
    created_at: number;
    received_at: number;
  };
  replies: {
    id: string;
    mailbox_id: string;
    letter_id: string;
    sender_hash: string;
    created_at: number;
    taken_at: number | null;
    /** The citizen's own copy; null once the mailbox or the letter is gone. */
    sealed: Uint8Array | null;
    /** The authority's copy, under the key of the transport; null once it was taken. */
    outgoing: Uint8Array | null;
  };
  consents: {
    id: string;
    mailbox_id: string;
    kind: ConsentKind;
    /** Which wording was agreed to. */
    wording: string;
    given_at: number;
    withdrawn_at: number | null;
  };
  /** Append-only: the store itself refuses to change a row. */
  journal: {
    id: string;
    mailbox_id: string;
    letter_id: string | null;
    type: JournalType;
    consent: ConsentKind | null;
    at: number;
  };
  search_entries: {
    letter_id: string;
    mailbox_id: string;
    /** Of the mailbox when the entry was written. */
    version: number;
    /** null: the letter is gone from the search. */
    sealed: Uint8Array | null;
  };
  search_snapshots: { mailbox_id: string; version: number; sealed: Uint8Array };
}
