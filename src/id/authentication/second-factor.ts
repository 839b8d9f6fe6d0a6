import type { CredentialRepository } from '../identity/credentials.ts';
import type { Guard } from './guard.ts';
import type { AttemptContext } from './method.ts';
import { matchingStep } from './totp/codes.ts';
import { canonicalWrittenCode } from './written-code.ts';

export type SecondFactorOutcome = 'totp' | 'recovery_code' | 'wrong' | 'throttled';

/** The factor beside a password, where there is no password to begin with: for setting a forgotten one anew. */
export interface SecondFactor {
  isSet(accountId: string): Promise<boolean>;
  /** A code of the authenticator app or a recovery code, whichever was typed. Each is right once. */
  check(context: AttemptContext, accountId: string, typed: string): Promise<SecondFactorOutcome>;
}

export const createSecondFactor = (credentials: CredentialRepository, guard: Guard): SecondFactor => ({
  isSet: async (accountId) => (await credentials.totpOf(accountId)) !== undefined,
  async check(context, accountId, typed) {
    const totp = await credentials.totpOf(accountId);
    let right: SecondFactorOutcome = 'wrong';
    // A bucket of its own: whoever guesses passwords must not keep the owner from a new one.
    const outcome = await guard.attempt({ typed: `second factor ${accountId}` }, context, async () => {
      const step = totp && matchingStep(totp.secret, typed, Date.now());
      if (totp && step !== undefined && (await credentials.useCounter(totp.id, step))) right = 'totp';
      else if (await credentials.spendRecoveryCode(accountId, canonicalWrittenCode(typed) ?? ''))
        right = 'recovery_code';
      return right !== 'wrong';
    });
    return outcome === 'throttled' || outcome === 'throttledAgain' ? 'throttled' : right;
  },
});
