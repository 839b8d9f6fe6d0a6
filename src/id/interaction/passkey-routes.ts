import type { Router } from '@koa/router';
import type { Journal } from '../audit/journal.ts';
import type { PasskeyMethod } from '../authentication/passkey/passkey.ts';
import type { Entry } from './context.ts';
import type { LoginPages } from './login-pages.ts';
import { backToFlow, requirePage, whereOf } from './login-routes.ts';
import { afterProof, journalRefusal } from './proofs.ts';
import type { Steps } from './steps.ts';

export interface PasskeyRouteParts {
  readonly entry: Entry;
  readonly steps: Steps;
  readonly pages: LoginPages;
  readonly passkey: PasskeyMethod;
  readonly journal: Journal;
  /** Whether the operator has switched passkeys off. */
  readonly isOff: () => boolean;
}

export const addPasskeyRoutes = (router: Router, parts: PasskeyRouteParts): void => {
  const { entry, steps, pages, passkey, journal, isOff } = parts;

  router.post('/anmelden/:uid/passkey', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    requirePage(position, 'login', 'stepUp', 'link');
    if (isOff()) return backToFlow(ctx, position);
    const page = 'page' in position.step ? position.step.page : 'login';
    const { citizen } = position;
    const completion = await passkey.complete(entry.attempt(ctx, position), {
      interaction: position.pending.uid,
      assertion: form.get('answer'),
      // On the login page anybody may log in; elsewhere somebody is known, and nobody else goes on.
      ...(page !== 'login' && citizen ? { accountId: citizen.account.id } : {}),
    });
    if (completion.kind === 'proved') return steps.advance(ctx, position, afterProof(position.state, completion));
    if (completion.kind === 'refused') journalRefusal(journal, 'passkey', completion, whereOf(ctx, position));
    if (page === 'stepUp') return pages.stepUp(ctx, position, 'passkey');
    if (page === 'link') return pages.link(ctx, position, 'passkey');
    return pages.login(ctx, position, { error: 'passkey' });
  });
};
