import type { Context } from 'koa';
import type { VNode } from 'preact';
import type { Catalogues } from './i18n/shape.ts';
import { messages, pageContext, type PageContext } from './page-context.ts';
import { renderPage } from './render.ts';

/** What every page of a group gets besides its view: the words of the group, and the surroundings. */
export interface Frame<Words> {
  readonly t: Words;
  readonly page: PageContext;
}

export type PageOf<View, Words> = (props: View & Frame<Words>) => VNode;

/** How a group of pages with these words answers, in the language of the response: `show(ctx, CardPage, view)`. */
export const showWith =
  <Words>(catalogues: Catalogues<Words>) =>
  <View extends object>(ctx: Context, Page: PageOf<View, Words>, view: View, status?: number): void => {
    renderPage(ctx, Page({ ...view, t: messages(ctx, catalogues), page: pageContext(ctx) }), status);
  };
