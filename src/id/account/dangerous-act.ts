import type { CredentialRepository } from '../identity/credentials.ts';
import type { LevelRules } from '../oidc/policy.ts';
import { dangerousActAge, type Demanded } from './entry.ts';
import { strongestMeans } from '../identity/strongest-means.ts';

/** What whoever changes the ways into an account has to have shown: the account's highest level, a moment ago. */
export const dangerousAct =
  (credentials: CredentialRepository, rules: LevelRules): Demanded =>
  async ({ citizen }) => ({
    level: strongestMeans(citizen, await credentials.credentialsOf(citizen.account.id), rules),
    maxAge: dangerousActAge,
  });
