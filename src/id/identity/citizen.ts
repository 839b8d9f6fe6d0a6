import type { Proofing } from '../../assurance/evidence.ts';
import type { Level } from '../../assurance/levels.ts';
import type { Preferences } from './accounts.ts';
import type { Attributes, CardAttribute } from './attribute.ts';

/** The account is not the card: its id is ours and never changes, and no one outside ever sees it. */
export interface Account {
  readonly id: string;
  /** Raised by password change, recovery, lock and deletion: evidence and grants of an older epoch are void. */
  readonly epoch: number;
  /** `leaving`: nobody logs in any more, and at `leavesAt` it is deleted unless the citizen changes her mind. */
  readonly state: 'active' | 'locked' | 'leaving';
  /** ms since the epoch. */
  readonly createdAt: number;
  /** The day of the last login, ms since the epoch. */
  readonly seenAt?: number;
  readonly leavesAt?: number;
}

export interface CardLink {
  readonly id: string;
  readonly documentType?: string;
  /** Day on which the document expires, ms since the epoch. */
  readonly validUntil?: number;
  /** Level of the session in which the card was linked. */
  readonly ceiling: Level;
  readonly linkedAt: number;
}

export interface LinkedCard {
  readonly link: CardLink;
  /** What was asked of the card so far. What is among it and not among the attributes, the card or its holder did not give. */
  readonly asked: readonly CardAttribute[];
  readonly attributes: Attributes;
}

export interface PasswordCredential {
  readonly id: string;
  /** PHC string with algorithm, parameters and salt. */
  readonly hash: string;
  readonly ceiling: Level;
  readonly changedAt: number;
  /** An authenticator app stands beside it: the password alone logs nobody in. */
  readonly asksForCode: boolean;
}

export interface Citizen {
  readonly account: Account;
  /** No account, but somebody who showed a card to this one client (by id) and leaves nothing behind. */
  readonly guestOf?: string;
  readonly self: Attributes;
  readonly card?: LinkedCard;
  /** The user name as it was typed, for the citizen's own eyes. */
  readonly loginName?: string;
  /** The address whose code was typed in, as it was typed: a login name too, and where mails go. */
  readonly email?: string;
  readonly preferences: Preferences;
  /** What one sector knows the citizen by, if that was asked for and there is one already. */
  readonly subject?: { readonly sector: string; readonly value: string };
}

/** A card is a proof of the person for as long as it is linked and has not expired. */
export const proofingOf = (citizen: Pick<Citizen, 'card'>): Proofing => {
  if (!citizen.card) return { level: 'basic' };
  const { validUntil } = citizen.card.link;
  return { level: 'high', ...(validUntil === undefined ? {} : { until: validUntil }) };
};
