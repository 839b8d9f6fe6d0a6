import type { AuditEvent, EventAside } from '../audit/events.ts';
import type { Attributes } from './attribute.ts';
import type { AccountVersion } from './credentials.ts';

/** What a citizen chose for the account as a whole. */
export interface Preferences {
  /** Language of mails, chosen with the account's first page; without it German. */
  readonly locale?: 'de' | 'en';
}

/** What a citizen says about herself and may change. Every change writes its audit events in the same transaction. */
export interface AccountRepository {
  /** A user name beside the e-mail address, or none. */
  setLoginName(
    account: AccountVersion,
    name: string | undefined,
    events: readonly AuditEvent[],
  ): Promise<'set' | 'taken' | 'stale'>;
  /**
   * An address whose code was typed in: the new login name, and the account's self-asserted address.
   *
   * @param undo what the address before is told: where it takes the change back, and until when
   */
  setEmail(
    account: AccountVersion,
    address: string,
    events: readonly AuditEvent[],
    undo?: EventAside['undo'],
  ): Promise<'set' | 'taken' | 'stale'>;
  /**
   * Gives an account the address back that it had before, whatever has become of the account since, and raises the epoch:
   * whoever changed it is out.
   */
  restoreEmail(accountId: string, address: string, events: readonly AuditEvent[]): Promise<'set' | 'taken' | 'stale'>;
  /** Replaces the named self-asserted attributes; `undefined` takes one away. */
  setSelf(
    account: AccountVersion,
    changes: { readonly [Name in keyof Attributes]?: Attributes[Name] | undefined },
    events: readonly AuditEvent[],
  ): Promise<'set' | 'stale'>;
  setPreferences(accountId: string, preferences: Preferences): Promise<void>;
}
