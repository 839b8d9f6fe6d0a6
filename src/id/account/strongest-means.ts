import { levelOfEvidence, type Evidence, type Means } from '../../assurance/evidence.ts';
import { strongest, type Level } from '../../assurance/levels.ts';
import { proofingOf, type Citizen } from '../identity/citizen.ts';
import type { Credential } from '../identity/credentials.ts';
import type { LevelRules } from '../oidc/policy.ts';

const meansOf = (credential: Credential, all: readonly Credential[]): Means | undefined => {
  if (credential.kind === 'passkey') return credential.synced === false ? 'passkey_bound' : 'passkey_synced';
  if (credential.kind !== 'password') return undefined;
  return all.some(({ kind }) => kind === 'totp') ? 'password_totp' : 'password';
};

/**
 * The highest level that this account's means can give today: what dangerous acts ask for (pages.md, Mein Konto), since
 * whoever holds a weaker one may be a thief.
 */
export const strongestMeans = (citizen: Citizen, credentials: readonly Credential[], rules: LevelRules): Level => {
  const now = Date.now();
  const proofing = proofingOf(citizen);
  const level = (means: Means, credentialId: string, ceiling: Level): Level => {
    const evidence: Evidence = { means, credentialId, at: now, amr: [], ceiling };
    return rules.counts(evidence) ? levelOfEvidence(evidence, proofing, rules.table, now) : 'basic';
  };
  const { card } = citizen;
  return strongest(
    ...(card ? [level('eid', card.link.id, card.link.ceiling)] : []),
    ...credentials.flatMap((credential) => {
      const means = meansOf(credential, credentials);
      return means === undefined ? [] : [level(means, credential.id, credential.ceiling)];
    }),
  );
};
