import { levelOfEvidence, type Evidence } from '../../assurance/evidence.ts';
import { strongest, type Level } from '../../assurance/levels.ts';
import { proofingOf, type Citizen } from '../identity/citizen.ts';
import type { Credential } from '../identity/credentials.ts';
import { loginBy } from '../identity/means.ts';
import type { LevelRules } from '../oidc/policy.ts';

/** The level that a login by this means would give today. */
export const levelToday = (citizen: Citizen, evidence: Evidence, rules: LevelRules): Level =>
  rules.counts(evidence) ? levelOfEvidence(evidence, proofingOf(citizen), rules.table, evidence.at) : 'basic';

/** A login by the linked card, made now. */
export const loginByCard = ({ card }: Citizen, now: number): Evidence | undefined =>
  card && { means: 'eid', credentialId: card.link.id, at: now, amr: [], ceiling: card.link.ceiling };

/**
 * The highest level that this account's means can give today: what dangerous acts ask for (pages.md, Mein Konto), since
 * whoever holds a weaker one may be a thief.
 */
export const strongestMeans = (citizen: Citizen, credentials: readonly Credential[], rules: LevelRules): Level => {
  const now = Date.now();
  const logins = [
    loginByCard(citizen, now),
    ...credentials.map((credential) => loginBy(credential, credentials, now)),
  ].filter((evidence) => evidence !== undefined);
  return strongest(...logins.map((evidence) => levelToday(citizen, evidence, rules)));
};
