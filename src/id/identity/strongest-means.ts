import { credentialsOf, levelOfEvidence, type Evidence, type MeansTable } from '../../assurance/evidence.ts';
import { satisfies, strongest, type Level } from '../../assurance/levels.ts';
import { proofingOf, type Citizen } from './citizen.ts';
import type { Credential } from './credentials.ts';
import { loginBy } from './means.ts';

/** How strong the operator ranks each means, and which are switched on. */
interface MeansRules {
  readonly table: MeansTable;
  readonly counts: (evidence: Evidence) => boolean;
}

/** The level that a login by this means would give today. */
export const levelToday = (citizen: Citizen, evidence: Evidence, rules: MeansRules): Level =>
  rules.counts(evidence) ? levelOfEvidence(evidence, proofingOf(citizen), rules.table, evidence.at) : 'basic';

/** A login by the linked card, made now. */
export const loginByCard = ({ card }: Citizen, now: number): Evidence | undefined =>
  card && { means: 'eid', credentialId: card.link.id, at: now, amr: [], ceiling: card.link.ceiling };

/** A login by each means of the account, made now. */
const loginsOf = (citizen: Citizen, credentials: readonly Credential[], now: number): readonly Evidence[] =>
  [loginByCard(citizen, now), ...credentials.map((credential) => loginBy(credential, credentials, now))].filter(
    (evidence) => evidence !== undefined,
  );

/**
 * The highest level that this account's means can give today: what dangerous acts ask for (pages.md, Mein Konto), since
 * whoever holds a weaker one may be a thief.
 */
export const strongestMeans = (citizen: Citizen, credentials: readonly Credential[], rules: MeansRules): Level =>
  strongest(...loginsOf(citizen, credentials, Date.now()).map((evidence) => levelToday(citizen, evidence, rules)));

/**
 * Logins by the strongest usable means of the account: those that reach its highest level, and where several do, as in an
 * account without a card, the ones that the operator ranks highest.
 */
export const strongestLogins = (
  citizen: Citizen,
  credentials: readonly Credential[],
  rules: MeansRules,
): readonly Evidence[] => {
  const level = strongestMeans(citizen, credentials, rules);
  const best = loginsOf(citizen, credentials, Date.now()).filter(
    (login) => rules.counts(login) && levelToday(citizen, login, rules) === level,
  );
  const rank = strongest(...best.map(({ means }) => rules.table[means]));
  return best.filter(({ means }) => rules.table[means] === rank);
};

/** Logins whose credentials, or card, the account still has. */
export const loginsStanding = (
  evidence: readonly Evidence[],
  citizen: Citizen,
  credentials: readonly Credential[],
): readonly Evidence[] => {
  const ids = new Set([...credentials.map(({ id }) => id), citizen.card?.link.id]);
  return evidence.filter((item) => credentialsOf(item).every((id) => ids.has(id)));
};

/** Whether these logins, made not before that time, are a proof by the strongest usable means of the account. */
export const provesStrongest = (
  evidence: readonly Evidence[],
  citizen: Citizen,
  credentials: readonly Credential[],
  rules: MeansRules,
  notBefore: number,
): boolean => {
  const [strongestOne] = strongestLogins(citizen, credentials, rules);
  if (!strongestOne) return false;
  const level = levelToday(citizen, strongestOne, rules);
  return loginsStanding(evidence, citizen, credentials).some(
    (item) =>
      item.at >= notBefore &&
      rules.counts(item) &&
      satisfies(levelToday(citizen, item, rules), level) &&
      satisfies(rules.table[item.means], rules.table[strongestOne.means]),
  );
};
