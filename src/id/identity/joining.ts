import type { Level } from '../../assurance/levels.ts';
import type { AuditEvent } from '../audit/events.ts';
import type { Attributes } from './attribute.ts';
import { birthDatesAgree } from './birth-date.ts';
import type { AccountVersion } from './credentials.ts';
import { samePerson } from './linking.ts';

/** What two accounts say of their owners: typed, and read from the card that is linked now. */
export interface SaidOfPerson {
  readonly self: Attributes;
  readonly card?: { readonly attributes: Attributes };
}

/**
 * Whether two accounts can be one person's, compared after both were proved (eid.md 8). Two cards are compared as where one
 * takes the place of another; else the birth dates must agree as far as both are known, a card's before a typed one.
 */
export const canBeOnePerson = (a: SaidOfPerson, b: SaidOfPerson): boolean => {
  if (a.card && b.card) return samePerson(a.card.attributes, b.card.attributes);
  const born = ({ self, card }: SaidOfPerson): string | undefined => (card?.attributes ?? self).birthdate?.value;
  const [first, second] = [born(a), born(b)];
  return first === undefined || second === undefined || birthDatesAgree(first, second);
};

export interface JoinRequest {
  /** The one that stays, as it was looked at. */
  readonly kept: AccountVersion;
  /** The one that ends in it. */
  readonly closed: AccountVersion;
  /**
   * The closed account's card as it was shown for this: it moves if the other has none. `ceiling` is what that showing was
   * worth; credentials of the kept account that stand beside it are lifted to it.
   */
  readonly card?: { readonly linkId: string; readonly ceiling: Level; readonly confirm: readonly string[] };
}

export type JoinOutcome =
  | { readonly kind: 'joined'; readonly cardMoved: boolean }
  /** What the accounts say of their owners differs by now. */
  | { readonly kind: 'otherPerson' }
  /** One of the two has changed since it was proved: joined, locked, to be deleted, another password. */
  | { readonly kind: 'stale' };

/** Two accounts of one person become one. Whose they are is proved before; nobody is ever looked up by data. */
export interface JoinRepository {
  /**
   * In one transaction: subjects of sectors that the kept account lacks become its own, a card may move, everything issued
   * to the closed account is void and its services are told, both owners are told by mail, and the closed account is
   * deleted with its key. Of several joins of one account at most one is done.
   */
  join(
    request: JoinRequest,
    events: { readonly kept: readonly AuditEvent[]; readonly closed: readonly AuditEvent[] },
  ): Promise<JoinOutcome>;
}
