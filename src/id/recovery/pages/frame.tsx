import type { Context } from 'koa';
import type { VNode } from 'preact';
import { messages, pageContext, type PageContext } from '../../../web/page-context.ts';
import { renderPage } from '../../../web/render.ts';
import { recoveryTexts, type RecoveryMessages } from '../texts/index.ts';

/** What every page of a reset gets besides its view. */
export interface Frame {
  readonly t: RecoveryMessages;
  readonly page: PageContext;
}

/** Answers with a page of a reset, in the language of the response. */
export const show = <View extends object>(
  ctx: Context,
  Page: (props: View & Frame) => VNode,
  view: View,
  status?: number,
): void => {
  ctx.set('cache-control', 'no-store');
  renderPage(ctx, Page({ ...view, t: messages(ctx, recoveryTexts), page: pageContext(ctx) }), status);
};
