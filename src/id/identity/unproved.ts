import type { Credential, CredentialKind } from './credentials.ts';

/**
 * Ways into an account that may be a stranger's, who prepared it for its owner (attacks.md MG-03): never handed over or
 * confirmed in a session above `basic`, and not used by whoever proves now whose account it is.
 *
 * @param shown ids of the credentials that were used now, or that the owner has named as hers
 */
export const unproved = <One extends Pick<Credential, 'id' | 'ceiling'>>(
  credentials: readonly One[],
  shown: readonly string[],
): readonly One[] => credentials.filter(({ id, ceiling }) => ceiling === 'basic' && !shown.includes(id));

/**
 * What a reset by mail takes away of it. The app stays, whatever it was made in: a thief who reads the mail must not get
 * rid of a second factor by a reset (attacks.md RG-06).
 */
export const goesWithReset: ReadonlySet<CredentialKind> = new Set(['passkey', 'recovery_codes']);
