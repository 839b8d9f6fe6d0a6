import type { Evidence, Means, MeansTable } from '../../assurance/evidence.ts';
import { strongest, weakest } from '../../assurance/levels.ts';
import type { Credential } from './credentials.ts';

/** What logging in by a credential counts as; undefined for what only stands beside a password. */
export const meansOf = (credential: Credential, all: readonly Credential[]): Means | undefined => {
  if (credential.kind === 'passkey') return credential.synced === false ? 'passkey_bound' : 'passkey_synced';
  if (credential.kind !== 'password') return undefined;
  return all.some(({ kind }) => kind === 'totp') ? 'password_totp' : 'password';
};

/** A login as it would be, made now by this means of the account, whatever that has beside it. */
export const loginBy = (credential: Credential, all: readonly Credential[], now: number): Evidence | undefined => {
  const means = meansOf(credential, all);
  if (means === undefined) return undefined;
  const totp = means === 'password_totp' ? all.find(({ kind }) => kind === 'totp') : undefined;
  return {
    means,
    credentialId: credential.id,
    at: now,
    amr: [],
    ceiling: weakest(credential.ceiling, totp?.ceiling ?? 'high'),
    ...(totp ? { beside: [totp.id] } : {}),
  };
};

/**
 * The strongest means of an account besides its card, as the operator ranks them: what has to be proved before a card is
 * added (architecture.md 5). Whose account it is counts for nothing yet, so proofing and ceilings are left aside.
 */
export const strongestOwnMeans = (
  credentials: readonly Credential[],
  { table, counts }: { readonly table: MeansTable; readonly counts: (evidence: Evidence) => boolean },
  now: number,
): readonly Means[] => {
  const usable = credentials
    .map((credential) => loginBy(credential, credentials, now))
    .filter((evidence) => evidence !== undefined)
    .filter(counts)
    .map(({ means }) => means);
  const best = strongest(...usable.map((means) => table[means]));
  return [...new Set(usable)].filter((means) => table[means] === best);
};
