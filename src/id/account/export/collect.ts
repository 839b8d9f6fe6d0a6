import type { Activity } from '../../audit/view.ts';
import type { Attributes } from '../../identity/attribute.ts';
import type { Credential } from '../../identity/credentials.ts';
import type { StoredHandle } from '../../identity/postfach.ts';
import type { OperatorAct } from '../../identity/repository.ts';
import type { PastConsent, StoredSubject } from '../../identity/service-records.ts';
import type { OpenSession } from '../../oidc/account-sessions.ts';
import type { Visitor } from '../../oidc/visitor.ts';
import { seesCard } from '../entry.ts';
import type { AccountRouteParts } from '../parts.ts';

/** Everything that is stored about one citizen, as the records have it; times are ms since the epoch. */
export interface Collected {
  readonly at: number;
  readonly citizen: Visitor['citizen'];
  /** Whether this login is too weak for what cards say: as when the card has run out and nothing reaches higher. */
  readonly cardHidden: boolean;
  readonly earlier: readonly { readonly before: Attributes; readonly at: number }[];
  readonly credentials: readonly Credential[];
  readonly sessions: readonly OpenSession[];
  readonly consents: readonly PastConsent[];
  readonly subjects: readonly StoredSubject[];
  readonly handles: readonly StoredHandle[];
  /** Newest first. */
  readonly activities: readonly Activity[];
  readonly operatorActs: readonly OperatorAct[];
}

export type CollectParts = Pick<
  AccountRouteParts,
  'citizens' | 'credentials' | 'services' | 'postfachHandles' | 'cardHistory' | 'sessions' | 'activities'
>;

/** Events read in one go, and at most: whoever has more gets the newest, since an answer has to end. */
const slice = 500;
const mostActivities = 20_000;

export const collect = async (parts: CollectParts, visitor: Visitor): Promise<Collected> => {
  const { citizen } = visitor;
  const { id } = citizen.account;
  const activities: Activity[] = [];
  for (let before: string | undefined; ;) {
    const page = await parts.activities.page(id, { limit: slice, ...(before === undefined ? {} : { before }) });
    activities.push(...page.activities);
    before = page.next;
    if (before === undefined || activities.length >= mostActivities) break;
  }
  return {
    at: Date.now(),
    citizen,
    cardHidden: !seesCard(visitor),
    earlier: await parts.cardHistory.of(id),
    credentials: await parts.credentials.credentialsOf(id),
    sessions: await parts.sessions.open(visitor),
    consents: await parts.services.consentsOf(id),
    subjects: await parts.services.subjectsOf(id),
    handles: await parts.postfachHandles.of(id),
    activities,
    operatorActs: await parts.citizens.actsOn(id),
  };
};
