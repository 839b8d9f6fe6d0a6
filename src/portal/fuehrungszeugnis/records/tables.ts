import type { OutboxTables } from '../../../storage/outbox.ts';
import type { DocumentPurpose } from '../application/content.ts';
import type { Outcome, State } from '../application/states.ts';

/**
 * Times are ms since the epoch. `sealed`, `content` and `answer` are boxes of AES-256-GCM under the application's own key, bound to
 * application, table, column and row.
 */
export interface FuehrungszeugnisTables extends OutboxTables {
  applications: {
    id: string;
    /** Keyed, of the applicant's subject here; null when her account is gone. */
    owner_hash: string | null;
    /** 1 while it is not sent, else null: one such application a person. */
    open: number | null;
    state: State;
    created_at: number;
    updated_at: number;
    /** Of the payment that is under way or was made. */
    payment_request_id: string | null;
    transaction_id: string | null;
    /** When the Bezahlsystem is asked next. */
    check_at: number | null;
    checks: number;
    /** How the last payment ended that was none. */
    payment_failure: 'FAILED' | 'CANCELED' | null;
    /** Aktenzeichen, from when it is sent. */
    reference: string | null;
    filed_at: number | null;
    answered_at: number | null;
    outcome: Outcome | null;
    data_key: Uint8Array;
    /** What was filled in. */
    sealed: Uint8Array;
    /** What the authority has answered, and who there. */
    answer: Uint8Array | null;
  };
  documents: {
    id: string;
    application_id: string;
    purpose: DocumentPurpose;
    size: number;
    created_at: number;
    /** Name and type. */
    sealed: Uint8Array;
    content: Uint8Array;
  };
  /** A file that was sent with a login too weak for it: no part of the application until the applicant says so. */
  held_uploads: {
    /** One a draft, the latest. */
    application_id: string;
    expires_at: number;
    /** Name and purpose. */
    sealed: Uint8Array;
    content: Uint8Array;
  };
  caseworkers: {
    /** Keyed, of the address that has the role. */
    address_hash: string;
    /** Keyed, of the account that came with it first. */
    subject_hash: string;
    bound_at: number;
  };
}
