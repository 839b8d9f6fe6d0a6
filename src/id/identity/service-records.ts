import type { AuditEvent } from '../audit/events.ts';
import type { Consent } from './repository.ts';

/** A consent with its end: withdrawn, or replaced by one that names more. */
export interface PastConsent extends Consent {
  readonly endedAt?: number;
}

/** How the services of one sector know the citizen. */
export interface StoredSubject {
  readonly sector: string;
  readonly subject: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** What a citizen allowed services, and what stands on it. Times are ms since the epoch. */
export interface ServiceRepository {
  /** Every consent that was ever given, the newest first. */
  consentsOf(accountId: string): Promise<readonly PastConsent[]>;
  subjectsOf(accountId: string): Promise<readonly StoredSubject[]>;
  /**
   * Ends the consent, which stays as history, and takes the handle of the mailbox from this client.
   *
   * @param isClient as for `leaveHandle`.
   * @returns `false`: there was neither.
   */
  withdrawConsent(
    accountId: string,
    clientId: string,
    events: readonly AuditEvent[],
    isClient?: (clientId: string) => boolean,
  ): Promise<boolean>;
  /** Writes down a grant before anything is issued under it. */
  noteGrant(grant: {
    readonly grantId: string;
    readonly accountId: string;
    readonly clientId: string;
    readonly endsAt: number;
  }): Promise<void>;
  /** Every grant under which something may still live: of all services, or of one. */
  grantsOf(
    accountId: string,
    clientId?: string,
  ): Promise<readonly { readonly grantId: string; readonly clientId: string }[]>;
  forgetGrants(grantIds: readonly string[]): Promise<void>;
  /** Removes what nothing lives under any more. */
  purgeGrants(now: number): Promise<void>;
}
