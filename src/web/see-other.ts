import type { Context } from 'koa';

/** 303, never kept by a cache. `location` is a path of ours that was checked, or an address from the provider's metadata. */
export const seeOther = (ctx: Context, location: string): void => {
  ctx.set('cache-control', 'no-store');
  ctx.redirect(location);
  ctx.status = 303;
};
