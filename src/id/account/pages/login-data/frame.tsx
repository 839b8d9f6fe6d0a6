import type { Context } from 'koa';
import type { VNode } from 'preact';
import { messages, pageContext, type PageContext } from '../../../../web/page-context.ts';
import { renderPage } from '../../../../web/render.ts';
import { loginDataTexts, type LoginDataMessages } from '../../texts/login-data.tsx';

/** What the pages about password, address and user name get besides their view. */
export interface Frame {
  readonly t: LoginDataMessages;
  readonly page: PageContext;
}

/** Answers with one of these pages, in the language of the response. */
export const show = <View extends object>(
  ctx: Context,
  Page: (props: View & Frame) => VNode,
  view: View,
  status?: number,
): void => {
  ctx.set('cache-control', 'no-store');
  renderPage(ctx, Page({ ...view, t: messages(ctx, loginDataTexts), page: pageContext(ctx) }), status);
};
