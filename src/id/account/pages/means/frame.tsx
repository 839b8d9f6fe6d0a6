import type { Context } from 'koa';
import type { VNode } from 'preact';
import { TextLink } from '../../../../web/components/index.ts';
import { messages, pageContext, type PageContext } from '../../../../web/page-context.ts';
import { renderPage } from '../../../../web/render.ts';
import { meansTexts, type MeansMessages } from '../../texts/means.ts';

/** What every page about the ways in gets besides its view. */
export interface Frame {
  readonly t: MeansMessages;
  readonly page: PageContext;
}

export type MeansPageOf<View> = (props: View & Frame) => VNode;

/** Answers with a page about the ways in, in the language of the response. */
export const show = <View extends object>(ctx: Context, Page: MeansPageOf<View>, view: View, status?: number): void => {
  renderPage(ctx, Page({ ...view, t: messages(ctx, meansTexts), page: pageContext(ctx) }), status);
};

/** To the overview, at the end of every page below it. */
export const ToOverview = ({ t }: Frame) => (
  <p class="kern-body bid-back">
    <TextLink href="/konto/zugaenge" icon="arrow-back">
      {t.toOverview}
    </TextLink>
  </p>
);
