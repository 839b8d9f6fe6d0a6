import type { AuditEvent } from '../audit/events.ts';
import type { Level } from '../../assurance/levels.ts';
import type { Preferences } from './accounts.ts';
import type { Attributes } from './attribute.ts';
import type { Citizen, PasswordCredential } from './citizen.ts';

/** A card as it was read: what identifies it at this service provider, and what it says. */
export interface ReadCard {
  /** Restricted identification, hex. */
  readonly restrictedId: string;
  /** The one it will have after a change of the provider's sector key, hex. */
  readonly restrictedId2?: string;
  readonly documentType?: string;
  /** ms since the epoch. */
  readonly validUntil?: number;
  /** What the eID-Server says of this eID: may lower the level that the table of means gives, never raise it. */
  readonly assured: Level;
  readonly attributes: Attributes;
}

export interface NewCitizen {
  readonly loginName?: string;
  /** Whose code was typed in. */
  readonly email?: string;
  readonly passwordHash?: string;
  readonly preferences?: Preferences;
  readonly self?: Attributes;
  readonly card?: ReadCard;
  /** Level of the session in which the account's first credentials are made. */
  readonly ceiling: Level;
}

export type LinkOutcome =
  | { readonly kind: 'linked'; readonly citizen: Citizen }
  /** Somebody's already: of another account, or lost in a race. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'otherCardLinked' }
  /** The account changed meanwhile (password, lock): start again. */
  | { readonly kind: 'stale' };

/** What the citizen allowed a service, valid until withdrawn (architecture.md 17). */
export interface Consent {
  readonly id: string;
  readonly clientId: string;
  /** Claims, by name. */
  readonly claims: readonly string[];
  readonly scopes: readonly string[];
  /** Optional claims that the citizen left out, so that they are not asked for again. */
  readonly refused: readonly string[];
  /** ms since the epoch. */
  readonly at: number;
}

/** What an operator did to an account. None of these sets or reveals a credential. */
export interface OperatorAct {
  /** As the journal's event names it. */
  readonly id: string;
  /**
   * `logout` ends all sessions and everything issued; `lock` does so too and lets nobody in again until `unlock`; `delete`
   * plans the account's deletion, as its owner could do.
   */
  readonly kind: 'lock' | 'unlock' | 'logout' | 'delete';
  /** For the citizen, who reads it as it is. */
  readonly reason: string;
  /** ms since the epoch. */
  readonly at: number;
}

/**
 * Accounts and what belongs to them. Every method that changes something writes its audit events in the same
 * transaction, so that there is never the one without the other.
 */
export interface CitizenRepository {
  find(accountId: string): Promise<Citizen | undefined>;
  /** By user name or e-mail address. */
  findByLoginName(typed: string): Promise<{ citizen: Citizen; password?: PasswordCredential } | undefined>;
  findByCard(card: Pick<ReadCard, 'restrictedId' | 'restrictedId2'>): Promise<Citizen | undefined>;
  passwordOf(accountId: string): Promise<PasswordCredential | undefined>;

  /** @throws LoginNameTaken, CardTaken */
  create(citizen: NewCitizen, events: readonly AuditEvent[]): Promise<Citizen>;
  /** Adds a first card to the account, if it is still of that epoch, and lifts the ceilings of the named credentials. */
  linkCard(
    account: { readonly id: string; readonly epoch: number },
    card: ReadCard,
    options: { readonly ceiling: Level; readonly confirm: readonly string[] },
    events: readonly AuditEvent[],
  ): Promise<LinkOutcome>;
  /** Takes over what the same card says now, and its next pseudonym during a change of sector key. */
  refreshFromCard(accountId: string, card: ReadCard, events: readonly AuditEvent[]): Promise<Citizen>;
  rehashPassword(accountId: string, credentialId: string, hash: string): Promise<void>;

  /** The pairwise subject of an account in a sector: random, made and stored at the first call. */
  subject(accountId: string, sector: string): Promise<string>;

  consent(accountId: string, clientId: string): Promise<Consent | undefined>;
  /** Adds answers to what was answered before: a name that stands in `claims` or `refused` is answered anew. */
  giveConsent(accountId: string, answer: Omit<Consent, 'id'>, events: readonly AuditEvent[]): Promise<Consent>;

  /**
   * Raises the epoch with a lock or logout, so that all sessions, grants and tokens are void when it returns. The reason
   * is sealed for the citizen, in the account's records and in the journal. `unchanged`: it was in that state already.
   */
  act(
    accountId: string,
    act: Pick<OperatorAct, 'kind' | 'reason'> & { readonly operator: string },
  ): Promise<'done' | 'unchanged' | 'unknown'>;
  /** Newest first; for the citizen's own eyes. */
  actsOn(accountId: string): Promise<readonly OperatorAct[]>;
}

export class LoginNameTaken extends Error {
  override readonly name = 'LoginNameTaken';
}

export class CardTaken extends Error {
  override readonly name = 'CardTaken';
}
