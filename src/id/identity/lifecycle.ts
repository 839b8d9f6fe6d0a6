import type { AuditEvent } from '../audit/events.ts';
import type { AccountVersion } from './credentials.ts';

/** How long a citizen may change her mind after having deleted the account, in ms. */
export const deletionDelay = 14 * 86_400_000;

/** The day of a moment, as `seenAt` has it: nobody needs to know the hour of a login for as long as that. */
export const dayOf = (at: number): number => at - (at % 86_400_000);

/**
 * The same day so many months later (or earlier, when negative); where a month is too short, its last day. In UTC, ms
 * since the epoch.
 */
export const addMonths = (at: number, months: number): number => {
  const date = new Date(at);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
};

/** Months without a login until each step (domain.md 4), and how many months of notice each leaves before the end. */
export const inactivity = {
  notices: [
    { after: 18, left: 6 },
    { after: 21, left: 3 },
  ],
  deletion: 24,
} as const;

/** What is to be done about accounts whose owners have gone, one step at a time. */
export type DueStep = { readonly accountId: string; readonly step: 'notice6' | 'notice3' | 'deletion' };

/** The end of accounts, and of everything that was issued to them. Every change writes its audit events in the same transaction. */
export interface LifecycleRepository {
  /** Somebody logged in on that day (see `dayOf`): whatever was said about inactivity is void. */
  noteSeen(accountId: string, day: number): Promise<void>;

  /**
   * Makes everything void that was issued to the account, whatever its state. A deletion that was planned in it does not
   * take place, unless an operator planned it: whoever was in it may have done so.
   *
   * @returns the epoch from now on; undefined when there is no such account.
   */
  endEverything(accountId: string, events: readonly AuditEvent[]): Promise<number | undefined>;

  /** The account is deleted at `at` (ms since the epoch) unless its owner changes her mind; until then nobody logs in. */
  planDeletion(account: AccountVersion, at: number, events: readonly AuditEvent[]): Promise<'planned' | 'stale'>;
  /** `false`: the deletion is not planned any more, or too late. */
  cancelDeletion(accountId: string, events: readonly AuditEvent[]): Promise<boolean>;

  /** Accounts whose time is over at `now`. */
  leaving(now: number, limit: number): Promise<readonly string[]>;
  /** Accounts that nobody has used for so long that something is to be done at `now`. */
  inactive(now: number, limit: number): Promise<readonly DueStep[]>;
  /** Says by mail that the account will be deleted. `false`: somebody did so already, or logged in meanwhile. */
  notify(due: DueStep, now: number): Promise<boolean>;
  /**
   * Deletes the account and its key, if it still is to be deleted at `now`. Its services are told first. `false`: it is
   * gone already, or its owner came back.
   */
  remove(accountId: string, why: 'leaving' | 'inactive', now: number): Promise<boolean>;

  /** Forgets what cards said before that time (ms since the epoch). */
  purgeHistory(before: number): Promise<void>;
  /** Forgets addresses that cannot come back any more at `now` (ms since the epoch). */
  purgeEmailUndos(now: number): Promise<void>;
}
