import type { Router } from '@koa/router';
import type { Journal } from '../audit/journal.ts';
import type { CodeMethod } from '../authentication/totp/totp.ts';
import type { CredentialRepository } from '../identity/credentials.ts';
import type { Entry } from './context.ts';
import type { LoginPages } from './login-pages.ts';
import { backToFlow, orUnavailable, requirePage, whereOf } from './login-routes.ts';
import { afterProof, journalRefusal } from './proofs.ts';
import { withoutHalf } from './state.ts';
import type { Steps } from './steps.ts';

export interface CodeRouteParts {
  readonly entry: Entry;
  readonly steps: Steps;
  readonly pages: LoginPages;
  readonly totp: CodeMethod;
  readonly recoveryCodes: CodeMethod;
  readonly credentials: CredentialRepository;
  readonly journal: Journal;
  /** Whether the operator has switched passwords off, and with them what stands beside one. */
  readonly isOff: () => boolean;
}

/** The second half of a login by password. */
export const addCodeRoutes = (router: Router, parts: CodeRouteParts): void => {
  const { entry, steps, pages, totp, recoveryCodes, credentials, journal, isOff } = parts;

  router.post('/anmelden/:uid/code', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    if (isOff()) return backToFlow(ctx, position);
    const { half } = position.state;
    // The password was given too long ago: it is asked again.
    if (half && 'page' in position.step && position.step.page !== 'code') return backToFlow(ctx, position);
    requirePage(position, 'code');
    if (!half) return backToFlow(ctx, position);
    const recovery = form.get('with') === 'recovery';
    const means = recovery ? 'recovery' : 'app';
    const code = form.get('code').slice(0, 200);
    if (code.trim() === '') return pages.code(ctx, position, { with: means, error: 'empty' });
    const method = recovery ? recoveryCodes : totp;
    const completion = await orUnavailable(method.complete(entry.attempt(ctx, position), { half, code }));
    const where = whereOf(ctx, position);
    if (completion.kind === 'proved') {
      if (recovery) {
        const rest = await credentials.credentialsOf(half.accountId);
        const left = rest.find(({ kind }) => kind === 'recovery_codes')?.left ?? 0;
        journal.record({ type: 'recovery_code.used', left, accountId: half.accountId, ...where });
      }
      return steps.advance(ctx, position, afterProof(position.state, completion));
    }
    if (completion.kind !== 'refused') throw new TypeError(`a code is answered by ${completion.kind}`);
    journalRefusal(journal, recovery ? 'recovery_codes' : 'totp', completion, where);
    const { reason } = completion;
    // The account is not as it was when the password was given.
    if (reason === 'locked') return steps.advance(ctx, position, withoutHalf(position.state));
    return pages.code(ctx, position, {
      with: means,
      error: reason === 'used' || reason === 'throttled' ? reason : 'wrong',
    });
  });

  /** Another way in after all. */
  router.post('/anmelden/:uid/code/zurueck', async (ctx) => {
    const { position } = await entry.posted(ctx);
    requirePage(position, 'code');
    await steps.advance(ctx, position, withoutHalf(position.state));
  });
};
