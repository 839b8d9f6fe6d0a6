import type { AuditEvent, AuditEventOf, EventAside } from '../audit/events.ts';
import type { MailedCardData, MailedMeans } from './mail.ts';
import type { Told } from './told.ts';

type EventType = AuditEvent['type'];

interface About {
  /** ms since the epoch. */
  readonly at: number;
  readonly aside: EventAside;
  /** All that was written down with it, itself included: one act is told once. */
  readonly together: readonly AuditEvent[];
}

type Row<Type extends EventType> = (event: AuditEventOf<Type>, about: About) => Told | undefined;

/** Of no use to a thief, told by a mail of its own, or only seen in Mein Konto. */
const untold = (): undefined => undefined;

const happened = ({ together }: About, ...types: readonly EventType[]): boolean =>
  together.some(({ type }) => types.includes(type));

const named = ({ aside }: About): { readonly name?: string } => (aside.name === undefined ? {} : { name: aside.name });

/** Ways in that went with it are told in the one mail. */
const dropping = ({ together }: About): { readonly removed?: readonly MailedMeans[] } => {
  const removed = together.flatMap((event) => (event.type === 'credential.removed' ? [event.method] : []));
  return removed.length === 0 ? {} : { removed };
};

const cardData: Readonly<Record<string, MailedCardData>> = {
  given_name: 'name',
  family_name: 'name',
  also_known_as: 'name',
  birth_family_name: 'birth_name',
  title: 'title',
  address: 'address',
  community_id: 'address',
  nationalities: 'nationality',
};

const changedOn = (attributes: readonly string[]): readonly MailedCardData[] => [
  ...new Set(attributes.map((name) => cardData[name]).filter((kind) => kind !== undefined)),
];

const reasonOf = ({ aside }: About): string => aside.reason ?? '';

/**
 * Which event the owner of the account is told by mail, and how. These mails cannot be turned off (pages.md, Mein Konto):
 * they are what a thief would turn off first. A new event does not compile before it is decided here.
 */
const mails: { readonly [Type in EventType]: Row<Type> } = {
  'login.succeeded': (_, { at, aside: { newDevice } }) => newDevice && { type: 'new_device', at, device: newDevice },
  'password.changed': (_, about) => ({ type: 'password_changed', at: about.at, ...dropping(about) }),
  'credential.added': ({ method }, about) => ({ type: 'means_added', at: about.at, means: method, ...named(about) }),
  'credential.removed': ({ method }, about) =>
    happened(about, 'password.changed', 'card.linked', 'card.replaced')
      ? undefined
      : { type: 'means_removed', at: about.at, means: method, ...named(about) },
  'recovery_code.used': ({ left }, { at }) => ({ type: 'recovery_code_used', at, left }),
  'email.changed': (_, { at, aside: { undo } }) =>
    undo && { type: 'email_changed', at, undoUntil: undo.until, denyLink: undo.link },
  'card.linked': (_, about) =>
    happened(about, 'account.created', 'accounts.joined')
      ? undefined
      : { type: 'means_added', at: about.at, means: 'eid', ...dropping(about) },
  'card.removed': (_, { at }) => ({ type: 'means_removed', at, means: 'eid' }),
  'card.replaced': (_, about) => ({ type: 'card_replaced', at: about.at, ...dropping(about) }),
  'card.shown_elsewhere': (_, { at }) => ({ type: 'card_shown_elsewhere', at }),
  'card.updated': (_, { at, aside }) => {
    const changed = changedOn(aside.changed ?? []);
    return changed.length === 0 ? undefined : { type: 'card_data_changed', at, changed };
  },
  // A code that came twice is most often a form that was sent twice; a refresh token is not.
  'token.replayed': ({ what }, { at }) => (what === 'refresh_token' ? { type: 'token_reused', at } : undefined),
  'deletion.planned': ({ at: on }) => ({ type: 'deletion_planned', on }),
  'account.locked': (_, about) => ({ type: 'operator_locked', at: about.at, reason: reasonOf(about) }),
  'account.unlocked': (_, about) => ({ type: 'operator_unlocked', at: about.at, reason: reasonOf(about) }),
  'account.logged_out': (_, about) => ({ type: 'operator_logged_out', at: about.at, reason: reasonOf(about) }),
  'account.to_be_deleted': (_, about) => ({
    type: 'deletion_planned',
    on: about.aside.deletedOn ?? about.at,
    reason: reasonOf(about),
  }),

  'credential.confirmed': untold,
  'login.failed': untold,
  'account.created': untold,
  'recovery.requested': untold,
  'login_name.changed': untold,
  'data.changed': untold,
  'data.exported': untold,
  'consent.given': untold,
  'consent.refused': untold,
  'consent.withdrawn': untold,
  'data.released': untold,
  'postfach.resolved': untold,
  'postfach.unresolved': untold,
  'postfach.revoked': untold,
  not_me: untold,
  'deletion.cancelled': untold,
  'account.deleted': untold,
  'card.refused': untold,
  'card.moved': untold,
  'transfer_code.made': untold,
  'link.declined': untold,
  'eid.started': untold,
  'eid.failed': untold,
  'eid.burned': untold,
  'session.ended': untold,
  'logout.told': untold,
  'security_event.told': untold,
  'method.switched': untold,
  'client.switched': untold,
  'keys.rotated': untold,
  'configuration.changed': untold,
  // Told to both owners where it is done, since one of the two addresses is gone afterwards.
  'accounts.joined': untold,
  'join.proved': untold,
  'join.refused': untold,
  'configuration.refused': untold,
};

/** What the owner is told of an event by mail; undefined for most. */
export const toldOf = (event: AuditEvent, about: About): Told | undefined =>
  (mails[event.type] as (event: AuditEvent, about: About) => Told | undefined)(event, about);
