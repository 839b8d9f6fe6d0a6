import type { Context } from 'koa';
import type { VNode } from 'preact';
import type { Catalogues } from '../../../web/i18n/shape.ts';
import { messages, pageContext, type PageContext } from '../../../web/page-context.ts';
import { renderPage } from '../../../web/render.ts';
import { accountTexts, type AccountMessages } from '../texts/index.ts';

/** What every page of Mein Konto gets besides its view; a group of pages may have words of its own. */
export interface Frame<Words = AccountMessages> {
  readonly t: Words;
  readonly page: PageContext;
}

export type AccountPage<View, Words = AccountMessages> = (props: View & Frame<Words>) => VNode;

/** How a group of pages with these words answers, in the language of the response: `show(ctx, CardPage, view)`. */
export const showWith =
  <Words,>(catalogues: Catalogues<Words>) =>
  <View extends object>(ctx: Context, Page: AccountPage<View, Words>, view: View, status?: number): void => {
    renderPage(ctx, Page({ ...view, t: messages(ctx, catalogues), page: pageContext(ctx) }), status);
  };

export const show = showWith(accountTexts);
