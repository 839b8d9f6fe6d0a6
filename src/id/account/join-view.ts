import type { Locale } from '../../web/i18n/shape.ts';
import { credentialsOf, type Evidence, type Means } from '../../assurance/evidence.ts';
import type { Level } from '../../assurance/levels.ts';
import type { Citizen } from '../identity/citizen.ts';
import type { Credential } from '../identity/credentials.ts';
import type { JoinRequest } from '../identity/joining.ts';
import { loginsStanding, provesStrongest, strongestMeans } from '../identity/strongest-means.ts';
import { postfachClientId } from '../postfach/resolve-routes.ts';
import { joinProofLife, type JoinProof } from '../interaction/join-tickets.ts';
import type { LevelRules } from '../oidc/policy.ts';
import type { Visitor } from '../oidc/visitor.ts';
import { connectedServices } from './connected-services.ts';
import { accountLabel, dangerousActAge } from './entry.ts';
import type { AccountView } from './pages/joining/frame.tsx';
import type { EndingService, ReviewView } from './pages/joining/ReviewPage.tsx';
import type { AccountRouteParts } from './parts.ts';

/** Answers with data that are looked at for what a service has received. */
const releasesShown = 200;

/** The second account as it was proved, and is still. */
export interface ClosedAccount {
  readonly citizen: Citizen;
  readonly credentials: readonly Credential[];
  readonly evidence: readonly Evidence[];
  readonly reached: { readonly level: Level };
}

/**
 * The second account, if what was proved still is the most that the account can give: it may have another epoch, a stronger
 * means or a locked state by now, or the operator has switched a way off.
 */
export const closedAccount = async (
  { citizens, credentials, rules }: Pick<AccountRouteParts, 'citizens' | 'credentials' | 'rules'>,
  { other, evidence }: JoinProof,
): Promise<ClosedAccount | undefined> => {
  const citizen = await citizens.find(other.id);
  if (citizen?.account.state !== 'active' || citizen.account.epoch !== other.epoch) return undefined;
  const own = await credentials.credentialsOf(other.id);
  return provesStrongest(evidence, citizen, own, rules, Date.now() - joinProofLife)
    ? { citizen, credentials: own, evidence, reached: { level: strongestMeans(citizen, own, rules) } }
    : undefined;
};

/** The closed account's card, where it was shown for this, and what it confirms in the account that stays. */
export const shownCard = (
  { citizen, evidence }: ClosedAccount,
  kept: Visitor,
  keptCredentials: readonly Credential[],
  rules: LevelRules,
): { readonly card: NonNullable<JoinRequest['card']>; readonly confirms: readonly Means[] } | undefined => {
  const notBefore = Date.now() - dangerousActAge * 1000;
  const shown = evidence.find(
    (item) =>
      item.means === 'eid' && item.credentialId === citizen.card?.link.id && item.at >= notBefore && rules.counts(item),
  );
  if (!shown || kept.citizen.card) return undefined;
  const used = loginsStanding(kept.evidence, kept.citizen, keptCredentials).filter(
    (item) => item.at >= notBefore && rules.counts(item),
  );
  const confirm = [...new Set(used.flatMap(credentialsOf))];
  return {
    card: { linkId: shown.credentialId, ceiling: shown.ceiling, confirm },
    confirms: used.map(({ means }) => means),
  };
};

export const accountView = (of: Parameters<typeof accountLabel>[0]): AccountView => {
  const { loginName, email, account } = of.citizen;
  const login = loginName ?? email;
  return { name: accountLabel(of), ...(login === undefined ? {} : { login }), since: account.createdAt };
};

/** All that joining would do. */
export const reviewOf = async (
  parts: Pick<AccountRouteParts, 'services' | 'postfachHandles' | 'activities' | 'clients' | 'credentials' | 'rules'>,
  kept: Visitor,
  closed: ClosedAccount,
  locale: Locale,
): Promise<Omit<ReviewView, 'csrf' | 'action' | 'validUntil' | 'error'>> => {
  const { services, clients } = parts;
  const [staying, ending] = [kept.citizen, closed.citizen];
  const sectors = new Set((await services.subjectsOf(staying.account.id)).map(({ sector }) => sector));
  const rows = await connectedServices(parts, ending.account.id, locale, releasesShown);
  const ended = rows.map(({ state: _state, ...row }): EndingService => {
    const party = clients().clients.get(row.clientId);
    if (!party) return { ...row, effect: 'gone' };
    const { client_uri: site, policy_uri: privacy } = party.file;
    return {
      ...row,
      effect: !sectors.has(party.sector) ? 'goesOn' : row.clientId === postfachClientId ? 'lettersMove' : 'replaced',
      ...(site === undefined ? {} : { site }),
      ...(privacy === undefined ? {} : { privacy }),
    };
  });
  const shown = shownCard(closed, kept, await parts.credentials.credentialsOf(staying.account.id), parts.rules);
  const has = (kind: Credential['kind']): readonly Credential[] =>
    closed.credentials.filter((one) => one.kind === kind);
  const card = shown ? 'moves' : staying.card ? 'free' : 'notShown';
  return {
    closed: accountView(closed),
    kept: accountView(kept),
    services: ended,
    keptServices: (await connectedServices(parts, staying.account.id, locale)).map(({ name }) => name),
    ...(ending.card ? { card } : {}),
    confirms: shown?.confirms ?? [],
    dropped: {
      password: has('password').length > 0,
      passkeys: has('passkey').length,
      app: has('totp').length > 0,
      ...(ending.loginName === undefined ? {} : { loginName: ending.loginName }),
      ...(ending.email === undefined ? {} : { email: ending.email }),
      emailMissing: staying.email === undefined,
    },
  };
};
