import type { Evidence } from '../../../assurance/evidence.ts';
import type { CitizenRepository } from '../../identity/repository.ts';
import { canonicalLoginName } from '../../identity/login-name.ts';
import type { Guard } from '../guard.ts';
import type { AttemptContext, AuthenticationMethod, Completion } from '../method.ts';
import type { PasswordHashing } from './hashing.ts';
import type { Guessing } from './guessing.ts';
import { isHasty } from './hasty.ts';
import type { Caller, Turn } from './queue.ts';
import { longestPassword } from './rules.ts';

export interface PasswordAnswer {
  readonly login: string;
  readonly password: string;
}

export type PasswordMethod = AuthenticationMethod<void, { readonly kind: 'page' }, PasswordAnswer> & {
  /** Asks for the password of an account that is known already, as on the linking page. */
  confirm(context: AttemptContext, accountId: string, password: string): Promise<Completion>;
};

const turnOf = (context: AttemptContext, accountId: string | undefined): Turn => {
  if (accountId !== undefined && context.device.knows(accountId)) return 'known';
  return context.startedAt !== undefined && isHasty(context.startedAt) ? 'hasty' : 'typed';
};

/** Hashes in flight that are being renewed, so that nothing waits for them. */
type Renewals = Set<Promise<void>>;

export const createPasswordMethod = (
  citizens: CitizenRepository,
  guard: Guard,
  hashing: PasswordHashing,
  guessing: Pick<Guessing, 'note'>,
  log: { error(event: string): void },
): PasswordMethod & { settled(): Promise<void> } => {
  const renewals: Renewals = new Set();

  const renew = (accountId: string, credentialId: string, stored: string, password: string): void => {
    if (!hashing.outdated(stored)) return;
    const renewal = hashing
      .hash(password)
      .then((hash) => citizens.rehashPassword(accountId, credentialId, hash))
      // The login succeeded all the same; the next one tries again.
      .catch(() => log.error('password.rehash_failed'))
      .finally(() => renewals.delete(renewal));
    renewals.add(renewal);
  };

  const check = async (
    context: AttemptContext,
    subject: { readonly accountId: string } | { readonly typed: string },
    found: Awaited<ReturnType<CitizenRepository['findByLoginName']>>,
    password: string,
  ): Promise<Completion> => {
    const stored = found?.password;
    const caller: Caller = { turn: turnOf(context, found?.citizen.account.id), address: context.address };
    const outcome = await guard.attempt(subject, context, () =>
      stored && Buffer.byteLength(password) <= longestPassword
        ? hashing.verify(stored.hash, password, caller)
        : hashing.verifyNothing(password.slice(0, longestPassword), caller),
    );
    if (!context.device.isKnown) guessing.note(outcome === 'right');
    const whose = found ? { accountId: found.citizen.account.id } : {};
    if (outcome === 'throttled' || outcome === 'throttledAgain')
      return { kind: 'refused', reason: 'throttled', again: outcome === 'throttledAgain', ...whose };
    if (outcome !== 'right' || !found || !stored) return { kind: 'refused', reason: 'wrong', ...whose };
    if (found.citizen.account.state === 'locked') return { kind: 'refused', reason: 'locked', ...whose };
    renew(found.citizen.account.id, stored.id, stored.hash, password);
    const { id: accountId, epoch } = found.citizen.account;
    const evidence: Evidence = {
      means: 'password',
      credentialId: stored.id,
      at: Date.now(),
      amr: ['pwd'],
      ceiling: stored.ceiling,
    };
    return stored.asksForCode
      ? { kind: 'half', half: { accountId, epoch, evidence } }
      : { kind: 'proved', accountId, epoch, evidence };
  };

  return {
    name: 'password',
    means: ['password'],
    begin: () => Promise.resolve({ kind: 'page' }),
    async complete(context, { login, password }) {
      const found = await citizens.findByLoginName(login);
      const subject = found ? { accountId: found.citizen.account.id } : { typed: canonicalLoginName(login) };
      return check(context, subject, found, password);
    },
    async confirm(context, accountId, password) {
      const citizen = await citizens.find(accountId);
      const stored = await citizens.passwordOf(accountId);
      return check(context, { accountId }, citizen && { citizen, ...(stored ? { password: stored } : {}) }, password);
    },
    async settled() {
      await Promise.all(renewals);
    },
  };
};
