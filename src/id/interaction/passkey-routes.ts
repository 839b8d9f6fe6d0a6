import type { Router } from '@koa/router';
import { HttpError } from '../../web/http-error.ts';
import type { Journal } from '../audit/journal.ts';
import { methodOf } from '../authentication/method.ts';
import type { PasskeyMethod } from '../authentication/passkey/passkey.ts';
import { strongestOwnMeans } from '../identity/means.ts';
import type { LevelRules } from '../oidc/policy.ts';
import type { Entry } from './context.ts';
import type { LoginPages } from './login-pages.ts';
import { backToFlow, loginPages, requirePage, whereOf } from './login-routes.ts';
import { afterProof, journalRefusal, waysAt } from './proofs.ts';
import type { Position, Steps } from './steps.ts';

export interface PasskeyRouteParts {
  readonly entry: Entry;
  readonly steps: Steps;
  readonly pages: LoginPages;
  readonly passkey: PasskeyMethod;
  readonly journal: Journal;
  readonly rules: LevelRules;
  /** Whether the operator has switched passkeys off. */
  readonly isOff: () => boolean;
}

const isLoginPage = (page: string): boolean => (loginPages as readonly string[]).includes(page);

export const addPasskeyRoutes = (router: Router, parts: PasskeyRouteParts): void => {
  const { entry, steps, pages, passkey, journal, rules, isOff } = parts;

  /** A step that somebody known takes by other means is not taken by this one. */
  const isAsked = (position: Position): boolean => {
    const { step, credentials, recentlyProved } = position;
    if (!('page' in step) || isLoginPage(step.page)) return true;
    if (step.page === 'stepUp') return waysAt(position, rules).includes('passkey');
    const by = strongestOwnMeans(credentials, rules, Date.now());
    return !recentlyProved && by.some((means) => methodOf[means] === 'passkey');
  };

  router.post('/anmelden/:uid/passkey', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    requirePage(position, ...loginPages, 'stepUp', 'link');
    if (isOff()) return backToFlow(ctx, position);
    if (!isAsked(position)) throw new HttpError('bad_request', { reason: 'step' });
    const page = 'page' in position.step ? position.step.page : 'login';
    const { citizen } = position;
    const completion = await passkey.complete(entry.attempt(ctx, position), {
      interaction: position.pending.uid,
      assertion: form.get('answer'),
      // On the login page anybody may log in; elsewhere somebody is known, and nobody else goes on.
      ...(!isLoginPage(page) && citizen ? { accountId: citizen.account.id } : {}),
    });
    if (completion.kind === 'proved') {
      const { registration: _registration, ...state } = position.state;
      return steps.advance(ctx, position, afterProof(state, completion));
    }
    if (completion.kind === 'refused') journalRefusal(journal, 'passkey', completion, whereOf(ctx, position));
    if (page === 'stepUp') return pages.stepUp(ctx, position, 'passkey');
    if (page === 'link') return pages.link(ctx, position, 'passkey');
    return pages.login(ctx, position, { error: 'passkey' });
  });
};
