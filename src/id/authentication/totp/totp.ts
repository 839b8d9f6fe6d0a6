import { weakest } from '../../../assurance/levels.ts';
import type { CitizenRepository } from '../../identity/repository.ts';
import type { CredentialRepository } from '../../identity/credentials.ts';
import type { Guard } from '../guard.ts';
import type { AuthenticationMethod, Completion, Half } from '../method.ts';
import { matchingStep } from './codes.ts';

export interface CodeAnswer {
  readonly half: Half;
  /** As it was typed. */
  readonly code: string;
}

export type CodeMethod = AuthenticationMethod<void, { readonly kind: 'page' }, CodeAnswer>;

/** The second half of a login by password: a code from an authenticator app. Each time step is good for one login. */
export const createTotpMethod = (
  citizens: CitizenRepository,
  credentials: CredentialRepository,
  guard: Guard,
): CodeMethod => ({
  name: 'totp',
  means: ['password_totp'],
  begin: () => Promise.resolve({ kind: 'page' }),
  async complete(context, { half, code }): Promise<Completion> {
    const { accountId } = half;
    const citizen = await citizens.find(accountId);
    const totp = await credentials.totpOf(accountId);
    if (!citizen || citizen.account.state === 'locked' || citizen.account.epoch !== half.epoch || !totp)
      return { kind: 'refused', reason: 'locked', accountId };
    let used = false;
    const outcome = await guard.attempt({ accountId, beside: 'totp' }, context, async () => {
      const step = matchingStep(totp.secret, code, Date.now());
      if (step === undefined) return false;
      const first = await credentials.useCounter(totp.id, step);
      used = !first;
      return first;
    });
    if (outcome === 'throttled' || outcome === 'throttledAgain')
      return { kind: 'refused', reason: 'throttled', again: outcome === 'throttledAgain', accountId };
    if (outcome !== 'right') return { kind: 'refused', reason: used ? 'used' : 'wrong', accountId };
    return {
      kind: 'proved',
      accountId,
      epoch: half.epoch,
      evidence: {
        means: 'password_totp',
        credentialId: half.evidence.credentialId,
        beside: [totp.id],
        at: Date.now(),
        amr: ['pwd', 'otp', 'mfa'],
        ceiling: weakest(half.evidence.ceiling, totp.ceiling),
      },
    };
  },
});
