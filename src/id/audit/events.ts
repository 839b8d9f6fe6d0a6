import type { CoarseUserAgent } from '../../web/user-agent.ts';
import type { Level } from '../../assurance/levels.ts';
import type { CredentialKind } from '../identity/credentials.ts';

interface Common {
  /** Ours, never given out. */
  readonly accountId?: string;
  readonly clientId?: string;
  /** What the citizen reads on an error page, so that a report can be found. */
  readonly referenceId?: string;
}

/**
 * Everything that is worth writing down, one type each. No event holds a name, an address, a secret or a card's
 * pseudonym: who it was is said by the account id alone.
 */
export type AuditEvent = Common &
  (
    | { readonly type: 'login.succeeded'; readonly method: string; readonly level: Level }
    | {
        readonly type: 'login.failed';
        readonly method: string;
        readonly reason:
          'wrong_password' | 'wrong_code' | 'used_code' | 'wrong_passkey' | 'cloned_passkey' | 'throttled' | 'locked';
      }
    | { readonly type: 'account.created'; readonly by: 'card' | 'registration' | 'seed' }
    | { readonly type: 'password.changed'; readonly by: 'citizen' | 'recovery' }
    | { readonly type: 'credential.added' | 'credential.removed'; readonly method: CredentialKind }
    /** Used in a session that a card then raised to this level: its ceiling from now on. */
    | { readonly type: 'credential.confirmed'; readonly method: CredentialKind; readonly level: Level }
    | { readonly type: 'recovery_code.used'; readonly left: number }
    | { readonly type: 'recovery.requested' }
    | { readonly type: 'email.changed' }
    | { readonly type: 'login_name.changed' }
    | { readonly type: 'data.changed'; readonly attributes: readonly string[] }
    | { readonly type: 'data.exported'; readonly format: 'json' | 'pdf' }
    | { readonly type: 'consent.withdrawn' }
    | { readonly type: 'not_me' }
    | { readonly type: 'deletion.planned'; readonly at: number }
    | { readonly type: 'deletion.cancelled' }
    /** Without the account id: nothing of the account is left but that there was one. */
    | { readonly type: 'account.deleted'; readonly by: 'citizen' | 'inactivity' | 'operator' | 'joining' }
    /** Somebody proved to own this account, to have it joined with the one that is logged in. */
    | { readonly type: 'join.proved'; readonly method: string }
    | { readonly type: 'join.refused'; readonly reason: 'same_account' | 'unknown_card' | 'leaving' | 'other_person' }
    /** Written for both; the reference id is the same. The one that is closed is deleted in the same moment. */
    | { readonly type: 'accounts.joined'; readonly part: 'kept' | 'closed' }
    | { readonly type: 'card.linked'; readonly linkId?: string }
    | {
        readonly type: 'card.refused';
        readonly reason: 'foreign_card' | 'birth_date' | 'other_card_linked' | 'taken' | 'locked';
      }
    /** Of the account whose card it is: somebody used it, with its PIN, in another account, and it was refused there. */
    | { readonly type: 'card.shown_elsewhere' }
    | { readonly type: 'card.updated'; readonly attributes: readonly string[] }
    /** The link follows the card's new pseudonym, after a change of our sector key at the eID-Server. */
    | { readonly type: 'card.moved' }
    | { readonly type: 'card.replaced'; readonly by: 'login' | 'transfer_code' }
    | { readonly type: 'card.removed' }
    | { readonly type: 'transfer_code.made' }
    | { readonly type: 'link.declined' }
    | { readonly type: 'eid.started' }
    | { readonly type: 'eid.failed'; readonly cause: string }
    | { readonly type: 'eid.burned'; readonly reason: 'foreign_browser' | 'no_cookie' }
    | { readonly type: 'consent.given'; readonly claims: readonly string[] }
    | { readonly type: 'consent.refused' }
    /** Mein Postfach asked whose a handle is, for a letter of this authority. */
    | { readonly type: 'postfach.resolved'; readonly authority: string }
    /** The same for a handle that the authority does not have, or has no more. */
    | { readonly type: 'postfach.unresolved'; readonly authority: string }
    /** The authority's last service that held the handle may not have it any more. */
    | { readonly type: 'postfach.revoked'; readonly authority: string }
    | { readonly type: 'data.released'; readonly claims: readonly string[]; readonly level: Level }
    | { readonly type: 'session.ended'; readonly by: 'logout' | 'switch' | 'expiry' | 'epoch' | 'citizen' }
    | { readonly type: 'logout.told'; readonly outcome: 'delivered' | 'failed' }
    /** Without the account id, as for account.deleted. */
    | {
        readonly type: 'security_event.told';
        readonly event: 'account_purged';
        readonly outcome: 'delivered' | 'failed';
      }
    | { readonly type: 'token.replayed'; readonly what: 'code' | 'refresh_token' }
    /** By the operator, on the command line. `reason` is sealed for the citizen; `actId` names it among the account's records. */
    | {
        readonly type: 'account.locked' | 'account.unlocked' | 'account.logged_out' | 'account.to_be_deleted';
        readonly operator: string;
        readonly actId: string;
        readonly reason: string;
      }
    | { readonly type: 'method.switched'; readonly method: string; readonly on: boolean; readonly operator: string }
    | { readonly type: 'client.switched'; readonly on: boolean; readonly operator: string }
    | { readonly type: 'keys.rotated'; readonly use: string; readonly kid: string; readonly operator: string }
    | { readonly type: 'configuration.changed'; readonly clients: number }
    | { readonly type: 'configuration.refused'; readonly findings: number }
  );

export type AuditEventOf<Type extends AuditEvent['type']> = AuditEvent & { readonly type: Type };

/** What belongs to an event and stands in no journal: only the mail about it says it. */
export interface EventAside {
  /** What the citizen calls the means. */
  readonly name?: string;
  /** Of an act of the operator, for the citizen. */
  readonly reason?: string;
  /** When an account will be deleted, ms since the epoch. */
  readonly deletedOn?: number;
  /** What a card says otherwise than before; not what it was asked for the first time. */
  readonly changed?: readonly string[];
  /** The browser of a login, unless it is known already. */
  readonly newDevice?: CoarseUserAgent;
  /** Takes back a change of the address until then (ms since the epoch); told to the address before. */
  readonly undo?: { readonly link: string; readonly until: number };
}
