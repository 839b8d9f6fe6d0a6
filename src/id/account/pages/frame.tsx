import type { Context } from 'koa';
import type { VNode } from 'preact';
import { messages, pageContext, type PageContext } from '../../../web/page-context.ts';
import { renderPage } from '../../../web/render.ts';
import { accountTexts, type AccountMessages } from '../texts/index.ts';

/** What every page of Mein Konto gets besides its view. */
export interface Frame {
  readonly t: AccountMessages;
  readonly page: PageContext;
}

export type AccountPage<View> = (props: View & Frame) => VNode;

/** Answers with a page of Mein Konto, in the language of the response. */
export const show = <View extends object>(ctx: Context, Page: AccountPage<View>, view: View, status?: number): void => {
  renderPage(ctx, Page({ ...view, t: messages(ctx, accountTexts), page: pageContext(ctx) }), status);
};
