import type { AuditEvent } from '../audit/events.ts';
import type { Attributes } from './attribute.ts';
import type { AccountVersion } from './credentials.ts';

/** What a citizen chose for the account as a whole. */
export interface Preferences {
  /** Language of mails, chosen with the account's first page; without it German. */
  readonly locale?: 'de' | 'en';
}

/** How long the address before can take a change back, in ms (attacks.md RG-08). */
export const emailUndoLife = 72 * 3600_000;

/** What the address before is told of a change: where it takes it back (`token` is the secret of `link`), and until when. */
export interface EmailUndo {
  readonly token: string;
  readonly link: string;
  /** ms since the epoch. */
  readonly until: number;
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
   * @param undo for the address before, if there was one
   */
  setEmail(
    account: AccountVersion,
    address: string,
    events: readonly AuditEvent[],
    undo?: EmailUndo,
  ): Promise<'set' | 'taken' | 'stale'>;
  /** Whether a change can be taken back by this token. */
  hasEmailUndo(token: string): Promise<boolean>;
  /**
   * Gives an account the address back that it had before, whatever has become of the account since, and raises the epoch:
   * whoever changed it is out. A deletion that was planned since does not take place, and the addresses that came after
   * the restored one can take nothing back any more. Uses the token up when it does all that.
   */
  restoreEmail(token: string, events: readonly AuditEvent[]): Promise<'set' | 'taken' | 'gone'>;
  /** Replaces the named self-asserted attributes; `undefined` takes one away. */
  setSelf(
    account: AccountVersion,
    changes: { readonly [Name in keyof Attributes]?: Attributes[Name] | undefined },
    events: readonly AuditEvent[],
  ): Promise<'set' | 'stale'>;
  setPreferences(accountId: string, preferences: Preferences): Promise<void>;
}
