import type { Context, Middleware } from 'koa';
import { satisfies, type Level } from '../../assurance/levels.ts';
import { orFailurePage } from './failure.ts';
import { keepForm } from './kept-form.ts';
import type { Kit } from './kit.ts';
import { beginLogin } from './login.ts';
import type { Session } from './session.ts';

/** Whether a session will do for a page. `maxAge` in seconds, `now` in ms since the epoch. */
export const isEnough = (
  session: Pick<Session, 'level' | 'authTime'> | undefined,
  wanted: { readonly level: Level; readonly maxAge?: number | undefined },
  now: number,
): boolean =>
  session !== undefined &&
  satisfies(session.level, wanted.level) &&
  (wanted.maxAge === undefined || now - session.authTime <= wanted.maxAge * 1000);

/** A form cannot be sent again after a detour, so a POST comes back to its page, with what was typed; a page to itself with its query. */
const returnPath = async (kit: Kit, ctx: Context, current: Session | undefined): Promise<string> => {
  if (ctx.method === 'GET' || ctx.method === 'HEAD') return ctx.url;
  const kept = current === undefined ? undefined : await keepForm(kit.options, ctx, current.sub);
  return kept ?? ctx.path;
};

export const levelGuard =
  (
    kit: Kit,
    session: (ctx: Context) => Promise<Session | undefined>,
    level: Level,
    { maxAge }: { readonly maxAge?: number },
  ): Middleware =>
  async (ctx, next) => {
    const current = await session(ctx);
    if (isEnough(current, { level, maxAge }, Date.now())) {
      await next();
      return;
    }
    const wish = {
      returnTo: await returnPath(kit, ctx, current),
      level,
      ...(maxAge === undefined ? {} : { maxAge }),
      ...(current === undefined ? {} : { sub: current.sub }),
    };
    await orFailurePage(kit, ctx, wish.returnTo, () => beginLogin(kit, ctx, wish));
  };
