import type { AuditEvent } from '../audit/events.ts';
import type { Level } from '../../assurance/levels.ts';

export const credentialKinds = ['password', 'passkey', 'totp', 'recovery_codes'] as const;

export type CredentialKind = (typeof credentialKinds)[number];

/** One means of an account, for lists and for levels: nothing by which anybody could log in. Times are ms since the epoch. */
export interface Credential {
  readonly id: string;
  readonly kind: CredentialKind;
  /** Level of the session in which it was enrolled or confirmed. */
  readonly ceiling: Level;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly usedAt?: number;
  /** Passkeys: what the citizen calls it. */
  readonly name?: string;
  /** Passkeys: copied between devices by a provider, or bound to one. */
  readonly synced?: boolean;
  /** Recovery codes: how many are left. */
  readonly left?: number;
}

/** A public key of WebAuthn (W3C WebAuthn Level 3, 4 "public key credential source"), as far as a relying party keeps it. */
export interface Passkey {
  /** base64url. */
  readonly credentialId: string;
  /** COSE key, base64url. */
  readonly publicKey: string;
  readonly transports: readonly string[];
  /** Backup eligible: a provider may copy it between devices. */
  readonly synced: boolean;
  readonly name: string;
}

export interface PasskeyCredential extends Passkey {
  readonly id: string;
  readonly ceiling: Level;
  /** Signature counter of the last use; 0 for authenticators that do not count. */
  readonly counter: number;
}

export interface TotpCredential {
  readonly id: string;
  readonly ceiling: Level;
  /** base32 (RFC 4648), as authenticator apps take it. */
  readonly secret: string;
}

export type NewCredential =
  | { readonly kind: 'passkey'; readonly passkey: Passkey; readonly counter: number; readonly ceiling: Level }
  | { readonly kind: 'totp'; readonly secret: string; readonly ceiling: Level }
  /** Replaces the set before. The codes are handed over in their canonical form and kept as keyed hashes. */
  | { readonly kind: 'recovery_codes'; readonly codes: readonly string[]; readonly ceiling: Level };

/** A way in that was taken away because nobody had proved whose it is. */
export interface Dropped {
  readonly kind: CredentialKind;
  /** Of a passkey. */
  readonly name?: string;
}

/** Of an account that was looked at before; an act on an account that has moved on since is stale and does nothing. */
export interface AccountVersion {
  readonly id: string;
  readonly epoch: number;
}

/** The means of accounts other than cards. Every change writes its audit events in the same transaction. */
export interface CredentialRepository {
  /** Oldest first. */
  credentialsOf(accountId: string): Promise<readonly Credential[]>;
  passkeysOf(accountId: string): Promise<readonly PasskeyCredential[]>;
  totpOf(accountId: string): Promise<TotpCredential | undefined>;
  /** The passkey with this credential id (base64url), of whichever account. */
  findPasskey(
    credentialId: string,
  ): Promise<{ readonly accountId: string; readonly passkey: PasskeyCredential } | undefined>;
  /**
   * What authenticators know the account by (`user.id`, WebAuthn 5.4.3): 32 bytes, the same for all its passkeys, and
   * nothing that names the account elsewhere.
   */
  userHandle(accountId: string): Buffer;

  /** `taken`: the account has one already where it may have one only, or the passkey is somebody's. */
  addCredential(
    account: AccountVersion,
    credential: NewCredential,
    events: readonly AuditEvent[],
  ): Promise<{ readonly kind: 'added'; readonly id: string } | { readonly kind: 'taken' | 'stale' }>;
  renamePasskey(accountId: string, credentialId: string, name: string): Promise<boolean>;
  /** `last`: without it nobody could log in to the account any more. */
  removeCredential(
    account: AccountVersion,
    credentialId: string,
    events: readonly AuditEvent[],
  ): Promise<'removed' | 'last' | 'stale'>;
  /**
   * Sets a first or another password and raises the epoch: all sessions, grants and tokens are void when it returns.
   *
   * @param recovery when the old one was forgotten: which credentials (ids) were shown besides the mail. What else may be
   * a stranger's is dropped (attacks.md MG-03)
   * @returns the epoch from now on
   */
  setPassword(
    account: AccountVersion,
    password: { readonly hash: string; readonly ceiling: Level },
    events: readonly AuditEvent[],
    recovery?: { readonly shown: readonly string[] },
  ): Promise<
    { readonly kind: 'set'; readonly epoch: number; readonly dropped: readonly Dropped[] } | { readonly kind: 'stale' }
  >;
  /**
   * Lifts the ceilings of credentials that were used in a session of that level, and writes down which were below it.
   *
   * @param clientId the service at which that was
   */
  confirmCredentials(
    account: AccountVersion,
    credentialIds: readonly string[],
    level: Level,
    clientId?: string,
  ): Promise<void>;

  /**
   * Uses a counter up to a value: true for one caller only, and never for a value used before (TOTP time steps, RFC 6238
   * 5.2; signature counters of passkeys that count).
   */
  useCounter(credentialId: string, value: number): Promise<boolean>;
  /** Notes a use of a passkey that does not count. */
  noteUse(credentialId: string): Promise<void>;
  /** Spends a recovery code: true for one caller only. */
  spendRecoveryCode(accountId: string, code: string): Promise<boolean>;
}
