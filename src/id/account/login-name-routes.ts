import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../web/http-error.ts';
import type { StartLimit } from '../authentication/guard.ts';
import type { AttemptContext } from '../authentication/method.ts';
import type { AccountRepository } from '../identity/accounts.ts';
import { isUserName } from '../identity/login-name.ts';
import { ownClientId } from '../oidc/own-client.ts';
import type { Visitor } from '../oidc/visitor.ts';
import type { AccountEntry, Demanded } from './entry.ts';
import { show } from './pages/login-data/frame.ts';
import { LoginNamePage, type LoginNameView } from './pages/login-data/LoginNamePage.tsx';
import { seeOther } from '../../web/see-other.ts';

export interface LoginNameRouteParts {
  readonly entry: AccountEntry;
  readonly dangerous: Demanded;
  readonly accounts: AccountRepository;
  /** "Taken" says that a name exists, so names cannot be tried without end. */
  readonly tries: StartLimit;
  readonly attempt: (ctx: Context, clientId: string) => AttemptContext;
}

const path = '/konto/zugaenge/benutzername';

/** /konto/zugaenge/benutzername: a name to log in with beside the e-mail address. */
export const addLoginNameRoutes = (router: Router, parts: LoginNameRouteParts): void => {
  const { entry, dangerous, accounts } = parts;

  const showForm = (ctx: Context, visitor: Visitor, extra: Partial<LoginNameView> = {}): void => {
    const { loginName, email } = visitor.citizen;
    const view = {
      csrf: entry.csrf(visitor),
      name: loginName ?? '',
      removable: loginName !== undefined && email !== undefined,
      ...extra,
    };
    show(ctx, LoginNamePage, view, extra.fault === undefined ? undefined : 422);
  };

  router.get(path, async (ctx) => {
    const visitor = await entry.open(ctx, dangerous, path);
    const { ok } = ctx.query;
    if (visitor) showForm(ctx, visitor, ok === '1' ? { done: 'done' } : ok === '2' ? { done: 'removed' } : {});
  });

  router.post(path, async (ctx) => {
    const posted = await entry.posted(ctx, path, dangerous);
    if (!posted) return undefined;
    const { visitor, form } = posted;
    const name = form.get('name').normalize('NFC').trim().slice(0, 320);
    if (name === '') return showForm(ctx, visitor, { name, fault: 'empty' });
    if (!isUserName(name)) return showForm(ctx, visitor, { name, fault: 'form' });
    if ((await parts.tries.count(parts.attempt(ctx, ownClientId))) !== undefined)
      return showForm(ctx, visitor, { name, fault: 'tooMany' });
    const set = await accounts.setLoginName(visitor.citizen.account, name, [{ type: 'login_name.changed' }]);
    if (set === 'taken') return showForm(ctx, visitor, { name, fault: 'taken' });
    return seeOther(ctx, set === 'set' ? `${path}?ok=1` : path);
  });

  router.post(`${path}/entfernen`, async (ctx) => {
    const posted = await entry.posted(ctx, path, dangerous);
    if (!posted) return;
    const { account, email } = posted.visitor.citizen;
    if (email === undefined) throw new HttpError('bad_request', { reason: 'last_name' });
    await accounts.setLoginName(account, undefined, [{ type: 'login_name.changed' }]);
    seeOther(ctx, `${path}?ok=2`);
  });
};
