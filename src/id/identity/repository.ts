import type { AuditEvent } from '../audit/events.ts';
import type { Level } from '../../assurance/levels.ts';
import type { Preferences } from './accounts.ts';
import type { Attributes, CardAttribute } from './attribute.ts';
import type { Account, Citizen, PasswordCredential } from './citizen.ts';

/** A card as it was read: what identifies it at this service provider, and what it says. */
export interface ReadCard {
  /** Restricted identification, hex. */
  readonly restrictedId: string;
  /** The other one that it has during a change of the provider's sector key, hex. */
  readonly restrictedId2?: string;
  readonly documentType?: string;
  /** ms since the epoch. */
  readonly validUntil?: number;
  /** What the eID-Server says of this eID: may lower the level that the table of means gives, never raise it. */
  readonly assured: Level;
  /** What was asked: of the rest the card says nothing, neither yes nor no. */
  readonly asked: readonly CardAttribute[];
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
  /** There is another card, and it is not to be replaced or is somebody else's. */
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
  /** @param sector whose subject comes along, where there is one: most who ask for a citizen need it next. */
  find(accountId: string, sector?: string): Promise<Citizen | undefined>;
  /** Whether what was issued for the account still counts: nothing that is sealed is opened for it. */
  standing(accountId: string): Promise<Pick<Account, 'epoch' | 'state'> | undefined>;
  /** By user name or e-mail address. */
  findByLoginName(typed: string): Promise<{ citizen: Citizen; password?: PasswordCredential } | undefined>;
  findByCard(card: Pick<ReadCard, 'restrictedId' | 'restrictedId2'>): Promise<Citizen | undefined>;
  passwordOf(accountId: string): Promise<PasswordCredential | undefined>;

  /** @throws LoginNameTaken, CardTaken */
  create(citizen: NewCitizen, events: readonly AuditEvent[]): Promise<Citizen>;
  /**
   * Adds a first card to the account, if it is still of that epoch, and lifts the ceilings of the named credentials. Where
   * other means go by it, the epoch rises: who came in by them is out.
   *
   * @param options.keep other credentials that the owner knows; what else may be a stranger's is dropped (attacks.md
   * MG-03). Without it nothing is
   */
  linkCard(
    account: { readonly id: string; readonly epoch: number },
    card: ReadCard,
    options: { readonly ceiling: Level; readonly confirm: readonly string[]; readonly keep?: readonly string[] },
    events: readonly AuditEvent[],
  ): Promise<LinkOutcome>;
  /**
   * Puts a card in the place of the one before, which nothing finds any more; services keep their subjects. Who is on the
   * two cards is compared here, after the proof (eid.md 8). The epoch rises: what the old card proved is void. Ceilings
   * belong to one link, so only those of the named credentials are lifted.
   *
   * @param options.keep as above
   * @param options.transferCode spent by this, in place of a login
   */
  replaceCard(
    account: { readonly id: string; readonly epoch: number },
    card: ReadCard,
    options: {
      readonly ceiling: Level;
      readonly confirm: readonly string[];
      readonly keep?: readonly string[];
      readonly transferCode?: string;
    },
    events: readonly AuditEvent[],
  ): Promise<LinkOutcome>;
  /**
   * Takes a card away, with what it said and the ceilings that it gave, and raises the epoch: what sessions proved beside
   * it does not count beside the next one. `last`: nobody could log in any more.
   */
  unlinkCard(
    account: { readonly id: string; readonly epoch: number },
    events: readonly AuditEvent[],
  ): Promise<{ readonly kind: 'removed'; readonly epoch: number } | { readonly kind: 'last' | 'stale' }>;
  /** A code by which a new card can take the place of this one when nothing else is left; it voids the one before. */
  setTransferCode(
    account: { readonly id: string; readonly epoch: number },
    code: string,
    expiresAt: number,
    events: readonly AuditEvent[],
  ): Promise<boolean>;
  /** When the account's transfer code expires; undefined when there is none. */
  transferCodeOf(accountId: string): Promise<number | undefined>;
  findByTransferCode(code: string): Promise<Citizen | undefined>;
  /**
   * Takes over what the same card says now; what it was not asked stays. Its last two pseudonyms stay known, so that a
   * change of the provider's sector key loses nobody, in whatever order answers come in. `moved` is written down when the
   * card comes with a pseudonym that it had not come with before.
   */
  refreshFromCard(
    accountId: string,
    card: ReadCard,
    events: { readonly always: readonly AuditEvent[]; readonly moved: readonly AuditEvent[] },
  ): Promise<Citizen>;
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
