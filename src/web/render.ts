import type { Context } from 'koa';
import type { VNode } from 'preact';
import { render } from 'preact-render-to-string';

/** A whole page as text. Preact escapes children and attributes; nothing here passes markup through. */
export const pageToHtml = (page: VNode): string => `<!doctype html>\n${render(page)}`;

/** Answers with a page. Pages are personal, so no cache may keep them. */
export const renderPage = (ctx: Context, page: VNode, status: number = 200): void => {
  ctx.status = status;
  ctx.type = 'text/html; charset=utf-8';
  ctx.set('cache-control', 'no-store');
  ctx.vary('Accept-Language');
  ctx.body = pageToHtml(page);
};
