import type { Context } from 'koa';
import { readCookie, writeCookie } from '../../web/cookies.ts';
import { withReturn } from '../../web/safe-path.ts';
import { webState } from '../../web/state.ts';
import { LoginFailed, readAnswer } from './answer.ts';
import { connected, orFailurePage } from './failure.ts';
import { sessionCookie, type Kit } from './kit.ts';
import { beginLogin } from './login.ts';
import { boundLogin } from './login-cookies.ts';
import type { PendingLogin } from './pending-logins.ts';
import { seeOther } from '../../web/see-other.ts';
import type { Login } from './session.ts';

/** Nobody slips into another person's session, neither at a step-up nor with a login from another tab. */
const checkPerson = async (kit: Kit, ctx: Context, pending: PendingLogin, login: Login): Promise<void> => {
  if (pending.sub !== undefined && pending.sub !== login.sub) throw new LoginFailed('otherPerson', 'sub_of_step_up');
  const current = await kit.sessions.visit(readCookie(ctx, sessionCookie));
  if (current !== undefined && current.sub !== login.sub) throw new LoginFailed('otherPerson', 'sub_of_session');
};

const finish = async (
  kit: Kit,
  ctx: Context,
  answer: { readonly parameters: URLSearchParams; readonly state: string },
  pending: PendingLogin,
): Promise<void> => {
  const connection = await connected(kit);
  // Sent twice: the other one is the login, and the page that was wanted asks again if nobody is logged in.
  if (!(await kit.logins.take(answer.state))) return seeOther(ctx, pending.returnTo);
  const login = await readAnswer(connection, { ...answer, redirectUri: kit.redirectUri }, pending, kit.ageing);
  await checkPerson(kit, ctx, pending, login);
  const cookie = await kit.sessions.start(login, readCookie(ctx, sessionCookie));
  if (cookie === undefined) throw new LoginFailed('loggedOut', 'ended_meanwhile');
  writeCookie(ctx, sessionCookie, cookie);
  webState(ctx).log.info('login', { level: login.level });
  return seeOther(ctx, pending.returnTo);
};

/**
 * GET /callback: the provider's answer, good or bad. Until everything fits, the browser's session stays as it was. An
 * answer counts once; when the same browser shows it again (reload, a connection that broke), it goes to where the login
 * led, or is told again why it failed.
 */
export const finishLogin = async (kit: Kit, ctx: Context): Promise<void> => {
  const parameters = new URLSearchParams(ctx.querystring);
  const state = parameters.get('state') ?? '';
  const browser = boundLogin(ctx, state);
  const pending = await kit.logins.find(state, browser);
  const failed = pending?.taken === false ? undefined : await kit.logins.failed(state, browser);
  if (pending?.taken === true && failed === undefined) return seeOther(ctx, pending.returnTo);
  const silent = pending === undefined && failed === undefined ? await kit.logins.silentReturn(state) : undefined;
  if (silent !== undefined) return seeOther(ctx, silent);
  if (browser === undefined || pending === undefined || failed !== undefined) {
    const { failure, retry } = failed ?? { failure: 'unknown', retry: '/login' };
    return await orFailurePage(kit, ctx, retry, () => Promise.reject(new LoginFailed(failure, 'state')));
  }
  const { returnTo, sub } = pending;
  // Whoever was logged in comes back to the page, which asks again; others begin with the login.
  const retry = sub === undefined ? withReturn('/login', returnTo) : returnTo;
  return await orFailurePage(kit, ctx, retry, async () => {
    try {
      await finish(kit, ctx, { parameters, state }, pending);
    } catch (error) {
      // An API that is away at the provider takes away what is read from it, never the login.
      if (error instanceof LoginFailed && error.reason === 'invalid_target' && pending.withoutApis !== true) {
        const { level, maxAge, silent } = pending;
        return await beginLogin(kit, ctx, {
          returnTo,
          withoutApis: true,
          ...(level === undefined ? {} : { level }),
          ...(maxAge === undefined ? {} : { maxAge }),
          ...(sub === undefined ? {} : { sub }),
          ...(silent === undefined ? {} : { silent }),
        });
      }
      if (!(error instanceof LoginFailed)) throw error;
      if (pending.silent === true) {
        webState(ctx).log.info('silent_login_failed', { outcome: error.failure, reason: error.reason });
        await kit.logins.take(state);
        return seeOther(ctx, returnTo);
      }
      await kit.logins.fail(state, browser, { failure: error.failure, retry });
      throw error;
    }
  });
};
