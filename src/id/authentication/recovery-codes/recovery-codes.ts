import { weakest } from '../../../assurance/levels.ts';
import type { CitizenRepository } from '../../identity/repository.ts';
import type { CredentialRepository } from '../../identity/credentials.ts';
import type { Guard } from '../guard.ts';
import type { Completion } from '../method.ts';
import type { CodeMethod } from '../totp/totp.ts';
import { canonicalWrittenCode, newWrittenCode } from '../written-code.ts';

/** How many make a set. */
const setSize = 10;

/** A new set, as it is shown; 100 random bits each, so that nothing has to slow guessing down (NIST SP 800-63B-4, 3.1.2). */
export const newRecoveryCodes = (): readonly string[] => Array.from({ length: setSize }, newWrittenCode);

/**
 * The second half of a login by password when the authenticator app is out of reach. The login counts as one by password
 * alone (ADR 22): paper in a drawer is no proof of the day.
 */
export const createRecoveryCodeMethod = (
  citizens: CitizenRepository,
  credentials: CredentialRepository,
  guard: Guard,
): CodeMethod => ({
  name: 'recovery_codes',
  means: ['password'],
  begin: () => Promise.resolve({ kind: 'page' }),
  async complete(context, { half, code }): Promise<Completion> {
    const { accountId } = half;
    const citizen = await citizens.find(accountId);
    if (!citizen || citizen.account.state === 'locked' || citizen.account.epoch !== half.epoch)
      return { kind: 'refused', reason: 'locked', accountId };
    const set = (await credentials.credentialsOf(accountId)).find(({ kind }) => kind === 'recovery_codes');
    const outcome = await guard.attempt({ accountId, beside: 'recovery_codes' }, context, () =>
      credentials.spendRecoveryCode(accountId, canonicalWrittenCode(code) ?? ''),
    );
    if (outcome === 'throttled' || outcome === 'throttledAgain')
      return { kind: 'refused', reason: 'throttled', again: outcome === 'throttledAgain', accountId };
    if (outcome !== 'right' || !set) return { kind: 'refused', reason: 'wrong', accountId };
    return {
      kind: 'proved',
      accountId,
      epoch: half.epoch,
      evidence: {
        ...half.evidence,
        beside: [set.id],
        at: Date.now(),
        ceiling: weakest(half.evidence.ceiling, set.ceiling),
      },
    };
  },
});
