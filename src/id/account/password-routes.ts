import type { Router } from '@koa/router';
import type { Context } from 'koa';
import type { Evidence } from '../../assurance/evidence.ts';
import { HttpError } from '../../web/http-error.ts';
import { Busy, type AttemptContext } from '../authentication/method.ts';
import type { PasswordMethod } from '../authentication/password/password.ts';
import type { SecondFactor } from '../authentication/second-factor.ts';
import type { CredentialRepository } from '../identity/credentials.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import { passwordContext, type ChoosePassword } from '../new-password/choice.ts';
import { ownClientId } from '../oidc/own-client.ts';
import type { Visitor, Visitors } from '../oidc/visitor.ts';
import { dangerousActAge, type AccountEntry, type Demanded } from './entry.ts';
import { show } from './pages/login-data/frame.ts';
import { PasswordPage, type PasswordView } from './pages/login-data/PasswordPage.tsx';
import { seeOther } from '../../web/see-other.ts';

export interface PasswordRouteParts {
  readonly entry: AccountEntry;
  readonly dangerous: Demanded;
  readonly visitors: Visitors;
  readonly citizens: CitizenRepository;
  readonly credentials: CredentialRepository;
  readonly secondFactor: SecondFactor;
  readonly password: PasswordMethod;
  readonly choose: ChoosePassword;
  readonly attempt: (ctx: Context, clientId: string) => AttemptContext;
}

const path = '/konto/zugaenge/passwort';

/** Whether somebody has just shown more than the password: then the old one is not asked for. */
const provedMore = ({ evidence }: Visitor, now: number): boolean =>
  evidence.some(({ means, at }) => means !== 'password' && now - at <= dangerousActAge * 1000);

/**
 * /konto/zugaenge/passwort. Asks for the old password (ASVS 6.2.3) unless the fresh login was by more than that, as by a
 * card: who has forgotten it can set another one so.
 */
export const addPasswordRoutes = (router: Router, parts: PasswordRouteParts): void => {
  const { entry, dangerous, visitors, citizens, credentials } = parts;

  const viewOf = async (visitor: Visitor, extra: Partial<PasswordView> = {}): Promise<PasswordView> => {
    const { citizen } = visitor;
    const stored = await citizens.passwordOf(citizen.account.id);
    const login = citizen.email ?? citizen.loginName;
    return {
      csrf: entry.csrf(visitor),
      first: stored === undefined,
      askCurrent: stored !== undefined && !provedMore(visitor, Date.now()),
      login: login ?? '',
      noName: login === undefined,
      secondFactor: await parts.secondFactor.isSet(citizen.account.id),
      done: false,
      ...extra,
    };
  };

  router.get(path, async (ctx) => {
    const visitor = await entry.open(ctx, dangerous, path);
    if (visitor) show(ctx, PasswordPage, await viewOf(visitor, { done: ctx.query['ok'] === '1' }));
  });

  /** The one that goes, with the guard of every login (PW-12). */
  const isCurrent = async (ctx: Context, { citizen }: Visitor, typed: string): Promise<boolean> => {
    try {
      const { kind } = await parts.password.confirm(parts.attempt(ctx, ownClientId), citizen.account.id, typed);
      // Beside an app it is half a login, and right all the same: whoever came in by a recovery code is asked for it.
      return kind === 'proved' || kind === 'half';
    } catch (error) {
      if (error instanceof Busy)
        throw new HttpError('unavailable', { reason: 'busy', retryAfter: error.retryAfter, cause: error });
      throw error;
    }
  };

  /** Logins by the old password go on as logins by the new one: this browser's session is the one that stays. */
  const carriedOver = (evidence: readonly Evidence[], before: string | undefined, after: string): Evidence[] =>
    evidence.map((item) => (item.credentialId === before ? { ...item, credentialId: after } : item));

  router.post(path, async (ctx) => {
    const posted = await entry.posted(ctx, path, dangerous);
    if (!posted) return undefined;
    const { visitor, form } = posted;
    const { citizen, reached } = visitor;
    const view = await viewOf(visitor);
    if (view.noName) return show(ctx, PasswordPage, view, 422);
    if (view.askCurrent) {
      const current = form.get('current');
      const currentFault = current === '' ? 'currentEmpty' : 'currentWrong';
      if (current === '' || !(await isCurrent(ctx, visitor, current)))
        return show(ctx, PasswordPage, { ...view, currentFault }, 422);
    }
    const context = passwordContext(citizen);
    const chosen = await parts.choose(form.get('password'), { context, secondFactor: view.secondFactor });
    if ('fault' in chosen) return show(ctx, PasswordPage, { ...view, fault: chosen.fault }, 422);
    const before = await citizens.passwordOf(citizen.account.id);
    const set = await credentials.setPassword(citizen.account, { hash: chosen.hash, ceiling: reached.level }, [
      view.first ? { type: 'credential.added', method: 'password' } : { type: 'password.changed', by: 'citizen' },
    ]);
    // Changed elsewhere a moment ago, and so logged out here.
    if (set.kind === 'stale') return seeOther(ctx, path);
    const after = await citizens.passwordOf(citizen.account.id);
    await visitors.keep(ctx, visitor, set.epoch, carriedOver(visitor.evidence, before?.id, after?.id ?? ''));
    return seeOther(ctx, `${path}?ok=1`);
  });
};
