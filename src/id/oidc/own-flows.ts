import type { Context } from 'koa';
import { readCookie, writeCookie } from '../../web/cookies.ts';

/**
 * Which flows this browser has begun. The library's own two cookies are bound to a path, so they cannot carry the
 * `__Host-` prefix, and any neighbour below the same domain may plant them in somebody else's browser: with them alone
 * the login of one browser could be continued in another (attacks.md SE-02, SE-03, EI-17). This cookie cannot be planted.
 */
export interface OwnFlows {
  began(ctx: Context, uid: string): void;
  has(ctx: Context, uid: string): boolean;
}

const cookie = 'flows';

/** Tabs in which a login may be open at once; with more, the one begun first has to begin anew. */
const mostFlows = 12;

/** @param life seconds that a flow may take. */
export const createOwnFlows = (life: number): OwnFlows => {
  const read = (ctx: Context): string[] => (readCookie(ctx, cookie) ?? '').split('.').filter((uid) => uid !== '');
  return {
    began(ctx, uid) {
      writeCookie(ctx, cookie, [uid, ...read(ctx)].slice(0, mostFlows).join('.'), { maxAge: life });
    },
    has: (ctx, uid) => read(ctx).includes(uid),
  };
};
