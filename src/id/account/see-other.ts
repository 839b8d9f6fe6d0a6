import type { Context } from 'koa';

/** After a form was done: on to a page of our own, which may be read again. */
export const seeOther = (ctx: Context, path: string): void => {
  ctx.status = 303;
  ctx.set('cache-control', 'no-store');
  ctx.redirect(path);
  ctx.status = 303;
};
