import { formatDate, formatList } from '../../web/i18n/format.ts';
import type { Locale } from '../../web/i18n/shape.ts';
import { groundMessages } from '../../web/page-context.ts';
import type { Activity } from '../audit/view.ts';
import type { ActivityRow } from './pages/ActivitiesPage.tsx';
import { claimNames, meansName } from './pages/words.ts';
import { kontoTexts } from './texts/konto.ts';

/** What turning an event into words needs to know. */
export interface ActivityWording {
  readonly locale: Locale;
  readonly serviceName: (clientId: string) => string;
  /** Without it authorities stand there by their ids. */
  readonly authorityName?: (authority: string) => string;
  /** By the id of the act, as the journal names it. */
  readonly reasons: ReadonlyMap<string, string>;
}

const ok = (what: string): Pick<ActivityRow, 'what' | 'tone' | 'deniable'> => ({
  what,
  tone: 'success',
  deniable: true,
});
const note = (what: string, deniable = false): Pick<ActivityRow, 'what' | 'tone' | 'deniable'> => ({
  what,
  tone: 'info',
  deniable,
});
const failed = (what: string, deniable = true): Pick<ActivityRow, 'what' | 'tone' | 'deniable'> => ({
  what,
  tone: 'warning',
  deniable,
});

const headline = (
  { event }: Activity,
  { locale }: ActivityWording,
): Pick<ActivityRow, 'what' | 'tone' | 'deniable'> => {
  const t = kontoTexts[locale];
  const words = t.activities.what;
  const means = (method: string): string => meansName(t, method);
  switch (event.type) {
    case 'login.succeeded':
      return ok(words.loginSucceeded({ means: means(event.method) }));
    case 'login.failed':
      return failed(words.loginFailed[event.reason]);
    case 'account.created':
      return note(words.accountCreated[event.by]);
    case 'password.changed':
      return note(words.passwordChanged[event.by], true);
    case 'credential.added':
      return note(words.credentialAdded({ means: means(event.method) }), true);
    case 'credential.removed':
      return note(words.credentialRemoved({ means: means(event.method) }), true);
    case 'credential.confirmed':
      return note(words.credentialConfirmed({ means: means(event.method) }), true);
    case 'recovery_code.used':
      return note(words.recoveryCodeUsed({ left: event.left }), true);
    case 'recovery.requested':
      return note(words.recoveryRequested, true);
    case 'email.changed':
      return note(words.emailChanged, true);
    case 'login_name.changed':
      return note(words.loginNameChanged, true);
    case 'data.changed':
      return note(words.dataChanged, true);
    case 'data.exported':
      return note(words.dataExported, true);
    case 'consent.given':
      return note(words.consentGiven, true);
    case 'consent.refused':
      return note(words.consentRefused);
    case 'consent.withdrawn':
      return note(words.consentWithdrawn, true);
    case 'data.released':
      return note(event.claims.length === 0 ? words.loginConfirmed : words.dataReleased, event.claims.length > 0);
    case 'postfach.resolved':
      return note(words.postfachResolved);
    case 'postfach.revoked':
      return note(words.postfachRevoked, true);
    case 'not_me':
      return note(words.notMe);
    case 'join.proved':
      return failed(words.joinProved);
    case 'join.refused':
      return failed(words.joinRefused[event.reason]);
    case 'accounts.joined':
      return note(words.accountsJoined[event.part], true);
    case 'deletion.planned':
      return failed(words.deletionPlanned({ date: formatDate(locale, event.at) }));
    case 'deletion.cancelled':
      return note(words.deletionCancelled, true);
    case 'card.linked':
      return note(words.cardLinked, true);
    case 'card.refused':
      return failed(words.cardRefused[event.reason]);
    case 'card.shown_elsewhere':
      return failed(words.cardShownElsewhere);
    case 'card.updated':
      return note(words.cardUpdated, true);
    case 'card.replaced':
      return note(words.cardReplaced, true);
    case 'card.removed':
      return note(words.cardRemoved, true);
    case 'transfer_code.made':
      return note(words.transferCode, true);
    case 'link.declined':
      return note(words.linkDeclined);
    case 'eid.failed':
      return failed(words.eidFailed, false);
    case 'eid.burned':
      return failed(words.eidBurned);
    case 'session.ended':
      return note(words.sessionEnded[event.by]);
    case 'token.replayed':
      return failed(words.tokenReplayed);
    case 'account.locked':
      return failed(words.operator.locked, false);
    case 'account.unlocked':
      return note(words.operator.unlocked);
    case 'account.logged_out':
      return note(words.operator.loggedOut);
    case 'account.to_be_deleted':
      return failed(words.operator.toBeDeleted, false);
    default:
      return note(words.other);
  }
};

const detailsOf = (
  { event }: Activity,
  { locale, serviceName, authorityName, reasons }: ActivityWording,
): readonly string[] => {
  const { activities } = kontoTexts[locale];
  const claims = 'claims' in event ? event.claims : 'attributes' in event ? event.attributes : [];
  const names = claimNames(locale, claims);
  const reason = 'actId' in event ? reasons.get(event.actId) : undefined;
  return [
    ...(event.clientId === undefined ? [] : [activities.at({ service: serviceName(event.clientId) })]),
    ...('authority' in event
      ? [activities.authority({ authority: authorityName?.(event.authority) ?? event.authority })]
      : []),
    ...('level' in event ? [activities.level({ level: groundMessages(locale).level.name[event.level] })] : []),
    ...(names.length === 0 ? [] : [activities.data({ names: formatList(locale, names) })]),
    ...(reason === undefined ? [] : [activities.reason({ reason })]),
  ];
};

/** An event of the journal in plain words. */
export const activityRow = (activity: Activity, wording: ActivityWording): ActivityRow => ({
  id: activity.id,
  at: activity.at,
  ...headline(activity, wording),
  details: detailsOf(activity, wording),
});
